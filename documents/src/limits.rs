use std::time::Duration;

use serde::{Deserialize, Serialize};

/// How much one document may cost.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// Size of the document itself.
    pub bytes: usize,
    /// Size of the text in it, in UTF-8. The headings above all its sections may have as much again.
    pub text_bytes: usize,
    /// Pages of a PDF.
    pub pages: usize,
    /// How deep elements of HTML and blocks of Markdown may be nested.
    pub depth: usize,
    /// How many chunks of the usual size it may become.
    pub chunks: usize,
    /// Memory that reading may take, in addition to what the child has when it begins.
    pub memory_bytes: u64,
    /// How long reading may take, on the clock.
    pub time: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            bytes: 20 << 20,
            text_bytes: 8 << 20,
            pages: 2_000,
            depth: 256,
            chunks: 20_000,
            memory_bytes: 512 << 20,
            time: Duration::from_secs(60),
        }
    }
}
