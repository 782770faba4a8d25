use std::time::Duration;

/// Why a provider did not answer; the message is for the person who asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ProviderError {
    /// There was no connection to it.
    #[error("the AI provider cannot be reached: try again in a moment")]
    Unreachable {
        /// For the log.
        detail: String,
    },
    /// It does not accept the key.
    #[error("the AI provider does not accept the key of this server: an administrator has to check {setting}")]
    Unauthorized {
        /// What says the key.
        setting: &'static str,
    },
    /// It has had enough requests for now.
    #[error("the AI provider has too many requests at the moment: try again in a minute")]
    RateLimited,
    /// It failed.
    #[error("the AI provider has a fault (status {status}): try again in a moment")]
    Faulty {
        /// The HTTP status, 500 to 599.
        status: u16,
    },
    /// It refused the request.
    #[error("the AI provider refused the request: {reason}")]
    Refused {
        /// What it said, shortened to 200 characters.
        reason: String,
    },
    /// It took too long.
    #[error("the AI provider was silent for too long")]
    TimedOut {
        /// How long it was waited for.
        after: Duration,
    },
    /// Its answer stopped in the middle.
    #[error("the answer of the AI provider was cut off")]
    CutOff,
    /// It sent what cannot be understood.
    #[error("the AI provider sent something that cannot be understood")]
    Nonsense {
        /// For the log, shortened to 200 characters.
        detail: String,
    },
    /// It failed so often lately that it is not asked.
    #[error("the AI provider failed repeatedly and is given a rest: try again in {} s", wait.as_secs().max(1))]
    Resting {
        /// When it is asked again.
        wait: Duration,
    },
}

impl ProviderError {
    /// Whether it is known that nothing was done, and so nothing is to be paid.
    #[must_use]
    pub fn is_free(&self) -> bool {
        matches!(
            self,
            Self::Unreachable { .. }
                | Self::Unauthorized { .. }
                | Self::RateLimited
                | Self::Faulty { .. }
                | Self::Refused { .. }
                | Self::Resting { .. }
        )
    }

    /// Whether another model, or the same one later, may succeed where this call failed.
    #[must_use]
    pub fn is_passing(&self) -> bool {
        !matches!(self, Self::Unauthorized { .. } | Self::Refused { .. })
    }
}
