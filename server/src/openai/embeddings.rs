//! Vectors of texts.

use api_contract::providers::{Embedder, EmbeddingRequest, Embeddings, ProviderError, Usage};
use futures_util::{FutureExt, future::BoxFuture};
use serde::Deserialize;
use serde_json::json;

use super::{OpenAi, shortened};

/// Largest answer, in bytes: 2,048 vectors with 4,000 numbers of a dozen digits are less.
const ANSWER_BYTES: usize = 128 * 1024 * 1024;

#[derive(Deserialize)]
struct Answer {
    data: Vec<Datum>,
    usage: Option<Used>,
}

#[derive(Deserialize)]
struct Datum {
    index: usize,
    embedding: Vec<f32>,
}

#[derive(Deserialize)]
struct Used {
    prompt_tokens: u64,
}

impl Embedder for OpenAi {
    fn provider(&self) -> &str {
        "openai"
    }

    fn embed(&self, request: EmbeddingRequest) -> BoxFuture<'static, Result<Embeddings, ProviderError>> {
        let provider = self.clone();
        async move {
            let url = &provider.0.embeddings;
            let Answer { mut data, usage } = provider.ask(url, &body(&request), ANSWER_BYTES).await?;
            data.sort_by_key(|datum| datum.index);
            if data.iter().enumerate().any(|(place, datum)| datum.index != place) {
                let detail = shortened("vectors without the numbers of their texts");
                return Err(ProviderError::Nonsense { detail });
            }
            let usage = usage.map(|used| Usage { input_tokens: used.prompt_tokens, ..Usage::default() });
            Ok(Embeddings { vectors: data.into_iter().map(|datum| datum.embedding).collect(), usage })
        }
        .boxed()
    }
}

fn body(request: &EmbeddingRequest) -> serde_json::Value {
    let mut body = json!({ "model": request.model, "input": request.texts, "encoding_format": "float" });
    // Others have one number of dimensions, and refuse to be told.
    if request.model.starts_with("text-embedding-3") {
        body["dimensions"] = request.dimensions.into();
    }
    body
}
