//! Snapshots that are loaded once for all who wait for the same.

use std::{
    any::TypeId,
    collections::HashMap,
    fmt,
    future::Future,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use bytes::Bytes;
use futures_util::{
    FutureExt,
    future::{Shared, WeakShared},
};

use super::{TopicKey, healing::Healed};
use crate::error::Failure;

/// The snapshots that will be loaded soon.
///
/// A flight waits before it departs, and takes with it whoever has come by then: each of them has taken its position in
/// the topic before anything is loaded, so that nothing falls between the two.
/// Who comes later takes the next one.
/// Nobody spawns a task: a flight is driven by those who wait for it, and is over when they have left.
#[derive(Default)]
pub(super) struct Flights(Mutex<Table>);

/// The topic, and the type of the function that loads.
pub(super) type FlightKey = (TopicKey, TypeId);

#[derive(Default)]
struct Table {
    waiting: HashMap<FlightKey, Waiting>,
    numbered: u64,
}

struct Waiting {
    number: u64,
    flight: WeakShared<Healed>,
}

impl Flights {
    /// What `load` gives, `wait` from now or earlier: with others who wait for the same.
    pub(super) fn join(
        self: &Arc<Self>,
        key: &FlightKey,
        wait: Duration,
        load: impl Future<Output = Result<Bytes, Failure>> + Send + 'static,
    ) -> Healed {
        let mut table = self.table();
        if let Some(flight) = table.waiting.get(key).and_then(|waiting| waiting.flight.upgrade()) {
            return flight.boxed();
        }
        table.numbered += 1;
        let number = table.numbered;
        let gate = Gate { flights: Arc::clone(self), key: key.clone(), number };
        let flight: Shared<Healed> = async move {
            tokio::time::sleep(wait).await;
            drop(gate);
            load.await
        }
        .boxed()
        .shared();
        if let Some(weak) = flight.downgrade() {
            table.waiting.insert(key.clone(), Waiting { number, flight: weak });
        }
        flight.boxed()
    }

    /// Short sections without an `.await`; nothing under the lock panics half-way.
    fn table(&self) -> MutexGuard<'_, Table> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Closes behind those who have come, at the departure or when nobody waits any more.
struct Gate {
    flights: Arc<Flights>,
    key: FlightKey,
    number: u64,
}

impl Drop for Gate {
    fn drop(&mut self) {
        let mut table = self.flights.table();
        // Where nobody waited any more, another flight may have taken the place.
        if table.waiting.get(&self.key).is_some_and(|waiting| waiting.number == self.number) {
            table.waiting.remove(&self.key);
        }
    }
}

/// A time up to `longest`, at random.
pub(super) fn random(longest: Duration) -> Duration {
    let longest_ms = u64::try_from(longest.as_millis()).unwrap_or(u64::MAX);
    Duration::from_millis(fastrand::u64(..=longest_ms))
}

impl fmt::Debug for Flights {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Flights").field("waiting", &self.table().waiting.len()).finish()
    }
}
