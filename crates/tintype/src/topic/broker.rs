use std::{fmt, sync::Arc, time::Duration};

use bytes::Bytes;
use futures_util::{
    FutureExt,
    future::{self, BoxFuture},
    stream::BoxStream,
};

use super::{EncodedMember, Push, Stay, TopicKey};
use crate::event_id::EventId;

/// Carries events from publishers to subscribers, and keeps a backlog of them.
///
/// An implementation gives every event of a topic an id and the id of its predecessor; everything that proves
/// continuity to a subscriber follows from that chain and is common to all brokers.
pub trait Broker: Send + Sync + 'static {
    /// Appends an event and returns its id.
    ///
    /// With an `idempotency_key` that was used within [`BrokerLimits::idempotency`] it appends nothing and returns the
    /// id of the event of that time.
    fn publish<'a>(
        &'a self,
        key: &'a TopicKey,
        payload: Bytes,
        idempotency_key: Option<&'a str>,
    ) -> BoxFuture<'a, Result<EventId, BrokerError>>;

    /// Starts to listen: the feed has every event after its position.
    fn subscribe<'a>(&'a self, key: &'a TopicKey) -> BoxFuture<'a, Result<Feed, BrokerError>>;

    /// Everything that was published after the event `after`, if the backlog proves that nothing is missing.
    ///
    /// `after` comes from clients: an id that is malformed or of another topic is a gap.
    fn resume<'a>(&'a self, key: &'a TopicKey, after: &'a EventId) -> BoxFuture<'a, Result<Replay, BrokerError>>;

    /// Lets a member in at a topic, until the [`Stay`] is dropped or this process has been gone for a time.
    ///
    /// The first stay of a member publishes [`EncodedMember::joined`], and the end of its last one
    /// [`EncodedMember::left`].
    fn enter<'a>(&'a self, key: &'a TopicKey, member: EncodedMember) -> BoxFuture<'a, Result<Stay, BrokerError>> {
        let _ = (key, member);
        future::ready(Err(BrokerError::Unsupported { what: "know who is present" })).boxed()
    }

    /// The JSON of every member that is at a topic.
    fn members<'a>(&'a self, key: &'a TopicKey) -> BoxFuture<'a, Result<Vec<Bytes>, BrokerError>> {
        let _ = key;
        future::ready(Err(BrokerError::Unsupported { what: "know who is present" })).boxed()
    }

    /// Sees to it that the end of stays is published whose process is gone, until the [`Stay`] is dropped.
    ///
    /// A broker of one process has nothing to see to.
    fn watch(&self, key: &TopicKey) -> Stay {
        let _ = key;
        Stay::without_end()
    }

    /// What it accepts, and how long it remembers.
    fn limits(&self) -> BrokerLimits;

    /// Whether events published now would arrive: fails if what was published lately did not.
    ///
    /// For the readiness of a server; without a connection there is nothing that can fail.
    fn check(&self) -> Result<(), BrokerError> {
        Ok(())
    }
}

impl<B: Broker + ?Sized> Broker for Arc<B> {
    fn publish<'a>(
        &'a self,
        key: &'a TopicKey,
        payload: Bytes,
        idempotency_key: Option<&'a str>,
    ) -> BoxFuture<'a, Result<EventId, BrokerError>> {
        self.as_ref().publish(key, payload, idempotency_key)
    }

    fn subscribe<'a>(&'a self, key: &'a TopicKey) -> BoxFuture<'a, Result<Feed, BrokerError>> {
        self.as_ref().subscribe(key)
    }

    fn resume<'a>(&'a self, key: &'a TopicKey, after: &'a EventId) -> BoxFuture<'a, Result<Replay, BrokerError>> {
        self.as_ref().resume(key, after)
    }

    fn enter<'a>(&'a self, key: &'a TopicKey, member: EncodedMember) -> BoxFuture<'a, Result<Stay, BrokerError>> {
        self.as_ref().enter(key, member)
    }

    fn members<'a>(&'a self, key: &'a TopicKey) -> BoxFuture<'a, Result<Vec<Bytes>, BrokerError>> {
        self.as_ref().members(key)
    }

    fn watch(&self, key: &TopicKey) -> Stay {
        self.as_ref().watch(key)
    }

    fn limits(&self) -> BrokerLimits {
        self.as_ref().limits()
    }

    fn check(&self) -> Result<(), BrokerError> {
        self.as_ref().check()
    }
}

/// What a broker accepts, and how long it remembers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BrokerLimits {
    /// Largest event, in bytes of JSON.
    pub event_bytes: usize,
    /// How long an idempotency key is remembered: until then it publishes once.
    pub idempotency: Duration,
}

impl BrokerLimits {
    /// Whether an event is small enough.
    ///
    /// # Errors
    ///
    /// [`BrokerError::TooLarge`] if it is not.
    pub fn check(&self, key: &TopicKey, payload: &[u8]) -> Result<(), BrokerError> {
        let (size_bytes, limit_bytes) = (payload.len(), self.event_bytes);
        if size_bytes > limit_bytes {
            return Err(BrokerError::TooLarge { key: key.clone(), size_bytes, limit_bytes });
        }
        Ok(())
    }
}

/// A live topic.
pub struct Feed {
    /// The id of the last event before the feed.
    pub position: EventId,
    /// What happens from then on.
    pub deliveries: BoxStream<'static, Delivery>,
}

impl fmt::Debug for Feed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Feed").field("position", &self.position).finish_non_exhaustive()
    }
}

/// What a feed brings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Delivery {
    /// An event.
    Push(Arc<Push>),
    /// Events were missed, because the subscriber was too slow: the backlog may still have them.
    Interrupted,
    /// Events may have been missed, and no backlog can tell.
    Gap {
        /// The id of the last event before the next one.
        position: EventId,
    },
}

/// What the backlog has after a cursor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Replay {
    /// These events, oldest first, and no others.
    Continuous(Vec<Arc<Push>>),
    /// The cursor is not in the backlog: what came after it cannot be told.
    Gap {
        /// The id of the last event.
        position: EventId,
    },
}

/// Why a broker could not do its work.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BrokerError {
    /// The event is larger than the broker takes.
    #[error("an event of {size_bytes} bytes is too large for topic {key}: the limit is {limit_bytes} bytes")]
    TooLarge {
        /// The topic.
        key: TopicKey,
        /// Size of the event's JSON.
        size_bytes: usize,
        /// Largest size accepted.
        limit_bytes: usize,
    },
    /// The event cannot be written as JSON.
    #[error("the event cannot be written as JSON")]
    Encode(#[source] serde_json::Error),
    /// What others have stored at the topic is not of the type that is asked for.
    #[error("what is stored at the topic is not of the type that is asked for")]
    Decode(#[source] serde_json::Error),
    /// The broker cannot do it at all.
    #[error("this broker does not {what}: use one that does")]
    Unsupported {
        /// What it does not do.
        what: &'static str,
    },
    /// The broker is away.
    #[error("the broker cannot be reached")]
    Unavailable(#[source] crate::error::BoxError),
}
