//! How well and how fast a workspace's documents are found.
//!
//! The documents are the Rust Reference, and each question names the words of a document that answer it: see
//! `bench/search/README.md`.

mod corpus;
mod library;
mod private_database;
mod quality;
mod recorded;
mod report;
mod speed;

use std::path::{Path, PathBuf};

pub use corpus::{CorpusDocument, Kind, Question, Quote, documents, place, questions};
pub use library::Library;
pub use private_database::PrivateDatabase;
pub use quality::{Figures, Quality, Told, Way};
pub use recorded::{Recorded, Recorder};
pub use report::Report;
pub use speed::{SpeedOptions, measure_speed};

/// The folder of documents, questions and what was recorded.
#[must_use]
pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("search")
}
