//! What the router's inputs are made of.

use std::time::Duration;

use serde::{Deserialize, Deserializer, Serialize};
use tintype::{ErrorCode, Type, specta};

/// A JSON number without a fraction that a double holds exactly.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize, Serialize, Type)]
#[serde(try_from = "f64", into = "f64")]
pub(crate) struct Int(f64);

impl Int {
    pub(crate) const ONE: Self = Self(1.0);
    pub(crate) const TEN: Self = Self(10.0);
    const LARGEST: f64 = 9_007_199_254_740_991.0;

    #[allow(clippy::cast_possible_truncation)]
    pub(crate) fn get(self) -> i64 {
        self.0 as i64
    }
}

impl TryFrom<f64> for Int {
    type Error = String;

    fn try_from(number: f64) -> Result<Self, Self::Error> {
        if number.fract() == 0.0 && number.abs() <= Self::LARGEST {
            Ok(Self(number))
        } else {
            Err(format!("{number} is not an integer that a double holds exactly"))
        }
    }
}

impl From<Int> for f64 {
    fn from(int: Int) -> Self {
        int.0
    }
}

/// A delay of 0 to 5000 ms.
#[derive(Debug, Clone, Copy, Default, Deserialize, Type)]
#[serde(try_from = "Int")]
pub(crate) struct Delay(u16);

impl TryFrom<Int> for Delay {
    type Error = String;

    fn try_from(ms: Int) -> Result<Self, Self::Error> {
        match u16::try_from(ms.get()) {
            Ok(ms) if ms <= 5000 => Ok(Self(ms)),
            _ => Err(format!("{} is not a delay of 0 to 5000 ms", ms.get())),
        }
    }
}

impl Delay {
    /// Waits for so long.
    pub(crate) async fn pass(self) {
        if self.0 > 0 {
            tokio::time::sleep(Duration::from_millis(self.0.into())).await;
        }
    }
}

/// One of the 21 error keys.
#[derive(Debug, Clone, Copy, Deserialize, Type)]
#[serde(try_from = "String")]
pub(crate) struct Code(#[specta(type = String)] pub(crate) ErrorCode);

impl TryFrom<String> for Code {
    type Error = String;

    fn try_from(key: String) -> Result<Self, Self::Error> {
        ErrorCode::from_key(&key).map(Self).ok_or_else(|| format!("there is no code {key:?}"))
    }
}

/// Reads a field that may be left out and must not be null; serde alone takes both for `None`.
pub(crate) fn not_null<'de, T: Deserialize<'de>, D: Deserializer<'de>>(field: D) -> Result<Option<T>, D::Error> {
    T::deserialize(field).map(Some)
}
