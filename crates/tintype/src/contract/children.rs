//! What a type consists of.

use super::{Field, Literal, Type, Variant};

impl Type {
    /// The types directly in it, and the way to each in JSON.
    pub(super) fn children(&self) -> Vec<(String, &Self)> {
        match self {
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
            Type::Reference { arguments, .. } | Type::JavaScript { arguments, .. } => {
                listed("arguments", "", arguments)
            }
            Type::Streamed { item, end } => {
                let end = end.iter().map(|end| (".end".to_owned(), &**end));
                std::iter::once((".item".to_owned(), &**item)).chain(end).collect()
            }
            Type::FormData { fields } => fields.iter().map(|fields| (".fields".to_owned(), &**fields)).collect(),
        }
    }

    /// The type after `change` of every part of it for which it gives another.
    pub(crate) fn rewritten<E>(&self, change: &mut dyn FnMut(&Self) -> Option<Result<Self, E>>) -> Result<Self, E> {
        if let Some(changed) = change(self) {
            return changed;
        }
        let mut one = |ty: &Self| ty.rewritten(change);
        let boxed = |ty: Result<Self, E>| ty.map(Box::new);
        Ok(match self {
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
            | Type::ByteStream => self.clone(),
            Type::Array { item, unique, length } => {
                Type::Array { item: boxed(one(item))?, unique: *unique, length: *length }
            }
            Type::Tuple { items } => Type::Tuple { items: items.iter().map(one).collect::<Result<_, _>>()? },
            Type::Map { key, value } => Type::Map { key: boxed(one(key))?, value: boxed(one(value))? },
            Type::Entries { key, value } => Type::Entries { key: boxed(one(key))?, value: boxed(one(value))? },
            Type::Object { fields, closed } => {
                let field = |field: &Field| Ok(Field { ty: one(&field.ty)?, ..field.clone() });
                Type::Object { fields: fields.iter().map(field).collect::<Result<_, _>>()?, closed: *closed }
            }
            Type::Union { tag, variants } => {
                let variant = |variant: &Variant| Ok(Variant { ty: one(&variant.ty)?, ..variant.clone() });
                Type::Union { tag: tag.clone(), variants: variants.iter().map(variant).collect::<Result<_, _>>()? }
            }
            Type::Intersection { parts } => {
                Type::Intersection { parts: parts.iter().map(one).collect::<Result<_, _>>()? }
            }
            Type::Nullable { of } => match one(of)? {
                // A parameter may stand for a type that is nullable itself.
                nullable @ Type::Nullable { .. } => nullable,
                of => Type::Nullable { of: Box::new(of) },
            },
            Type::Reference { name, arguments } => {
                Type::Reference { name: name.clone(), arguments: arguments.iter().map(one).collect::<Result<_, _>>()? }
            }
            Type::Deferred { of } => Type::Deferred { of: boxed(one(of))? },
            Type::Streamed { item, end } => {
                let item = boxed(one(item))?;
                Type::Streamed { item, end: end.as_ref().map(|end| boxed(one(end))).transpose()? }
            }
            Type::FormData { fields } => {
                Type::FormData { fields: fields.as_ref().map(|fields| boxed(one(fields))).transpose()? }
            }
            Type::JavaScript { name, arguments } => {
                Type::JavaScript { name: name.clone(), arguments: arguments.iter().map(one).collect::<Result<_, _>>()? }
            }
        })
    }

    /// The members of an object that are literals and always there, by which variants of a union are told apart.
    pub(crate) fn literals(&self) -> Vec<(&str, &Literal)> {
        match self {
            Type::Object { fields, .. } => fields
                .iter()
                .filter_map(|field| match &field.ty {
                    Type::Literal { value } if !field.optional => Some((field.name.as_str(), value)),
                    _ => None,
                })
                .collect(),
            Type::Intersection { parts } => parts.iter().flat_map(Self::literals).collect(),
            _ => Vec::new(),
        }
    }
}

fn listed<'c>(name: &str, end: &str, types: impl IntoIterator<Item = &'c Type>) -> Vec<(String, &'c Type)> {
    types.into_iter().enumerate().map(|(position, ty)| (format!(".{name}[{position}]{end}"), ty)).collect()
}
