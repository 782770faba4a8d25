use std::fmt;

use serde::{Deserialize, Serialize};
use specta::{Type, Types, datatype::DataType};

use super::WireForm;

/// `Number.MAX_SAFE_INTEGER` of JavaScript: up to it a double holds every integer exactly.
const MAX: i64 = (1 << 53) - 1;

/// An integer that a JavaScript number holds exactly: from -(2^53 - 1) to 2^53 - 1.
///
/// It is a number on the wire, and TypeScript has a `number` for it.
///
/// ```
/// use tintype::wire::SafeInt;
///
/// assert_eq!(SafeInt::try_from(-5_i64)?.get(), -5);
/// assert!(SafeInt::try_from(i64::MAX).is_err());
/// # Ok::<(), tintype::wire::UnsafeInteger>(())
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "i64", into = "i64")]
pub struct SafeInt(i64);

/// [`SafeInt`] without negative numbers: from 0 to 2^53 - 1.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u64", into = "u64")]
pub struct SafeUint(u64);

/// An integer that a JavaScript number does not hold exactly.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{0} is beyond 2^53 - 1, so a JavaScript number would lose digits: use `BigInt`")]
pub struct UnsafeInteger(i128);

impl SafeInt {
    /// The integer.
    #[must_use]
    pub const fn get(self) -> i64 {
        self.0
    }
}

impl SafeUint {
    /// The integer.
    #[must_use]
    pub const fn get(self) -> u64 {
        self.0
    }
}

impl TryFrom<i64> for SafeInt {
    type Error = UnsafeInteger;

    fn try_from(value: i64) -> Result<Self, UnsafeInteger> {
        if (-MAX..=MAX).contains(&value) { Ok(Self(value)) } else { Err(UnsafeInteger(value.into())) }
    }
}

impl TryFrom<u64> for SafeUint {
    type Error = UnsafeInteger;

    fn try_from(value: u64) -> Result<Self, UnsafeInteger> {
        if value <= MAX.unsigned_abs() { Ok(Self(value)) } else { Err(UnsafeInteger(value.into())) }
    }
}

impl From<i32> for SafeInt {
    fn from(value: i32) -> Self {
        Self(value.into())
    }
}

impl From<u32> for SafeUint {
    fn from(value: u32) -> Self {
        Self(value.into())
    }
}

impl From<SafeInt> for i64 {
    fn from(value: SafeInt) -> Self {
        value.0
    }
}

impl From<SafeUint> for u64 {
    fn from(value: SafeUint) -> Self {
        value.0
    }
}

impl fmt::Display for SafeInt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Display for SafeUint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Type for SafeInt {
    fn definition(_: &mut Types) -> DataType {
        WireForm::SafeInt.describe()
    }
}

impl Type for SafeUint {
    fn definition(_: &mut Types) -> DataType {
        WireForm::SafeUint.describe()
    }
}
