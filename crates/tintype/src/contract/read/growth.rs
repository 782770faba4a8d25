//! Checks that no generic type grows without end when it is written out.

use std::{
    collections::{BTreeSet, HashMap, HashSet, hash_map::Entry},
    convert::Infallible,
};

use super::{
    ContractError,
    places::{self, Root, RootOwner, parameters_in},
};
use crate::contract::{Contract, Type};

pub(super) fn check(contract: &Contract) -> Result<(), ContractError> {
    match growth(contract).first() {
        Some(Passed { to, root, path, .. }) => {
            Err(ContractError::Growing { name: contract.types[to.0].name.clone(), at: root.at(path) })
        }
        None => Ok(()),
    }
}

/// The generic types that are used with ever larger arguments; without them, all uses lead to a finite number of types.
pub(in crate::contract) fn growing(contract: &Contract) -> BTreeSet<&str> {
    growth(contract).into_iter().map(|passed| contract.types[passed.to.0].name.as_str()).collect()
}

/// A parameter of a type, both by their positions.
type Parameter = (usize, usize);

/// Where each parameter goes.
type Edges = HashMap<Parameter, HashSet<Parameter>>;

/// Where a parameter goes: into an argument, inside of something larger.
struct Passed<'c> {
    from: Parameter,
    to: Parameter,
    root: Root<'c>,
    /// The way to the reference.
    path: String,
}

/// The condition is that of ECMA-335, part II, 9.2: no parameter comes back to itself inside of something larger.
fn growth(contract: &Contract) -> Vec<Passed<'_>> {
    let names = places::positions(contract);
    let mut edges = Edges::new();
    let mut growing = Vec::new();
    for (position, named) in contract.types.iter().enumerate().filter(|(_, named)| !named.parameters.is_empty()) {
        let root = Root { ty: &named.ty, owner: RootOwner::Named(position, named) };
        let Ok(()) = root.visit(&mut |ty, path| -> Result<(), Infallible> {
            let Type::Reference { name, arguments } = ty else { return Ok(()) };
            let Some(target) = names.get(name.as_str()) else { return Ok(()) };
            for (argument, ty) in arguments.iter().enumerate() {
                let is_bare = matches!(ty, Type::Parameter { .. });
                for name in parameters_in(ty) {
                    let Some(parameter) = named.parameters.iter().position(|it| it == name) else { continue };
                    let (from, to) = ((position, parameter), (*target, argument));
                    edges.entry(from).or_default().insert(to);
                    if !is_bare {
                        growing.push(Passed { from, to, root, path: path.to_owned() });
                    }
                }
            }
            Ok(())
        });
    }
    let circles = circles(&edges);
    growing.retain(|passed| circles.get(&passed.from) == circles.get(&passed.to));
    growing
}

/// Numbers the parameters so that those have the same number which come back to each other: Kosaraju's algorithm.
fn circles(edges: &Edges) -> HashMap<Parameter, usize> {
    let mut seen = HashSet::new();
    let mut left = Vec::new();
    for start in edges.keys() {
        // What is looked at, and whether all that it leads to was.
        let mut open = vec![(*start, false)];
        while let Some((parameter, is_done)) = open.pop() {
            if is_done {
                left.push(parameter);
            } else if seen.insert(parameter) {
                open.push((parameter, true));
                open.extend(edges.get(&parameter).into_iter().flatten().map(|next| (*next, false)));
            }
        }
    }
    let mut backwards = Edges::new();
    for (from, targets) in edges {
        targets.iter().for_each(|to| {
            backwards.entry(*to).or_default().insert(*from);
        });
    }
    let mut circles = HashMap::new();
    for (number, start) in left.into_iter().rev().enumerate() {
        let mut open = vec![start];
        while let Some(parameter) = open.pop() {
            if let Entry::Vacant(entry) = circles.entry(parameter) {
                entry.insert(number);
                open.extend(backwards.get(&parameter).into_iter().flatten());
            }
        }
    }
    circles
}
