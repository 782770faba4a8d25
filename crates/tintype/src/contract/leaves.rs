//! Types that specta calls text or numbers, and that the contract knows more about.

use specta::{
    Types,
    datatype::{DataType, NamedDataType, NamedReferenceType, Primitive, Reference},
};

use super::{IntegerKind, StringFormat, Type, walk};
use crate::{body::BrowserType, wire::WireForm};

/// What a part of a description is, whatever serde's attributes say.
///
/// It travels through specta-serde as an opaque reference.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Leaf {
    Any,
    Text(StringFormat),
    /// No form on the wire that keeps all of it: the Rust type, what is wrong with it, and what to use instead.
    Refused(Refusal),
}

/// A type that cannot be sent as it is.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Refusal {
    pub(super) rust: String,
    pub(super) problem: &'static str,
    pub(super) cure: String,
}

/// Marks what is known about types of other crates in `ty` and in everything inside of it.
pub(super) fn mark(ty: &mut DataType, types: &Types) {
    let mut change = |ty: &mut DataType| {
        while let DataType::Reference(Reference::Named(reference)) = ty {
            if let Some(leaf) = types.get(reference).and_then(known) {
                *ty = DataType::Reference(Reference::opaque(leaf));
            } else if let NamedReferenceType::Inline { dt, .. } = &reference.inner {
                *ty = (**dt).clone();
            } else {
                break;
            }
        }
    };
    walk::rewrite(ty, &mut change);
}

fn known(named: &NamedDataType) -> Option<Leaf> {
    use StringFormat::{Char, Date, DateTime, Decimal, Ip, Ipv4, Ipv6, LocalDateTime, Time, Url, Uuid};
    let krate = named.module_path.split("::").next().unwrap_or_default();
    let refused = |rust: &str, problem, cure: &str| {
        Some(Leaf::Refused(Refusal { rust: rust.to_owned(), problem, cure: cure.to_owned() }))
    };
    match (krate, named.name.as_ref()) {
        ("serde_json", "Value") => Some(Leaf::Any),
        ("chrono", "DateTime") => Some(Leaf::Text(DateTime)),
        ("chrono", "NaiveDateTime") => Some(Leaf::Text(LocalDateTime)),
        ("chrono", "NaiveDate") => Some(Leaf::Text(Date)),
        ("chrono", "NaiveTime") => Some(Leaf::Text(Time)),
        ("chrono", "Duration" | "TimeDelta") => refused(
            "chrono::TimeDelta",
            "serde writes as an array of seconds and nanoseconds",
            "use `tintype::wire::Duration`",
        ),
        ("std" | "core", "Duration") => refused(
            "std::time::Duration",
            "serde writes as an object whose seconds a JavaScript number would lose",
            "use `tintype::wire::Duration`",
        ),
        ("std" | "core", "SystemTime") => refused(
            "std::time::SystemTime",
            "serde writes as an object whose seconds a JavaScript number would lose",
            "use `chrono::DateTime<Utc>`",
        ),
        ("std" | "core", "IpAddr") => Some(Leaf::Text(Ip)),
        ("std" | "core", "Ipv4Addr") => Some(Leaf::Text(Ipv4)),
        ("std" | "core", "Ipv6Addr") => Some(Leaf::Text(Ipv6)),
        ("std" | "core", "char") => Some(Leaf::Text(Char)),
        ("uuid", "Uuid" | "Hyphenated") => Some(Leaf::Text(Uuid)),
        ("url", "Url") => Some(Leaf::Text(Url)),
        ("rust_decimal", "Decimal") | ("bigdecimal", "BigDecimal") => Some(Leaf::Text(Decimal)),
        ("time", "OffsetDateTime" | "Date" | "Time" | "PrimitiveDateTime" | "Duration") => refused(
            &format!("time::{}", named.name),
            "serde writes as an array unless the crate `time` is told otherwise",
            "use a type of `chrono`, or `tintype::wire::Duration`",
        ),
        _ => None,
    }
}

/// What an opaque part of a description is.
pub(super) enum Opaque {
    Type(Type),
    Refused(Refusal),
    Unknown(String),
}

pub(super) fn opaque(ty: &DataType) -> Option<Opaque> {
    let DataType::Reference(Reference::Opaque(reference)) = ty else { return None };
    if let Some(leaf) = reference.downcast_ref::<Leaf>() {
        return Some(match leaf {
            Leaf::Any => Opaque::Type(Type::Any),
            Leaf::Text(format) => Opaque::Type(Type::String { format: Some(*format) }),
            Leaf::Refused(refusal) => Opaque::Refused(refusal.clone()),
        });
    }
    if let Some(form) = reference.downcast_ref::<WireForm>() {
        return Some(Opaque::Type(match form {
            WireForm::BigInt(primitive) => Type::BigInt { kind: integer(primitive).unwrap_or(IntegerKind::I128) },
            WireForm::SafeInt => Type::Integer { kind: IntegerKind::Safe },
            WireForm::SafeUint => Type::Integer { kind: IntegerKind::SafeUnsigned },
            WireForm::Float => Type::Float,
            WireForm::Bytes => Type::String { format: Some(StringFormat::Bytes) },
            WireForm::Duration => Type::String { format: Some(StringFormat::Duration) },
        }));
    }
    if let Some(browser) = reference.downcast_ref::<BrowserType>() {
        return Some(Opaque::Type(match browser {
            BrowserType::FormData => Type::FormData { fields: None },
            BrowserType::Bytes => Type::ByteStream,
        }));
    }
    Some(Opaque::Unknown(reference.type_name().to_owned()))
}

/// The range of an integer, if `primitive` is one.
pub(super) fn integer(primitive: &Primitive) -> Option<IntegerKind> {
    Some(match primitive {
        Primitive::i8 => IntegerKind::I8,
        Primitive::i16 => IntegerKind::I16,
        Primitive::i32 => IntegerKind::I32,
        Primitive::i64 | Primitive::isize => IntegerKind::I64,
        Primitive::i128 => IntegerKind::I128,
        Primitive::u8 => IntegerKind::U8,
        Primitive::u16 => IntegerKind::U16,
        Primitive::u32 => IntegerKind::U32,
        Primitive::u64 | Primitive::usize => IntegerKind::U64,
        Primitive::u128 => IntegerKind::U128,
        _ => return None,
    })
}

/// What is wrong with an integer that JSON carries and JavaScript does not.
pub(super) fn lossy(primitive: &Primitive) -> Refusal {
    let rust = format!("{primitive:?}");
    Refusal {
        cure: format!(
            "use `tintype::wire::BigInt<{}>`, which sends all digits as text, or `tintype::wire::{}`, which refuses what \
             is too large, or accept the loss with `#[specta(type = f64)]`",
            rust.replace("size", "64"),
            if rust.starts_with('u') { "SafeUint" } else { "SafeInt" },
        ),
        rust,
        problem: "has digits that a JavaScript number would lose",
    }
}
