use std::{num::NonZeroUsize, path::Path, sync::Arc};

use api_contract::providers::{Embedder, EmbeddingRequest, Embeddings, ProviderError, Usage};
use futures_util::{FutureExt, future::BoxFuture};
use local_embedder::{LocalEmbedder, OpenError};
use tokio::{sync::Semaphore, task};

/// A model that embeds texts in this process. Cheap to clone.
#[derive(Debug, Clone)]
pub struct LocalModel {
    model: Arc<LocalEmbedder>,
    threads: NonZeroUsize,
    /// Who computes next: a question does not wait for all the pieces of a document.
    turn: Arc<Semaphore>,
}

impl LocalModel {
    /// Reads a model, which computes on at most `threads` processors.
    ///
    /// # Errors
    ///
    /// [`OpenError`] names the file, and what to do.
    pub fn open(folder: &Path, threads: NonZeroUsize) -> Result<Self, OpenError> {
        let model = Arc::new(LocalEmbedder::open(folder, threads)?);
        Ok(Self { model, threads, turn: Arc::new(Semaphore::new(1)) })
    }

    /// What the model is called: its folder, and what tells its weights from others.
    #[must_use]
    pub fn name(&self) -> &str {
        self.model.name()
    }

    /// How many numbers a vector has.
    #[must_use]
    pub fn dimensions(&self) -> usize {
        self.model.dimensions()
    }

    async fn vectors(self, texts: Vec<String>) -> Result<Embeddings, ProviderError> {
        let mut vectors = Vec::with_capacity(texts.len());
        let mut usage = Usage::default();
        for part in texts.chunks(self.threads.get()) {
            let turn = Arc::clone(&self.turn).acquire_owned().await;
            let (model, part) = (Arc::clone(&self.model), part.to_vec());
            let computed = task::spawn_blocking(move || {
                let embedded = model.embed(&part);
                // It is over when the computing is, also if nobody waits for it any more.
                drop(turn);
                embedded
            });
            let nonsense = |error: &dyn ToString| ProviderError::Nonsense { detail: error.to_string() };
            for embedded in computed.await.map_err(|error| nonsense(&error))?.map_err(|error| nonsense(&error))? {
                usage.input_tokens += embedded.tokens as u64;
                vectors.push(embedded.vector);
            }
        }
        Ok(Embeddings { vectors, usage: Some(usage) })
    }
}

impl Embedder for LocalModel {
    fn provider(&self) -> &str {
        "local"
    }

    fn embed(&self, request: EmbeddingRequest) -> BoxFuture<'static, Result<Embeddings, ProviderError>> {
        self.clone().vectors(request.texts).boxed()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn texts_keep_their_order_however_many_processors_compute() {
        let tiny = concat!(env!("CARGO_MANIFEST_DIR"), "/../local-embedder/tests/fixtures/tiny");
        let texts = ["the cat sleeps", "The CAT", "dog. Zebra"].map(str::to_owned).to_vec();
        let embed = async |threads| {
            let model = LocalModel::open(Path::new(tiny), NonZeroUsize::new(threads).unwrap()).unwrap();
            let (model_name, dimensions) = (model.name().to_owned(), 8);
            model.embed(EmbeddingRequest { model: model_name, dimensions, texts: texts.clone() }).await.unwrap()
        };

        let alone = embed(1).await;

        assert_eq!(alone.usage, Some(Usage { input_tokens: 6 + 4 + 5, ..Usage::default() }));
        assert!(alone.vectors.len() == 3 && alone.vectors[0] != alone.vectors[1]);
        assert_eq!(embed(2).await, alone);
    }
}
