use std::collections::HashMap;

use super::At;
use crate::contract::{Contract, NamedType, Procedure, Type};

/// A type of the contract that is in no other type.
#[derive(Debug, Clone, Copy)]
pub(super) struct Root<'c> {
    pub(super) ty: &'c Type,
    pub(super) owner: RootOwner<'c>,
}

#[derive(Debug, Clone, Copy)]
pub(super) enum RootOwner<'c> {
    Input(usize, &'c Procedure),
    Output(usize, &'c Procedure),
    Error(usize, &'c Procedure),
    Named(usize, &'c NamedType),
}

impl<'c> Root<'c> {
    /// Every one of a contract.
    pub(super) fn all(contract: &'c Contract) -> Vec<Self> {
        let mut roots = Vec::new();
        for (position, procedure) in contract.procedures.iter().enumerate() {
            let input = procedure.input.as_ref().map(|input| &input.ty);
            let parts = [
                (input, RootOwner::Input(position, procedure)),
                (procedure.output.as_ref(), RootOwner::Output(position, procedure)),
                (procedure.error.as_ref(), RootOwner::Error(position, procedure)),
            ];
            roots.extend(parts.into_iter().filter_map(|(ty, owner)| Some(Self { ty: ty?, owner })));
        }
        let named = contract.types.iter().enumerate();
        roots.extend(named.map(|(position, named)| Self { ty: &named.ty, owner: RootOwner::Named(position, named) }));
        roots
    }

    pub(super) fn parameters(&self) -> &'c [String] {
        match self.owner {
            RootOwner::Named(_, named) => &named.parameters,
            _ => &[],
        }
    }

    /// The place of something in it.
    pub(super) fn at(&self, below: &str) -> At {
        let (path, source) = match self.owner {
            RootOwner::Input(position, procedure) => (format!("procedures[{position}].input.type"), &procedure.source),
            RootOwner::Output(position, procedure) => (format!("procedures[{position}].output"), &procedure.source),
            RootOwner::Error(position, procedure) => (format!("procedures[{position}].error"), &procedure.source),
            RootOwner::Named(position, named) => (format!("types[{position}].type"), &named.source),
        };
        At { path: path + below, source: Some(source.clone()) }
    }

    /// Calls `visit` with it and with every type in it, and with the path from here.
    pub(super) fn visit<E>(&self, visit: &mut dyn FnMut(&'c Type, &str) -> Result<(), E>) -> Result<(), E> {
        visit_below(self.ty, &mut String::new(), visit)
    }
}

fn visit_below<'c, E>(
    ty: &'c Type,
    path: &mut String,
    visit: &mut dyn FnMut(&'c Type, &str) -> Result<(), E>,
) -> Result<(), E> {
    visit(ty, path)?;
    let length = path.len();
    for (step, child) in ty.children() {
        path.push_str(&step);
        visit_below(child, path, visit)?;
        path.truncate(length);
    }
    Ok(())
}

/// Where each named type is.
pub(super) fn positions(contract: &Contract) -> HashMap<&str, usize> {
    contract.types.iter().enumerate().map(|(position, named)| (named.name.as_str(), position)).collect()
}

/// The parameters in a type, however deep.
pub(super) fn parameters_in(ty: &Type) -> Vec<&str> {
    all_in(ty, |ty| match ty {
        Type::Parameter { name } => Some(name.as_str()),
        _ => None,
    })
}

/// The types that a type refers to, however deep.
pub(super) fn references_in(ty: &Type) -> Vec<&str> {
    all_in(ty, |ty| match ty {
        Type::Reference { name, .. } => Some(name.as_str()),
        _ => None,
    })
}

/// What is found in a type and in all types in it.
fn all_in<'c>(ty: &'c Type, find: impl Fn(&'c Type) -> Option<&'c str>) -> Vec<&'c str> {
    let mut found = Vec::new();
    let mut open = vec![ty];
    while let Some(ty) = open.pop() {
        found.extend(find(ty));
        open.extend(ty.children().into_iter().map(|(_, child)| child));
    }
    found
}
