use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Visitor};
use specta::{
    Type, Types,
    datatype::{DataType, Primitive},
};

use super::WireForm;

/// An integer whose digits a JavaScript number would lose, sent as decimal text.
///
/// TypeScript has a `bigint` for it with our client and a `string` with the official ones.
///
/// ```
/// use tintype::wire::BigInt;
///
/// let views = BigInt(9_007_199_254_740_993_u64);
/// assert_eq!(serde_json::to_string(&views)?, "\"9007199254740993\"");
/// assert_eq!(serde_json::from_str::<BigInt<u64>>("\"9007199254740993\"")?, views);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BigInt<T>(pub T);

/// The integers that [`BigInt`] holds: `i64`, `u64`, `i128` and `u128`.
pub trait BigInteger: Copy + fmt::Display + FromStr + 'static {
    /// Its name in Rust.
    #[doc(hidden)]
    const NAME: &'static str;
    #[doc(hidden)]
    const PRIMITIVE: Primitive;
}

macro_rules! big_integers {
    ($($name:ident)*) => {$(
        impl BigInteger for $name {
            const NAME: &'static str = stringify!($name);
            const PRIMITIVE: Primitive = Primitive::$name;
        }

        impl From<$name> for BigInt<$name> {
            fn from(value: $name) -> Self {
                Self(value)
            }
        }

        impl From<BigInt<$name>> for $name {
            fn from(value: BigInt<$name>) -> Self {
                value.0
            }
        }
    )*};
}

big_integers! { i64 u64 i128 u128 }

impl<T: BigInteger> fmt::Display for BigInt<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl<T: BigInteger> Serialize for BigInt<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl<'de, T: BigInteger> Deserialize<'de> for BigInt<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(Digits(std::marker::PhantomData)).map(Self)
    }
}

struct Digits<T>(std::marker::PhantomData<T>);

impl<T: BigInteger> Visitor<'_> for Digits<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "an integer in the range of {} as decimal text", T::NAME)
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<T, E> {
        text.parse().map_err(|_| E::invalid_value(serde::de::Unexpected::Str(text), &self))
    }
}

impl<T: BigInteger> Type for BigInt<T> {
    fn definition(_: &mut Types) -> DataType {
        WireForm::BigInt(T::PRIMITIVE).describe()
    }
}
