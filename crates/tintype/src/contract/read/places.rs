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
    for (step, child) in children(ty) {
        path.push_str(&step);
        visit_below(child, path, visit)?;
        path.truncate(length);
    }
    Ok(())
}

/// The types directly in a type, and the way to each in JSON.
pub(super) fn children(ty: &Type) -> Vec<(String, &Type)> {
    match ty {
        Type::Any
        | Type::Null
        | Type::Boolean
        | Type::String { .. }
        | Type::Integer { .. }
        | Type::Number
        | Type::Float
        | Type::BigInt { .. }
        | Type::Literal { .. }
        | Type::Parameter { .. }
        | Type::ByteStream => Vec::new(),
        Type::Array { item, .. } => vec![(".item".to_owned(), item)],
        Type::Tuple { items } => listed("items", "", items),
        Type::Map { key, value } | Type::Entries { key, value } => {
            vec![(".key".to_owned(), key), (".value".to_owned(), value)]
        }
        Type::Object { fields, .. } => listed("fields", ".type", fields.iter().map(|field| &field.ty)),
        Type::Union { variants, .. } => listed("variants", ".type", variants.iter().map(|variant| &variant.ty)),
        Type::Intersection { parts } => listed("parts", "", parts),
        Type::Nullable { of } | Type::Deferred { of } => vec![(".of".to_owned(), of)],
        Type::Reference { arguments, .. } | Type::JavaScript { arguments, .. } => listed("arguments", "", arguments),
        Type::Streamed { item, end } => {
            let end = end.iter().map(|end| (".end".to_owned(), &**end));
            std::iter::once((".item".to_owned(), &**item)).chain(end).collect()
        }
        Type::FormData { fields } => fields.iter().map(|fields| (".fields".to_owned(), &**fields)).collect(),
    }
}

fn listed<'c>(name: &str, end: &str, types: impl IntoIterator<Item = &'c Type>) -> Vec<(String, &'c Type)> {
    types.into_iter().enumerate().map(|(position, ty)| (format!(".{name}[{position}]{end}"), ty)).collect()
}
