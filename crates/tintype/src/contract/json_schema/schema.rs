//! One type as a schema.

use super::{
    format,
    rules::{Constraints, Patterns},
};
use crate::contract::{
    Field, Literal, NamedType, Rule, Type, Usage, Variant,
    inputs::{rules_inside, rules_of_option},
    instances::{Concrete, EmitError},
    json::{Json, Object},
};

/// Which way values travel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::contract) enum Direction {
    /// From clients: what the server accepts.
    Input,
    /// To clients: what the server sends.
    Output,
}

/// Writes schemas of the types of a contract.
pub(in crate::contract) struct Schemas<'a> {
    concrete: &'a Concrete,
    /// What stands in front of a name in a reference, for example `#/$defs/`.
    prefix: &'static str,
}

impl<'a> Schemas<'a> {
    pub(in crate::contract) fn new(concrete: &'a Concrete, prefix: &'static str) -> Self {
        Self { concrete, prefix }
    }

    /// The definition of a named type.
    pub(in crate::contract) fn named(&self, named: &NamedType) -> Result<Object, EmitError> {
        let direction = match named.usage {
            Usage::Output => Direction::Output,
            // What is true of what clients may send is true of what they get.
            Usage::Input | Usage::Both => Direction::Input,
        };
        let writer = Writer { schemas: self, direction, at: &named.name };
        let schema = writer.schema(&named.ty, &[])?;
        Ok(described(schema, &named.docs, named.deprecated.as_deref()))
    }

    /// A type where a procedure has it.
    pub(in crate::contract) fn of(&self, ty: &Type, direction: Direction, at: &str) -> Result<Object, EmitError> {
        Writer { schemas: self, direction, at }.schema(ty, &[])
    }
}

/// The schema with its documentation.
fn described(schema: Object, docs: &str, deprecated: Option<&str>) -> Object {
    let mut text = docs.to_owned();
    if let Some(note) = deprecated.filter(|note| !note.is_empty()) {
        let separator = if text.is_empty() { "" } else { "\n\n" };
        text.push_str(&format!("{separator}Deprecated: {note}"));
    }
    let schema = schema.with_text("description", &text);
    if deprecated.is_some() { schema.with("deprecated", true) } else { schema }
}

struct Writer<'a> {
    schemas: &'a Schemas<'a>,
    direction: Direction,
    /// The type or procedure, for messages.
    at: &'a str,
}

impl Writer<'_> {
    /// The schema of a type that also keeps rules.
    fn schema(&self, ty: &Type, rules: &[Rule]) -> Result<Object, EmitError> {
        let constraints = Constraints::of(rules);
        Ok(match ty {
            Type::Any => Object::new(),
            Type::Null => Object::new().with("type", "null"),
            Type::Boolean => Object::new().with("type", "boolean"),
            Type::String { format } => {
                let (text, pattern) = format::string(*format);
                constraints.text(text, *format, pattern)
            }
            Type::Integer { kind } => constraints.number(format::integer(*kind)),
            Type::Number => constraints.number(Object::new().with("type", "number")),
            Type::Float => {
                let number = constraints.number(Object::new().with("type", "number"));
                any_of(vec![number, Object::new().with("enum", vec!["NaN", "Infinity", "-Infinity"])])
            }
            Type::BigInt { kind } => {
                let (text, pattern) = format::big_integer(*kind);
                Patterns::of(vec![pattern.to_owned()]).add_to(text)
            }
            Type::Literal { value } => Object::new().with("const", literal(value)),
            Type::Array { item, unique, length } => {
                let mut array = Object::new().with("type", "array");
                array.set("items", self.schema(item, &rules_inside(rules))?);
                if let Some(length) = length {
                    let length = u64::try_from(*length).unwrap_or(u64::MAX);
                    array.set("minItems", length);
                    array.set("maxItems", length);
                }
                // The server reads a set from a list with duplicates too.
                if *unique && self.direction == Direction::Output {
                    array.set("uniqueItems", true);
                }
                constraints.elements(array, "minItems", "maxItems")
            }
            Type::Tuple { items } => self.tuple(items.iter())?,
            Type::Map { key, value } => {
                let mut map = Object::new().with("type", "object");
                let keys = self.keys(key)?;
                if !keys.is_empty() {
                    map.set("propertyNames", keys);
                }
                map.set("additionalProperties", self.schema(value, &[])?);
                constraints.elements(map, "minProperties", "maxProperties")
            }
            Type::Entries { key, value } => {
                let pair = self.tuple([&**key, &**value].into_iter())?;
                constraints.elements(Object::new().with("type", "array").with("items", pair), "minItems", "maxItems")
            }
            Type::Object { fields, closed } => self.object(fields, *closed)?,
            Type::Union { tag, variants } => self.union(tag.is_some(), variants)?,
            Type::Intersection { parts } => {
                let parts: Vec<Object> = parts.iter().map(|part| self.part(part)).collect::<Result<_, EmitError>>()?;
                Object::new().with("allOf", parts)
            }
            Type::Nullable { of } => {
                let schema = self.schema(of, &rules_of_option(rules))?;
                if constraints.is_required() { schema } else { nullable(schema) }
            }
            Type::Reference { name, .. } => match self.schemas.concrete.behind(ty) {
                // What is behind an alias has to be seen, for rules to reach it.
                behind if !rules.is_empty() && !is_object(behind) => self.schema(behind, rules)?,
                _ => Object::new().with("$ref", format!("{}{name}", self.schemas.prefix)),
            },
            // It is there by the time that an answer is whole.
            Type::Deferred { of } => self.schema(of, rules)?,
            Type::Streamed { item, end } => {
                let mut streamed = Object::new().with("items", self.schema(item, &[])?);
                if let Some(end) = end {
                    streamed.set("end", self.schema(end, &[])?);
                }
                let description = "Values that come one after the other, in lines of their own.";
                Object::new().with("description", description).with("x-streamed", streamed)
            }
            Type::FormData { fields: Some(fields) } => self.schema(fields, rules)?,
            Type::FormData { fields: None } => Object::new().with("type", "object"),
            Type::ByteStream => {
                Object::new().with("type", "string").with("contentMediaType", "application/octet-stream")
            }
            Type::Parameter { name } => {
                return Err(EmitError::UnknownParameter { name: name.clone(), at: self.at.to_owned() });
            }
            Type::JavaScript { name, .. } => {
                return Err(EmitError::SuperJson { name: name.clone(), at: self.at.to_owned() });
            }
        })
    }

    fn tuple<'t>(&self, items: impl ExactSizeIterator<Item = &'t Type>) -> Result<Object, EmitError> {
        let length = u64::try_from(items.len()).unwrap_or(u64::MAX);
        let items: Vec<Object> = items.map(|item| self.schema(item, &[])).collect::<Result<_, EmitError>>()?;
        let tuple = Object::new().with("type", "array");
        if items.is_empty() {
            return Ok(tuple.with("maxItems", 0_u64));
        }
        Ok(tuple.with("prefixItems", items).with("minItems", length).with("maxItems", length))
    }

    /// What the keys of a map are: all of them are text in JSON.
    fn keys(&self, key: &Type) -> Result<Object, EmitError> {
        Ok(match self.schemas.concrete.behind(key) {
            Type::Integer { kind } | Type::BigInt { kind } => {
                let (_, pattern) = format::big_integer(*kind);
                Object::new().with("pattern", pattern)
            }
            Type::Boolean => Object::new().with("enum", vec!["true", "false"]),
            Type::String { format: None } | Type::Any => Object::new(),
            _ => self.schema(key, &[])?,
        })
    }

    fn object(&self, fields: &[Field], closed: bool) -> Result<Object, EmitError> {
        let mut properties = Object::new();
        let mut required: Vec<String> = Vec::new();
        for field in fields {
            let constraints = Constraints::of(&field.rules);
            let schema = self.schema(&field.ty, &field.rules)?;
            properties.set(field.name.clone(), described(schema, &field.docs, field.deprecated.as_deref()));
            if !field.optional || constraints.is_required() {
                required.push(field.name.clone());
            }
        }
        let mut object = Object::new().with("type", "object");
        if !properties.is_empty() {
            object.set("properties", properties);
        }
        if !required.is_empty() {
            object.set("required", required);
        }
        if closed {
            object.set("additionalProperties", false);
        }
        Ok(object)
    }

    fn union(&self, is_tagged: bool, variants: &[Variant]) -> Result<Object, EmitError> {
        if variants.iter().all(|variant| matches!(variant.ty, Type::Literal { .. }) && variant.docs.is_empty()) {
            let values: Vec<Json> = variants
                .iter()
                .filter_map(|variant| match &variant.ty {
                    Type::Literal { value } => Some(literal(value)),
                    _ => None,
                })
                .collect();
            // A union of nothing has no value.
            return Ok(if values.is_empty() {
                Object::new().with("not", Object::new())
            } else {
                Object::new().with("enum", values)
            });
        }
        let variants: Vec<Object> = variants
            .iter()
            .map(|variant| {
                let schema = self.schema(&variant.ty, &[])?;
                let schema = described(schema, &variant.docs, variant.deprecated.as_deref());
                Ok(Object::new().with("title", variant.name.clone()).merged(schema))
            })
            .collect::<Result<_, EmitError>>()?;
        Ok(Object::new().with(if is_tagged { "oneOf" } else { "anyOf" }, variants))
    }

    /// A part of an object: whether it refuses other members is not its to say, the other parts have them.
    fn part(&self, part: &Type) -> Result<Object, EmitError> {
        match self.schemas.concrete.behind(part) {
            Type::Object { fields, closed: true } => self.object(fields, false),
            _ => self.schema(part, &[]),
        }
    }
}

/// Whether rules have nothing to say about a type.
fn is_object(ty: &Type) -> bool {
    matches!(ty, Type::Object { .. } | Type::Union { .. } | Type::Intersection { .. })
}

fn literal(value: &Literal) -> Json {
    match value {
        Literal::Boolean(value) => (*value).into(),
        Literal::Integer(value) => (*value).into(),
        Literal::String(value) => value.clone().into(),
    }
}

fn any_of(schemas: Vec<Object>) -> Object {
    Object::new().with("anyOf", schemas)
}

/// The schema or `null`.
pub(super) fn nullable(schema: Object) -> Object {
    let is_open = schema.is_empty();
    match schema.get("type") {
        // Anything includes `null`.
        None if is_open => schema,
        Some(Json::Value(name)) if schema.get("anyOf").is_none() => {
            let types = vec![Json::Value(name.clone()), "null".into()];
            schema.with("type", types)
        }
        _ => any_of(vec![schema, Object::new().with("type", "null")]),
    }
}
