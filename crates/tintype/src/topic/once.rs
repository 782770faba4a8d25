use std::{
    collections::{HashMap, VecDeque},
    sync::Arc,
    time::{Duration, Instant},
};

use crate::event_id::EventId;

/// The idempotency keys that were used lately in one topic.
#[derive(Debug)]
pub(super) struct Published {
    remembered: Duration,
    ids: HashMap<Arc<str>, EventId>,
    /// Oldest first, so that forgetting does not look at what is still remembered.
    used: VecDeque<(Instant, Arc<str>)>,
}

impl Published {
    pub(super) fn new(remembered: Duration) -> Self {
        Self { remembered, ids: HashMap::new(), used: VecDeque::new() }
    }

    /// The event that was published with the key.
    pub(super) fn find(&mut self, idempotency_key: &str) -> Option<EventId> {
        self.forget();
        self.ids.get(idempotency_key).cloned()
    }

    /// Remembers an event by a key that [`Published::find`] has just not found.
    pub(super) fn insert(&mut self, idempotency_key: &str, id: EventId) {
        let key: Arc<str> = idempotency_key.into();
        self.ids.insert(Arc::clone(&key), id);
        self.used.push_back((Instant::now(), key));
    }

    fn forget(&mut self) {
        while self.used.front().is_some_and(|(at, _)| at.elapsed() >= self.remembered) {
            if let Some((_, key)) = self.used.pop_front() {
                self.ids.remove(&key);
            }
        }
    }
}
