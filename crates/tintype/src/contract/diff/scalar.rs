//! Which texts, numbers and single values are among which others.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use uuid::Uuid;

use crate::contract::{IntegerKind, Literal, StringFormat, shape::Shape};

/// The greatest integer that a double holds together with all smaller ones: 2^53 - 1.
const MAX_SAFE: i128 = 9_007_199_254_740_991;

/// Whether all that a sender of `sent` may send is what a receiver of `taken` takes, for types without types in them.
pub(super) fn fits(sent: &Shape<'_>, taken: &Shape<'_>) -> bool {
    match (sent, taken) {
        (Shape::Null, Shape::Null) | (Shape::Boolean, Shape::Boolean) => true,
        (Shape::Text(sent), Shape::Text(taken)) => format_fits(*sent, *taken),
        // Digits are text, and a decimal number.
        (Shape::BigInt(_), Shape::Text(None | Some(StringFormat::Decimal))) => true,
        (Shape::BigInt(sent), Shape::BigInt(taken)) | (Shape::Integer(sent), Shape::Integer(taken)) => {
            range_fits(*sent, *taken)
        }
        // A double would round larger ones.
        (Shape::Integer(sent), Shape::Number | Shape::Float) => range_fits(*sent, IntegerKind::Safe),
        (Shape::Number, Shape::Number | Shape::Float) | (Shape::Float, Shape::Float) => true,
        (Shape::Literal(sent), taken) => literal_fits(sent, taken),
        (Shape::ByteStream, Shape::ByteStream) => true,
        _ => false,
    }
}

/// A key of a map as the text that it is in JSON; `None` if it can be none. Booleans are two of them.
pub(super) fn as_key<'c>(shape: &Shape<'c>) -> Option<Shape<'c>> {
    match shape {
        Shape::Text(_) | Shape::BigInt(_) | Shape::Any => Some(shape.clone()),
        Shape::Integer(kind) => Some(Shape::BigInt(*kind)),
        Shape::Literal(Literal::Integer(value)) => Some(Shape::Literal(Literal::String(value.to_string()))),
        Shape::Literal(Literal::Boolean(value)) => Some(Shape::Literal(Literal::String(value.to_string()))),
        Shape::Literal(Literal::String(_)) => Some(shape.clone()),
        _ => None,
    }
}

fn format_fits(sent: Option<StringFormat>, taken: Option<StringFormat>) -> bool {
    use StringFormat::{Ip, Ipv4, Ipv6};
    match (sent, taken) {
        (_, None) | (Some(Ipv4 | Ipv6), Some(Ip)) => true,
        (sent, taken) => sent == taken,
    }
}

fn range_fits(sent: IntegerKind, taken: IntegerKind) -> bool {
    let ((sent_min, sent_max), (taken_min, taken_max)) = (range(sent), range(taken));
    taken_min <= sent_min && sent_max <= taken_max
}

/// The least and the greatest number of a kind.
pub(in crate::contract) fn range(kind: IntegerKind) -> (i128, u128) {
    match kind {
        IntegerKind::I8 => (i8::MIN.into(), i8::MAX as u128),
        IntegerKind::I16 => (i16::MIN.into(), i16::MAX as u128),
        IntegerKind::I32 => (i32::MIN.into(), i32::MAX as u128),
        IntegerKind::I64 => (i64::MIN.into(), i64::MAX as u128),
        IntegerKind::I128 => (i128::MIN, i128::MAX as u128),
        IntegerKind::U8 => (0, u8::MAX.into()),
        IntegerKind::U16 => (0, u16::MAX.into()),
        IntegerKind::U32 => (0, u32::MAX.into()),
        IntegerKind::U64 => (0, u64::MAX.into()),
        IntegerKind::U128 => (0, u128::MAX),
        IntegerKind::Safe => (-MAX_SAFE, MAX_SAFE as u128),
        IntegerKind::SafeUnsigned => (0, MAX_SAFE as u128),
    }
}

fn is_in_range(value: i128, kind: IntegerKind) -> bool {
    let (min, max) = range(kind);
    min <= value && u128::try_from(value).map_or(true, |value| value <= max)
}

fn literal_fits(sent: &Literal, taken: &Shape<'_>) -> bool {
    match (sent, taken) {
        (sent, Shape::Literal(taken)) => sent == taken,
        (Literal::Boolean(_), Shape::Boolean) => true,
        (Literal::Integer(value), Shape::Integer(kind)) => is_in_range(i128::from(*value), *kind),
        (Literal::Integer(value), Shape::Number | Shape::Float) => is_in_range(i128::from(*value), IntegerKind::Safe),
        (Literal::String(_), Shape::Text(None)) => true,
        (Literal::String(text), Shape::Text(Some(format))) => holds(text, *format),
        (Literal::String(text), Shape::BigInt(kind)) => {
            text.parse().is_ok_and(|value: i128| value.to_string() == *text && is_in_range(value, *kind))
        }
        (Literal::String(text), Shape::Float) => matches!(text.as_str(), "NaN" | "Infinity" | "-Infinity"),
        _ => false,
    }
}

/// Whether a text is of a format; formats that would need a library to tell are denied.
fn holds(text: &str, format: StringFormat) -> bool {
    match format {
        StringFormat::Uuid => Uuid::try_parse(text).is_ok_and(|uuid| uuid.hyphenated().to_string() == text),
        StringFormat::Char => text.chars().count() == 1,
        StringFormat::Ip => text.parse::<IpAddr>().is_ok(),
        StringFormat::Ipv4 => text.parse::<Ipv4Addr>().is_ok(),
        StringFormat::Ipv6 => text.parse::<Ipv6Addr>().is_ok(),
        _ => false,
    }
}
