use std::time::Duration;

use rand::{Rng, SeedableRng, rngs::StdRng, seq::SliceRandom};

use super::Fault;

/// Faults without end, in an order that the seed decides: each once before any comes again.
#[derive(Debug)]
pub(crate) struct Plan {
    random: StdRng,
    faults: Vec<Fault>,
    due: Vec<Fault>,
    servers: usize,
}

/// A fault with everything that is random about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Planned {
    pub(crate) fault: Fault,
    /// Whom it meets, where it meets one server.
    pub(crate) server: usize,
    /// How long it lasts, where it lasts.
    pub(crate) lasts: Duration,
    /// How long a third of the clients are away beyond it, if they are.
    pub(crate) away: Option<Duration>,
    /// The peace after it.
    pub(crate) pause: Duration,
}

impl Plan {
    pub(crate) fn new(seed: u64, faults: Vec<Fault>, servers: usize) -> Self {
        Self { random: StdRng::seed_from_u64(seed), faults, due: Vec::new(), servers }
    }

    pub(crate) fn next(&mut self) -> Planned {
        if self.due.is_empty() {
            self.due = self.faults.clone();
            self.due.shuffle(&mut self.random);
        }
        let fault = self.due.pop().expect("there is at least one fault");
        let lasts_ms = match fault {
            Fault::PauseServer | Fault::PauseRedis | Fault::Trim => 1_000..=3_000,
            Fault::KillServer | Fault::DrainServer | Fault::KillRedis | Fault::EmptyRedis => 100..=1_000,
            // Until the last client has given such a connection up.
            Fault::StallClients => 3_200..=3_200,
            Fault::KillPubsub | Fault::CutRedis | Fault::StallRedis | Fault::CutClients => 0..=0,
            Fault::Flush | Fault::Unheard | Fault::Rollback | Fault::Failover => 0..=0,
        };
        let is_third_away = match fault {
            // Who is there has everything, and nothing to fear.
            Fault::Trim | Fault::Rollback | Fault::Failover => true,
            _ => self.random.random_ratio(1, 3),
        };
        let away_ms = self.random.random_range(0..=1_000);
        Planned {
            fault,
            away: is_third_away.then(|| Duration::from_millis(away_ms)),
            server: self.random.random_range(0..self.servers),
            lasts: Duration::from_millis(self.random.random_range(lasts_ms)),
            pause: Duration::from_millis(self.random.random_range(300..=1_500)),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn first(seed: u64, count: usize) -> Vec<Planned> {
        let mut plan = Plan::new(seed, Fault::all(false), 3);
        (0..count).map(|_| plan.next()).collect()
    }

    #[test]
    fn a_seed_decides_everything() {
        assert_eq!(first(7, 40), first(7, 40));
        assert_ne!(first(7, 40), first(8, 40));
    }

    #[test]
    fn every_fault_comes_before_any_comes_again() {
        let count = Fault::all(false).len();

        let faults: BTreeSet<Fault> = first(1, count).iter().map(|planned| planned.fault).collect();

        assert_eq!(faults.len(), count);
    }
}
