use std::fmt;

use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{SeqAccess, Visitor},
};
use specta::{Type, Types, datatype::DataType};

/// A map `M` whose keys are no text, sent as an array of pairs: `[[key, value], …]`.
///
/// JSON objects have text as keys, so serde_json refuses a map by structs or tuples; TypeScript has a `Map` for this.
/// Of equal keys the last counts.
///
/// ```
/// use std::collections::BTreeMap;
///
/// use tintype::wire::Entries;
///
/// let heights = Entries(BTreeMap::from([((0, 1), 2.5)]));
/// assert_eq!(serde_json::to_string(&heights)?, "[[[0,1],2.5]]");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Entries<M>(pub M);

impl<M> From<M> for Entries<M> {
    fn from(map: M) -> Self {
        Self(map)
    }
}

impl<M, K, V> Serialize for Entries<M>
where
    for<'a> &'a M: IntoIterator<Item = (&'a K, &'a V)>,
    M: IntoIterator<Item = (K, V)>,
    K: Serialize,
    V: Serialize,
{
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(&self.0)
    }
}

impl<'de, M, K, V> Deserialize<'de> for Entries<M>
where
    M: IntoIterator<Item = (K, V)> + FromIterator<(K, V)>,
    K: Deserialize<'de>,
    V: Deserialize<'de>,
{
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(Pairs(std::marker::PhantomData)).map(|pairs| Self(pairs.into_iter().collect()))
    }
}

struct Pairs<K, V>(std::marker::PhantomData<(K, V)>);

impl<'de, K: Deserialize<'de>, V: Deserialize<'de>> Visitor<'de> for Pairs<K, V> {
    type Value = Vec<(K, V)>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array of pairs of a key and a value")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Vec<(K, V)>, A::Error> {
        let mut pairs = Vec::new();
        while let Some(pair) = elements.next_element()? {
            pairs.push(pair);
        }
        Ok(pairs)
    }
}

impl<M, K, V> Type for Entries<M>
where
    M: IntoIterator<Item = (K, V)>,
    K: Type,
    V: Type,
{
    fn definition(types: &mut Types) -> DataType {
        described::Entries::<K, V>::definition(types)
    }
}

/// What specta sees.
mod described {
    use specta::Type;

    /// Pairs of keys and values.
    #[derive(Type)]
    #[specta(crate = specta)]
    pub(super) struct Entries<K, V> {
        #[allow(dead_code)]
        key: K,
        #[allow(dead_code)]
        value: V,
    }
}
