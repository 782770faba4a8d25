//! The last of duplicate keys counts, as in `JSON.parse`.
//!
//! serde's derive refuses an object that names a field twice, so this is asked only after an input was refused.

use serde_json::value::RawValue;

use crate::superjson::Tree;

/// The same JSON with each key once and its numbers as they are written, or `None` if it has no duplicates or is no
/// JSON.
pub(super) fn without_duplicates(json: &[u8]) -> Option<Vec<u8>> {
    let json: &RawValue = serde_json::from_slice(json).ok()?;
    let tree = Tree::parse(json.get()).filter(Tree::has_duplicates)?;
    let mut once = String::with_capacity(json.get().len());
    tree.write(&mut once);
    Some(once.into_bytes())
}
