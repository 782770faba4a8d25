//! Fewer events of a busy subscription: the latest of each burst.

use std::{
    collections::VecDeque,
    pin::Pin,
    task::{Context as TaskContext, Poll},
    time::Duration,
};

use futures_core::Stream;
use futures_util::{FutureExt, StreamExt, stream::Fuse};
use tokio::time::{Instant, Sleep, sleep_until};

use super::{EncodedEvent, ErasedEvents, Subscription};
use crate::{error::Failure, event_id::EventId};

impl<T, Ids> Subscription<T, Ids> {
    /// Shows only the latest event, as soon as there was none for `quiet`, or `longest` after the first that was held
    /// back: a stream that is never quiet is seen too.
    ///
    /// A topic's `gap()` and its snapshots are not held back, and what was held back before one is shown before it.
    /// The end of the stream shows what is held back as well.
    ///
    /// A client that comes back while an event is held back gets it then: its cursor is before it.
    ///
    /// # Panics
    ///
    /// The subscription panics when it is polled outside of a Tokio runtime with a timer.
    #[must_use]
    pub fn debounce(self, quiet: Duration, longest: Duration) -> Self {
        self.replaced(|events| {
            ErasedEvents::new(Debounced { events: events.fuse(), quiet, longest, held: None, due: VecDeque::new() })
        })
    }
}

/// Most events that are taken without letting others run.
const EVENTS_PER_TURN: usize = 64;

struct Debounced {
    events: Fuse<ErasedEvents>,
    quiet: Duration,
    longest: Duration,
    held: Option<Held>,
    /// What is to be shown now.
    due: VecDeque<Result<EncodedEvent, Failure>>,
}

/// The latest event, which is not shown yet.
struct Held {
    event: EncodedEvent,
    /// The client's position after the event; told earlier, the event would be lost to a client that comes back.
    position: Option<EventId>,
    /// When it is shown, however busy the stream is.
    latest: Instant,
    shown: Pin<Box<Sleep>>,
}

impl Debounced {
    fn accept(&mut self, event: EncodedEvent) {
        if event.is_healing() {
            self.release();
            self.due.push_back(Ok(event));
        } else if event.json().is_some() {
            self.hold(event);
        } else {
            match &mut self.held {
                Some(held) => held.position = event.id().cloned(),
                None => self.due.push_back(Ok(event)),
            }
        }
    }

    fn hold(&mut self, event: EncodedEvent) {
        let now = Instant::now();
        let quiet = after(now, self.quiet);
        match &mut self.held {
            Some(held) => {
                held.event = event;
                held.position = None;
                held.shown.as_mut().reset(quiet.min(held.latest));
            }
            None => {
                let latest = after(now, self.longest);
                let shown = Box::pin(sleep_until(quiet.min(latest)));
                self.held = Some(Held { event, position: None, latest, shown });
            }
        }
    }

    fn release(&mut self) {
        if let Some(Held { event, position, .. }) = self.held.take() {
            self.due.push_back(Ok(event));
            self.due.extend(position.map(|id| Ok(EncodedEvent::position(id))));
        }
    }
}

impl Stream for Debounced {
    type Item = Result<EncodedEvent, Failure>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut TaskContext<'_>) -> Poll<Option<Self::Item>> {
        for _ in 0..EVENTS_PER_TURN {
            if let Some(event) = self.due.pop_front() {
                return Poll::Ready(Some(event));
            }
            match self.events.poll_next_unpin(cx) {
                Poll::Ready(Some(Ok(event))) => self.accept(event),
                Poll::Ready(Some(Err(failure))) => {
                    self.release();
                    self.due.push_back(Err(failure));
                }
                Poll::Ready(None) if self.held.is_none() => return Poll::Ready(None),
                Poll::Ready(None) => self.release(),
                Poll::Pending => match &mut self.held {
                    None => return Poll::Pending,
                    Some(held) => match held.shown.poll_unpin(cx) {
                        Poll::Ready(()) => self.release(),
                        Poll::Pending => return Poll::Pending,
                    },
                },
            }
        }
        // The stream has had something every time, so its time is looked at here, and others get their turn.
        if self.held.as_ref().is_some_and(|held| held.latest <= Instant::now()) {
            self.release();
        }
        cx.waker().wake_by_ref();
        Poll::Pending
    }
}

/// A time that is too far away to be counted is as good as never.
fn after(now: Instant, wait: Duration) -> Instant {
    const FAR: Duration = Duration::from_secs(365 * 24 * 60 * 60);
    now + wait.min(FAR)
}
