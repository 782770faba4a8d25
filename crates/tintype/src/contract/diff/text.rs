//! Types in a few words, for people.

use crate::contract::{IntegerKind, LengthUnit, Literal, Rule, StringFormat, Type, shape::Shape, universe::TypeId};

use super::fits::Fits;

/// A type by its name or by what it is made of, no deeper than a table has room for.
pub(super) fn describe(fits: &Fits<'_>, id: TypeId) -> String {
    match fits.types.written(id) {
        Some((ty, _)) => written(ty, 3),
        None => "object".to_owned(),
    }
}

fn written(ty: &Type, depth: usize) -> String {
    let Some(depth) = depth.checked_sub(1) else { return "…".to_owned() };
    let inner = |ty: &Type| written(ty, depth);
    let list = |types: &[Type]| types.iter().map(inner).collect::<Vec<_>>().join(", ");
    match ty {
        Type::Any => "any JSON".to_owned(),
        Type::Null => "null".to_owned(),
        Type::Boolean => "boolean".to_owned(),
        Type::String { format: None } => "string".to_owned(),
        Type::String { format: Some(format) } => format!("string ({})", name_of_format(*format)),
        Type::Integer { kind } => name_of_integer(*kind).to_owned(),
        Type::Number => "number".to_owned(),
        Type::Float => "number, NaN or infinity".to_owned(),
        Type::BigInt { kind } => format!("{} as text", name_of_integer(*kind)),
        Type::Literal { value } => literal(value),
        Type::Array { item, unique, length } => {
            let kind = if *unique { "set" } else { "array" };
            match length {
                Some(length) => format!("{kind} of {length} {}", inner(item)),
                None => format!("{kind} of {}", inner(item)),
            }
        }
        Type::Tuple { items } => format!("[{}]", list(items)),
        Type::Map { key, value } => format!("map of {} to {}", inner(key), inner(value)),
        Type::Entries { key, value } => format!("pairs of {} and {}", inner(key), inner(value)),
        Type::Object { .. } => "object".to_owned(),
        Type::Union { variants, .. } if variants.is_empty() => "nothing".to_owned(),
        Type::Union { variants, .. } => {
            let names: Vec<&str> = variants.iter().take(4).map(|variant| variant.name.as_str()).collect();
            let more = if variants.len() > 4 { " | …" } else { "" };
            format!("{}{more}", names.join(" | "))
        }
        Type::Intersection { parts } => parts.iter().map(inner).collect::<Vec<_>>().join(" & "),
        Type::Nullable { of } => format!("{} | null", inner(of)),
        Type::Reference { name, arguments } | Type::JavaScript { name, arguments } if !arguments.is_empty() => {
            format!("{name}<{}>", list(arguments))
        }
        Type::Reference { name, .. } | Type::JavaScript { name, .. } | Type::Parameter { name } => name.clone(),
        Type::Deferred { of } => format!("{}, later", inner(of)),
        Type::Streamed { item, .. } => format!("{}, one after the other", inner(item)),
        Type::FormData { .. } => "form".to_owned(),
        Type::ByteStream => "bytes".to_owned(),
    }
}

/// One alternative of a union.
pub(super) fn describe_shape(shape: &Shape<'_>) -> Option<String> {
    match shape {
        Shape::Literal(value) => Some(literal(value)),
        _ => None,
    }
}

fn literal(value: &Literal) -> String {
    match value {
        Literal::Boolean(value) => value.to_string(),
        Literal::Integer(value) => value.to_string(),
        Literal::String(value) => format!("{value:?}"),
    }
}

fn name_of_format(format: StringFormat) -> &'static str {
    match format {
        StringFormat::Uuid => "UUID",
        StringFormat::DateTime => "time",
        StringFormat::LocalDateTime => "local time",
        StringFormat::Date => "date",
        StringFormat::Time => "time of day",
        StringFormat::Duration => "duration",
        StringFormat::Decimal => "decimal",
        StringFormat::Bytes => "base 64",
        StringFormat::Char => "character",
        StringFormat::Ip => "IP address",
        StringFormat::Ipv4 => "IPv4 address",
        StringFormat::Ipv6 => "IPv6 address",
        StringFormat::Url => "URL",
    }
}

fn name_of_integer(kind: IntegerKind) -> &'static str {
    match kind {
        IntegerKind::I8 => "i8",
        IntegerKind::I16 => "i16",
        IntegerKind::I32 => "i32",
        IntegerKind::I64 => "i64",
        IntegerKind::I128 => "i128",
        IntegerKind::U8 => "u8",
        IntegerKind::U16 => "u16",
        IntegerKind::U32 => "u32",
        IntegerKind::U64 => "u64",
        IntegerKind::U128 => "u128",
        IntegerKind::Safe => "safe integer",
        IntegerKind::SafeUnsigned => "safe unsigned integer",
    }
}

/// What a field must keep to.
pub(super) fn describe_rules(rules: &[&Rule]) -> String {
    if rules.is_empty() {
        return "no rules".to_owned();
    }
    rules.iter().map(|rule| describe_rule(rule)).collect::<Vec<_>>().join(", ")
}

fn describe_rule(rule: &Rule) -> String {
    match rule {
        Rule::Length { unit, min, max } => {
            let unit = match unit {
                LengthUnit::Simple => "",
                LengthUnit::Bytes => " bytes",
                LengthUnit::Chars => " characters",
                LengthUnit::Graphemes => " graphemes",
                LengthUnit::Utf16 => " UTF-16 units",
            };
            format!("length {}{unit}", bounds(min.as_ref(), max.as_ref()))
        }
        Rule::Range { min, max } => format!("range {}", bounds(min.as_ref(), max.as_ref())),
        Rule::Email => "e-mail address".to_owned(),
        Rule::Url => "URL".to_owned(),
        Rule::Ip => "IP address".to_owned(),
        Rule::Ipv4 => "IPv4 address".to_owned(),
        Rule::Ipv6 => "IPv6 address".to_owned(),
        Rule::Pattern { pattern } => format!("pattern {pattern:?}"),
        Rule::Contains { text } => format!("contains {text:?}"),
        Rule::Prefix { text } => format!("begins with {text:?}"),
        Rule::Suffix { text } => format!("ends with {text:?}"),
        Rule::Ascii => "ASCII".to_owned(),
        Rule::Alphanumeric => "alphanumeric".to_owned(),
        Rule::Required => "required".to_owned(),
        Rule::Inner { rules } => format!("each: {}", describe_rules(&rules.iter().collect::<Vec<_>>())),
        Rule::Custom => "custom check".to_owned(),
    }
}

fn bounds<T: std::fmt::Display>(min: Option<&T>, max: Option<&T>) -> String {
    match (min, max) {
        (Some(min), Some(max)) => format!("{min} to {max}"),
        (Some(min), None) => format!("at least {min}"),
        (None, Some(max)) => format!("at most {max}"),
        (None, None) => "any".to_owned(),
    }
}
