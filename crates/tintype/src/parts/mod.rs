//! Answers whose parts come one after the other: [`Deferred`] fields and [`Streamed`] values.
//!
//! Serde does not know of either.
//! While a value is encoded, both leave a placeholder in the JSON and hand what they hold to [`encode`], which finds
//! the placeholders again: as the whole value or as the direct fields of an object, which is where the protocol allows
//! them.

mod deferred;
mod encode;
mod streamed;

pub use deferred::Deferred;
pub(crate) use encode::InParts;
pub(crate) use encode::{Encoded, Field, Part, Step, encode, settle};
pub use streamed::Streamed;
