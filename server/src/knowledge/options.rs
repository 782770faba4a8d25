use std::{
    num::{NonZeroU16, NonZeroUsize},
    path::PathBuf,
    time::Duration,
};

use api_contract::knowledge::KnowledgeLimits;
use clap::{Args, builder::PossibleValuesParser, value_parser};
use documents::Limits;
use secrecy::SecretString;
use url::Url;

/// The configurations of full-text search that every PostgreSQL since 15 has.
const LANGUAGES: [&str; 28] = [
    "arabic",
    "armenian",
    "basque",
    "catalan",
    "danish",
    "dutch",
    "english",
    "finnish",
    "french",
    "german",
    "greek",
    "hindi",
    "hungarian",
    "indonesian",
    "irish",
    "italian",
    "lithuanian",
    "nepali",
    "norwegian",
    "portuguese",
    "romanian",
    "russian",
    "serbian",
    "simple",
    "spanish",
    "swedish",
    "tamil",
    "turkish",
];

/// How documents are read and found.
#[derive(Debug, Clone, Args)]
pub struct KnowledgeOptions {
    /// Most bytes of a document.
    #[arg(long, env = "TINTYPE_DOCUMENT_BYTES", value_name = "TINTYPE_DOCUMENT_BYTES",
        default_value_t = 20 * 1024 * 1024, value_parser = value_parser!(u32).range(1..=256 * 1024 * 1024))]
    pub document_bytes: u32,

    /// Most pages of a PDF.
    #[arg(long, env = "TINTYPE_DOCUMENT_PAGES", value_name = "TINTYPE_DOCUMENT_PAGES", default_value_t = 2_000,
        value_parser = value_parser!(u32).range(1..))]
    pub document_pages: u32,

    /// Seconds that the reading of a document may take.
    #[arg(long, env = "TINTYPE_DOCUMENT_SECONDS", value_name = "TINTYPE_DOCUMENT_SECONDS", default_value_t = 60,
        value_parser = value_parser!(u64).range(1..=3_600))]
    pub document_seconds: u64,

    /// Megabytes of memory that the reading of a document may take.
    #[arg(long, env = "TINTYPE_DOCUMENT_MEMORY_MB", value_name = "TINTYPE_DOCUMENT_MEMORY_MB", default_value_t = 512,
        value_parser = value_parser!(u64).range(64..=65_536))]
    pub document_memory_mb: u64,

    /// Documents that this instance reads at the same time, each with a processor and the memory above.
    #[arg(long, env = "TINTYPE_CONCURRENT_DOCUMENTS", value_name = "TINTYPE_CONCURRENT_DOCUMENTS",
        default_value_t = 2, value_parser = value_parser!(u32).range(1..=1_000))]
    pub concurrent_documents: u32,

    /// Documents that a workspace may have.
    #[arg(long, env = "TINTYPE_DOCUMENTS", value_name = "TINTYPE_DOCUMENTS", default_value_t = 10_000,
        value_parser = value_parser!(u32).range(1..))]
    pub documents: u32,

    /// The language of documents that do not show theirs, by the name of PostgreSQL's full-text search for it.
    #[arg(long, env = "TINTYPE_TEXT_LANGUAGE", value_name = "TINTYPE_TEXT_LANGUAGE", default_value = "english",
        value_parser = PossibleValuesParser::new(LANGUAGES))]
    pub text_language: String,

    /// The model that embeds texts; empty for none. With OpenAI it is text-embedding-3-small, and with another server
    /// none, if it is not set.
    #[arg(long, env = "TINTYPE_EMBEDDING_MODEL", value_name = "TINTYPE_EMBEDDING_MODEL")]
    pub embedding_model: Option<String>,

    /// How many numbers a vector has, at most 4,000: what the model makes, or for text-embedding-3 what it should make.
    #[arg(
        long,
        env = "TINTYPE_EMBEDDING_DIMENSIONS",
        value_name = "TINTYPE_EMBEDDING_DIMENSIONS",
        default_value = "512"
    )]
    pub embedding_dimensions: NonZeroU16,

    /// Where texts are embedded, if not where answers are written: what comes before `/embeddings`.
    #[arg(long, env = "TINTYPE_EMBEDDING_BASE_URL", value_name = "TINTYPE_EMBEDDING_BASE_URL")]
    pub embedding_base_url: Option<Url>,

    /// The key for it.
    #[arg(
        long,
        env = "TINTYPE_EMBEDDING_API_KEY",
        value_name = "TINTYPE_EMBEDDING_API_KEY",
        hide_env_values = true,
        requires = "embedding_base_url"
    )]
    pub embedding_api_key: Option<SecretString>,

    /// The folder of a model that embeds texts in this process, instead of a server: as sentence-transformers writes it.
    #[arg(
        long,
        env = "TINTYPE_EMBEDDING_DIR",
        value_name = "TINTYPE_EMBEDDING_DIR",
        conflicts_with_all = ["embedding_model", "embedding_base_url"]
    )]
    pub embedding_dir: Option<PathBuf>,

    /// Processors that it may use; half of them if it is not set.
    #[arg(
        long,
        env = "TINTYPE_EMBEDDING_THREADS",
        value_name = "TINTYPE_EMBEDDING_THREADS",
        requires = "embedding_dir"
    )]
    pub embedding_threads: Option<NonZeroUsize>,

    /// Most texts that are embedded in one call.
    #[arg(long, env = "TINTYPE_EMBEDDING_BATCH", value_name = "TINTYPE_EMBEDDING_BATCH", default_value_t = 64,
        value_parser = value_parser!(u32).range(1..=2_048))]
    pub embedding_batch: u32,

    /// Where what was found is ranked: the whole address, for example `https://api.cohere.com/v2/rerank`.
    #[arg(long, env = "TINTYPE_RERANK_URL", value_name = "TINTYPE_RERANK_URL", requires = "rerank_model")]
    pub rerank_url: Option<Url>,

    /// The model that ranks.
    #[arg(long, env = "TINTYPE_RERANK_MODEL", value_name = "TINTYPE_RERANK_MODEL", requires = "rerank_url")]
    pub rerank_model: Option<String>,

    /// The key for it.
    #[arg(
        long,
        env = "TINTYPE_RERANK_API_KEY",
        value_name = "TINTYPE_RERANK_API_KEY",
        hide_env_values = true,
        requires = "rerank_url"
    )]
    pub rerank_api_key: Option<SecretString>,

    /// How many pieces that were found are ranked.
    #[arg(long, env = "TINTYPE_RERANKED", value_name = "TINTYPE_RERANKED", default_value_t = 30,
        value_parser = value_parser!(u32).range(1..=1_000))]
    pub reranked: u32,

    /// Seconds that a call which embeds pieces of documents may take.
    #[arg(long, env = "TINTYPE_EMBEDDING_SECONDS", value_name = "TINTYPE_EMBEDDING_SECONDS", default_value_t = 30,
        value_parser = value_parser!(u64).range(1..=3_600))]
    pub embedding_seconds: u64,

    /// Seconds that a call may take which embeds a question, or ranks what was found; after them it is done without.
    #[arg(long, env = "TINTYPE_QUESTION_SECONDS", value_name = "TINTYPE_QUESTION_SECONDS", default_value_t = 5,
        value_parser = value_parser!(u64).range(1..=3_600))]
    pub question_seconds: u64,

    /// Pieces of documents of a workspace up to which all vectors are compared; for larger ones an index is made.
    #[arg(long, env = "TINTYPE_EXACT_CHUNKS", value_name = "TINTYPE_EXACT_CHUNKS", default_value_t = 20_000)]
    pub exact_chunks: u64,

    /// Passages of documents that an answer is told at most; 0 for none.
    #[arg(long, env = "TINTYPE_PASSAGES", value_name = "TINTYPE_PASSAGES", default_value_t = 4,
        value_parser = value_parser!(u32).range(..=50))]
    pub passages: u32,

    /// Most bytes of them together.
    #[arg(long, env = "TINTYPE_PASSAGE_BYTES", value_name = "TINTYPE_PASSAGE_BYTES", default_value_t = 6 * 1024)]
    pub passage_bytes: u32,

    /// How close to a question the meaning of a passage must be to be told: a cosine, up to 1.
    #[arg(long, env = "TINTYPE_PASSAGE_SIMILARITY", value_name = "TINTYPE_PASSAGE_SIMILARITY", default_value_t = 0.45,
        value_parser = fraction)]
    pub passage_similarity: f64,

    /// Or the part of what a question's words weigh that it must have, 0 to 1.
    #[arg(long, env = "TINTYPE_PASSAGE_COVERAGE", value_name = "TINTYPE_PASSAGE_COVERAGE", default_value_t = 0.6,
        value_parser = fraction)]
    pub passage_coverage: f64,
}

fn fraction(text: &str) -> Result<f64, String> {
    let number = text.parse().ok().filter(|number| (0.0..=1.0).contains(number));
    number.ok_or_else(|| "it is not between 0 and 1".to_owned())
}

impl KnowledgeOptions {
    /// What the reading of a document may take.
    pub(crate) fn reading(&self) -> Limits {
        Limits {
            bytes: self.document_bytes as usize,
            pages: self.document_pages as usize,
            time: Duration::from_secs(self.document_seconds),
            memory_bytes: self.document_memory_mb * 1024 * 1024,
            ..Limits::default()
        }
    }

    /// What documents and searches may take.
    pub(crate) fn limits(&self) -> KnowledgeLimits {
        KnowledgeLimits {
            document_bytes: self.document_bytes as usize,
            documents: self.documents,
            concurrent_documents: self.concurrent_documents,
            language: self.text_language.clone(),
            batch_texts: self.embedding_batch,
            chunks_time: Duration::from_secs(self.embedding_seconds),
            question_time: Duration::from_secs(self.question_seconds),
            exact_chunks: self.exact_chunks,
            reranked: self.reranked,
            passages: self.passages,
            passage_bytes: self.passage_bytes as usize,
            passage_similarity: self.passage_similarity,
            passage_coverage: self.passage_coverage,
            ..KnowledgeLimits::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Options {
        #[command(flatten)]
        knowledge: KnowledgeOptions,
    }

    fn options(arguments: &[&str]) -> KnowledgeOptions {
        Options::try_parse_from(["server"].iter().chain(arguments)).map(|options| options.knowledge).unwrap()
    }

    #[test]
    fn without_options_documents_may_take_what_the_product_says() {
        assert_eq!(options(&[]).limits(), KnowledgeLimits::default());
        assert_eq!(options(&[]).reading(), Limits::default());
    }

    #[test]
    fn every_option_is_used() {
        let options = options(&[
            "--document-bytes=1",
            "--document-pages=2",
            "--document-seconds=3",
            "--document-memory-mb=64",
            "--concurrent-documents=5",
            "--documents=6",
            "--text-language=german",
            "--embedding-batch=7",
            "--embedding-seconds=8",
            "--question-seconds=13",
            "--exact-chunks=9",
            "--reranked=10",
            "--passages=11",
            "--passage-bytes=12",
            "--passage-similarity=0.25",
            "--passage-coverage=0.75",
        ]);

        let reading = options.reading();
        assert_eq!((reading.bytes, reading.pages, reading.memory_bytes), (1, 2, 64 << 20));
        assert_eq!(reading.time, Duration::from_secs(3));
        let limits = options.limits();
        assert_eq!((limits.document_bytes, limits.concurrent_documents, limits.documents), (1, 5, 6));
        assert_eq!((limits.language.as_str(), limits.batch_texts), ("german", 7));
        assert_eq!([limits.chunks_time, limits.question_time], [8, 13].map(Duration::from_secs));
        assert_eq!((limits.exact_chunks, limits.reranked), (9, 10));
        assert_eq!((limits.passages, limits.passage_bytes), (11, 12));
        assert_eq!((limits.passage_similarity, limits.passage_coverage), (0.25, 0.75));
    }

    #[test]
    fn what_cannot_be_is_refused_by_name() {
        for (option, value) in [("--text-language", "klingon"), ("--passage-coverage", "1.5"), ("--documents", "0")] {
            let error = Options::try_parse_from(["server", option, value]).err().unwrap().to_string();
            assert!(error.contains(value) && error.contains(option), "{error}");
        }
        let both = ["server", "--embedding-dir=/models/m", "--embedding-model=m"];
        let both = Options::try_parse_from(both).err().unwrap().to_string();
        assert!(both.contains("TINTYPE_EMBEDDING_DIR") && both.contains("TINTYPE_EMBEDDING_MODEL"), "{both}");
        let alone = Options::try_parse_from(["server", "--embedding-threads=1"]).err().unwrap().to_string();
        assert!(alone.contains("TINTYPE_EMBEDDING_DIR"), "{alone}");
        let alone = Options::try_parse_from(["server", "--rerank-url=http://localhost/rerank"]).err().unwrap();
        assert!(alone.to_string().contains("TINTYPE_RERANK_MODEL"), "{alone}");
    }
}
