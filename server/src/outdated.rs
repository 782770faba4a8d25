//! The released contracts whose clients this server breaks.
//!
//! `cargo xtask bindings` finds them among `bindings/releases`. Their hashes are part of the binary as a file, like the
//! page: the crate `bindings` would bring the generator with it.

use std::collections::BTreeMap;

/// Releases, and the hashes of their contracts.
pub(crate) const FILE: &str = include_str!("../../bindings/outdated.json");

/// The hashes in such a file.
///
/// # Panics
///
/// If it is no such file, of which there is one, written by the generator.
pub(crate) fn hashes(file: &str) -> impl Iterator<Item = String> {
    let releases: BTreeMap<String, String> =
        serde_json::from_str(file).expect("cargo xtask bindings writes hashes by releases");
    releases.into_values()
}
