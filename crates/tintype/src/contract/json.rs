//! JSON whose members stay in the order in which they were written: documents are read by people too.

use std::borrow::Cow;

use serde::{Serialize, Serializer, ser::SerializeMap};

/// A JSON value.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Json {
    Value(serde_json::Value),
    Array(Vec<Json>),
    Object(Object),
}

/// A JSON object.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Object(Vec<(Cow<'static, str>, Json)>);

impl Object {
    pub(super) fn new() -> Self {
        Self::default()
    }

    /// Adds a member, or replaces the one of that name.
    pub(super) fn set(&mut self, name: impl Into<Cow<'static, str>>, value: impl Into<Json>) {
        let name = name.into();
        let value = value.into();
        match self.0.iter_mut().find(|(other, _)| *other == name) {
            Some((_, old)) => *old = value,
            None => self.0.push((name, value)),
        }
    }

    /// The same with one more member.
    pub(super) fn with(mut self, name: impl Into<Cow<'static, str>>, value: impl Into<Json>) -> Self {
        self.set(name, value);
        self
    }

    pub(super) fn get(&self, name: &str) -> Option<&Json> {
        self.0.iter().find(|(other, _)| other == name).map(|(_, value)| value)
    }

    /// Adds a member if the text is not empty.
    pub(super) fn with_text(self, name: &'static str, text: &str) -> Self {
        if text.is_empty() { self } else { self.with(name, text) }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, &Json)> {
        self.0.iter().map(|(name, value)| (&**name, value))
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The members of both; those of `other` count.
    pub(super) fn merged(mut self, other: Self) -> Self {
        for (name, value) in other.0 {
            self.set(name, value);
        }
        self
    }
}

impl Json {
    /// The document as a file.
    pub(super) fn into_file(self) -> String {
        let mut text = serde_json::to_string_pretty(&self).expect("strings, numbers and lists are JSON");
        text.push('\n');
        text
    }
}

impl Serialize for Json {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Value(value) => value.serialize(serializer),
            Self::Array(items) => serializer.collect_seq(items),
            Self::Object(object) => object.serialize(serializer),
        }
    }
}

impl Serialize for Object {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, value) in &self.0 {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

impl From<Object> for Json {
    fn from(object: Object) -> Self {
        Self::Object(object)
    }
}

impl<T: Into<Json>> From<Vec<T>> for Json {
    fn from(items: Vec<T>) -> Self {
        Self::Array(items.into_iter().map(T::into).collect())
    }
}

macro_rules! from {
    ($($ty:ty),*) => {$(
        impl From<$ty> for Json {
            fn from(value: $ty) -> Self {
                Self::Value(value.into())
            }
        }
    )*};
}

from!(&str, String, bool, i64, u64, serde_json::Value);
