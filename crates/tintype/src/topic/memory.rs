use std::{
    collections::{HashMap, VecDeque},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use bytes::Bytes;
use futures_util::{
    FutureExt, StreamExt,
    future::{self, BoxFuture},
    stream,
};
use tokio::sync::broadcast::{self, error::RecvError};

use super::{Broker, BrokerError, Delivery, Feed, Push, Replay, TopicKey};
use crate::event_id::EventId;

/// Topics within one process: a ring of recent events per topic.
///
/// Ids are `<start of the process in milliseconds>-<number>`, so a cursor from before a restart is recognised and
/// answered with a gap.
#[derive(Debug)]
pub struct MemoryBroker {
    limits: MemoryLimits,
    started_ms: u128,
    // Short sections without an `.await`, as is every lock in here.
    topics: Mutex<Table>,
    /// Number of the last id; counted over all topics, so that a topic that was forgotten does not repeat ids.
    numbered: AtomicU64,
}

/// How much a [`MemoryBroker`] keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MemoryLimits {
    /// Events kept per topic for replay; 256 by default, at least 1.
    pub backlog_events: usize,
    /// Largest event, in bytes of JSON; 64 KiB by default.
    pub event_bytes: usize,
    /// How long a topic without subscribers and without events is kept; an hour by default.
    pub idle: Duration,
    /// How long an idempotency key is remembered; ten minutes by default.
    pub idempotency: Duration,
}

impl Default for MemoryLimits {
    fn default() -> Self {
        Self {
            backlog_events: 256,
            event_bytes: 64 * 1024,
            idle: Duration::from_secs(60 * 60),
            idempotency: Duration::from_secs(10 * 60),
        }
    }
}

#[derive(Debug)]
struct Table {
    topics: HashMap<TopicKey, Arc<Mutex<Ring>>>,
    swept: Instant,
}

#[derive(Debug)]
struct Ring {
    /// The id before the oldest event in `events`: a cursor here can still be resumed.
    base: EventId,
    events: VecDeque<Push>,
    published: HashMap<String, (EventId, Instant)>,
    live: broadcast::Sender<Push>,
    touched: Instant,
}

impl Ring {
    fn position(&self) -> &EventId {
        self.events.back().map_or(&self.base, |push| &push.id)
    }
}

impl Default for MemoryBroker {
    fn default() -> Self {
        Self::new(MemoryLimits::default())
    }
}

impl MemoryBroker {
    /// A broker without topics; each comes into being when it is first used.
    #[must_use]
    pub fn new(limits: MemoryLimits) -> Self {
        let started_ms = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |elapsed| elapsed.as_millis());
        let table = Table { topics: HashMap::new(), swept: Instant::now() };
        Self { limits, started_ms, topics: Mutex::new(table), numbered: AtomicU64::new(0) }
    }

    fn id(&self, number: u64) -> EventId {
        EventId::new(format!("{}-{number}", self.started_ms)).expect("digits and a dash are a valid id")
    }

    fn number(&self) -> u64 {
        self.numbered.fetch_add(1, Ordering::Relaxed) + 1
    }

    fn ring(&self, key: &TopicKey) -> Arc<Mutex<Ring>> {
        let mut table = locked(&self.topics);
        self.sweep(&mut table);
        if let Some(ring) = table.topics.get(key) {
            return Arc::clone(ring);
        }
        let ring = Arc::new(Mutex::new(Ring {
            // A number of its own, so that no other topic's cursor is mistaken for it.
            base: self.id(self.number()),
            events: VecDeque::new(),
            published: HashMap::new(),
            live: broadcast::Sender::new(self.limits.backlog_events.max(1)),
            touched: Instant::now(),
        }));
        table.topics.insert(key.clone(), Arc::clone(&ring));
        ring
    }

    /// Forgets idle topics; at most one pass over the table per idle period.
    fn sweep(&self, table: &mut Table) {
        if table.swept.elapsed() < self.limits.idle {
            return;
        }
        table.swept = Instant::now();
        table.topics.retain(|_, ring| {
            if Arc::strong_count(ring) > 1 {
                // Somebody works on it; its lock must not be waited for under the lock of the table.
                return true;
            }
            let ring = locked(ring);
            ring.live.receiver_count() > 0 || ring.touched.elapsed() < self.limits.idle
        });
    }

    fn append(&self, key: &TopicKey, payload: Bytes, idempotency_key: Option<&str>) -> Result<EventId, BrokerError> {
        if payload.len() > self.limits.event_bytes {
            return Err(BrokerError::TooLarge {
                key: key.clone(),
                size_bytes: payload.len(),
                limit_bytes: self.limits.event_bytes,
            });
        }
        let ring = self.ring(key);
        let mut ring = locked(&ring);
        ring.touched = Instant::now();
        if let Some(idempotency_key) = idempotency_key {
            let remembered = self.limits.idempotency;
            ring.published.retain(|_, (_, at)| at.elapsed() < remembered);
            if let Some((id, _)) = ring.published.get(idempotency_key) {
                return Ok(id.clone());
            }
        }
        let id = self.id(self.number());
        let push = Push { id: id.clone(), previous: ring.position().clone(), payload };
        ring.events.push_back(push.clone());
        while ring.events.len() > self.limits.backlog_events.max(1) {
            if let Some(oldest) = ring.events.pop_front() {
                ring.base = oldest.id;
            }
        }
        if let Some(idempotency_key) = idempotency_key {
            ring.published.insert(idempotency_key.to_owned(), (id.clone(), Instant::now()));
        }
        // Without a subscriber there is nobody to tell; the backlog has the event.
        let _ = ring.live.send(push);
        Ok(id)
    }

    fn listen(&self, key: &TopicKey) -> Feed {
        let ring = self.ring(key);
        let ring = locked(&ring);
        let receiver = ring.live.subscribe();
        let deliveries = stream::unfold(receiver, |mut receiver| async move {
            match receiver.recv().await {
                Ok(push) => Some((Delivery::Push(push), receiver)),
                Err(RecvError::Lagged(_)) => Some((Delivery::Interrupted, receiver)),
                Err(RecvError::Closed) => None,
            }
        });
        Feed { position: ring.position().clone(), deliveries: deliveries.boxed() }
    }

    fn replay(&self, key: &TopicKey, after: &EventId) -> Replay {
        let ring = self.ring(key);
        let ring = locked(&ring);
        let skipped = if *after == ring.base {
            Some(0)
        } else {
            ring.events.iter().position(|push| push.id == *after).map(|index| index + 1)
        };
        match skipped {
            Some(skipped) => Replay::Continuous(ring.events.iter().skip(skipped).cloned().collect()),
            None => Replay::Gap { position: ring.position().clone() },
        }
    }
}

impl Broker for MemoryBroker {
    fn publish<'a>(
        &'a self,
        key: &'a TopicKey,
        payload: Bytes,
        idempotency_key: Option<&'a str>,
    ) -> BoxFuture<'a, Result<EventId, BrokerError>> {
        future::ready(self.append(key, payload, idempotency_key)).boxed()
    }

    fn subscribe<'a>(&'a self, key: &'a TopicKey) -> BoxFuture<'a, Result<Feed, BrokerError>> {
        future::ready(Ok(self.listen(key))).boxed()
    }

    fn resume<'a>(&'a self, key: &'a TopicKey, after: &'a EventId) -> BoxFuture<'a, Result<Replay, BrokerError>> {
        future::ready(Ok(self.replay(key, after))).boxed()
    }
}

/// A panic while one of these locks is held leaves the value whole: nothing under them panics half-way.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
