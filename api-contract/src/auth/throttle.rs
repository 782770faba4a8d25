use std::{
    fmt,
    net::IpAddr,
    num::NonZeroU32,
    sync::atomic::{AtomicUsize, Ordering},
    time::Duration,
};

use governor::{Quota, RateLimiter, clock::Clock, clock::DefaultClock, state::keyed::DashMapStateStore};

use crate::Settings;

type Limiter = RateLimiter<String, DashMapStateStore<String>, DefaultClock>;

/// Slows down who guesses passwords: per account, and per address.
///
/// It counts attempts within this process.
pub struct Throttle {
    clock: DefaultClock,
    accounts: Limiter,
    addresses: Limiter,
    registrations: Limiter,
    checks: AtomicUsize,
}

/// After so many checks, keys that are back at their full allowance are forgotten.
const SWEEP_EVERY: usize = 1024;

impl Throttle {
    /// A throttle with the allowances of `settings`.
    #[must_use]
    pub fn new(settings: &Settings) -> Self {
        let at_least_one = |count: u32| NonZeroU32::new(count).unwrap_or(NonZeroU32::MIN);
        let every_30_s = Quota::with_period(Duration::from_secs(30)).expect("a period that is not zero");
        Self {
            clock: DefaultClock::default(),
            accounts: Limiter::dashmap(every_30_s.allow_burst(at_least_one(settings.account_attempts))),
            addresses: Limiter::dashmap(Quota::per_minute(at_least_one(settings.address_attempts))),
            registrations: Limiter::dashmap(Quota::per_hour(at_least_one(settings.address_registrations))),
            checks: AtomicUsize::new(0),
        }
    }

    /// Counts one sign-in; fails with the time to wait.
    pub(crate) fn sign_in(&self, email: &str, address: Option<IpAddr>) -> Result<(), Duration> {
        self.sweep();
        self.check(&self.addresses, address.map(key_of_address))?;
        self.check(&self.accounts, Some(email.to_lowercase()))
    }

    /// Counts one registration; fails with the time to wait.
    pub(crate) fn register(&self, address: Option<IpAddr>) -> Result<(), Duration> {
        self.sweep();
        self.check(&self.registrations, address.map(key_of_address))
    }

    /// A call in process has no address, and nothing is counted for it.
    fn check(&self, limiter: &Limiter, key: Option<String>) -> Result<(), Duration> {
        match key {
            None => Ok(()),
            Some(key) => limiter.check_key(&key).map_err(|refused| refused.wait_time_from(self.clock.now())),
        }
    }

    fn sweep(&self) {
        if self.checks.fetch_add(1, Ordering::Relaxed).is_multiple_of(SWEEP_EVERY) {
            for limiter in [&self.accounts, &self.addresses, &self.registrations] {
                limiter.retain_recent();
            }
        }
    }
}

/// An IPv6 customer has a /64 at least, so that much counts as one address.
fn key_of_address(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
    }
}

impl fmt::Debug for Throttle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Throttle").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn throttle() -> Throttle {
        Throttle::new(&Settings { account_attempts: 2, address_attempts: 3, ..Settings::default() })
    }

    #[test]
    fn an_account_is_throttled_whatever_the_capitals_and_the_address() {
        let throttle = throttle();
        let address = |last| Some(IpAddr::from([192, 0, 2, last]));

        assert!(throttle.sign_in("ada@example.com", address(1)).is_ok());
        assert!(throttle.sign_in("ADA@example.com", address(2)).is_ok());
        let wait = throttle.sign_in("ada@example.com", address(3)).unwrap_err();

        assert!(wait > Duration::ZERO && wait <= Duration::from_secs(30), "{wait:?}");
        assert!(throttle.sign_in("grace@example.com", address(3)).is_ok());
    }

    #[test]
    fn an_address_is_throttled_whatever_the_account() {
        let throttle = throttle();
        let same_64 = |last: u16| Some(IpAddr::from([0x2001, 0xdb8, 0, 1, 0, 0, 0, last]));

        for n in 0..3 {
            assert!(throttle.sign_in(&format!("user{n}@example.com"), same_64(n)).is_ok());
        }

        assert!(throttle.sign_in("another@example.com", same_64(9)).is_err());
    }
}
