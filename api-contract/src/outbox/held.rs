use std::{
    collections::HashSet,
    sync::{Mutex, MutexGuard, PoisonError},
};

/// Topics in which an event could not be published lately: the sweeper publishes what comes after it as well.
///
/// So no call waits for a broker that is known to be away, and its return is not the moment at which events change
/// places.
#[derive(Debug, Default)]
pub(super) struct Held {
    // Short sections without an `.await`.
    topics: Mutex<HashSet<String>>,
}

impl Held {
    pub(super) fn has(&self, topic: &str) -> bool {
        self.locked().contains(topic)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.locked().is_empty()
    }

    pub(super) fn hold(&self, topic: String) {
        self.locked().insert(topic);
    }

    /// Lets go of all topics but `failing`.
    pub(super) fn release_except(&self, failing: &[String]) {
        self.locked().retain(|topic| failing.contains(topic));
    }

    fn locked(&self) -> MutexGuard<'_, HashSet<String>> {
        // A panic under it leaves the set whole.
        self.topics.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
