//! How this server reads and finds documents.

#[cfg(feature = "local-embeddings")]
mod local;
mod options;
mod reader;

#[cfg(feature = "local-embeddings")]
pub use local::LocalModel;
pub use options::KnowledgeOptions;
pub use reader::{ChildReader, READ_DOCUMENT};
