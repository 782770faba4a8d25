use std::{
    collections::VecDeque,
    sync::{Mutex, MutexGuard, PoisonError},
};

use db::OutboxId;
use tokio::sync::Notify;

/// The rows of events that are published, in the order of their publishing.
#[derive(Debug, Default)]
pub(super) struct Published {
    // Short sections without an `.await`.
    ids: Mutex<VecDeque<OutboxId>>,
    grown: Notify,
}

/// Rows that are remembered; the sweeper finds those that are not.
const MOST: usize = 100_000;

impl Published {
    pub(super) fn push(&self, id: OutboxId) {
        let mut ids = self.locked();
        if ids.len() < MOST {
            ids.push_back(id);
            // One task deletes, so one permit is enough.
            self.grown.notify_one();
        }
    }

    pub(super) async fn at_least(&self, count: usize) {
        while self.locked().len() < count.min(MOST) {
            self.grown.notified().await;
        }
    }

    /// The first `count`, which stay until they are forgotten.
    pub(super) fn oldest(&self, count: usize) -> Vec<OutboxId> {
        self.locked().iter().take(count).copied().collect()
    }

    /// Forgets what [`Published::oldest`] has given.
    pub(super) fn forget(&self, oldest: &[OutboxId]) {
        let mut ids = self.locked();
        let count = oldest.len().min(ids.len());
        ids.drain(..count);
    }

    fn locked(&self) -> MutexGuard<'_, VecDeque<OutboxId>> {
        // A panic under it leaves the list whole.
        self.ids.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
