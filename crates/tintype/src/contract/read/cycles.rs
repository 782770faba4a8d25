//! Checks that every type is finite: that none is only itself, and that none grows when it is written out.

use std::collections::{HashMap, HashSet};

use super::{
    ContractError,
    places::{Root, RootOwner},
};
use crate::contract::{Contract, Type, universe::MAX_INDIRECTIONS};

/// What there may be too many of between a type and what it is.
pub(super) const NAMES: &str = "names on the way to what it is";

pub(super) fn check(contract: &Contract) -> Result<(), ContractError> {
    let names: HashMap<&str, usize> =
        contract.types.iter().enumerate().map(|(position, named)| (named.name.as_str(), position)).collect();
    let exposed = exposed_parameters(contract, &names);
    check_cycles(contract, &names, &exposed)?;
    check_growth(contract, &names)
}

/// Of each type, which parameters are all of it: those of `T | null`, and not those of `T[]`.
///
/// A type hands on what is exposed in the types that it is itself, so this is repeated until nothing is added.
fn exposed_parameters(contract: &Contract, names: &HashMap<&str, usize>) -> Vec<HashSet<usize>> {
    let mut exposed = vec![HashSet::new(); contract.types.len()];
    let mut has_changed = true;
    while has_changed {
        has_changed = false;
        for (position, named) in contract.types.iter().enumerate() {
            for ty in bare(&named.ty, names, &exposed) {
                if let Type::Parameter { name } = ty
                    && let Some(parameter) = named.parameters.iter().position(|it| it == name)
                {
                    has_changed |= exposed[position].insert(parameter);
                }
            }
        }
    }
    exposed
}

/// The references and parameters that a type is, with no object or array in between.
fn bare<'c>(ty: &'c Type, names: &HashMap<&str, usize>, exposed: &[HashSet<usize>]) -> Vec<&'c Type> {
    let mut found = Vec::new();
    let mut open = vec![ty];
    while let Some(ty) = open.pop() {
        match ty {
            Type::Union { .. } | Type::Intersection { .. } | Type::Nullable { .. } => {
                open.extend(ty.children().into_iter().map(|(_, child)| child));
            }
            Type::Reference { name, arguments } => {
                found.push(ty);
                if let Some(target) = names.get(name.as_str()) {
                    open.extend(exposed[*target].iter().filter_map(|parameter| arguments.get(*parameter)));
                }
            }
            Type::Parameter { .. } => found.push(ty),
            _ => {}
        }
    }
    found
}

fn check_cycles(
    contract: &Contract,
    names: &HashMap<&str, usize>,
    exposed: &[HashSet<usize>],
) -> Result<(), ContractError> {
    let targets: Vec<Vec<usize>> = contract
        .types
        .iter()
        .map(|named| {
            let references = bare(&named.ty, names, exposed).into_iter().filter_map(|ty| match ty {
                Type::Reference { name, .. } => names.get(name.as_str()).copied(),
                _ => None,
            });
            references.collect()
        })
        .collect();
    let mut is_done = vec![false; targets.len()];
    // How many names follow each before it is something; counted here, because it must not depend on their order.
    let mut depths = vec![0_usize; targets.len()];
    for start in 0..targets.len() {
        // The way to where we are, and how many of the targets of each were looked at.
        let mut way: Vec<(usize, usize)> = if is_done[start] { Vec::new() } else { vec![(start, 0)] };
        let mut is_on_way = HashSet::from([start]);
        while let Some((position, next)) = way.last_mut() {
            let Some(target) = targets[*position].get(*next).copied() else {
                depths[*position] = targets[*position].iter().map(|target| depths[*target] + 1).max().unwrap_or(0);
                if depths[*position] > MAX_INDIRECTIONS {
                    let named = &contract.types[*position];
                    let root = Root { ty: &named.ty, owner: RootOwner::Named(*position, named) };
                    return Err(ContractError::TooLarge { what: NAMES, limit: MAX_INDIRECTIONS, at: root.at("") });
                }
                is_done[*position] = true;
                is_on_way.remove(position);
                way.pop();
                continue;
            };
            *next += 1;
            if is_on_way.contains(&target) {
                let cycle = way.iter().map(|(position, _)| *position).skip_while(|it| *it != target).chain([target]);
                let names: Vec<&str> = cycle.map(|it| contract.types[it].name.as_str()).collect();
                let named = &contract.types[target];
                let root = Root { ty: &named.ty, owner: RootOwner::Named(target, named) };
                return Err(ContractError::Cycle { names: names.join(" -> "), at: root.at("") });
            }
            if !is_done[target] {
                is_on_way.insert(target);
                way.push((target, 0));
            }
        }
    }
    Ok(())
}

/// A parameter of a type.
type Parameter = (usize, usize);

/// Where a parameter goes: into an argument, bare or inside of something larger.
struct Passed<'c> {
    from: Parameter,
    to: Parameter,
    root: Root<'c>,
    /// The way to the reference.
    path: String,
}

/// The condition is that of ECMA-335, part II, 9.2: no parameter comes back to itself inside of something larger.
fn check_growth(contract: &Contract, names: &HashMap<&str, usize>) -> Result<(), ContractError> {
    let mut edges: HashMap<Parameter, HashSet<Parameter>> = HashMap::new();
    let mut growing = Vec::new();
    for (position, named) in contract.types.iter().enumerate().filter(|(_, named)| !named.parameters.is_empty()) {
        let root = Root { ty: &named.ty, owner: RootOwner::Named(position, named) };
        let done: Result<(), ContractError> = root.visit(&mut |ty, path| {
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
        done?;
    }
    match growing.iter().find(|passed| reaches(&edges, passed.to, passed.from)) {
        Some(Passed { to, root, path, .. }) => {
            Err(ContractError::Growing { name: contract.types[to.0].name.clone(), at: root.at(path) })
        }
        None => Ok(()),
    }
}

fn parameters_in(ty: &Type) -> Vec<&str> {
    let mut found = Vec::new();
    let mut open = vec![ty];
    while let Some(ty) = open.pop() {
        match ty {
            Type::Parameter { name } => found.push(name.as_str()),
            ty => open.extend(ty.children().into_iter().map(|(_, child)| child)),
        }
    }
    found
}

fn reaches(edges: &HashMap<Parameter, HashSet<Parameter>>, from: Parameter, to: Parameter) -> bool {
    let mut seen = HashSet::from([from]);
    let mut open = vec![from];
    while let Some(parameter) = open.pop() {
        if parameter == to {
            return true;
        }
        open.extend(edges.get(&parameter).into_iter().flatten().copied().filter(|next| seen.insert(*next)));
    }
    false
}
