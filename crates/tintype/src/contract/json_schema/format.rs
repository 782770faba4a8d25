//! Integers, and texts that hold something.

use crate::contract::{IntegerKind, StringFormat, json::Object};

/// Patterns of texts, as JavaScript and JSON Schema have them.
pub(super) const BASE64: &str = "^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$";
pub(in crate::contract) const LOCAL_DATE_TIME: &str =
    r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?$";
pub(in crate::contract) const TIME: &str = r"^[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?$";
pub(in crate::contract) const DURATION: &str =
    r"^P(?=.)(?:[0-9]+D)?(?:T(?=.)(?:[0-9]+H)?(?:[0-9]+M)?(?:[0-9]+(?:[.,][0-9]{1,9})?S)?)?$";
pub(in crate::contract) const DECIMAL: &str = r"^-?[0-9]+(?:\.[0-9]+)?$";
const INTEGER: &str = "^-?[0-9]+$";
const UNSIGNED: &str = "^[0-9]+$";

/// A text, apart from its pattern, which may be one of several.
pub(super) fn string(format: Option<StringFormat>) -> (Object, Option<&'static str>) {
    let text = Object::new().with("type", "string");
    let Some(format) = format else { return (text, None) };
    match format {
        StringFormat::Uuid => (text.with("format", "uuid"), None),
        StringFormat::DateTime => (text.with("format", "date-time"), None),
        StringFormat::LocalDateTime => (text, Some(LOCAL_DATE_TIME)),
        StringFormat::Date => (text.with("format", "date"), None),
        StringFormat::Time => (text, Some(TIME)),
        // The format `duration` has no fractions of a second.
        StringFormat::Duration => (text, Some(DURATION)),
        StringFormat::Decimal => (text, Some(DECIMAL)),
        StringFormat::Bytes => (text.with("contentEncoding", "base64"), Some(BASE64)),
        StringFormat::Char => (text.with("minLength", 1_u64).with("maxLength", 1_u64), None),
        StringFormat::Ip => {
            let version = |name: &str| Object::new().with("format", name.to_owned());
            (text.with("anyOf", vec![version("ipv4"), version("ipv6")]), None)
        }
        StringFormat::Ipv4 => (text.with("format", "ipv4"), None),
        StringFormat::Ipv6 => (text.with("format", "ipv6"), None),
        StringFormat::Url => (text.with("format", "iri"), None),
    }
}

/// A JSON number without a fraction. Limits beyond 64 bits are left out: no reader of JSON is sure to have them.
pub(super) fn integer(kind: IntegerKind) -> Object {
    const SAFE: i64 = 9_007_199_254_740_991;
    let number = Object::new().with("type", "integer");
    let within = |min: i64, max: i64| number.clone().with("minimum", min).with("maximum", max);
    match kind {
        IntegerKind::I8 => within(i8::MIN.into(), i8::MAX.into()),
        IntegerKind::I16 => within(i16::MIN.into(), i16::MAX.into()),
        IntegerKind::I32 => within(i32::MIN.into(), i32::MAX.into()),
        IntegerKind::I64 => within(i64::MIN, i64::MAX),
        IntegerKind::U8 => within(0, u8::MAX.into()),
        IntegerKind::U16 => within(0, u16::MAX.into()),
        IntegerKind::U32 => within(0, u32::MAX.into()),
        IntegerKind::U64 => number.clone().with("minimum", 0_u64).with("maximum", u64::MAX),
        IntegerKind::Safe => within(-SAFE, SAFE),
        IntegerKind::SafeUnsigned => within(0, SAFE),
        IntegerKind::I128 => number,
        IntegerKind::U128 => number.with("minimum", 0_u64),
    }
}

/// An integer as decimal text; its range is beyond what a schema can say.
pub(super) fn big_integer(kind: IntegerKind) -> (Object, &'static str) {
    let text = Object::new().with("type", "string");
    match kind {
        IntegerKind::U8 | IntegerKind::U16 | IntegerKind::U32 | IntegerKind::U128 | IntegerKind::SafeUnsigned => {
            (text, UNSIGNED)
        }
        IntegerKind::U64 => (text.with("format", "uint64"), UNSIGNED),
        IntegerKind::I64 => (text.with("format", "int64"), INTEGER),
        IntegerKind::I8 | IntegerKind::I16 | IntegerKind::I32 | IntegerKind::I128 | IntegerKind::Safe => {
            (text, INTEGER)
        }
    }
}
