use serde::{Deserialize, Serialize};

/// Why a document could not be read.
///
/// Its owner can do something about all but the last two, which are [transient](Self::is_transient).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "camelCase")]
#[non_exhaustive]
pub enum ReadError {
    /// The document itself is too large.
    #[error("it has {bytes} bytes and {limit} are allowed: split it")]
    TooLarge {
        /// Its size.
        bytes: usize,
        /// What is allowed.
        limit: usize,
    },
    /// It is said to be text and is not.
    #[error("it is not text but binary data: upload it as what it is")]
    Binary,
    /// It is not written in the encoding that it names or seems to have.
    #[error("it is not written in {encoding} throughout: save it as UTF-8")]
    WrongEncoding {
        /// Name of the encoding.
        encoding: String,
    },
    /// It has no text at all.
    #[error("it is empty: upload one with text")]
    Empty,
    /// It is a PDF whose pages have no text, such as a scan.
    #[error("there is no text on its {pages} pages, which may be scans: recognise their text (OCR) first")]
    NoText {
        /// How many pages it has.
        pages: usize,
    },
    /// It opens with a password only.
    #[error("it is encrypted: save it without a password")]
    Encrypted,
    /// It is truncated, or not what it says it is.
    #[error("it is damaged, {reason}: export or download it again")]
    Damaged {
        /// What is wrong.
        reason: String,
    },
    /// It has more text than allowed.
    #[error("it has more than {limit} bytes of text and headings: split it")]
    TooMuchText {
        /// What is allowed.
        limit: usize,
    },
    /// It has more pages than allowed.
    #[error("it has {pages} pages and {limit} are allowed: split it")]
    TooManyPages {
        /// How many pages it has.
        pages: usize,
        /// What is allowed.
        limit: usize,
    },
    /// It would become more chunks than allowed.
    #[error("it would become {chunks} pieces and {limit} are allowed: split it")]
    TooManyChunks {
        /// How many it would be.
        chunks: usize,
        /// What is allowed.
        limit: usize,
    },
    /// Its elements are nested too deep.
    #[error("its elements are nested deeper than {limit}: simplify it")]
    TooDeep {
        /// What is allowed.
        limit: usize,
    },
    /// Reading it took too long.
    #[error("reading it took longer than {seconds} s: split or simplify it")]
    TooLong {
        /// What is allowed.
        seconds: u64,
    },
    /// Reading it took too much memory.
    #[error("reading it took more than {limit} bytes of memory: split or simplify it")]
    TooMuchMemory {
        /// What is allowed.
        limit: u64,
    },
    /// The process that read it did not survive it.
    #[error("reading it failed ({how}): save it anew with another program")]
    Died {
        /// How the process ended.
        how: String,
    },
    /// The process that was to read it could not be started.
    #[error("the program that reads documents could not be started ({reason}): try again")]
    NotStarted {
        /// What went wrong.
        reason: String,
    },
    /// Somebody ended the process that read it.
    #[error("the program that reads documents was stopped ({how}): try again")]
    Stopped {
        /// How the process ended.
        how: String,
    },
}

impl ReadError {
    /// Whether the same document may be read another time.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        matches!(self, Self::NotStarted { .. } | Self::Stopped { .. })
    }
}
