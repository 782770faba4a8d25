use super::Type;

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
}

fn listed<'c>(name: &str, end: &str, types: impl IntoIterator<Item = &'c Type>) -> Vec<(String, &'c Type)> {
    types.into_iter().enumerate().map(|(position, ty)| (format!(".{name}[{position}]{end}"), ty)).collect()
}
