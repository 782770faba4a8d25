//! Embeds texts on this machine, with a sentence-transformers model of the BERT family from a folder.
//!
//! The folder is one as sentence-transformers writes it, for example of all-MiniLM-L6-v2: `config.json`,
//! `tokenizer.json`, `model.safetensors` with numbers of 32 bits, and, where the model says more about itself,
//! `sentence_bert_config.json` and `1_Pooling/config.json`. Nothing is fetched from anywhere.
//!
//! The vector of a text is the mean of its tokens' vectors (or that of the first, if the model says so), with length 1.
//! The network is that of Devlin et al., "BERT", NAACL 2019, without its pooler.

mod files;
mod network;
mod weights;

use std::{fmt, num::NonZeroUsize, path::Path, thread};

use tokenizers::{Tokenizer, TruncationParams};

pub use files::OpenError;
use files::{Config, Pooling};
use network::Network;

/// Embeds texts, on as many processors as it may.
pub struct LocalEmbedder {
    name: String,
    tokenizer: Tokenizer,
    network: Network,
    pooling: Pooling,
    threads: NonZeroUsize,
}

/// Why a text has no vector.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EmbedError {
    /// The tokenizer does not take it.
    #[error("the text cannot be cut into tokens: {detail}")]
    Tokens {
        /// What the tokenizer says.
        detail: String,
    },
    /// The tokenizer and the weights are of different models.
    #[error("tokenizer.json gives token {token}, and the model knows {known}: take both files from one model")]
    UnknownToken {
        /// The number of the token.
        token: u32,
        /// How many tokens the model has vectors for.
        known: usize,
    },
    /// It has no tokens, or numbers grew beyond what can be computed with.
    #[error("the text has no vector: the text is empty, or the model's file is damaged")]
    NoVector,
}

/// A text's vector and how many tokens it was made of.
#[derive(Debug, Clone, PartialEq)]
pub struct Embedded {
    /// The vector, of length 1.
    pub vector: Vec<f32>,
    /// The tokens that were read of the text; what is beyond the model's longest text is not.
    pub tokens: usize,
}

impl LocalEmbedder {
    /// Reads a model, and computes on at most `threads` processors.
    ///
    /// The model is called as its folder, and by the first 8 digits of its weights' SHA-256, because vectors of other
    /// weights cannot be compared.
    ///
    /// # Errors
    ///
    /// [`OpenError`] names the file, and what to do.
    pub fn open(folder: &Path, threads: NonZeroUsize) -> Result<Self, OpenError> {
        let config = Config::read(folder)?;
        let mut tokenizer = files::tokenizer(folder)?;
        let longest = TruncationParams { max_length: config.longest, ..TruncationParams::default() };
        tokenizer.with_padding(None);
        tokenizer.with_truncation(Some(longest)).map_err(|error| OpenError::tokenizer(folder, &*error))?;
        let file = weights::File::read(folder)?;
        let network = Network::read(&config, &file)?;
        let path = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
        let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
        let name = format!("{name}:{:.8}", file.fingerprint());
        Ok(Self { name, tokenizer, network, pooling: config.pooling, threads })
    }

    /// What the model is called: `<folder>:<8 hexadecimal digits>`.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// How many numbers a vector has.
    #[must_use]
    pub fn dimensions(&self) -> usize {
        self.network.width()
    }

    /// The vectors of texts, in their order. It computes until it is done: call it where nothing waits.
    ///
    /// # Errors
    ///
    /// [`EmbedError`], of the first text that has no vector.
    pub fn embed(&self, texts: &[String]) -> Result<Vec<Embedded>, EmbedError> {
        let each = texts.len().div_ceil(self.threads.get()).max(1);
        thread::scope(|scope| {
            let parts: Vec<_> = texts
                .chunks(each)
                .map(|part| scope.spawn(move || part.iter().map(|text| self.embed_one(text)).collect::<Vec<_>>()))
                .collect();
            let join = |part: thread::ScopedJoinHandle<'_, Vec<_>>| match part.join() {
                Ok(embedded) => embedded,
                Err(panic) => std::panic::resume_unwind(panic),
            };
            parts.into_iter().flat_map(join).collect()
        })
    }

    fn embed_one(&self, text: &str) -> Result<Embedded, EmbedError> {
        let tokens = self.tokenizer.encode_fast(text, true);
        let tokens = tokens.map_err(|error| EmbedError::Tokens { detail: error.to_string() })?;
        if tokens.is_empty() {
            return Err(EmbedError::NoVector);
        }
        let vectors = self.network.run(tokens.get_ids(), tokens.get_type_ids())?;
        let vector = match self.pooling {
            Pooling::First => vectors.row(0).to_vec(),
            Pooling::Mean => vectors.sum_axis(ndarray::Axis(0)).to_vec(),
        };
        let length = vector.iter().map(|number| number * number).sum::<f32>().sqrt();
        if !length.is_normal() {
            return Err(EmbedError::NoVector);
        }
        let vector = vector.into_iter().map(|number| number / length).collect();
        Ok(Embedded { vector, tokens: tokens.len() })
    }
}

impl fmt::Debug for LocalEmbedder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LocalEmbedder").field("name", &self.name).field("dimensions", &self.dimensions()).finish()
    }
}
