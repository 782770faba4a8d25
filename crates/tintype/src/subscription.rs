use std::{
    fmt,
    marker::PhantomData,
    pin::Pin,
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
///
/// Empty JSON is no event: it tells the client its position, before the first event.
#[doc(hidden)]
#[derive(Debug, Clone)]
pub struct EncodedEvent {
    pub(crate) id: Option<EventId>,
    pub(crate) json: Bytes,
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
        self.events.without_positions().map(|event| {
            let event = event?;
            let id = event.id.expect("every event of a tracked subscription has an id");
            Ok(Event { id, data: serde_json::from_slice(&event.json).map_err(Failure::unexpected)? })
        })
    }
}

impl<T: DeserializeOwned, Ids> Subscription<T, Ids> {
    /// The typed values without their ids, for a caller in the same process.
    pub fn into_values(self) -> impl Stream<Item = Result<T, Failure>> + Send {
        self.events.without_positions().map(|event| serde_json::from_slice(&event?.json).map_err(Failure::unexpected))
    }
}

impl<T, Ids> fmt::Debug for Subscription<T, Ids> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Subscription").finish_non_exhaustive()
    }
}

impl ErasedEvents {
    fn without_positions(self) -> impl Stream<Item = Result<EncodedEvent, Failure>> + Send {
        self.filter(|event| {
            let is_event = event.as_ref().map_or(true, |event| !event.json.is_empty());
            std::future::ready(is_event)
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
    Ok(EncodedEvent { id, json: json.into() })
}
