use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use bytes::Bytes;
use futures_util::{
    FutureExt,
    future::{self, BoxFuture},
};

use uuid::Uuid;

use super::{
    Backlog, Broker, BrokerError, BrokerLimits, EncodedMember, Feed, Push, Replay, Retention, Stay, TopicKey,
    attendance::Attendance, once::Published,
};
use crate::event_id::EventId;

/// Topics within one process: a [`Backlog`] per topic.
///
/// Ids are `<start of the broker>-<number>`, so a cursor from before a restart, or of another broker, is recognised and
/// answered with a gap.
#[derive(Debug)]
pub struct MemoryBroker {
    limits: MemoryLimits,
    ids: Arc<Ids>,
    // Short sections without an `.await`, as is every lock in here.
    topics: Mutex<Table>,
}

#[derive(Debug)]
struct Ids {
    /// When the broker began, in milliseconds, and a random number: several may begin at the same moment.
    started: String,
    /// Number of the last id; counted over all topics, so that a topic that was forgotten does not repeat ids.
    numbered: AtomicU64,
}

impl Ids {
    fn next(&self) -> EventId {
        let number = self.numbered.fetch_add(1, Ordering::Relaxed) + 1;
        EventId::new(format!("{}-{number}", self.started)).expect("digits, letters and dashes are a valid id")
    }
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
    topics: HashMap<TopicKey, Arc<Mutex<Channel>>>,
    swept: Instant,
}

#[derive(Debug)]
struct Channel {
    backlog: Backlog,
    published: Published,
    attendance: Attendance,
    touched: Instant,
}

impl Channel {
    fn append(&mut self, ids: &Ids, payload: &[u8]) -> EventId {
        self.touched = Instant::now();
        let id = ids.next();
        let push = Push::new(id.clone(), self.backlog.position(), payload);
        self.backlog.append(push).expect("nobody else appends while the channel is locked");
        id
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
        let (_, random) = Uuid::new_v4().as_u64_pair();
        let table = Table { topics: HashMap::new(), swept: Instant::now() };
        let ids = Arc::new(Ids { started: format!("{started_ms}{:08x}", random as u32), numbered: AtomicU64::new(0) });
        Self { limits, ids, topics: Mutex::new(table) }
    }

    fn channel(&self, key: &TopicKey) -> Arc<Mutex<Channel>> {
        let mut table = locked(&self.topics);
        self.sweep(&mut table);
        if let Some(channel) = table.topics.get(key) {
            return Arc::clone(channel);
        }
        let Retention { events, age } = key.retention();
        // A number of its own, so that no other topic's cursor is mistaken for it.
        let backlog = Backlog::new(self.ids.next(), events.unwrap_or(self.limits.backlog_events));
        let channel = Arc::new(Mutex::new(Channel {
            backlog: age.into_iter().fold(backlog, Backlog::keeping_for),
            published: Published::new(self.limits.idempotency),
            attendance: Attendance::default(),
            touched: Instant::now(),
        }));
        table.topics.insert(key.clone(), Arc::clone(&channel));
        channel
    }

    /// Forgets idle topics; at most one pass over the table per idle period.
    fn sweep(&self, table: &mut Table) {
        if table.swept.elapsed() < self.limits.idle {
            return;
        }
        table.swept = Instant::now();
        table.topics.retain(|_, channel| {
            if Arc::strong_count(channel) > 1 {
                // Somebody works on it; its lock must not be waited for under the lock of the table.
                return true;
            }
            let channel = locked(channel);
            channel.backlog.readers() > 0 || channel.touched.elapsed() < self.limits.idle
        });
    }

    fn append(&self, key: &TopicKey, payload: &[u8], idempotency_key: Option<&str>) -> Result<EventId, BrokerError> {
        self.limits().check(key, payload)?;
        let channel = self.channel(key);
        let mut channel = locked(&channel);
        channel.touched = Instant::now();
        if let Some(id) = idempotency_key.and_then(|key| channel.published.find(key)) {
            return Ok(id);
        }
        let id = channel.append(&self.ids, payload);
        if let Some(idempotency_key) = idempotency_key {
            channel.published.insert(idempotency_key, id.clone());
        }
        Ok(id)
    }

    fn let_in(&self, key: &TopicKey, member: EncodedMember) -> Result<Stay, BrokerError> {
        self.limits().check(key, &member.joined())?;
        let (channel, ids, id) = (self.channel(key), Arc::clone(&self.ids), Arc::clone(member.id()));
        {
            let mut channel = locked(&channel);
            if let Some(joined) = channel.attendance.enter(member) {
                channel.append(&ids, &joined);
            }
        }
        // The stay holds the channel, so the topic is not forgotten.
        Ok(Stay::new(move || {
            let mut channel = locked(&channel);
            if let Some(left) = channel.attendance.leave(&id) {
                channel.append(&ids, &left);
            }
        }))
    }

    fn replay(&self, key: &TopicKey, after: &EventId) -> Replay {
        let channel = self.channel(key);
        let channel = locked(&channel);
        match channel.backlog.after(after) {
            Some(pushes) => Replay::Continuous(pushes),
            None => Replay::Gap { position: channel.backlog.position() },
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
        future::ready(self.append(key, &payload, idempotency_key)).boxed()
    }

    fn subscribe<'a>(&'a self, key: &'a TopicKey) -> BoxFuture<'a, Result<Feed, BrokerError>> {
        future::ready(Ok(locked(&self.channel(key)).backlog.feed())).boxed()
    }

    fn resume<'a>(&'a self, key: &'a TopicKey, after: &'a EventId) -> BoxFuture<'a, Result<Replay, BrokerError>> {
        future::ready(Ok(self.replay(key, after))).boxed()
    }

    fn enter<'a>(&'a self, key: &'a TopicKey, member: EncodedMember) -> BoxFuture<'a, Result<Stay, BrokerError>> {
        future::ready(self.let_in(key, member)).boxed()
    }

    fn members<'a>(&'a self, key: &'a TopicKey) -> BoxFuture<'a, Result<Vec<Bytes>, BrokerError>> {
        future::ready(Ok(locked(&self.channel(key)).attendance.members())).boxed()
    }

    fn limits(&self) -> BrokerLimits {
        BrokerLimits { event_bytes: self.limits.event_bytes, idempotency: self.limits.idempotency }
    }
}

/// A panic while one of these locks is held leaves the value whole: nothing under them panics half-way.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
