//! The contract of the reference server, written down for its clients.
//!
//! `cargo xtask bindings` writes the files of the npm package in this folder, and `outdated.json` for the server; a test
//! compares them with the contract. `contract.json` is kept in `releases` with each release, and `breaking.toml` says
//! what may break since the last one.

use std::path::Path;

use tintype::{
    contract::releases::Releases,
    typescript::{Bindings, Options},
};

/// The folder of the npm package.
#[must_use]
pub fn folder() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The command that writes the files anew.
pub const COMMAND: &str = "cargo xtask bindings";

/// Writes the contract down, and which releases it breaks.
///
/// # Errors
///
/// What has no form in TypeScript, or a release that cannot be read.
pub fn generate() -> anyhow::Result<Bindings> {
    let options = Options {
        command: COMMAND.to_owned(),
        sources: folder().parent().map(Path::to_owned),
        schemas: true,
        ..Options::default()
    };
    let releases = Releases::read(&folder().join("releases"))?;
    Ok(Bindings::generate(&api_contract::router(), &options)?.with_releases(&releases))
}
