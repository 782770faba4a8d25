//! Topics: named streams of one payload type that prove their own continuity.
//!
//! Every event carries the id of the one before it, so a subscriber knows at once that something is missing.
//! It then asks the backlog; what the backlog no longer has is announced as a gap, or healed with a snapshot.
//! Nothing is lost silently, nothing arrives twice, and the order is that of publishing.
//!
//! A [`Broker`] carries the events: [`MemoryBroker`] within one process, others between processes.

mod attendance;
mod backlog;
mod broker;
mod flights;
mod healing;
mod join;
mod key;
mod memory;
mod once;
mod outbox;
mod payload;
mod presence;
mod push;
mod retention;

pub use backlog::{Backlog, Unchained};
pub use broker::{Broker, BrokerError, BrokerLimits, Delivery, Feed, Replay};
pub use key::{InvalidTopicKey, TopicKey};
pub use memory::{MemoryBroker, MemoryLimits};
pub use outbox::{Message, Outbox};
pub use payload::{TopicPayload, TopicScope};
pub use presence::{EncodedMember, Member, Presence, PresenceEvent, Stay};
pub use push::Push;
pub use retention::Retention;

use std::{fmt, future::Future, marker::PhantomData, sync::Arc, time::Duration};

use bytes::Bytes;
use serde::Serialize;

use self::{
    flights::Flights,
    healing::{Gap, Snapshot},
};
use crate::{
    context::{Context, FromContext, FromState},
    error::{Failure, ProcedureError},
    event_id::EventId,
    subscription::Subscription,
};

/// Where an application publishes and subscribes: a handle to its [`Broker`], cheap to clone.
#[derive(Clone)]
pub struct Topics {
    broker: Arc<dyn Broker>,
    flights: Arc<Flights>,
    snapshot_spread: Duration,
}

/// Short enough for a person who waits, and long enough for a database which many ask.
const SNAPSHOT_SPREAD: Duration = Duration::from_secs(2);

impl Topics {
    /// Topics carried by `broker`.
    #[must_use]
    pub fn new(broker: impl Broker) -> Self {
        Self { broker: Arc::new(broker), flights: Arc::default(), snapshot_spread: SNAPSHOT_SPREAD }
    }

    /// Topics within this process, with the default [`MemoryLimits`].
    #[must_use]
    pub fn in_process() -> Self {
        Self::new(MemoryBroker::default())
    }

    /// Spreads the snapshots that are loaded after gaps over `longest`, at random; 2 s by default.
    ///
    /// A broker that loses its events gives every subscription a gap at the same moment.
    /// The snapshot with which a subscription begins does not wait.
    #[must_use]
    pub fn spread_snapshots(self, longest: Duration) -> Self {
        Self { snapshot_spread: longest, ..self }
    }

    /// The topic at `key`.
    ///
    /// Procedures take a [`Topic`] as an argument instead, whose key comes from the caller's own scope.
    #[must_use]
    pub fn topic<T>(&self, key: TopicKey) -> Topic<T> {
        Topic { topics: self.clone(), key, cursor: None, payload: PhantomData }
    }

    /// Whether events published now would arrive, as far as the broker can tell: for the readiness of a server.
    ///
    /// # Errors
    ///
    /// [`BrokerError::Unavailable`] if what was published lately did not arrive.
    pub fn check(&self) -> Result<(), BrokerError> {
        self.broker.check()
    }

    /// What the broker accepts, and how long it remembers.
    #[must_use]
    pub fn limits(&self) -> BrokerLimits {
        self.broker.limits()
    }

    pub(crate) fn broker(&self) -> &dyn Broker {
        self.broker.as_ref()
    }
}

impl fmt::Debug for Topics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Topics").finish_non_exhaustive()
    }
}

/// A stream of events of the type `T`, bound to the caller's scope.
///
/// As an argument of a procedure it is extracted: the scope, for example the caller's tenant, comes from the session
/// and never from the input.
///
/// ```
/// use futures_util::StreamExt;
/// use serde::{Deserialize, Serialize};
/// use tintype::{Topics, Topic, TopicKey, Type, specta};
///
/// #[derive(Serialize, Deserialize, Type)]
/// struct Tick(u32);
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let topics = Topics::in_process();
/// let ticks: Topic<Tick> = topics.topic(TopicKey::new("clock", &["ticks"])?);
///
/// let mut seen = Box::pin(ticks.subscribe_or(|| async { Ok::<_, tintype::Never>(Tick(0)) }).into_values());
/// assert_eq!(seen.next().await.unwrap()?.0, 0);
/// ticks.publish(&Tick(7)).await?;
/// assert_eq!(seen.next().await.unwrap()?.0, 7);
/// # Ok(())
/// # }
/// ```
pub struct Topic<T> {
    topics: Topics,
    key: TopicKey,
    cursor: Option<EventId>,
    payload: PhantomData<fn() -> T>,
}

impl<T: Serialize + Send + 'static> Topic<T> {
    /// Publishes one event and returns its id, which is the cursor after it.
    ///
    /// # Errors
    ///
    /// [`BrokerError`] when the event is too large or the broker cannot be reached.
    pub async fn publish(&self, event: &T) -> Result<EventId, BrokerError> {
        self.publish_bytes(event, None).await
    }

    /// Publishes one event unless an event with the same `idempotency_key` was published within
    /// [`BrokerLimits::idempotency`]; then it returns the id of that one.
    ///
    /// # Errors
    ///
    /// As [`Topic::publish`].
    pub async fn publish_once(&self, event: &T, idempotency_key: &str) -> Result<EventId, BrokerError> {
        self.publish_bytes(event, Some(idempotency_key)).await
    }

    async fn publish_bytes(&self, event: &T, idempotency_key: Option<&str>) -> Result<EventId, BrokerError> {
        let payload = Self::encode(event)?;
        self.topics.broker().publish(&self.key, payload, idempotency_key).await
    }

    fn encode(event: &T) -> Result<Bytes, BrokerError> {
        serde_json::to_vec(event).map(Bytes::from).map_err(BrokerError::Encode)
    }

    /// Subscribes from the client's cursor on, or from now on if it has none.
    ///
    /// Where continuity cannot be proven, the stream has `gap()` as an event.
    #[must_use]
    pub fn subscribe_with_gap(&self, gap: fn() -> T) -> Subscription<T> {
        join::events(self.topics.clone(), self.key.clone(), self.cursor.clone(), Gap(gap))
    }

    /// Subscribes with a snapshot: the stream begins with what `snapshot` loads, and heals a gap with it.
    ///
    /// The position in the stream is taken before the snapshot is loaded, so nothing falls between the two; an event
    /// may be in the snapshot and follow it as well.
    ///
    /// Each subscription loads its own, after a gap at a random moment within [`Topics::spread_snapshots`].
    #[must_use]
    pub fn subscribe_or<E, Fut>(&self, snapshot: impl Fn() -> Fut + Send + Sync + 'static) -> Subscription<T>
    where
        E: ProcedureError,
        Fut: Future<Output = Result<T, E>> + Send + 'static,
    {
        let snapshot = Snapshot::new(self.topics.snapshot_spread, snapshot);
        join::events(self.topics.clone(), self.key.clone(), self.cursor.clone(), snapshot)
    }

    /// Subscribes with a snapshot as [`subscribe_or`](Self::subscribe_or) does, and shares the snapshots after gaps.
    ///
    /// Whatever one of the subscriptions to this topic loads is sent to all that wait for it in this process:
    /// `snapshot` must depend on the topic alone, and not on who subscribes.
    /// Only what the same place in the code loads is shared.
    #[must_use]
    pub fn subscribe_or_shared<E, Fut>(&self, snapshot: impl Fn() -> Fut + Send + Sync + 'static) -> Subscription<T>
    where
        E: ProcedureError,
        Fut: Future<Output = Result<T, E>> + Send + 'static,
    {
        let Topics { flights, snapshot_spread, .. } = &self.topics;
        let snapshot = Snapshot::shared(flights, self.key.clone(), *snapshot_spread, snapshot);
        join::events(self.topics.clone(), self.key.clone(), self.cursor.clone(), snapshot)
    }

    /// Starts after `cursor` instead of where the client is.
    #[must_use]
    pub fn resume_after(mut self, cursor: Option<EventId>) -> Self {
        self.cursor = cursor;
        self
    }

    /// The key of this topic.
    #[must_use]
    pub fn key(&self) -> &TopicKey {
        &self.key
    }
}

impl<T> Topic<T> {
    /// Subscribes from the client's cursor on, or from now on if it has none.
    ///
    /// Where continuity cannot be proven, the stream has [`TopicPayload::gap`] as an event.
    #[must_use]
    pub fn subscribe<S>(&self) -> Subscription<T>
    where
        T: TopicPayload<S>,
    {
        self.subscribe_with_gap(T::gap)
    }
}

impl<S, T> FromContext<S> for Topic<T>
where
    S: Sync + Send,
    T: TopicPayload<S>,
    Topics: FromState<S>,
{
    async fn from_context(cx: &Context<S>) -> Result<Self, Failure> {
        let scope = T::Scope::from_context(cx).await?;
        let key = TopicKey::new(&scope.topic_scope(), &[T::TOPIC]).map_err(Failure::unexpected)?;
        Ok(Topics::from_state(cx.state()).topic(key.keeping(T::RETENTION)).resume_after(cx.last_event_id().cloned()))
    }
}

impl<T> Clone for Topic<T> {
    fn clone(&self) -> Self {
        Self { topics: self.topics.clone(), key: self.key.clone(), cursor: self.cursor.clone(), payload: PhantomData }
    }
}

impl<T> fmt::Debug for Topic<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Topic").field("key", &self.key).field("cursor", &self.cursor).finish_non_exhaustive()
    }
}
