use std::time::Duration;

use db::knowledge::search::Found;
use documents::ChunkSize;

/// What documents and searches may take.
#[derive(Debug, Clone, PartialEq)]
pub struct KnowledgeLimits {
    /// Largest file, in bytes; 20 MiB by default.
    pub document_bytes: usize,
    /// Documents of a workspace; 10,000 by default.
    pub documents: u32,
    /// Documents on which an instance works at the same time; 2 by default.
    pub concurrent_documents: u32,
    /// How long an instance has a document for itself without renewing it; 30 s by default. It renews it in every third.
    pub lease: Duration,
    /// How often an instance begins to read a document before it is taken for one that cannot be read; 5 by default.
    pub attempts: u32,
    /// The pause before something that failed for a passing reason is tried again, which doubles up to ten minutes; 5 s
    /// by default.
    pub retry_delay: Duration,
    /// How large chunks are; 1,000 characters by default, and 1,500 at most.
    pub chunk: ChunkSize,
    /// The configuration of PostgreSQL's full-text search for documents whose language is not known; `english` by
    /// default.
    pub language: String,
    /// Most texts that are embedded in one call; 64 by default.
    pub batch_texts: u32,
    /// Longest time for a call that embeds chunks; 30 s by default.
    pub chunks_time: Duration,
    /// Longest time for a call that embeds a question or ranks what was found, for which somebody waits; 5 s by
    /// default.
    pub question_time: Duration,
    /// Questions whose vectors are remembered, so that the same one is paid once; 1,000 by default.
    pub remembered_queries: usize,
    /// Chunks that are taken from words and from meaning before they are merged; 50 by default.
    pub candidates: u32,
    /// Chunks of one document after which those of others come first; 3 by default.
    pub per_document: u32,
    /// Chunks of a workspace up to which all vectors are compared; with more, an index is made and read. 20,000 by
    /// default, as measured in `docs/knowledge.md`.
    pub exact_chunks: u64,
    /// Chunks that are ranked again where there is a model for it; 30 by default.
    pub reranked: u32,
    /// Passages that an answer is told at most; 4 by default.
    pub passages: u32,
    /// Most bytes of them together; 6 KiB by default.
    pub passage_bytes: usize,
    /// The part of what a question's words weigh that a passage must have, 0 to 1, to be told; 0.6 by default.
    pub passage_coverage: f64,
    /// Or how close to the question its meaning must be: a cosine, up to 1; 0.45 by default.
    pub passage_similarity: f64,
}

impl KnowledgeLimits {
    /// Whether an answer is told a chunk: it has enough of the question's words, or means nearly the same.
    ///
    /// The words of a question are found in many places, so being found is not enough.
    #[must_use]
    pub fn let_tell(&self, found: &Found) -> bool {
        found.coverage >= self.passage_coverage
            || found.semantic.is_some_and(|similarity| similarity >= self.passage_similarity)
    }
}

impl Default for KnowledgeLimits {
    fn default() -> Self {
        Self {
            document_bytes: 20 * 1024 * 1024,
            documents: 10_000,
            concurrent_documents: 2,
            lease: Duration::from_secs(30),
            attempts: 5,
            retry_delay: Duration::from_secs(5),
            chunk: ChunkSize::default(),
            language: "english".to_owned(),
            batch_texts: 64,
            chunks_time: Duration::from_secs(30),
            question_time: Duration::from_secs(5),
            remembered_queries: 1_000,
            candidates: 50,
            per_document: 3,
            exact_chunks: 20_000,
            reranked: 30,
            passages: 4,
            passage_bytes: 6 * 1024,
            passage_coverage: 0.6,
            passage_similarity: 0.45,
        }
    }
}
