use std::{
    fmt,
    marker::PhantomData,
    pin::Pin,
    sync::Arc,
    task::{Context as TaskContext, Poll},
};

use bytes::Bytes;
use futures_core::Stream;
use futures_util::{StreamExt, stream::BoxStream};
use serde::{Serialize, de::DeserializeOwned};

use crate::{
    error::{Failure, ProcedureError},
    event_id::EventId,
    procedure::IdPolicy,
    topic::Push,
};

/// The stream of events that a subscription returns.
///
/// Its events are encoded once, when they are made; a topic's events are passed on as they were published.
/// With [`Tracked`] ids, the default, clients receive `{ id, data }` and resume after the last id they have.
///
/// ```
/// use futures_util::stream;
/// use tintype::{Subscription, Untracked};
///
/// let countdown: Subscription<u32, Untracked> = Subscription::untracked(stream::iter([3, 2, 1]));
/// ```
pub struct Subscription<T, Ids = Tracked> {
    events: ErasedEvents,
    types: PhantomData<fn() -> (T, Ids)>,
}

/// Every event of the subscription has an id.
#[derive(Debug, Clone, Copy)]
pub enum Tracked {}

/// No event of the subscription has an id: after a reconnect the stream starts anew.
#[derive(Debug, Clone, Copy)]
pub enum Untracked {}

/// Some events of the subscription have an id.
#[derive(Debug, Clone, Copy)]
pub enum Mixed {}

/// Says whether events carry ids: [`Tracked`], [`Untracked`] or [`Mixed`].
#[doc(hidden)]
pub trait EventIds: 'static {
    const POLICY: IdPolicy;

    /// An event as who subscribed sees it.
    type Event<T>;

    /// The event, or `None` if it lacks the id that it must have.
    fn event<T>(id: Option<EventId>, data: T) -> Option<Self::Event<T>>;
}

impl EventIds for Tracked {
    const POLICY: IdPolicy = IdPolicy::Tracked;

    type Event<T> = Event<T>;

    fn event<T>(id: Option<EventId>, data: T) -> Option<Event<T>> {
        Some(Event { id: id?, data })
    }
}

impl EventIds for Untracked {
    const POLICY: IdPolicy = IdPolicy::Untracked;

    type Event<T> = T;

    fn event<T>(_: Option<EventId>, data: T) -> Option<T> {
        Some(data)
    }
}

impl EventIds for Mixed {
    const POLICY: IdPolicy = IdPolicy::Mixed;

    type Event<T> = (Option<EventId>, T);

    fn event<T>(id: Option<EventId>, data: T) -> Option<(Option<EventId>, T)> {
        Some((id, data))
    }
}

/// One event with its id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event<T> {
    /// The cursor from which the subscription resumes after this event.
    pub id: EventId,
    /// What happened.
    pub data: T,
}

/// An event as it goes to the client: JSON, and an id if it has one.
#[doc(hidden)]
#[derive(Debug, Clone)]
pub struct EncodedEvent(Encoding);

#[derive(Debug, Clone)]
enum Encoding {
    Own {
        id: Option<EventId>,
        json: Bytes,
    },
    /// It tells the client its position, before the first event.
    Position(EventId),
    /// An event of a topic, whose bytes all its subscribers share.
    Shared(Arc<Push>),
}

impl EncodedEvent {
    pub(crate) fn new(id: Option<EventId>, json: impl Into<Bytes>) -> Self {
        Self(Encoding::Own { id, json: json.into() })
    }

    pub(crate) fn position(id: EventId) -> Self {
        Self(Encoding::Position(id))
    }

    pub(crate) fn shared(push: Arc<Push>) -> Self {
        Self(Encoding::Shared(push))
    }

    pub(crate) fn id(&self) -> Option<&EventId> {
        match &self.0 {
            Encoding::Own { id, .. } => id.as_ref(),
            Encoding::Position(id) => Some(id),
            Encoding::Shared(push) => Some(push.id()),
        }
    }

    /// The event's JSON; `None` if it is only a position.
    pub(crate) fn json(&self) -> Option<&[u8]> {
        match &self.0 {
            Encoding::Own { json, .. } => Some(json),
            Encoding::Position(_) => None,
            Encoding::Shared(push) => Some(push.payload()),
        }
    }

    /// The event as an event stream has it, if it was encoded for all subscribers of a topic.
    pub(crate) fn shared_frame(&self) -> Option<&Bytes> {
        match &self.0 {
            Encoding::Shared(push) => Some(push.frame()),
            Encoding::Own { .. } | Encoding::Position(_) => None,
        }
    }
}

/// The events of a subscription without their type.
#[doc(hidden)]
pub struct ErasedEvents(BoxStream<'static, Result<EncodedEvent, Failure>>);

impl<T: Serialize + 'static> Subscription<T, Tracked> {
    /// A subscription to events that have ids.
    pub fn tracked(events: impl Stream<Item = Event<T>> + Send + 'static) -> Self {
        Self::from_encoded(events.map(|event| encode(Some(event.id), &event.data)))
    }

    /// A subscription to events that have ids, which ends when one of them fails.
    pub fn try_tracked<E: ProcedureError>(events: impl Stream<Item = Result<Event<T>, E>> + Send + 'static) -> Self {
        Self::from_encoded(events.map(|event| {
            let event = event.map_err(E::into_failure)?;
            encode(Some(event.id), &event.data)
        }))
    }
}

impl<T: Serialize + 'static> Subscription<T, Untracked> {
    /// A subscription to values without ids.
    pub fn untracked(values: impl Stream<Item = T> + Send + 'static) -> Self {
        Self::from_encoded(values.map(|value| encode(None, &value)))
    }

    /// A subscription to values without ids, which ends when one of them fails.
    pub fn try_untracked<E: ProcedureError>(values: impl Stream<Item = Result<T, E>> + Send + 'static) -> Self {
        Self::from_encoded(values.map(|value| encode(None, &value.map_err(E::into_failure)?)))
    }
}

impl<T: Serialize + 'static> Subscription<T, Mixed> {
    /// A subscription some of whose events have ids.
    pub fn mixed(events: impl Stream<Item = (Option<EventId>, T)> + Send + 'static) -> Self {
        Self::from_encoded(events.map(|(id, value)| encode(id, &value)))
    }
}

impl<T, Ids> Subscription<T, Ids> {
    pub(crate) fn from_encoded(events: impl Stream<Item = Result<EncodedEvent, Failure>> + Send + 'static) -> Self {
        Self { events: ErasedEvents(events.boxed()), types: PhantomData }
    }

    pub(crate) fn into_erased(self) -> ErasedEvents {
        self.events
    }
}

impl<T: DeserializeOwned> Subscription<T, Tracked> {
    /// The typed events, for a caller in the same process.
    pub fn into_events(self) -> impl Stream<Item = Result<Event<T>, Failure>> + Send {
        self.events.values().map(|event| {
            let (id, data) = event?;
            let id = id.expect("every event of a tracked subscription has an id");
            Ok(Event { id, data })
        })
    }
}

impl<T: DeserializeOwned, Ids> Subscription<T, Ids> {
    /// The typed values without their ids, for a caller in the same process.
    pub fn into_values(self) -> impl Stream<Item = Result<T, Failure>> + Send {
        self.events.values().map(|event| Ok(event?.1))
    }
}

impl<T, Ids> fmt::Debug for Subscription<T, Ids> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Subscription").finish_non_exhaustive()
    }
}

impl ErasedEvents {
    /// The decoded events, without the positions between them.
    fn values<T: DeserializeOwned>(self) -> impl Stream<Item = Result<(Option<EventId>, T), Failure>> + Send {
        let has_data = |event: &Result<EncodedEvent, Failure>| {
            std::future::ready(event.as_ref().map_or(true, |event| event.json().is_some()))
        };
        self.filter(has_data).map(|event| {
            let event = event?;
            let data = serde_json::from_slice(event.json().unwrap_or_default()).map_err(Failure::unexpected)?;
            Ok((event.id().cloned(), data))
        })
    }
}

impl Stream for ErasedEvents {
    type Item = Result<EncodedEvent, Failure>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut TaskContext<'_>) -> Poll<Option<Self::Item>> {
        self.0.poll_next_unpin(cx)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.0.size_hint()
    }
}

impl fmt::Debug for ErasedEvents {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ErasedEvents").finish_non_exhaustive()
    }
}

fn encode<T: Serialize>(id: Option<EventId>, value: &T) -> Result<EncodedEvent, Failure> {
    let json = serde_json::to_vec(value).map_err(Failure::unexpected)?;
    Ok(EncodedEvent::new(id, json))
}
