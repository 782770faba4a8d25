use std::{
    collections::BTreeMap,
    fmt, fs,
    path::Path,
    sync::{Arc, Mutex, PoisonError},
};

use anyhow::{Context, ensure};
use api_contract::providers::{Embedder, EmbeddingRequest, Embeddings, ProviderError, Usage};
use db::knowledge::EmbeddingTag;
use futures_util::{FutureExt, future::BoxFuture};
use half::f16;
use sha2::{Digest, Sha256};

/// The beginning of the SHA-256 of a text.
type Key = [u8; 16];

/// Vectors by their texts.
type Vectors = BTreeMap<Key, Vec<f16>>;

/// Vectors that a model made of the corpus and the questions, with half precision, as the database stores them.
///
/// The file begins with a line, `<model>@<dimensions>`; then, for each text, 16 bytes of its SHA-256 and the numbers.
#[derive(Clone)]
pub struct Recorded {
    tag: EmbeddingTag,
    vectors: Arc<Vectors>,
}

/// An embedder whose vectors are recorded. Cheap to clone.
#[derive(Clone)]
pub struct Recorder {
    embedder: Arc<dyn Embedder>,
    tag: EmbeddingTag,
    vectors: Arc<Mutex<Vectors>>,
}

impl Recorded {
    /// Reads vectors.
    ///
    /// # Errors
    ///
    /// If the file cannot be read, or is none of vectors.
    pub fn read(path: &Path) -> anyhow::Result<Self> {
        let bytes = fs::read(path).with_context(|| format!("{} cannot be read", path.display()))?;
        let end = bytes.iter().position(|byte| *byte == b'\n').context("it has no first line")?;
        let tag: EmbeddingTag = str::from_utf8(&bytes[..end])?.parse()?;
        let size = size_of::<Key>() + 2 * usize::from(tag.dimensions());
        let records = bytes[end + 1..].chunks_exact(size);
        ensure!(records.remainder().is_empty(), "{} ends in the middle of a vector", path.display());
        let vector = |record: &[u8]| {
            let (key, numbers) = record.split_first_chunk().expect("a record is longer than its key");
            let (numbers, _) = numbers.as_chunks();
            (*key, numbers.iter().map(|number| f16::from_le_bytes(*number)).collect())
        };
        Ok(Self { tag, vectors: Arc::new(records.map(vector).collect()) })
    }

    /// The model, and the dimensions.
    #[must_use]
    pub fn tag(&self) -> &EmbeddingTag {
        &self.tag
    }

    /// The vector of a text, if it was recorded.
    #[must_use]
    pub fn vector(&self, text: &str) -> Option<Vec<f32>> {
        self.vectors.get(&key(text)).map(|vector| numbers(vector))
    }

    /// Every vector.
    #[must_use]
    pub fn all(&self) -> Vec<Vec<f32>> {
        self.vectors.values().map(|vector| numbers(vector)).collect()
    }
}

fn numbers(vector: &[f16]) -> Vec<f32> {
    vector.iter().map(|number| number.to_f32()).collect()
}

impl Recorder {
    /// Records what `embedder` makes with a model.
    #[must_use]
    pub fn new(embedder: Arc<dyn Embedder>, tag: EmbeddingTag) -> Self {
        Self { embedder, tag, vectors: Arc::default() }
    }

    /// Writes what was recorded.
    ///
    /// # Errors
    ///
    /// If the file cannot be written.
    pub fn write(&self, path: &Path) -> anyhow::Result<()> {
        let mut bytes = format!("{}\n", self.tag).into_bytes();
        for (key, vector) in &*self.vectors.lock().unwrap_or_else(PoisonError::into_inner) {
            bytes.extend_from_slice(key);
            bytes.extend(vector.iter().flat_map(|number| number.to_le_bytes()));
        }
        fs::write(path, bytes).with_context(|| format!("{} cannot be written", path.display()))
    }
}

fn key(text: &str) -> Key {
    *Sha256::digest(text).first_chunk().expect("a digest has 32 bytes")
}

impl Embedder for Recorded {
    fn provider(&self) -> &str {
        "recorded"
    }

    fn embed(&self, request: EmbeddingRequest) -> BoxFuture<'static, Result<Embeddings, ProviderError>> {
        let unknown = |text: &str| ProviderError::Refused { reason: format!("it was not recorded: {text}") };
        let vector = |text: &String| self.vector(text).ok_or_else(|| unknown(text));
        let vectors: Result<Vec<_>, _> = request.texts.iter().map(vector).collect();
        let embeddings = vectors.map(|vectors| Embeddings { vectors, usage: Some(Usage::default()) });
        std::future::ready(embeddings).boxed()
    }
}

impl Embedder for Recorder {
    fn provider(&self) -> &str {
        self.embedder.provider()
    }

    fn embed(&self, request: EmbeddingRequest) -> BoxFuture<'static, Result<Embeddings, ProviderError>> {
        let (this, texts) = (self.clone(), request.texts.clone());
        async move {
            let embeddings = this.embedder.embed(request).await?;
            let mut vectors = this.vectors.lock().unwrap_or_else(PoisonError::into_inner);
            for (text, vector) in texts.iter().zip(&embeddings.vectors) {
                vectors.insert(key(text), vector.iter().map(|number| f16::from_f32(*number)).collect());
            }
            drop(vectors);
            Ok(embeddings)
        }
        .boxed()
    }
}

impl fmt::Debug for Recorded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Recorded").field("tag", &self.tag).field("vectors", &self.vectors.len()).finish()
    }
}

impl fmt::Debug for Recorder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Recorder").field("tag", &self.tag).finish_non_exhaustive()
    }
}
