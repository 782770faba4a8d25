use std::time::Duration;

/// How much a client takes in and puts into a URL, with defaults that are safe with any server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Largest answer; 16 MiB by default.
    pub answer_bytes: usize,
    /// Largest event of a subscription; 1 MiB by default.
    pub event_bytes: usize,
    /// Longest path and query of a `GET`; 8 KiB by default, which is what tintype's servers accept.
    ///
    /// A longer query goes by `POST` if [`ClientBuilder::method_override`](crate::ClientBuilder::method_override)
    /// says that the server takes it; else it fails.
    pub url_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { answer_bytes: 16 * 1024 * 1024, event_bytes: 1024 * 1024, url_bytes: 8 * 1024 }
    }
}

/// How long a client waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Timeouts {
    /// How long a connection may take to open; 5 s by default.
    pub connect: Duration,
    /// How long a call may take, its retries included, and how long a subscription may take to begin; 30 s by default.
    pub call: Option<Duration>,
    /// Silence after which a subscription is connected anew, unless the server names another; 60 s by default.
    ///
    /// tintype's servers name it, and send pings more often. Set it to `None` for a server that sends no pings.
    pub inactivity: Option<Duration>,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(5),
            call: Some(Duration::from_secs(30)),
            inactivity: Some(Duration::from_secs(60)),
        }
    }
}

/// How often, and after which waits, queries and idempotent mutations are tried again.
///
/// They are tried again when no connection could be made, when it broke before the whole answer was there, and when
/// the status of the answer is 429, 502, 503 or 504.
/// Other mutations are tried once: nobody knows whether they ran.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Retry {
    /// Tries after the first; 2 by default, and 0 for none.
    pub retries: u32,
    /// The waits in between: 200 ms at first and 5 s at most by default.
    pub backoff: Backoff,
}

impl Default for Retry {
    fn default() -> Self {
        Self { retries: 2, backoff: Backoff { first: Duration::from_millis(200), longest: Duration::from_secs(5) } }
    }
}

/// How often, and after which waits, a subscription that was open connects again.
///
/// One that could not be opened at all is tried again like a query, as [`Retry`] says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reconnect {
    /// Tries in a row that brought no event and no ping, or that the server ended with a failure of its own, after
    /// which the stream ends with what the last failed with; 10 by default, which is about two minutes, and `None` for
    /// no end.
    pub tries: Option<u32>,
    /// The waits in between: 500 ms at first and 30 s at most by default.
    pub backoff: Backoff,
}

impl Default for Reconnect {
    fn default() -> Self {
        let backoff = Backoff { first: Duration::from_millis(500), longest: Duration::from_secs(30) };
        Self { tries: Some(10), backoff }
    }
}

/// Waits that double, each shortened by up to a half at random, so that clients which failed together do not come back
/// together.
///
/// A server that asks for patience with `Retry-After` gets it, up to `longest`; if it asks for more, there is no
/// further try.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Backoff {
    /// The first wait.
    pub first: Duration,
    /// The longest wait.
    pub longest: Duration,
}

impl Backoff {
    /// How long to wait after so many failures in a row before the present one; `None` if the server asks for more
    /// patience than there is.
    pub(crate) fn wait(&self, failures: u32, asked: Option<Duration>) -> Option<Duration> {
        if let Some(asked) = asked {
            return (asked <= self.longest).then_some(asked);
        }
        let ceiling = self.first.saturating_mul(2_u32.saturating_pow(failures)).min(self.longest);
        Some(rand::random_range(ceiling / 2..=ceiling))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_the_longest_and_differ() {
        let backoff = Backoff { first: Duration::from_millis(100), longest: Duration::from_secs(1) };
        for (failures, ceiling_ms) in [(0, 100), (1, 200), (2, 400), (3, 800), (4, 1000), (40, 1000), (u32::MAX, 1000)]
        {
            let waits: Vec<Duration> = (0..64).map(|_| backoff.wait(failures, None).unwrap()).collect();
            let ceiling = Duration::from_millis(ceiling_ms);
            assert!(waits.iter().all(|wait| *wait >= ceiling / 2 && *wait <= ceiling), "{failures}: {waits:?}");
            assert!(waits.iter().any(|wait| *wait != waits[0]), "{failures}: {waits:?}");
        }
    }

    #[test]
    fn a_server_gets_the_patience_that_it_asks_for_up_to_the_longest_wait() {
        let backoff = Backoff { first: Duration::from_millis(100), longest: Duration::from_secs(1) };

        assert_eq!(backoff.wait(9, Some(Duration::ZERO)), Some(Duration::ZERO));
        assert_eq!(backoff.wait(0, Some(Duration::from_secs(1))), Some(Duration::from_secs(1)));
        assert_eq!(backoff.wait(0, Some(Duration::from_secs(2))), None);
    }

    #[test]
    fn no_wait_at_all_is_a_backoff_too() {
        let backoff = Backoff { first: Duration::ZERO, longest: Duration::ZERO };

        assert_eq!(backoff.wait(3, None), Some(Duration::ZERO));
    }
}
