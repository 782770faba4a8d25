use std::{collections::BTreeSet, sync::Arc};

use http::{HeaderMap, HeaderName, HeaderValue};

/// Where a client says which contract it was built against, and where it hears that this one breaks it.
pub(crate) const HEADER: HeaderName = HeaderName::from_static("tintype-contract");

pub(crate) const OUTDATED: HeaderValue = HeaderValue::from_static("outdated");

/// The hashes of contracts whose clients cannot be served.
#[derive(Debug, Clone, Default)]
pub(crate) struct Outdated(Arc<BTreeSet<String>>);

impl Outdated {
    /// Whether the request comes from a client of one of these contracts.
    pub(crate) fn contains(&self, headers: &HeaderMap) -> bool {
        headers.get(HEADER).and_then(|hash| hash.to_str().ok()).is_some_and(|hash| self.0.contains(hash))
    }
}

impl FromIterator<String> for Outdated {
    fn from_iter<I: IntoIterator<Item = String>>(hashes: I) -> Self {
        Self(Arc::new(hashes.into_iter().collect()))
    }
}
