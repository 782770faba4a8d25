//! Checks that names are unique, are names, and lead somewhere.

use std::collections::HashMap;

use super::{At, ContractError, places::Root};
use crate::contract::{
    Contract, Kind, NamedType, Source, Type,
    names::{is_identifier, is_type_name},
};

const TYPE_NAME: &str = "use letters, digits, `_` and `$`, no digit first, and no word of the language";
const PATH_SEGMENT: &str = "join names of letters, digits, `_` and `$` with dots";

pub(super) fn check(contract: &Contract) -> Result<(), ContractError> {
    let types = check_types(contract)?;
    check_procedures(contract)?;
    for root in Root::all(contract) {
        root.visit(&mut |ty, path| check_type(ty, &types, &root, path))?;
    }
    Ok(())
}

fn check_types(contract: &Contract) -> Result<HashMap<&str, &NamedType>, ContractError> {
    let at = |path: String, source: &Source| At { path, source: Some(source.clone()) };
    let names = contract.types.iter().enumerate();
    let names = names.map(|(position, named)| (named.name.as_str(), format!("types[{position}].name"), &named.source));
    unique("types", names)?;
    for (position, named) in contract.types.iter().enumerate() {
        let path = format!("types[{position}]");
        if !is_type_name(&named.name) {
            let at = at(format!("{path}.name"), &named.source);
            return Err(ContractError::Name { name: named.name.clone(), fix: TYPE_NAME, at });
        }
        let parameters = named.parameters.iter().enumerate();
        let parameters: Vec<_> = parameters.map(|(number, it)| (it, format!("{path}.parameters[{number}]"))).collect();
        unique("parameters", parameters.iter().map(|(name, path)| (name.as_str(), path.clone(), &named.source)))?;
        if let Some((name, path)) = parameters.into_iter().find(|(name, _)| !is_type_name(name)) {
            let at = at(path, &named.source);
            return Err(ContractError::Name { name: name.clone(), fix: TYPE_NAME, at });
        }
    }
    Ok(contract.types.iter().map(|named| (named.name.as_str(), named)).collect())
}

fn check_procedures(contract: &Contract) -> Result<(), ContractError> {
    let procedures = contract.procedures.iter().enumerate();
    let paths =
        procedures.clone().map(|(position, it)| (it.path.as_str(), format!("procedures[{position}].path"), &it.source));
    unique("procedures", paths)?;
    let kinds: HashMap<&str, Kind> = contract.procedures.iter().map(|it| (it.path.as_str(), it.kind)).collect();
    for (position, procedure) in procedures {
        let at = |below: String| At {
            path: format!("procedures[{position}].{below}"),
            source: Some(procedure.source.clone()),
        };
        if !procedure.path.split('.').all(is_identifier) {
            let name = procedure.path.clone();
            return Err(ContractError::Name { name, fix: PATH_SEGMENT, at: at("path".to_owned()) });
        }
        for (number, name) in procedure.invalidates.iter().enumerate() {
            if kinds.get(name.as_str()) != Some(&Kind::Query) {
                let at = at(format!("invalidates[{number}]"));
                return Err(ContractError::MissingQuery { name: name.clone(), at });
            }
        }
    }
    Ok(())
}

fn check_type(ty: &Type, types: &HashMap<&str, &NamedType>, root: &Root<'_>, path: &str) -> Result<(), ContractError> {
    match ty {
        Type::Reference { name, arguments } => {
            let Some(named) = types.get(name.as_str()) else {
                return Err(ContractError::MissingType { name: name.clone(), at: root.at(path) });
            };
            check_count(name, named.parameters.len(), arguments.len(), root, path)
        }
        Type::Parameter { name } if !root.parameters().contains(name) => {
            Err(ContractError::MissingParameter { name: name.clone(), at: root.at(path) })
        }
        Type::JavaScript { name, arguments } => {
            let expected = match name.as_str() {
                "Date" | "bigint" | "Uint8Array" => 0,
                "Set" => 1,
                "Map" => 2,
                _ => return Err(ContractError::JavaScript { name: name.clone(), at: root.at(path) }),
            };
            check_count(name, expected, arguments.len(), root, path)
        }
        Type::Object { fields, .. } => {
            let mut known = HashMap::new();
            for (position, field) in fields.iter().enumerate() {
                if let Some(first) = known.insert(field.name.as_str(), position) {
                    return Err(ContractError::Duplicate {
                        what: "fields",
                        name: field.name.clone(),
                        first: root.at(&format!("{path}.fields[{first}]")).path,
                        at: root.at(&format!("{path}.fields[{position}]")),
                    });
                }
            }
            Ok(())
        }
        _ => Ok(()),
    }
}

fn check_count(name: &str, expected: usize, found: usize, root: &Root<'_>, path: &str) -> Result<(), ContractError> {
    if expected == found {
        return Ok(());
    }
    Err(ContractError::Arguments { name: name.to_owned(), expected, found, at: root.at(path) })
}

fn unique<'c>(
    what: &'static str,
    names: impl Iterator<Item = (&'c str, String, &'c Source)>,
) -> Result<(), ContractError> {
    let mut known: HashMap<&str, String> = HashMap::new();
    for (name, path, source) in names {
        if let Some(first) = known.get(name) {
            let at = At { path, source: Some(source.clone()) };
            return Err(ContractError::Duplicate { what, name: name.to_owned(), first: first.clone(), at });
        }
        known.insert(name, path);
    }
    Ok(())
}
