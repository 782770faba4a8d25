//! Models of tests that know what a few words mean.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicUsize, Ordering},
};

use api_contract::{
    ai::Ai,
    knowledge::{DocumentReader, HereReader},
    money::{Price, PriceTable},
    providers::{Embedder, EmbeddingRequest, Embeddings, ProviderError, Ranking, RerankRequest, Reranker, Usage},
};
use bytes::Bytes;
use db::knowledge::EmbeddingTag;
use documents::{Format, ReadError};
use futures_util::{FutureExt, future::BoxFuture};
use tokio::sync::{Semaphore, mpsc};

/// Words that mean the same are in one row, which is one dimension.
const MEANINGS: [&[&str]; 3] = [&["cat", "kitten", "feline"], &["dog", "puppy", "hound"], &["shop", "store", "kiosk"]];

/// Embeds texts by what their words mean.
pub(crate) struct Librarian {
    asked: Mutex<Vec<EmbeddingRequest>>,
    /// How many calls fail from now on.
    failing: AtomicUsize,
    /// Calls that are answered; the others wait.
    answered: Semaphore,
}

impl Default for Librarian {
    fn default() -> Self {
        Self { asked: Mutex::default(), failing: AtomicUsize::new(0), answered: Semaphore::new(1_000) }
    }
}

impl Librarian {
    /// One that answers so many calls and lets the others wait.
    pub(crate) fn answering(calls: usize) -> Self {
        Self { answered: Semaphore::new(calls), ..Self::default() }
    }

    pub(crate) fn fail(&self, calls: usize) {
        self.failing.store(calls, Ordering::SeqCst);
    }

    /// How many texts each call had, also those that failed.
    pub(crate) fn calls(&self) -> Vec<usize> {
        self.asked.lock().unwrap().iter().map(|request| request.texts.len()).collect()
    }

    /// The texts of all calls, also of those that failed.
    pub(crate) fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().iter().flat_map(|request| request.texts.clone()).collect()
    }
}

/// What a text means, in as many dimensions as are wanted.
fn meaning(text: &str, dimensions: u16) -> Vec<f32> {
    let lower = text.to_lowercase();
    let mut vector = vec![0.01; dimensions.into()];
    for (words, number) in MEANINGS.iter().zip(&mut vector) {
        if words.iter().any(|word| lower.contains(word)) {
            *number = 1.0;
        }
    }
    vector
}

/// Where a librarian is asked.
struct Desk(Arc<Librarian>);

impl Embedder for Desk {
    fn provider(&self) -> &str {
        "library"
    }

    fn embed(&self, request: EmbeddingRequest) -> BoxFuture<'static, Result<Embeddings, ProviderError>> {
        let librarian = Arc::clone(&self.0);
        async move {
            let vectors = request.texts.iter().map(|text| meaning(text, request.dimensions)).collect();
            let tokens = 10 * request.texts.len() as u64;
            librarian.asked.lock().unwrap().push(request);
            librarian.answered.acquire().await.unwrap().forget();
            let fails = librarian.failing.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1));
            if fails.is_ok() {
                return Err(ProviderError::Faulty { status: 503 });
            }
            let usage = Usage { input_tokens: tokens, cached_tokens: 0, output_tokens: 0 };
            Ok(Embeddings { vectors, usage: Some(usage) })
        }
        .boxed()
    }
}

/// What is embedded for ten tokens a text costs, in micro-dollars.
pub(crate) const COST_OF_TEXT: u64 = 10;

/// AI that quotes, and knows what words mean; documents that failed are tried again soon.
pub(crate) fn knowing(librarian: &Arc<Librarian>, dimensions: u16) -> Ai {
    let mut ai = Ai::without_model();
    ai.providers.embedder = Some(Arc::new(Desk(Arc::clone(librarian))));
    ai.models.embedding = Some(EmbeddingTag::new("meanings", dimensions).unwrap());
    let price = Price { input: 1_000_000, ..Price::default() };
    let models = ["extractive", "meanings", "judge"].map(|model| model.to_owned());
    let [free, meanings, judge] = models;
    ai.prices = Arc::new(PriceTable::new("of the test", [(free, Price::default()), (meanings, price), (judge, price)]));
    let limits = &mut ai.knowledge.limits;
    limits.retry_delay = std::time::Duration::from_millis(10);
    limits.lease = std::time::Duration::from_millis(900);
    limits.batch_texts = 1;
    ai
}

/// Reads documents, each when it may.
pub(crate) struct PatientReader {
    begun: mpsc::UnboundedSender<()>,
    may: Arc<Semaphore>,
}

impl PatientReader {
    /// The reader, what says that it has begun one, and what lets it read one.
    pub(crate) fn new() -> (Self, mpsc::UnboundedReceiver<()>, Arc<Semaphore>) {
        let (begun, begins) = mpsc::unbounded_channel();
        let may = Arc::new(Semaphore::new(0));
        (Self { begun, may: Arc::clone(&may) }, begins, may)
    }
}

impl DocumentReader for PatientReader {
    fn read(&self, format: Format, bytes: Bytes) -> BoxFuture<'static, Result<documents::Document, ReadError>> {
        let may = Arc::clone(&self.may);
        self.begun.send(()).unwrap();
        async move {
            may.acquire().await.unwrap().forget();
            HereReader::default().read(format, bytes).await
        }
        .boxed()
    }
}

/// Never answers.
pub(crate) struct SilentJudge;

impl Reranker for SilentJudge {
    fn provider(&self) -> &str {
        "court"
    }

    fn rerank(&self, _: RerankRequest) -> BoxFuture<'static, Result<Ranking, ProviderError>> {
        std::future::pending().boxed()
    }
}

/// Ranks the longest text first.
pub(crate) struct Judge {
    pub(crate) fails: bool,
}

impl Reranker for Judge {
    fn provider(&self) -> &str {
        "court"
    }

    fn rerank(&self, request: RerankRequest) -> BoxFuture<'static, Result<Ranking, ProviderError>> {
        let fails = self.fails;
        async move {
            if fails {
                return Err(ProviderError::RateLimited);
            }
            let scores = request.texts.iter().map(|text| f64::from(u32::try_from(text.len()).unwrap())).collect();
            let usage = Usage { input_tokens: 7, cached_tokens: 0, output_tokens: 0 };
            Ok(Ranking { scores, usage: Some(usage) })
        }
        .boxed()
    }
}
