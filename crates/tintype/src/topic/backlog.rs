use std::{
    collections::VecDeque,
    fmt,
    pin::Pin,
    sync::Arc,
    task::{Context as TaskContext, Poll, Waker},
    time::{Duration, Instant},
};

use futures_core::Stream;
use futures_util::StreamExt;
use slab::Slab;

use super::{Delivery, Feed, Push};
use crate::{
    event_id::EventId,
    sync::{Mutex, MutexGuard, PoisonError},
};

/// The latest events of one topic in this process: whoever listens reads them here, and so does whoever comes back.
///
/// It is an unbroken chain: each event has the one before it as its predecessor.
/// Readers have a position and no queue of their own, so a reader that stands still costs nothing; when the events
/// after its position are gone, it is told.
///
/// Brokers are made of it. Cloning gives another handle to the same events.
#[derive(Clone)]
pub struct Backlog(Arc<Mutex<Chain>>);

/// An event that does not follow the last one of a [`Backlog`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the event {id} follows {previous}, but the last event is {position}")]
pub struct Unchained {
    /// The event.
    pub id: EventId,
    /// The event that it follows.
    pub previous: EventId,
    /// The last event.
    pub position: EventId,
}

struct Chain {
    capacity: usize,
    /// How long an event is kept, if not for ever.
    age: Option<Duration>,
    /// When each of the events was appended, if they have an age.
    appended: VecDeque<Instant>,
    /// The id before the oldest event: whoever is there can still read on.
    base: EventId,
    events: VecDeque<Arc<Push>>,
    /// Number of the oldest event; events are counted from the beginning of the backlog.
    first: u64,
    /// How often the chain was broken.
    breaks: u64,
    /// Where the chain began after its last break, and with the event of which number.
    resumed_at: (EventId, u64),
    /// Every reader; those who wait have a waker.
    readers: Slab<Option<Waker>>,
}

impl Chain {
    fn end(&self) -> u64 {
        // A ring never has 2^64 events, nor does `usize` exceed 64 bits.
        self.first + self.events.len() as u64
    }

    fn position(&self) -> &EventId {
        self.events.back().map_or(&self.base, |push| push.id())
    }

    /// Removes what is too much or too old.
    fn trim(&mut self) {
        while self.events.len() > self.capacity || self.is_oldest_outdated() {
            let Some(oldest) = self.events.pop_front() else { return };
            self.base = oldest.id().clone();
            self.first += 1;
            self.appended.pop_front();
        }
    }

    fn is_oldest_outdated(&self) -> bool {
        self.age.zip(self.appended.front()).is_some_and(|(age, appended)| appended.elapsed() > age)
    }

    fn take_wakers(&mut self) -> Vec<Waker> {
        self.readers.iter_mut().filter_map(|(_, waker)| waker.take()).collect()
    }
}

impl Backlog {
    /// A backlog without events, whose next one follows `position`; it keeps the last `capacity` events, at least one.
    #[must_use]
    pub fn new(position: EventId, capacity: usize) -> Self {
        Self(Arc::new(Mutex::new(Chain {
            capacity: capacity.max(1),
            age: None,
            appended: VecDeque::new(),
            base: position.clone(),
            events: VecDeque::new(),
            first: 0,
            breaks: 0,
            resumed_at: (position, 0),
            readers: Slab::new(),
        })))
    }

    /// Keeps events that are appended from now on for `age`, and removes older ones with the next event.
    #[must_use]
    pub fn keeping_for(self, age: Duration) -> Self {
        self.chain().age = Some(age);
        self
    }

    /// The id of the last event.
    #[must_use]
    pub fn position(&self) -> EventId {
        self.chain().position().clone()
    }

    /// Appends an event and wakes who waits for it.
    ///
    /// # Errors
    ///
    /// [`Unchained`] if it does not follow the last event; then nothing is appended.
    pub fn append(&self, push: Arc<Push>) -> Result<(), Unchained> {
        let wakers = {
            let mut chain = self.chain();
            if push.previous() != chain.position() {
                return Err(Unchained {
                    id: push.id().clone(),
                    previous: push.previous().clone(),
                    position: chain.position().clone(),
                });
            }
            chain.events.push_back(push);
            if chain.age.is_some() {
                chain.appended.push_back(Instant::now());
            }
            chain.trim();
            chain.take_wakers()
        };
        wakers.into_iter().for_each(Waker::wake);
        Ok(())
    }

    /// Begins anew after `position`: what was before it cannot be told, and every reader hears of a gap.
    pub fn restart(&self, position: EventId) {
        let wakers = {
            let mut chain = self.chain();
            chain.first = chain.end();
            chain.events.clear();
            chain.appended.clear();
            chain.base = position.clone();
            chain.breaks += 1;
            chain.resumed_at = (position, chain.first);
            chain.take_wakers()
        };
        wakers.into_iter().for_each(Waker::wake);
    }

    /// Whether the event is among those kept, and not only another one under its id.
    #[must_use]
    pub fn contains(&self, event: &Push) -> bool {
        self.chain().events.iter().rev().any(|push| **push == *event)
    }

    /// Every event after `cursor`, oldest first; `None` if the backlog does not reach back to it.
    #[must_use]
    pub fn after(&self, cursor: &EventId) -> Option<Vec<Arc<Push>>> {
        let mut chain = self.chain();
        chain.trim();
        let skipped = if *cursor == chain.base {
            0
        } else {
            // From the end, where those are who come back soon.
            chain.events.iter().rposition(|push| push.id() == cursor)? + 1
        };
        Some(chain.events.range(skipped..).cloned().collect())
    }

    /// Starts to listen: the feed has every event after its position.
    #[must_use]
    pub fn feed(&self) -> Feed {
        let mut chain = self.chain();
        let reader = Reader {
            backlog: self.clone(),
            slot: chain.readers.insert(None),
            next: chain.end(),
            breaks: chain.breaks,
            ready: VecDeque::new(),
        };
        Feed { position: chain.position().clone(), deliveries: reader.boxed() }
    }

    /// Number of feeds that are open.
    #[must_use]
    pub fn readers(&self) -> usize {
        self.chain().readers.len()
    }

    /// Short sections without an `.await`; nothing under the lock panics half-way.
    fn chain(&self) -> MutexGuard<'_, Chain> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Backlog {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let chain = self.chain();
        f.debug_struct("Backlog")
            .field("base", &chain.base)
            .field("events", &chain.events.len())
            .field("readers", &chain.readers.len())
            .finish_non_exhaustive()
    }
}

/// Most events that a reader takes at a time, and their size.
///
/// They are no limit to what a subscriber may have, but the price of one lock per batch: what a reader that stands still
/// keeps from being freed after the backlog has let go of it. `tintype-axum` writes no more than this at a time either.
const READY_EVENTS: usize = 64;
const READY_BYTES: usize = 64 * 1024;

struct Reader {
    backlog: Backlog,
    slot: usize,
    /// Number of the event to read next.
    next: u64,
    breaks: u64,
    ready: VecDeque<Arc<Push>>,
}

impl Stream for Reader {
    type Item = Delivery;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut TaskContext<'_>) -> Poll<Option<Delivery>> {
        if let Some(push) = self.ready.pop_front() {
            return Poll::Ready(Some(Delivery::Push(push)));
        }
        let reader = &mut *self;
        let mut chain = reader.backlog.chain();
        if reader.breaks != chain.breaks {
            reader.breaks = chain.breaks;
            let (position, next) = chain.resumed_at.clone();
            reader.next = next;
            return Poll::Ready(Some(Delivery::Gap { position }));
        }
        if reader.next < chain.first {
            reader.next = chain.end();
            return Poll::Ready(Some(Delivery::Interrupted));
        }
        let Some(push) = usize::try_from(reader.next - chain.first).ok().and_then(|index| chain.events.get(index))
        else {
            let waker = &mut chain.readers[reader.slot];
            if !waker.as_ref().is_some_and(|waker| waker.will_wake(cx.waker())) {
                *waker = Some(cx.waker().clone());
            }
            return Poll::Pending;
        };
        let push = Arc::clone(push);
        let mut bytes = push.payload().len();
        let index = usize::try_from(reader.next - chain.first).unwrap_or(usize::MAX);
        for push in chain.events.range(index + 1..).take(READY_EVENTS - 1) {
            bytes += push.payload().len();
            if bytes > READY_BYTES {
                break;
            }
            reader.ready.push_back(Arc::clone(push));
        }
        reader.next += 1 + reader.ready.len() as u64;
        Poll::Ready(Some(Delivery::Push(push)))
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        self.backlog.chain().readers.remove(self.slot);
    }
}
