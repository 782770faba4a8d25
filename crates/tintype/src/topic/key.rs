use std::{
    fmt,
    hash::{Hash, Hasher},
    str::FromStr,
    sync::Arc,
};

use super::Retention;

/// The name of one topic: a scope and the parts of its name in it.
///
/// Printed as `scope:part:part`.
/// It also says how much of the topic is kept, which makes no other topic of it.
#[derive(Debug, Clone)]
pub struct TopicKey {
    name: Arc<str>,
    retention: Retention,
}

/// Text that cannot be a part of a topic's key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{part:?} cannot be a part of a topic's key: use 1 to {MAX_PART_BYTES} letters, digits, '-' or '_'")]
pub struct InvalidTopicKey {
    part: String,
}

/// Longest part of a key, in bytes.
const MAX_PART_BYTES: usize = 128;

impl TopicKey {
    /// Names a topic in `scope`.
    ///
    /// The alphabet of the parts holds no separator, so one scope's keys can never spell another's.
    ///
    /// # Errors
    ///
    /// [`InvalidTopicKey`] with the part that is empty, too long or holds another character.
    pub fn new(scope: &str, name: &[&str]) -> Result<Self, InvalidTopicKey> {
        let mut key = String::new();
        for part in std::iter::once(scope).chain(name.iter().copied()) {
            let fit = (1..=MAX_PART_BYTES).contains(&part.len())
                && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
            if !fit {
                return Err(InvalidTopicKey { part: part.to_owned() });
            }
            if !key.is_empty() {
                key.push(':');
            }
            key.push_str(part);
        }
        Ok(Self { name: key.into(), retention: Retention::DEFAULT })
    }

    /// Says how much of the topic is kept; whoever publishes to the topic or subscribes should say the same.
    #[must_use]
    pub fn keeping(self, retention: Retention) -> Self {
        Self { retention, ..self }
    }

    /// How much of the topic is kept.
    #[must_use]
    pub fn retention(&self) -> Retention {
        self.retention
    }

    /// The key as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.name
    }
}

impl PartialEq for TopicKey {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for TopicKey {}

impl Hash for TopicKey {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.name.hash(state);
    }
}

/// Reads a key as it is printed; parts that come from a client belong into [`TopicKey::new`].
impl FromStr for TopicKey {
    type Err = InvalidTopicKey;

    fn from_str(text: &str) -> Result<Self, InvalidTopicKey> {
        let (scope, name) = text.split_once(':').map_or((text, None), |(scope, name)| (scope, Some(name)));
        let name: Vec<&str> = name.into_iter().flat_map(|name| name.split(':')).collect();
        Self::new(scope, &name)
    }
}

impl fmt::Display for TopicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_separator_in_a_part_is_refused() {
        assert_eq!(TopicKey::new("tenant", &["widgets"]).unwrap().as_str(), "tenant:widgets");
        for part in ["", "a:b", "a b", "ä", &"x".repeat(129)] {
            assert!(TopicKey::new(part, &["widgets"]).is_err(), "{part:?}");
            assert!(TopicKey::new("tenant", &[part]).is_err(), "{part:?}");
        }
    }

    #[test]
    fn a_key_is_read_as_it_is_printed() {
        for key in [TopicKey::new("tenant", &["chat", "7"]).unwrap(), TopicKey::new("tenant", &[]).unwrap()] {
            assert_eq!(key.to_string().parse(), Ok(key));
        }
        for text in ["", ":", "tenant:", ":widgets", "tenant::widgets", "tenant:a b"] {
            assert!(text.parse::<TopicKey>().is_err(), "{text:?}");
        }
    }
}
