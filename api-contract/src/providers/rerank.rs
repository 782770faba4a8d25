use futures_util::future::BoxFuture;

use super::{ProviderError, Usage};

/// Says how much texts have to do with a question, by reading both together.
pub trait Reranker: Send + Sync + 'static {
    /// Who says it, as it is recorded beside costs.
    fn provider(&self) -> &str;

    /// Ranks texts; dropping the future cancels the call.
    fn rerank(&self, request: RerankRequest) -> BoxFuture<'static, Result<Ranking, ProviderError>>;
}

/// What is to be ranked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RerankRequest {
    /// The model, by the provider's name for it.
    pub model: String,
    /// The question.
    pub query: String,
    /// The texts, at least one.
    pub texts: Vec<String>,
}

/// How much texts have to do with a question.
#[derive(Debug, Clone, PartialEq)]
pub struct Ranking {
    /// One for each text, in their order: the more, the better; the scale is the model's.
    pub scores: Vec<f64>,
    /// What the call used, if the provider said it.
    pub usage: Option<Usage>,
}
