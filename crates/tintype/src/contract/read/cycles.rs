//! Checks that no type is only itself.

use std::collections::{HashMap, HashSet, VecDeque};

use super::{
    ContractError,
    places::{self, Root, RootOwner, references_in},
};
use crate::contract::{Contract, Type};

pub(super) fn check(contract: &Contract) -> Result<(), ContractError> {
    let names = places::positions(contract);
    let exposed = exposed_parameters(contract, &names);
    check_cycles(contract, &names, &exposed)
}

/// Of each type, which parameters are all of it: those of `T | null`, and not those of `T[]`.
///
/// A type hands on what is exposed in the types that it is itself, so who refers to a type is looked at again when more
/// is known of it.
fn exposed_parameters(contract: &Contract, names: &HashMap<&str, usize>) -> Vec<HashSet<usize>> {
    let mut exposed = vec![HashSet::new(); contract.types.len()];
    let generic = contract.types.iter().enumerate().filter(|(_, named)| !named.parameters.is_empty());
    let mut referring: HashMap<usize, Vec<usize>> = HashMap::new();
    let mut open: VecDeque<usize> = VecDeque::new();
    for (position, named) in generic {
        for target in references_in(&named.ty).into_iter().filter_map(|name| names.get(name)) {
            referring.entry(*target).or_default().push(position);
        }
        open.push_back(position);
    }
    while let Some(position) = open.pop_front() {
        let named = &contract.types[position];
        let mut has_changed = false;
        for ty in bare(&named.ty, names, &exposed) {
            if let Type::Parameter { name } = ty
                && let Some(parameter) = named.parameters.iter().position(|it| it == name)
            {
                has_changed |= exposed[position].insert(parameter);
            }
        }
        if has_changed {
            open.extend(referring.get(&position).into_iter().flatten());
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
    for start in 0..targets.len() {
        // The way to where we are, and how many of the targets of each were looked at.
        let mut way: Vec<(usize, usize)> = if is_done[start] { Vec::new() } else { vec![(start, 0)] };
        let mut is_on_way = HashSet::from([start]);
        while let Some((position, next)) = way.last_mut() {
            let Some(target) = targets[*position].get(*next).copied() else {
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
