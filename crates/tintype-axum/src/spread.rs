//! Moments at random, so that clients who lose their server do not all come back at once.

use std::{ops::RangeInclusive, time::Duration};

use bytes::Bytes;

/// How long a client whose stream is ended by a shutdown is asked to wait before it connects again.
const RETRY_MS: RangeInclusive<u64> = 500..=5000;

/// A time up to `longest`.
pub(crate) fn within(longest: Duration) -> Duration {
    let longest_ms = u64::try_from(longest.as_millis()).unwrap_or(u64::MAX);
    Duration::from_millis(fastrand::u64(..=longest_ms))
}

/// Asks the client of an event stream to wait before it connects again; it is no event.
pub(crate) fn retry_frame() -> Bytes {
    format!("retry: {}\n\n", fastrand::u64(RETRY_MS)).into()
}
