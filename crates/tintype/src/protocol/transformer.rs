//! What data transformers do to the values of an answer, section 10 of the protocol.

use crate::superjson::{Document, Place};

/// A way of writing values that clients must share: their links name the same `transformer`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Transformer {
    /// JSON as it is.
    #[default]
    Json,
    /// superjson: dates, big integers, bytes, maps and sets of the contract arrive as JavaScript's own objects.
    SuperJson,
}

impl Transformer {
    /// What is written in front of a value while it is encoded, if nothing is done to it afterwards.
    pub(super) fn prefix(self, prefix: impl FnOnce() -> Vec<u8>) -> Vec<u8> {
        match self {
            Self::Json => prefix(),
            Self::SuperJson => Vec::new(),
        }
    }

    /// One value, transformed; `None` is `undefined`, for which JSON has no text.
    pub(super) fn value(self, json: Option<&[u8]>, place: &Place) -> Option<Vec<u8>> {
        match self {
            Self::Json => json.map(<[u8]>::to_vec),
            Self::SuperJson => {
                let mut document = Document::default();
                document.value(&[], json, place);
                Some(document.finish())
            }
        }
    }
}

/// A text that is transformed as a whole, with values of the contract in it.
pub(super) enum Text {
    Json(Vec<u8>),
    SuperJson(Document),
}

impl Text {
    pub(super) fn new(transformer: Transformer) -> Self {
        match transformer {
            Transformer::Json => Self::Json(Vec::new()),
            Transformer::SuperJson => Self::SuperJson(Document::default()),
        }
    }

    /// Appends JSON about which there is nothing to say.
    pub(super) fn push(&mut self, json: &str) {
        match self {
            Self::Json(text) => text.extend_from_slice(json.as_bytes()),
            Self::SuperJson(document) => document.plain(json),
        }
    }

    /// Appends a value, to which the keys `at` lead.
    pub(super) fn value(&mut self, at: &[&str], json: &[u8], place: &Place) {
        match self {
            Self::Json(text) => text.extend_from_slice(json),
            Self::SuperJson(document) => document.value(at, Some(json), place),
        }
    }

    pub(super) fn finish(self) -> Vec<u8> {
        match self {
            Self::Json(text) => text,
            Self::SuperJson(document) => document.finish(),
        }
    }
}
