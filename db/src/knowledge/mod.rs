//! What a workspace knows: documents, their chunks, and what they are found by.
//!
//! A document is stored with its file and waits to be read.
//! An instance takes it for itself as long as it renews its lease, stores text and chunks in one transaction, and then a
//! vector for each chunk, in batches: whoever takes over goes on with those that are missing.

pub mod documents;
pub mod indexing;
mod passage;
pub mod search;
mod tag;
pub mod vector_index;
pub mod vectors;

pub use passage::{Citation, Passage};
pub use tag::{EmbeddingTag, InvalidTag};
