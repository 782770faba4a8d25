//! Reads JSON as the validators of a JavaScript server see it.
//!
//! serde's derive serves formats of all kinds and accepts more than the contract says: an array for a struct, an object
//! for a variant without data.
//! [`Strict`] stands between serde_json and the derive and refuses both; it also takes `5.0` and `1e2` for integers,
//! which they are in JavaScript.
//! Text is passed on as it is borrowed, and nothing is allocated.
//!
//! What an internally tagged or untagged enum holds is buffered by serde itself, so an array for a struct deeper inside
//! of one is read by serde's own rules.

use std::{any::type_name, fmt};

use serde::{
    Deserializer,
    de::{
        DeserializeSeed, EnumAccess, Error, MapAccess, SeqAccess, Unexpected, VariantAccess, Visitor,
        value::{BorrowedStrDeserializer, StrDeserializer, StringDeserializer},
    },
};

/// Up to here a double knows every whole number: JavaScript's `Number.MAX_SAFE_INTEGER`.
const MAX_SAFE_INTEGER: f64 = 9_007_199_254_740_991.0;

/// A deserializer with the strictness of the contract.
///
/// At the root, an `Option` says that the input may be absent, not that it may be null: `Option<Option<T>>` takes both
/// and keeps them apart.
pub(super) struct Strict<D, const ROOT: bool = false>(pub(super) D);

macro_rules! deserialize {
    ($($method:ident($($name:ident: $ty:ty),*) => $wrapper:expr;)*) => {$(
        fn $method<V: Visitor<'de>>(self, $($name: $ty,)* visitor: V) -> Result<V::Value, Self::Error> {
            self.0.$method($($name,)* $wrapper(visitor))
        }
    )*};
}

impl<'de, D: Deserializer<'de>, const ROOT: bool> Deserializer<'de> for Strict<D, ROOT> {
    type Error = D::Error;

    deserialize! {
        deserialize_bool() => std::convert::identity;
        deserialize_f32() => std::convert::identity;
        deserialize_f64() => std::convert::identity;
        deserialize_char() => std::convert::identity;
        deserialize_str() => std::convert::identity;
        deserialize_string() => std::convert::identity;
        deserialize_unit() => std::convert::identity;
        deserialize_unit_struct(name: &'static str) => std::convert::identity;
        deserialize_identifier() => std::convert::identity;
        deserialize_ignored_any() => std::convert::identity;
        deserialize_i8() => Inside::new;
        deserialize_i16() => Inside::new;
        deserialize_i32() => Inside::new;
        deserialize_i64() => Inside::new;
        deserialize_i128() => Inside::new;
        deserialize_u8() => Inside::new;
        deserialize_u16() => Inside::new;
        deserialize_u32() => Inside::new;
        deserialize_u64() => Inside::new;
        deserialize_u128() => Inside::new;
        deserialize_bytes() => Inside::new;
        deserialize_byte_buf() => Inside::new;
        deserialize_seq() => Inside::new;
        deserialize_map() => Inside::new;
        deserialize_newtype_struct(name: &'static str) => Inside::new;
        deserialize_tuple(len: usize) => Inside::new;
        deserialize_tuple_struct(name: &'static str, len: usize) => Inside::new;
        deserialize_struct(name: &'static str, fields: &'static [&'static str]) => Inside::object;
        deserialize_any() => Inside::anything;
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Self::Error> {
        if ROOT {
            return visitor.visit_some(Strict::<D>(self.0));
        }
        self.0.deserialize_option(Inside::new(visitor))
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Self::Error> {
        // Not the inner `deserialize_enum`, in which a text and an object cannot be told apart.
        self.0.deserialize_any(EnumVisitor(visitor))
    }

    fn is_human_readable(&self) -> bool {
        self.0.is_human_readable()
    }
}

/// A visitor to whom everything inside of the value is strict too.
struct Inside<V> {
    visitor: V,
    /// Whether an array is not what the contract says, though the visitor would take one.
    refuses_arrays: bool,
}

impl<V> Inside<V> {
    fn new(visitor: V) -> Self {
        Self { visitor, refuses_arrays: false }
    }

    fn object(visitor: V) -> Self {
        Self { visitor, refuses_arrays: true }
    }

    /// Nothing but its visitor tells an internally tagged enum from other types that may be anything.
    fn anything(visitor: V) -> Self {
        Self { visitor, refuses_arrays: type_name::<V>().contains("TaggedContentVisitor") }
    }
}

macro_rules! visit {
    ($($method:ident: $ty:ty;)*) => {$(
        fn $method<E: Error>(self, value: $ty) -> Result<V::Value, E> {
            self.visitor.$method(value)
        }
    )*};
}

impl<'de, V: Visitor<'de>> Visitor<'de> for Inside<V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.visitor.expecting(f)
    }

    visit! {
        visit_bool: bool;
        visit_i64: i64;
        visit_i128: i128;
        visit_u64: u64;
        visit_u128: u128;
        visit_str: &str;
        visit_borrowed_str: &'de str;
        visit_string: String;
        visit_bytes: &[u8];
        visit_borrowed_bytes: &'de [u8];
        visit_byte_buf: Vec<u8>;
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<V::Value, E> {
        match value {
            // The casts are exact: the value is whole and small.
            whole if whole.fract() == 0.0 && (0.0..=MAX_SAFE_INTEGER).contains(&whole) => {
                self.visitor.visit_u64(whole as u64)
            }
            whole if whole.fract() == 0.0 && (-MAX_SAFE_INTEGER..0.0).contains(&whole) => {
                self.visitor.visit_i64(whole as i64)
            }
            value => self.visitor.visit_f64(value),
        }
    }

    fn visit_unit<E: Error>(self) -> Result<V::Value, E> {
        self.visitor.visit_unit()
    }

    fn visit_none<E: Error>(self) -> Result<V::Value, E> {
        self.visitor.visit_none()
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<V::Value, D::Error> {
        self.visitor.visit_some(Strict::<D>(deserializer))
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<V::Value, D::Error> {
        self.visitor.visit_newtype_struct(Strict::<D>(deserializer))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, access: A) -> Result<V::Value, A::Error> {
        if self.refuses_arrays {
            return Err(Error::invalid_type(Unexpected::Seq, &self));
        }
        self.visitor.visit_seq(Access(access))
    }

    fn visit_map<A: MapAccess<'de>>(self, access: A) -> Result<V::Value, A::Error> {
        self.visitor.visit_map(Access(access))
    }
}

/// The elements of an array or the members of an object; keys are text and need no strictness.
struct Access<A>(A);

impl<'de, A: SeqAccess<'de>> SeqAccess<'de> for Access<A> {
    type Error = A::Error;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, A::Error> {
        self.0.next_element_seed(StrictSeed(seed))
    }

    fn size_hint(&self) -> Option<usize> {
        self.0.size_hint()
    }
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for Access<A> {
    type Error = A::Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, A::Error> {
        self.0.next_key_seed(seed)
    }

    fn next_value_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<T::Value, A::Error> {
        self.0.next_value_seed(StrictSeed(seed))
    }

    fn size_hint(&self) -> Option<usize> {
        self.0.size_hint()
    }
}

struct StrictSeed<T>(T);

impl<'de, T: DeserializeSeed<'de>> DeserializeSeed<'de> for StrictSeed<T> {
    type Value = T::Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<T::Value, D::Error> {
        self.0.deserialize(Strict::<D>(deserializer))
    }
}

/// Reads an externally tagged enum: a text for a variant without data, an object for one with data.
struct EnumVisitor<V>(V);

impl<'de, V: Visitor<'de>> Visitor<'de> for EnumVisitor<V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.expecting(f)
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<V::Value, E> {
        self.0.visit_enum(StrDeserializer::new(name))
    }

    fn visit_borrowed_str<E: Error>(self, name: &'de str) -> Result<V::Value, E> {
        self.0.visit_enum(BorrowedStrDeserializer::new(name))
    }

    fn visit_string<E: Error>(self, name: String) -> Result<V::Value, E> {
        self.0.visit_enum(StringDeserializer::new(name))
    }

    fn visit_map<A: MapAccess<'de>>(self, access: A) -> Result<V::Value, A::Error> {
        self.0.visit_enum(ObjectVariant(access))
    }
}

/// A variant with data: the object's only key is its name.
struct ObjectVariant<A>(A);

impl<'de, A: MapAccess<'de>> EnumAccess<'de> for ObjectVariant<A> {
    type Error = A::Error;
    type Variant = Self;

    fn variant_seed<T: DeserializeSeed<'de>>(mut self, seed: T) -> Result<(T::Value, Self), A::Error> {
        match self.0.next_key_seed(seed)? {
            Some(name) => Ok((name, self)),
            None => Err(Error::invalid_value(Unexpected::Map, &"an object with the name of a variant")),
        }
    }
}

impl<'de, A: MapAccess<'de>> VariantAccess<'de> for ObjectVariant<A> {
    type Error = A::Error;

    fn unit_variant(self) -> Result<(), A::Error> {
        Err(Error::invalid_type(Unexpected::Map, &"the name of the variant as a string"))
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(mut self, seed: T) -> Result<T::Value, A::Error> {
        self.0.next_value_seed(StrictSeed(seed))
    }

    fn tuple_variant<V: Visitor<'de>>(mut self, len: usize, visitor: V) -> Result<V::Value, A::Error> {
        self.0.next_value_seed(TupleSeed { len, visitor })
    }

    fn struct_variant<V: Visitor<'de>>(
        mut self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, A::Error> {
        self.0.next_value_seed(StructSeed { fields, visitor })
    }
}

struct TupleSeed<V> {
    len: usize,
    visitor: V,
}

impl<'de, V: Visitor<'de>> DeserializeSeed<'de> for TupleSeed<V> {
    type Value = V::Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<V::Value, D::Error> {
        Strict::<D>(deserializer).deserialize_tuple(self.len, self.visitor)
    }
}

struct StructSeed<V> {
    fields: &'static [&'static str],
    visitor: V,
}

impl<'de, V: Visitor<'de>> DeserializeSeed<'de> for StructSeed<V> {
    type Value = V::Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<V::Value, D::Error> {
        Strict::<D>(deserializer).deserialize_struct("", self.fields, self.visitor)
    }
}
