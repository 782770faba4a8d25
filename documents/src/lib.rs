//! Uploaded documents become text, and text becomes chunks.
//!
//! [`Format::sniff`] says what an upload is, [`read`] makes a [`Document`] of it, and [`chunks`] cuts that into pieces
//! for searching. Every fault of a document is a [`ReadError`] whose message says what its owner can do.
//!
//! All but plain text is read by libraries that a hostile document can keep busy, make greedy or crash. That belongs
//! into a process of its own: [`read_in_child`] starts a program whose `main` calls [`serve_child`], which limits itself
//! before it looks at anything. [`Format::needs_child`] says which formats these are.

mod child;
mod chunk;
mod document;
mod draft;
mod encoding;
mod error;
mod format;
mod html;
mod limits;
mod markdown;
mod normal;
#[cfg(feature = "pdf")]
mod pdf;
mod split;
mod text;

pub use child::{ChildCommand, read_in_child, serve_child};
pub use chunk::{Chunk, ChunkSize, chunks};
pub use document::{Document, Section};
pub use error::ReadError;
pub use format::{Format, UnknownFormat};
pub use limits::Limits;

/// Reads a document in this process and on this thread, for as long as it takes.
///
/// For plain text that is less than a second for 20 MiB; on a thread that others wait for, it is too long.
/// Of the limits, those of time and memory are not kept here: only [`read_in_child`] keeps them.
///
/// # Errors
///
/// What is wrong with the document.
pub fn read(format: Format, bytes: &[u8], limits: &Limits) -> Result<Document, ReadError> {
    if bytes.len() > limits.bytes {
        return Err(ReadError::TooLarge { bytes: bytes.len(), limit: limits.bytes });
    }
    match format {
        Format::Text => text::read(bytes, limits),
        Format::Markdown => markdown::read(bytes, limits),
        Format::Html => html::read(bytes, limits),
        #[cfg(feature = "pdf")]
        Format::Pdf => pdf::read(bytes, limits),
        #[cfg(not(feature = "pdf"))]
        Format::Pdf => Err(ReadError::Died { how: "this program was built without the feature pdf".to_owned() }),
    }
}
