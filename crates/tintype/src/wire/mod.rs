//! Types that lose nothing on the way to JavaScript.
//!
//! JSON has one kind of number, which JavaScript reads as a double, and neither dates nor bytes.
//! A contract therefore says how such a value travels, and the generator refuses a type that does not.
//!
//! | in Rust | on the wire | official clients | our client |
//! | --- | --- | --- | --- |
//! | integers up to 32 bits | number | `number` | `number` |
//! | [`BigInt<T>`], `T` of 64 or 128 bits | decimal text | `string` | `bigint` |
//! | [`SafeInt`], [`SafeUint`] | number, at most 2^53 - 1 | `number` | `number` |
//! | `f32`, `f64` | number; what is not finite becomes `null` | `number` | `number` |
//! | [`Float`] | number, or `"NaN"`, `"Infinity"`, `"-Infinity"` | `number \| 'NaN' \| …` | `number` |
//! | `chrono::DateTime` | RFC 3339 text | `string` | `Date` |
//! | `chrono::NaiveDate`, `NaiveTime`, `NaiveDateTime` | ISO 8601 text | `string` | `string` |
//! | [`Duration`] | ISO 8601 text, `PT1.5S` | `string` | `string` |
//! | `uuid::Uuid` | hyphenated text | `string` | `string` |
//! | `rust_decimal::Decimal`, feature `decimal` | decimal text | `string` | `string` |
//! | [`Bytes`] | base 64 | `string` | `Uint8Array` |
//! | `Vec<u8>` | array of numbers | `number[]` | `number[]` |
//! | maps by text or integers | object | index signature | index signature |
//! | [`Entries<K, V>`], any keys | array of pairs | `[K, V][]` | `Map<K, V>` |
//!
//! A `Date` counts milliseconds: what is finer stays on the server, or travels as text of your own.
//!
//! A newtype over an id, such as `struct WidgetId(Uuid)`, is a type of its own in TypeScript if its name ends in `Id`.
//! With superjson as the transformer, plain `u64`, bytes, maps and sets cross the wire as what they are in JavaScript,
//! and these types stay text.

mod big_int;
mod bytes;
mod duration;
mod entries;
mod float;
mod safe_int;

use specta::datatype::{DataType, Primitive, Reference};

pub use self::{
    big_int::{BigInt, BigInteger},
    bytes::Bytes,
    duration::Duration,
    entries::Entries,
    float::Float,
    safe_int::{SafeInt, SafeUint, UnsafeInteger},
};

/// How specta sees a type of this module.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum WireForm {
    /// Decimal text of an integer.
    BigInt(Primitive),
    SafeInt,
    SafeUint,
    Float,
    Bytes,
    Duration,
}

impl WireForm {
    fn describe(self) -> DataType {
        DataType::Reference(Reference::opaque(self))
    }
}
