//! Checks what types are once their names and parameters are replaced by what they stand for.

use std::collections::{HashMap, HashSet};

use super::{At, ContractError, places::Root};
use crate::contract::{
    Contract, Type,
    diff::is_key,
    shape::{Head, Obstacle, Shape},
    universe::{MAX_ALTERNATIVES, MAX_LEVELS, TypeId, Universe},
};

/// How many closed types a contract may have; a large one has some ten thousand.
const MAX_TYPES: usize = 1_000_000;

pub(super) fn check(contract: &Contract) -> Result<(), ContractError> {
    let (mut types, [scope]) = Universe::new([contract]);
    let roots = Root::all(contract);
    let mut places: HashMap<*const Type, (usize, String)> = HashMap::new();
    for (number, root) in roots.iter().enumerate() {
        let done: Result<(), ContractError> = root.visit(&mut |ty, path| {
            places.insert(std::ptr::from_ref(ty), (number, path.to_owned()));
            Ok(())
        });
        done?;
    }
    let at = |ty: &Type| {
        let (number, path) = &places[&std::ptr::from_ref(ty)];
        roots[*number].at(path)
    };
    let closed = roots.iter().filter(|root| root.parameters().is_empty());
    let mut open: Vec<(TypeId, &Type)> = closed.map(|root| (types.at(root.ty, scope), root.ty)).collect();
    let mut seen: HashSet<TypeId> = HashSet::new();
    while let Some((id, place)) = open.pop() {
        if !seen.insert(id) {
            continue;
        }
        let place = types.written(id).map_or(place, |(ty, _)| ty);
        if types.len() > MAX_TYPES {
            return Err(ContractError::TooLarge { what: "types", limit: MAX_TYPES, at: at(place) });
        }
        let inner = look_into(&mut types, id, &at, place)?;
        open.extend(inner.into_iter().map(|id| (id, place)));
    }
    Ok(())
}

/// Checks one closed type, and gives those in it.
fn look_into<'c>(
    types: &mut Universe<'c>,
    id: TypeId,
    at: &dyn Fn(&Type) -> At,
    place: &Type,
) -> Result<Vec<TypeId>, ContractError> {
    match &*types.head(id) {
        Head::One(Shape::Unknown { text, why }) => Err(unknown(*why, text.clone(), at(place))),
        Head::One(shape) => {
            if let Shape::Record(record) = shape
                && let Some((key, _)) = record.rest
                && !is_key(types, key)
            {
                return Err(ContractError::MapKey { at: at(place) });
            }
            Ok(shape.inner())
        }
        Head::Choice { tag, alternatives } => {
            for alternative in alternatives {
                if let Some(tag) = tag
                    && !has_tag(types, alternative.id, tag)
                {
                    let (tag, variant) = ((*tag).to_owned(), alternative.name.clone());
                    return Err(ContractError::NoTag { tag, variant, at: at(place) });
                }
            }
            Ok(alternatives.iter().map(|alternative| alternative.id).collect())
        }
    }
}

fn unknown(why: Obstacle, text: String, at: At) -> ContractError {
    let too_large = |what, limit| ContractError::TooLarge { what, limit, at: at.clone() };
    match why {
        Obstacle::Lost => ContractError::MissingType { name: text, at },
        Obstacle::Levels => too_large("unions and intersections in one another", MAX_LEVELS),
        Obstacle::Alternatives => too_large("alternatives", MAX_ALTERNATIVES),
        Obstacle::NoObject => ContractError::NoObject { at },
    }
}

/// `null` beside a union with a tag needs none.
fn has_tag(types: &mut Universe<'_>, id: TypeId, tag: &str) -> bool {
    let tag = match &*types.head(id) {
        Head::One(Shape::Record(record)) => record.get(tag).filter(|tag| !tag.optional).map(|tag| tag.id),
        Head::One(Shape::Null) => return true,
        _ => None,
    };
    let Some(tag) = tag else { return false };
    match &*types.head(tag) {
        Head::One(shape) => matches!(shape, Shape::Literal(_)),
        Head::Choice { alternatives, .. } => {
            let ids: Vec<TypeId> = alternatives.iter().map(|it| it.id).collect();
            ids.into_iter().all(|id| matches!(*types.head(id), Head::One(Shape::Literal(_))))
        }
    }
}
