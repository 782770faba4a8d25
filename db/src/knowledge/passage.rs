use serde::{Deserialize, Serialize};

use crate::DocumentId;

/// A chunk that an answer was told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Passage {
    /// Its document.
    pub document_id: DocumentId,
    /// What the document is called.
    pub title: String,
    /// The headings above it, outermost first.
    pub heading_path: Vec<String>,
    /// Where it begins, in characters of the document's text.
    pub start: i32,
    /// Where it ends.
    pub end: i32,
    /// The text.
    pub text: String,
}

/// A passage that an answer names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Citation {
    /// The number by which the answer names it.
    pub number: u32,
    /// The passage.
    #[serde(flatten)]
    pub passage: Passage,
}
