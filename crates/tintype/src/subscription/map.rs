//! Other values for a subscription's events, and fewer of them.

use std::future;

use futures_util::StreamExt;
use serde::{Serialize, de::DeserializeOwned};

use super::{EncodedEvent, ErasedEvents, Subscription};
use crate::error::Failure;

/// A client is told its position after so many events that it was not shown.
///
/// It is far less than a backlog has, so that a client which is shown little does not fall out of it.
const UNSHOWN: u32 = 32;

impl<T: DeserializeOwned + 'static, Ids> Subscription<T, Ids> {
    /// Gives every event another value; ids stay as they are.
    ///
    /// A topic's `gap()` and its snapshots are given to `map` as well.
    ///
    /// The value is decoded, and what `map` makes of it encoded, for each subscriber: the bytes of a topic's event are
    /// no longer shared by all of them.
    #[must_use]
    pub fn map<U: Serialize + 'static>(self, mut map: impl FnMut(T) -> U + Send + 'static) -> Subscription<U, Ids> {
        let mut mapped = move |event: EncodedEvent| match event.value()? {
            Some(value) => event.with_value(&map(value)),
            None => Ok(event),
        };
        self.replaced(move |events| ErasedEvents::new(events.map(move |event| mapped(event?))))
    }

    /// Leaves events out: clients see those for which `shows` is true.
    ///
    /// A topic's `gap()` and its snapshots are always seen, and `shows` is not asked about them.
    ///
    /// Events that were left out move the cursor: every 32 of them, an event stream tells the client its position, so
    /// that it does not lose its place in the backlog.
    /// Over WebSockets, which have no such message, the cursor moves with the next event that is seen.
    /// Where the cursor did not move, what is replayed goes through `shows` again.
    ///
    /// Each event is decoded for each subscriber; the bytes that they receive are still shared.
    #[must_use]
    pub fn filter(self, mut shows: impl FnMut(&T) -> bool + Send + 'static) -> Self {
        let mut unshown = 0;
        let mut seen = move |event: EncodedEvent| -> Result<Option<EncodedEvent>, Failure> {
            let is_seen = event.is_healing() || event.value()?.is_none_or(|value| shows(&value));
            if is_seen {
                unshown = 0;
                return Ok(Some(event));
            }
            unshown += 1;
            if unshown < UNSHOWN {
                return Ok(None);
            }
            unshown = 0;
            Ok(event.id().cloned().map(EncodedEvent::position))
        };
        self.replaced(move |events| {
            ErasedEvents::new(events.filter_map(move |event| future::ready(event.and_then(&mut seen).transpose())))
        })
    }
}
