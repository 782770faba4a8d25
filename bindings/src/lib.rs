//! The contract of the reference server, written down for its clients.
//!
//! `cargo xtask bindings` writes the files of the npm package in this folder; a test compares them with the contract.

use std::path::Path;

use tintype::typescript::{Bindings, GenerateError, Options};

/// The folder of the npm package.
#[must_use]
pub fn folder() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The command that writes the files anew.
pub const COMMAND: &str = "cargo xtask bindings";

/// Writes the contract down.
///
/// # Errors
///
/// [`GenerateError`] names what has no form in TypeScript.
pub fn generate() -> Result<Bindings, GenerateError> {
    let options = Options {
        command: COMMAND.to_owned(),
        sources: folder().parent().map(Path::to_owned),
        schemas: true,
        ..Options::default()
    };
    Bindings::generate(&api_contract::router(), &options)
}
