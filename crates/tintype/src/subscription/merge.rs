//! Two subscriptions as one, whose cursor is made of both.

use std::{
    pin::Pin,
    task::{Context as TaskContext, Poll},
};

use futures_core::Stream;
use futures_util::{
    StreamExt,
    stream::{self, Fuse},
};

use super::{EncodedEvent, ErasedEvents, Subscription, Tracked, Untracked};
use crate::{error::Failure, event_id::EventId};

impl<T: 'static> Subscription<T, Untracked> {
    /// The values of both, as they come; it ends when both have ended.
    ///
    /// Subscriptions whose events have ids are [`merged`](Subscription::merged) instead, so that a client which comes
    /// back goes on in both.
    #[must_use]
    pub fn merge(self, other: Self) -> Self {
        Self::from_encoded(stream::select(self.events, other.events))
    }
}

impl<T: 'static> Subscription<T, Tracked> {
    /// The events of two subscriptions, as they come, of which a client that comes back resumes both.
    ///
    /// Every id is made of the cursors of both; `cursor` is the one with which the client came, and each of `first` and
    /// `second` is given its own part of it.
    /// Any number of subscriptions can be merged, as one of two that is merged itself.
    /// A cursor that is not of two parts is given to both as it is; to topics it is a gap.
    ///
    /// It ends when both have ended, and fails with the first failure.
    ///
    /// ```
    /// use serde::{Deserialize, Serialize};
    /// use tintype::{LastEventId, TopicKey, Topics, prelude::*};
    ///
    /// #[derive(Serialize, Deserialize, Type)]
    /// enum RoomEvent { Said(String), Entered(String), Gap }
    ///
    /// #[subscription(state = Topics)]
    /// async fn watch(topics: State<Topics>, cursor: LastEventId) -> Result<Subscription<RoomEvent>, InternalError> {
    ///     let said = topics.0.topic::<String>(TopicKey::new("room", &["said"])?);
    ///     let entered = topics.0.topic::<String>(TopicKey::new("room", &["entered"])?);
    ///     Ok(Subscription::merged(
    ///         cursor.0,
    ///         |cursor| said.resume_after(cursor).subscribe_with_gap(String::new).map(|text| match text.as_str() {
    ///             "" => RoomEvent::Gap,
    ///             _ => RoomEvent::Said(text),
    ///         }),
    ///         |cursor| entered.resume_after(cursor).subscribe_with_gap(String::new).map(RoomEvent::Entered),
    ///     ))
    /// }
    /// # let _ = router! { [watch] };
    /// ```
    #[must_use]
    pub fn merged(
        cursor: Option<EventId>,
        first: impl FnOnce(Option<EventId>) -> Self,
        second: impl FnOnce(Option<EventId>) -> Self,
    ) -> Self {
        let cursors = split(cursor);
        let [of_first, of_second] = cursors.clone();
        let sides = [(first(of_first.clone()), of_first), (second(of_second.clone()), of_second)];
        let sides = sides.map(|(Self { events, .. }, cursor)| Side {
            owes_position: events.tells_position() && cursor.is_none(),
            events: events.fuse(),
            early: None,
        });
        let tells_position = sides.iter().any(|side| side.owes_position);
        let merged = Self::from_encoded(Merged { sides, cursors, turn: 0, has_moved: false });
        Self { events: merged.events.telling_position(tells_position), ..merged }
    }
}

struct Merged {
    sides: [Side; 2],
    /// What the client has of each.
    cursors: [Option<EventId>; 2],
    /// Whose turn it is.
    turn: usize,
    /// Whether a cursor has moved without an event.
    has_moved: bool,
}

struct Side {
    events: Fuse<ErasedEvents>,
    /// It will say at once where it begins; an event of the other with an id before that would not hold this cursor,
    /// and a client that came back with it would miss what was in between.
    owes_position: bool,
    /// Its first event, which came while the other still owed its position.
    early: Option<Result<EncodedEvent, Failure>>,
}

impl Merged {
    /// Waits until both sides have said where they begin.
    fn poll_begin(&mut self, cx: &mut TaskContext<'_>) -> Poll<()> {
        for (side, cursor) in self.sides.iter_mut().zip(&mut self.cursors) {
            if side.owes_position
                && let Poll::Ready(first) = side.events.poll_next_unpin(cx)
            {
                side.owes_position = false;
                match first {
                    Some(Ok(event)) if event.json().is_none() => {
                        *cursor = event.id().cloned();
                        self.has_moved = true;
                    }
                    first => side.early = first,
                }
            }
        }
        if self.sides.iter().any(|side| side.owes_position) { Poll::Pending } else { Poll::Ready(()) }
    }

    /// The event of a side, with an id that is made of both cursors.
    fn tell(&mut self, side: usize, event: EncodedEvent) -> EncodedEvent {
        self.cursors[side] = event.id().cloned();
        self.has_moved = false;
        event.with_id(join(&self.cursors))
    }
}

impl Stream for Merged {
    type Item = Result<EncodedEvent, Failure>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut TaskContext<'_>) -> Poll<Option<Self::Item>> {
        if self.poll_begin(cx).is_pending() {
            return Poll::Pending;
        }
        if std::mem::take(&mut self.has_moved) {
            return Poll::Ready(Some(Ok(EncodedEvent::position(join(&self.cursors)))));
        }
        let mut is_over = true;
        for side in [self.turn, 1 - self.turn] {
            let event = match self.sides[side].early.take() {
                Some(early) => Poll::Ready(Some(early)),
                None => self.sides[side].events.poll_next_unpin(cx),
            };
            match event {
                Poll::Ready(Some(event)) => {
                    self.turn = 1 - side;
                    return Poll::Ready(Some(event.map(|event| self.tell(side, event))));
                }
                Poll::Ready(None) => {}
                Poll::Pending => is_over = false,
            }
        }
        if is_over { Poll::Ready(None) } else { Poll::Pending }
    }
}

/// Two cursors as one: the length of the first, a colon, and both. One that is not known yet is empty, as no id is.
fn join([first, second]: &[Option<EventId>; 2]) -> EventId {
    let text = |cursor: &Option<EventId>| cursor.as_ref().map_or("", EventId::as_str).to_owned();
    let (first, second) = (text(first), text(second));
    EventId::new(format!("{}:{first}{second}", first.len())).expect("no part of it holds a line break or NUL")
}

/// The two parts of a cursor; one that [`join`] did not make is given to both.
fn split(cursor: Option<EventId>) -> [Option<EventId>; 2] {
    let parts = |text: &str| {
        let (length, rest) = text.split_once(':')?;
        let (first, second) = rest.split_at_checked(length.parse().ok()?)?;
        Some([EventId::new(first).ok(), EventId::new(second).ok()])
    };
    match cursor {
        None => [None, None],
        Some(cursor) => parts(cursor.as_str()).unwrap_or_else(|| [Some(cursor.clone()), Some(cursor)]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(text: &str) -> Option<EventId> {
        Some(EventId::new(text).unwrap())
    }

    #[test]
    fn two_cursors_are_found_again_in_one() {
        let nested = Some(join(&[id("1-1"), id("ключ:7")]));
        for cursors in [[id("1-1.x"), id("2:3")], [None, id("a")], [id("a"), None], [None, None], [nested, id("0:")]] {
            assert_eq!(split(Some(join(&cursors))), cursors);
        }
    }

    #[test]
    fn a_cursor_of_something_else_is_given_to_both() {
        for text in ["1-1", ":", "x:1", "9:short", "-1:ab", "1:ключ", "99999999999999999999999:a"] {
            assert_eq!(split(id(text)), [id(text), id(text)], "{text:?}");
        }
        assert_eq!(split(None), [None, None]);
    }
}
