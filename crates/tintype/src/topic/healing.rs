//! What a subscription says when continuity cannot be proven: a gap, or a snapshot of what is now.

use std::{any::TypeId, future::Future, panic::AssertUnwindSafe, sync::Arc, time::Duration};

use bytes::Bytes;
use futures_util::{
    FutureExt,
    future::{self, BoxFuture},
};
use serde::Serialize;

use super::{
    TopicKey,
    flights::{FlightKey, Flights, random},
};
use crate::{
    error::{Failure, ProcedureError},
    protocol::panicked,
};

/// The JSON of a healing event.
pub(super) type Healed = BoxFuture<'static, Result<Bytes, Failure>>;

pub(super) trait Healing: Send + Sync + 'static {
    /// Whether the subscription also begins with it.
    const AT_START: bool;

    /// The healing event for a subscription that begins.
    fn heal(&self) -> Healed;

    /// The healing event for a subscription in whose middle something is missing, as it may be in many others at the
    /// same moment.
    fn heal_with_others(&self) -> Healed {
        self.heal()
    }
}

/// Says that something is missing.
pub(super) struct Gap<T>(pub(super) fn() -> T);

impl<T: Serialize + 'static> Healing for Gap<T> {
    const AT_START: bool = false;

    fn heal(&self) -> Healed {
        let json = serde_json::to_vec(&(self.0)()).map(Bytes::from).map_err(Failure::unexpected);
        future::ready(json).boxed()
    }
}

/// Sends the whole state anew.
pub(super) struct Snapshot {
    load: Arc<dyn Fn() -> Healed + Send + Sync>,
    /// Longest wait before it is loaded after a gap.
    spread: Duration,
    /// Where it is loaded once for all who wait, if it may be shared.
    shared: Option<(Arc<Flights>, FlightKey)>,
}

impl Snapshot {
    pub(super) fn new<T, E, Fut>(spread: Duration, load: impl Fn() -> Fut + Send + Sync + 'static) -> Self
    where
        T: Serialize,
        E: ProcedureError,
        Fut: Future<Output = Result<T, E>> + Send + 'static,
    {
        let load = move || {
            let loading = load();
            let json = async move {
                let state = loading.await.map_err(E::into_failure)?;
                serde_json::to_vec(&state).map(Bytes::from).map_err(Failure::unexpected)
            };
            json.boxed()
        };
        Self { load: Arc::new(load), spread, shared: None }
    }

    /// As [`new`](Self::new), and it is the same for every subscription to `key` with this `load`.
    pub(super) fn shared<T, E, Fut, F>(flights: &Arc<Flights>, key: TopicKey, spread: Duration, load: F) -> Self
    where
        T: Serialize,
        E: ProcedureError,
        Fut: Future<Output = Result<T, E>> + Send + 'static,
        F: Fn() -> Fut + Send + Sync + 'static,
    {
        let shared = Some((Arc::clone(flights), (key, TypeId::of::<F>())));
        Self { shared, ..Self::new(spread, load) }
    }
}

impl Healing for Snapshot {
    const AT_START: bool = true;

    fn heal(&self) -> Healed {
        (self.load)()
    }

    fn heal_with_others(&self) -> Healed {
        let (load, wait) = (Arc::clone(&self.load), random(self.spread));
        // Nothing is read before the wait is over: others may have joined until then, each with its position.
        match &self.shared {
            None => async move {
                tokio::time::sleep(wait).await;
                load().await
            }
            .boxed(),
            Some((flights, key)) => flights.join(key, wait, async move {
                // Who waits must hear of a panic too, and not only who happens to drive the flight.
                let loaded = AssertUnwindSafe(async { load().await }).catch_unwind().await;
                loaded.unwrap_or_else(|panic| Err(panicked(&panic)))
            }),
        }
    }
}
