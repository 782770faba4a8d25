//! Documents of every sort, honest and hostile, and what becomes of them.

// Clippy knows test functions, and not the functions they share.
#![allow(clippy::unwrap_used)]

mod child;
mod chunking;
mod format;
mod html;
mod markdown;
mod pdf;
mod pdf_file;
mod text;

use std::path::PathBuf;

use documents::{ChildCommand, Document, Format, Limits, ReadError};

/// Reads in this process, with the usual limits.
fn read(format: Format, bytes: impl AsRef<[u8]>) -> Result<Document, ReadError> {
    documents::read(format, bytes.as_ref(), &Limits::default())
}

/// Reads in a child, as the server does.
async fn read_in_child(format: Format, bytes: impl AsRef<[u8]>, limits: &Limits) -> Result<Document, ReadError> {
    documents::read_in_child(&child(&[]), format, bytes.as_ref(), limits).await
}

fn child(arguments: &[&str]) -> ChildCommand {
    ChildCommand {
        program: PathBuf::from(env!("CARGO_BIN_EXE_read-document")),
        arguments: arguments.iter().map(Into::into).collect(),
    }
}

/// Each section's headings and text.
fn sections(document: &Document) -> Vec<(String, &str)> {
    let sections = document.sections.iter();
    sections.map(|section| (section.heading_path.join(" > "), &document.text[section.start..section.end])).collect()
}
