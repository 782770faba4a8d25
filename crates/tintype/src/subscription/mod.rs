//! Streams of events, and what can be done with them before they go to a client.

mod debounce;
mod encoded;
mod map;
mod merge;

use std::{fmt, marker::PhantomData};

use futures_core::Stream;
use futures_util::{StreamExt, future, stream};
use serde::{Serialize, de::DeserializeOwned};

pub(crate) use self::encoded::{EncodedEvent, ErasedEvents};
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
///
/// [`map`](Self::map), [`filter`](Self::filter), [`debounce`](Self::debounce) and [`merged`](Self::merged) change
/// what a client sees and keep what is promised to it: a client that comes back gets what it was not shown, and never
/// misses that something is missing.
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

impl<T: Serialize + 'static> Subscription<T, Tracked> {
    /// A subscription to events that have ids.
    pub fn tracked(events: impl Stream<Item = Event<T>> + Send + 'static) -> Self {
        Self::from_encoded(events.map(|event| EncodedEvent::of(Some(event.id), &event.data)))
    }

    /// A subscription to events that have ids, which ends when one of them fails.
    pub fn try_tracked<E: ProcedureError>(events: impl Stream<Item = Result<Event<T>, E>> + Send + 'static) -> Self {
        Self::from_encoded(events.map(|event| {
            let event = event.map_err(E::into_failure)?;
            EncodedEvent::of(Some(event.id), &event.data)
        }))
    }
}

impl<T: Serialize + 'static> Subscription<T, Tracked> {
    /// Tells `event` first, and then goes on.
    ///
    /// Together with [`Topic::resume_after`](crate::Topic::resume_after) it begins with a snapshot of a moment that is
    /// known: the event has the id of that moment, and what came later follows it.
    /// No other combinator leaves it out.
    #[must_use]
    pub fn starting_with(self, event: Event<T>) -> Self {
        let first = serde_json::to_vec(&event.data)
            .map(|json| EncodedEvent::healing(event.id, json))
            .map_err(Failure::unexpected);
        self.replaced(|events| ErasedEvents::new(stream::once(future::ready(first)).chain(events)))
    }
}

impl<T: Serialize + 'static> Subscription<T, Untracked> {
    /// A subscription to values without ids.
    pub fn untracked(values: impl Stream<Item = T> + Send + 'static) -> Self {
        Self::from_encoded(values.map(|value| EncodedEvent::of(None, &value)))
    }

    /// A subscription to values without ids, which ends when one of them fails.
    pub fn try_untracked<E: ProcedureError>(values: impl Stream<Item = Result<T, E>> + Send + 'static) -> Self {
        Self::from_encoded(values.map(|value| EncodedEvent::of(None, &value.map_err(E::into_failure)?)))
    }
}

impl<T: Serialize + 'static> Subscription<T, Mixed> {
    /// A subscription some of whose events have ids.
    pub fn mixed(events: impl Stream<Item = (Option<EventId>, T)> + Send + 'static) -> Self {
        Self::from_encoded(events.map(|(id, value)| EncodedEvent::of(id, &value)))
    }
}

impl<T, Ids> Subscription<T, Ids> {
    pub(crate) fn from_encoded(events: impl Stream<Item = Result<EncodedEvent, Failure>> + Send + 'static) -> Self {
        Self { events: ErasedEvents::new(events), types: PhantomData }
    }

    /// Says that the first event has an id and comes as soon as nothing that follows can be missed.
    pub(crate) fn telling_position(self) -> Self {
        Self { events: self.events.telling_position(true), ..self }
    }

    /// Replaces the events, of which those that tell positions still do.
    fn replaced<U>(self, replace: impl FnOnce(ErasedEvents) -> ErasedEvents) -> Subscription<U, Ids> {
        let tells_position = self.events.tells_position();
        Subscription { events: replace(self.events).telling_position(tells_position), types: PhantomData }
    }

    /// Keeps `kept` as long as the subscription goes on: a [`Stay`](crate::Stay), a permit, or whatever ends when it is
    /// dropped.
    #[must_use]
    pub fn keeping(self, kept: impl Send + 'static) -> Self {
        self.replaced(|events| {
            ErasedEvents::new(events.map(move |event| {
                let _kept = &kept;
                event
            }))
        })
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
