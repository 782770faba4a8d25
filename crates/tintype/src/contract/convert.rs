//! From specta's descriptions to the contract's types.

use std::collections::{BTreeSet, HashMap};

use specta::{
    Types,
    datatype::{DataType, Deprecated, Enum, Fields, List, NamedReference, NamedReferenceType, Primitive, Reference},
};

use super::{
    DescribeError, Field, IntegerKind, Literal, Part, StringFormat, Type, Variant, field_rules,
    leaves::{self, Opaque, Refusal},
    names::{DEFERRED, ENTRIES, STREAMED},
};
use crate::protocol::Transformer;

/// Where in a contract a type stands, for errors.
#[derive(Debug, Clone)]
pub(super) struct Place {
    pub(super) procedure: String,
    pub(super) part: Part,
    /// From the named type that has it, for example `Meeting.durationNs`.
    pub(super) field: String,
}

impl Place {
    fn inside(&self, step: &str) -> Self {
        Self { field: format!("{}{step}", self.field), ..self.clone() }
    }

    fn refused(&self, refusal: Refusal) -> DescribeError {
        let Self { procedure, part, field } = self.clone();
        let Refusal { rust, problem, cure } = refusal;
        DescribeError::NoWireForm { procedure, part, field, rust, problem, cure }
    }

    fn unknown(&self, description: String) -> DescribeError {
        let Self { procedure, part, field } = self.clone();
        DescribeError::Unknown { procedure, part, field, description }
    }
}

pub(super) struct Converter<'a> {
    pub(super) types: &'a Types,
    /// The name that clients see, by the name that specta has.
    pub(super) names: &'a HashMap<String, String>,
    pub(super) transformer: Transformer,
    /// Whether fields keep their rules.
    pub(super) with_rules: bool,
}

impl Converter<'_> {
    pub(super) fn convert(&self, ty: &DataType, at: &Place) -> Result<Type, DescribeError> {
        match ty {
            DataType::Primitive(primitive) => self.primitive(primitive, at),
            DataType::Generic(generic) => Ok(Type::Parameter { name: generic.name().to_string() }),
            DataType::Nullable(inner) => Ok(nullable(self.convert(inner, at)?)),
            DataType::List(list) => self.list(list, at),
            DataType::Map(map) => {
                let key = self.key(map.key_ty(), &at.inside("[key]"))?;
                let value = self.convert(map.value_ty(), &at.inside("[]"))?;
                Ok(match self.transformer {
                    Transformer::Json => Type::Map { key: Box::new(key), value: Box::new(value) },
                    Transformer::SuperJson => java_script("Map", vec![key, value]),
                })
            }
            DataType::Tuple(tuple) if tuple.elements.is_empty() => Ok(Type::Null),
            DataType::Tuple(tuple) => {
                let elements = tuple.elements.iter().enumerate();
                let items = elements.map(|(index, ty)| self.convert(ty, &at.inside(&format!(".{index}"))));
                Ok(Type::Tuple { items: items.collect::<Result<_, _>>()? })
            }
            DataType::Struct(object) => self.fields(&object.fields, at),
            DataType::Enum(union) => self.union(union, at),
            DataType::Intersection(parts) => {
                let parts: Vec<Type> = parts.iter().map(|ty| self.convert(ty, at)).collect::<Result<_, _>>()?;
                Ok(merged(parts))
            }
            DataType::Reference(Reference::Opaque(_)) => match leaves::opaque(ty) {
                Some(Opaque::Type(ty)) => Ok(self.in_javascript(ty)),
                Some(Opaque::Refused(refusal)) => Err(at.refused(refusal)),
                Some(Opaque::Unknown(name)) => Err(at.unknown(name)),
                None => Err(at.unknown(format!("{ty:?}"))),
            },
            DataType::Reference(Reference::Named(reference)) => self.reference(reference, at),
        }
    }

    fn reference(&self, reference: &NamedReference, at: &Place) -> Result<Type, DescribeError> {
        let Some(named) = self.types.get(reference) else { return Err(at.unknown(format!("{reference:?}"))) };
        let arguments = match &reference.inner {
            NamedReferenceType::Inline { dt, .. } => return self.convert(dt, at),
            NamedReferenceType::Reference { generics, .. } => generics,
            NamedReferenceType::Recursive(_) => {
                return Err(at.unknown(format!("{}, inlined into itself: remove `#[specta(inline)]`", named.name)));
            }
        };
        let mut arguments = arguments.iter().map(|(_, ty)| self.convert(ty, at)).collect::<Result<Vec<_>, _>>()?;
        let mut next = || Box::new(if arguments.is_empty() { Type::Null } else { arguments.remove(0) });
        Ok(match named.name.as_ref() {
            DEFERRED => Type::Deferred { of: next() },
            STREAMED => {
                let item = next();
                let end = next();
                Type::Streamed { item, end: (*end != Type::Null).then_some(end) }
            }
            ENTRIES => {
                let key = next();
                let value = next();
                Type::Entries { key, value }
            }
            name => {
                let name = self.names.get(name).cloned().unwrap_or_else(|| name.to_owned());
                Type::Reference { name, arguments }
            }
        })
    }

    fn primitive(&self, primitive: &Primitive, at: &Place) -> Result<Type, DescribeError> {
        if let Some(kind) = leaves::integer(primitive) {
            use IntegerKind::{I64, I128, U64, U128};
            return match (kind, self.transformer) {
                (I64 | I128 | U64 | U128, Transformer::SuperJson) => Ok(java_script("bigint", Vec::new())),
                (I64 | I128 | U64 | U128, Transformer::Json) => Err(at.refused(leaves::lossy(primitive))),
                (kind, _) => Ok(Type::Integer { kind }),
            };
        }
        Ok(match primitive {
            Primitive::bool => Type::Boolean,
            Primitive::str => Type::String { format: None },
            Primitive::char => Type::String { format: Some(StringFormat::Char) },
            Primitive::f128 => return Err(at.refused(leaves::lossy(primitive))),
            _ => Type::Number,
        })
    }

    /// The key of a map: JSON has it as text, so no integer loses digits.
    fn key(&self, ty: &DataType, at: &Place) -> Result<Type, DescribeError> {
        if let DataType::Primitive(primitive) = ty
            && let Some(kind @ (IntegerKind::I64 | IntegerKind::I128 | IntegerKind::U64 | IntegerKind::U128)) =
                leaves::integer(primitive)
            && self.transformer == Transformer::Json
        {
            return Ok(Type::BigInt { kind });
        }
        let key = self.convert(ty, at)?;
        match self.resolved(&key, ty) {
            true => Ok(key),
            false => Err(at.refused(Refusal {
                rust: "a map whose keys are no text".to_owned(),
                problem: "serde_json cannot write as an object",
                cure: "wrap the map in `tintype::wire::Entries`".to_owned(),
            })),
        }
    }

    /// Whether `key`, made of `ty`, is text in JSON.
    fn resolved(&self, key: &Type, ty: &DataType) -> bool {
        match key {
            Type::String { .. } | Type::Integer { .. } | Type::BigInt { .. } | Type::Boolean | Type::Literal { .. } => {
                true
            }
            Type::Parameter { .. } | Type::JavaScript { .. } => true,
            Type::Union { variants, .. } => variants.iter().all(|variant| matches!(variant.ty, Type::Literal { .. })),
            Type::Reference { .. } => {
                let DataType::Reference(Reference::Named(reference)) = ty else { return false };
                let Some(body) = self.types.get(reference).and_then(|named| named.ty.as_ref()) else { return false };
                let nowhere = Place { procedure: String::new(), part: Part::Output, field: String::new() };
                self.key(body, &nowhere).is_ok()
            }
            _ => false,
        }
    }

    fn list(&self, list: &List, at: &Place) -> Result<Type, DescribeError> {
        if self.transformer == Transformer::SuperJson {
            if list.unique {
                return Ok(java_script("Set", vec![self.convert(&list.ty, &at.inside("[]"))?]));
            }
            if *list.ty == DataType::Primitive(Primitive::u8) {
                return Ok(java_script("Uint8Array", Vec::new()));
            }
        }
        let item = Box::new(self.convert(&list.ty, &at.inside("[]"))?);
        Ok(Type::Array { item, unique: list.unique, length: list.length })
    }

    /// superjson carries a date as such; what is text by the contract stays text.
    fn in_javascript(&self, ty: Type) -> Type {
        match (&ty, self.transformer) {
            (Type::String { format: Some(StringFormat::DateTime) }, Transformer::SuperJson) => {
                java_script("Date", Vec::new())
            }
            _ => ty,
        }
    }

    fn fields(&self, fields: &Fields, at: &Place) -> Result<Type, DescribeError> {
        match fields {
            Fields::Unit => Ok(Type::Null),
            Fields::Unnamed(fields) => {
                let types: Vec<&DataType> = fields.fields.iter().filter_map(|field| field.ty.as_ref()).collect();
                if let ([ty], 1) = (types.as_slice(), fields.fields.len()) {
                    return self.convert(ty, at);
                }
                let elements = types.iter().enumerate();
                let items = elements.map(|(index, ty)| self.convert(ty, &at.inside(&format!(".{index}"))));
                Ok(Type::Tuple { items: items.collect::<Result<_, _>>()? })
            }
            Fields::Named(named) => {
                let mut fields = Vec::new();
                for (name, field) in &named.fields {
                    let Some(ty) = field.ty.as_ref().filter(|ty| !is_never(ty)) else { continue };
                    fields.push(Field {
                        name: name.to_string(),
                        ty: self.convert(ty, &at.inside(&format!(".{name}")))?,
                        optional: field.optional,
                        docs: trim(&field.docs),
                        deprecated: field.deprecated.as_ref().map(note),
                        rules: if self.with_rules { field_rules::of(field, self.types) } else { Vec::new() },
                    });
                }
                Ok(Type::Object { fields, closed: false })
            }
        }
    }

    fn union(&self, union: &Enum, at: &Place) -> Result<Type, DescribeError> {
        let mut variants = Vec::new();
        for (name, variant) in union.variants.iter().filter(|(_, variant)| !variant.skip) {
            let ty = match &variant.fields {
                Fields::Unit => Type::Literal { value: Literal::String(name.to_string()) },
                fields => self.fields(fields, at)?,
            };
            variants.push(Variant {
                name: name.to_string(),
                ty,
                docs: trim(&variant.docs),
                deprecated: variant.deprecated.as_ref().map(note),
            });
        }
        if let [Variant { ty: Type::Literal { .. }, docs, .. }] = variants.as_slice()
            && docs.is_empty()
        {
            return Ok(variants.remove(0).ty);
        }
        Ok(Type::Union { tag: tag(&variants), variants })
    }
}

fn java_script(name: &str, arguments: Vec<Type>) -> Type {
    Type::JavaScript { name: name.to_owned(), arguments }
}

/// `null` twice is `null` once.
fn nullable(ty: Type) -> Type {
    match ty {
        Type::Nullable { .. } | Type::Null | Type::Any => ty,
        ty => Type::Nullable { of: Box::new(ty) },
    }
}

/// A type that no value has: specta-serde's way to say that a field must not be there.
fn is_never(ty: &DataType) -> bool {
    matches!(ty, DataType::Enum(union) if union.variants.is_empty())
}

/// Parts that describe one object, as one object if each of them is one.
fn merged(parts: Vec<Type>) -> Type {
    let mut all = Vec::new();
    let mut rest = Vec::new();
    for part in parts {
        match part {
            Type::Object { fields, closed: false } => all.extend(fields),
            part => rest.push(part),
        }
    }
    if rest.is_empty() {
        return Type::Object { fields: all, closed: false };
    }
    if !all.is_empty() {
        rest.insert(0, Type::Object { fields: all, closed: false });
    }
    if rest.len() == 1 { rest.remove(0) } else { Type::Intersection { parts: rest } }
}

/// The member whose literal tells the variants apart.
fn tag(variants: &[Variant]) -> Option<String> {
    let first = variants.first()?.ty.literals();
    first.into_iter().map(|(name, _)| name).find_map(|name| {
        let values: Option<Vec<&Literal>> = variants
            .iter()
            .map(|variant| variant.ty.literals().into_iter().find(|(other, _)| *other == name).map(|(_, value)| value))
            .collect();
        let distinct: BTreeSet<String> = values.as_ref()?.iter().map(|value| format!("{value:?}")).collect();
        (distinct.len() == variants.len()).then(|| name.to_owned())
    })
}

pub(super) fn note(deprecated: &Deprecated) -> String {
    deprecated.note.as_deref().unwrap_or_default().to_owned()
}

/// A doc comment, each line without the blank after its slashes.
pub(super) fn trim(docs: &str) -> String {
    let lines: Vec<&str> = docs.lines().map(|line| line.strip_prefix(' ').unwrap_or(line).trim_end()).collect();
    lines.join("\n").trim_end().to_owned()
}
