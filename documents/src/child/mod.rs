//! Reading in a process of its own, which may be ended at any time.
//!
//! The child gets a line of JSON, which says what is to be read and within which limits, and then the document. It
//! answers with another line of JSON and then the text. Its input stays open as long as somebody waits for the answer:
//! at its end the child ends too, so that none is left over when the parent dies.

mod confine;
mod serve;
mod start;

pub use serve::serve_child;
pub use start::{ChildCommand, read_in_child};

use serde::{Deserialize, Serialize};

use crate::{Document, Format, Limits, ReadError, Section};

/// The first line of what a child is sent.
#[derive(Debug, Serialize, Deserialize)]
struct Request {
    format: Format,
    limits: Limits,
    /// Size of the document, which follows.
    bytes: usize,
}

/// The first line of what it answers.
#[derive(Debug, Serialize, Deserialize)]
struct Answer {
    result: Result<Head, ReadError>,
}

/// A document without its text.
#[derive(Debug, Serialize, Deserialize)]
struct Head {
    title: Option<String>,
    sections: Vec<Section>,
    /// Size of the text, which follows.
    bytes: usize,
}

impl Answer {
    /// Takes the text apart from the rest.
    fn of(result: Result<Document, ReadError>) -> (Self, String) {
        match result {
            Ok(Document { text, title, sections }) => {
                (Self { result: Ok(Head { title, sections, bytes: text.len() }) }, text)
            }
            Err(error) => (Self { result: Err(error) }, String::new()),
        }
    }

    /// Reads an answer, and believes nothing: a document may have taken the child over.
    fn parse(answer: &[u8]) -> Option<Result<Document, ReadError>> {
        let end = answer.iter().position(|byte| *byte == b'\n')?;
        let text = std::str::from_utf8(&answer[end + 1..]).ok()?;
        let Self { result } = serde_json::from_slice(&answer[..end]).ok()?;
        match result {
            Ok(Head { title, sections, bytes }) if bytes == text.len() => {
                let document = Document { text: text.to_owned(), title, sections };
                document.is_sound().then_some(Ok(document))
            }
            Err(error) if text.is_empty() && !error.is_transient() => Some(Err(error)),
            _ => None,
        }
    }
}

/// The largest answer to a request within these limits.
///
/// Headings have as much room as the text, and at most two bytes of JSON for each of their own; places in the text are
/// part of it.
fn most_answer_bytes(limits: &Limits) -> usize {
    limits.text_bytes.saturating_mul(4).saturating_add(64 << 10)
}
