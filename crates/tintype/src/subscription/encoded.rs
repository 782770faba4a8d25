use std::{
    fmt,
    pin::Pin,
    sync::Arc,
    task::{Context as TaskContext, Poll},
};

use bytes::Bytes;
use futures_core::Stream;
use futures_util::{StreamExt, stream::BoxStream};
use serde::{Serialize, de::DeserializeOwned};

use crate::{error::Failure, event_id::EventId, topic::Push};

/// An event as it goes to the client: JSON, and an id if it has one.
#[doc(hidden)]
#[derive(Debug, Clone)]
pub struct EncodedEvent(Encoding);

#[derive(Debug, Clone)]
enum Encoding {
    Own {
        id: Option<EventId>,
        json: Bytes,
        purpose: Purpose,
    },
    /// It tells the client its position, where there is no event to show.
    Position(EventId),
    /// An event of a topic, whose bytes all its subscribers share.
    Shared(Arc<Push>),
}

/// What an event is there for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Purpose {
    /// Something happened.
    News,
    /// It stands for what cannot be delivered: a gap, or a snapshot.
    Healing,
}

impl EncodedEvent {
    pub(crate) fn new(id: Option<EventId>, json: impl Into<Bytes>) -> Self {
        Self(Encoding::Own { id, json: json.into(), purpose: Purpose::News })
    }

    /// An event that no combinator leaves out: a client that does not see it misses more than this event.
    pub(crate) fn healing(id: EventId, json: impl Into<Bytes>) -> Self {
        Self(Encoding::Own { id: Some(id), json: json.into(), purpose: Purpose::Healing })
    }

    pub(crate) fn position(id: EventId) -> Self {
        Self(Encoding::Position(id))
    }

    pub(crate) fn shared(push: Arc<Push>) -> Self {
        Self(Encoding::Shared(push))
    }

    pub(super) fn of<T: Serialize>(id: Option<EventId>, value: &T) -> Result<Self, Failure> {
        let json = serde_json::to_vec(value).map_err(Failure::unexpected)?;
        Ok(Self::new(id, json))
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

    /// The event's value; `None` if it is only a position.
    pub(super) fn value<T: DeserializeOwned>(&self) -> Result<Option<T>, Failure> {
        self.json().map(serde_json::from_slice).transpose().map_err(Failure::unexpected)
    }

    /// The event as an event stream has it, if it was encoded for all subscribers of a topic.
    pub(crate) fn shared_frame(&self) -> Option<&Bytes> {
        match &self.0 {
            Encoding::Shared(push) => Some(push.frame()),
            Encoding::Own { .. } | Encoding::Position(_) => None,
        }
    }

    pub(super) fn is_healing(&self) -> bool {
        matches!(self.0, Encoding::Own { purpose: Purpose::Healing, .. })
    }

    /// The same event under another id.
    pub(super) fn with_id(self, id: EventId) -> Self {
        Self(match self.0 {
            Encoding::Own { json, purpose, .. } => Encoding::Own { id: Some(id), json, purpose },
            Encoding::Position(_) => Encoding::Position(id),
            Encoding::Shared(push) => {
                let json = push.frame().slice_ref(push.payload());
                Encoding::Own { id: Some(id), json, purpose: Purpose::News }
            }
        })
    }

    /// The same event with another value; a position stays as it is.
    pub(super) fn with_value<T: Serialize>(self, value: &T) -> Result<Self, Failure> {
        let json = serde_json::to_vec(value).map_err(Failure::unexpected)?.into();
        Ok(Self(match self.0 {
            Encoding::Own { id, purpose, .. } => Encoding::Own { id, json, purpose },
            Encoding::Position(id) => Encoding::Position(id),
            Encoding::Shared(push) => Encoding::Own { id: Some(push.id().clone()), json, purpose: Purpose::News },
        }))
    }
}

/// The events of a subscription without their type.
#[doc(hidden)]
pub struct ErasedEvents {
    events: BoxStream<'static, Result<EncodedEvent, Failure>>,
    tells_position: bool,
}

impl ErasedEvents {
    pub(super) fn new(events: impl Stream<Item = Result<EncodedEvent, Failure>> + Send + 'static) -> Self {
        Self { events: events.boxed(), tells_position: false }
    }

    /// Says whether [`tells_position`](Self::tells_position).
    pub(super) fn telling_position(self, tells_position: bool) -> Self {
        Self { tells_position, ..self }
    }

    /// Whether the first event has an id and comes as soon as nothing that follows can be missed.
    pub(crate) fn tells_position(&self) -> bool {
        self.tells_position
    }

    /// The decoded events, without the positions between them.
    pub(super) fn values<T: DeserializeOwned>(
        self,
    ) -> impl Stream<Item = Result<(Option<EventId>, T), Failure>> + Send {
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
        self.events.poll_next_unpin(cx)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.events.size_hint()
    }
}

impl fmt::Debug for ErasedEvents {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ErasedEvents").finish_non_exhaustive()
    }
}
