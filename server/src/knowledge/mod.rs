//! How this server reads and finds documents.

mod options;
mod reader;

pub use options::KnowledgeOptions;
pub use reader::{ChildReader, READ_DOCUMENT};
