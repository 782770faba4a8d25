//! Gives a provider that fails again and again a rest, so that nobody waits for what will not come.

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use api_contract::providers::ProviderError;

#[derive(Debug)]
pub(super) struct Breaker {
    failures: u32,
    rest: Duration,
    /// Held for a moment only.
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// Failures in a row.
    failed: u32,
    rests_until: Option<Instant>,
}

impl Breaker {
    pub(super) fn new(failures: u32, rest: Duration) -> Self {
        Self { failures: failures.max(1), rest, state: Mutex::default() }
    }

    /// Whether the provider may be asked; after its rest one call may try, and the others wait for what becomes of it.
    pub(super) fn check(&self) -> Result<(), ProviderError> {
        let mut state = self.state();
        let Some(until) = state.rests_until else { return Ok(()) };
        let now = Instant::now();
        if now < until {
            return Err(ProviderError::Resting { wait: until - now });
        }
        state.rests_until = Some(now + self.rest);
        Ok(())
    }

    pub(super) fn succeeded(&self) {
        *self.state() = State::default();
    }

    /// What is the caller's fault, or the key's, says nothing about the provider.
    pub(super) fn failed(&self, error: &ProviderError) {
        use ProviderError::{CutOff, Faulty, Nonsense, TimedOut, Unreachable};
        if !matches!(error, Unreachable { .. } | Faulty { .. } | TimedOut { .. } | CutOff | Nonsense { .. }) {
            return;
        }
        let mut state = self.state();
        state.failed += 1;
        if state.failed >= self.failures {
            state.rests_until = Some(Instant::now() + self.rest);
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_provider_that_fails_rests_and_is_tried_once_before_it_is_asked_again() {
        let breaker = Breaker::new(2, Duration::from_millis(20));
        let fault = ProviderError::Faulty { status: 500 };

        breaker.failed(&fault);
        breaker.failed(&ProviderError::RateLimited);
        assert_eq!(breaker.check(), Ok(()));
        breaker.failed(&fault);
        assert!(matches!(breaker.check(), Err(ProviderError::Resting { .. })));

        std::thread::sleep(Duration::from_millis(25));
        assert_eq!(breaker.check(), Ok(()), "one may try");
        assert!(matches!(breaker.check(), Err(ProviderError::Resting { .. })), "and only one");
        breaker.succeeded();
        assert_eq!(breaker.check(), Ok(()));
        breaker.failed(&fault);
        assert_eq!(breaker.check(), Ok(()), "it begins to count anew");
    }
}
