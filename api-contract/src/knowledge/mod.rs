//! What a workspace knows: documents that are read in the background, and what is found in them.
//!
//! A document is stored and answered for at once; an instance reads it, cuts it into chunks, and has them embedded where
//! there is a model for it.
//! A search takes the words of a question and its meaning, in one statement; without a model it takes the words, and
//! says so.

pub mod documents;
mod embedding;
mod highlights;
mod indexing;
mod limits;
mod passages;
mod reader;
mod retrieval;
mod searching;
mod views;

pub use indexing::Indexing;
pub use limits::KnowledgeLimits;
pub use reader::{DocumentReader, HereReader};
pub use searching::{Highlight, Hit, HitChunk, HitDocument, Scores, Search, SearchMode, SearchResult, search};
pub use views::{Document, DocumentEvent, DocumentFormat, DocumentState, changed};

pub(crate) use embedding::QueryVectors;
pub(crate) use passages::relevant;

use std::{fmt, sync::Arc};

use crate::providers::Reranker;

/// How documents are read and found. Cheap to clone.
#[derive(Clone)]
pub struct Knowledge {
    /// Who reads documents.
    pub reader: Arc<dyn DocumentReader>,
    /// Who ranks what was found, and with which model, if anybody does.
    pub reranker: Option<(Arc<dyn Reranker>, String)>,
    /// What all of it may take.
    pub limits: KnowledgeLimits,
}

impl Default for Knowledge {
    fn default() -> Self {
        Self { reader: Arc::new(HereReader::default()), reranker: None, limits: KnowledgeLimits::default() }
    }
}

impl fmt::Debug for Knowledge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Knowledge").field("limits", &self.limits).finish_non_exhaustive()
    }
}
