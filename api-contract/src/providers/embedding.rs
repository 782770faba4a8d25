use futures_util::future::BoxFuture;

use super::{ProviderError, Usage};

/// Turns texts into vectors that are close to each other when the texts mean the same.
pub trait Embedder: Send + Sync + 'static {
    /// Who computes them, as it is recorded beside costs.
    fn provider(&self) -> &str;

    /// Embeds texts; dropping the future cancels the call.
    fn embed(&self, request: EmbeddingRequest) -> BoxFuture<'static, Result<Embeddings, ProviderError>>;
}

/// What is to be embedded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EmbeddingRequest {
    /// The model, by the provider's name for it.
    pub model: String,
    /// How many numbers a vector is to have.
    pub dimensions: u16,
    /// The texts, at least one.
    pub texts: Vec<String>,
}

/// Vectors of texts.
#[derive(Debug, Clone, PartialEq)]
pub struct Embeddings {
    /// One for each text, in their order, all of one length.
    pub vectors: Vec<Vec<f32>>,
    /// What the call used, if the provider said it.
    pub usage: Option<Usage>,
}
