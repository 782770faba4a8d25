//! The last of duplicate keys counts, as in `JSON.parse`.
//!
//! serde's derive refuses an object that names a field twice, so this is asked only after an input was refused.

use std::{collections::HashSet, fmt};

use serde::{
    Deserializer,
    de::{DeserializeSeed, Error, IgnoredAny, MapAccess, SeqAccess, Visitor},
};

/// The same JSON with each key once, or `None` if it has no duplicates or is no JSON.
pub(super) fn without_duplicates(json: &[u8]) -> Option<Vec<u8>> {
    let mut found = false;
    let mut deserializer = serde_json::Deserializer::from_slice(json);
    Search(&mut found).deserialize(&mut deserializer).ok()?;
    deserializer.end().ok()?;
    if !found {
        return None;
    }
    let value: serde_json::Value = serde_json::from_slice(json).ok()?;
    serde_json::to_vec(&value).ok()
}

/// Says whether any object in a value has a key twice.
struct Search<'a>(&'a mut bool);

impl<'de> DeserializeSeed<'de> for Search<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Search<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON")
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E: Error>(self, _: &str) -> Result<(), E> {
        Ok(())
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<(), A::Error> {
        while access.next_element_seed(Search(&mut *self.0))?.is_some() {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<(), A::Error> {
        let mut keys = HashSet::new();
        while let Some(key) = access.next_key::<String>()? {
            if *self.0 {
                access.next_value::<IgnoredAny>()?;
                continue;
            }
            *self.0 = !keys.insert(key);
            access.next_value_seed(Search(&mut *self.0))?;
        }
        Ok(())
    }
}
