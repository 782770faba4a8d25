//! What the product asks of AI providers.
//!
//! The traits are ports: this crate knows no provider, and the server brings who answers.
//! Whoever implements them says what a call used, also of a call that failed; what it costs is decided here.

mod answer;
mod embedding;
mod error;
mod extractive;
mod rerank;
mod set;
mod usage;
mod vision;

pub use answer::{AnswerEnd, AnswerPart, AnswerRequest, Assistant, Passage, PromptMessage, Speaker};
pub use embedding::{Embedder, EmbeddingRequest, Embeddings};
pub use error::ProviderError;
pub use extractive::{EXTRACTIVE, Extractive};
pub use rerank::{Ranking, RerankRequest, Reranker};
pub use set::Providers;
pub use usage::Usage;
pub use vision::{ImageType, Vision, VisionAnswer, VisionRequest};
