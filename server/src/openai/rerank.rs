//! Texts ranked by their meaning for a question, as Cohere's API has it, and Jina's, Voyage's, vLLM's and llama.cpp's.

use api_contract::providers::{ProviderError, Ranking, RerankRequest, Reranker, Usage};
use futures_util::{FutureExt, future::BoxFuture};
use serde::Deserialize;
use serde_json::json;

use super::{OpenAi, OpenAiError, OpenAiOptions};

/// Largest answer, in bytes: some servers send the texts back.
const ANSWER_BYTES: usize = 4 * 1024 * 1024;

/// Who ranks.
#[derive(Debug, Clone)]
pub struct HttpReranker(OpenAi);

#[derive(Deserialize)]
struct Answer {
    #[serde(alias = "data")]
    results: Vec<Scored>,
    usage: Option<Used>,
}

#[derive(Deserialize)]
struct Scored {
    index: usize,
    #[serde(alias = "score")]
    relevance_score: f64,
}

#[derive(Deserialize)]
struct Used {
    total_tokens: Option<u64>,
}

impl HttpReranker {
    /// With the options of its own, of which the address is the whole one, for example
    /// `https://api.cohere.com/v2/rerank`.
    ///
    /// # Errors
    ///
    /// [`OpenAiError`] says what to change.
    pub fn new(options: OpenAiOptions) -> Result<Self, OpenAiError> {
        OpenAi::new(options).map(Self)
    }
}

impl Reranker for HttpReranker {
    fn provider(&self) -> &str {
        self.0.0.options.base_url.host_str().unwrap_or("rerank")
    }

    fn rerank(&self, request: RerankRequest) -> BoxFuture<'static, Result<Ranking, ProviderError>> {
        let provider = self.0.clone();
        async move {
            let body = json!({
                "model": request.model,
                "query": request.query,
                "documents": request.texts,
            });
            let Answer { results, usage } = provider.ask(&provider.0.options.base_url, &body, ANSWER_BYTES).await?;
            let mut scores = vec![None; request.texts.len()];
            for scored in results {
                if let Some(score) = scores.get_mut(scored.index) {
                    *score = Some(scored.relevance_score);
                }
            }
            let all: Option<Vec<f64>> = scores.into_iter().collect();
            let missing = || ProviderError::Nonsense { detail: "a text without a score".to_owned() };
            let usage = usage.and_then(|used| used.total_tokens);
            Ok(Ranking {
                scores: all.ok_or_else(missing)?,
                usage: usage.map(|input_tokens| Usage { input_tokens, ..Usage::default() }),
            })
        }
        .boxed()
    }
}
