//! Saves what an instance is writing, all of it in one statement, and keeps its leases thereby.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use db::{
    RunId,
    chat::runs::{self, Kept, Progress, Run},
};
use tintype::EventId;
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;

use crate::AppState;

/// A run that this instance is writing.
pub(super) struct Writing {
    run: RunId,
    /// Somebody wants it to stop.
    pub(super) stop: CancellationToken,
    /// The instance stops and has no more time for it.
    pub(super) cut_off: CancellationToken,
    /// It belongs to another instance now, or its conversation is gone.
    pub(super) lost: CancellationToken,
    lease: Duration,
    /// Held for a moment only.
    sent: Mutex<Sent>,
}

struct Sent {
    /// What was published of the answer.
    text: String,
    /// The event that brought the last of it.
    cursor: Option<EventId>,
    is_saved: bool,
    /// Until then nobody else takes the run.
    mine_until: Instant,
}

impl Writing {
    /// Ends as soon as nobody waits for the answer, or this instance may not go on with it.
    pub(super) async fn interrupted(&self) {
        tokio::select! {
            () = self.stop.cancelled() => {}
            () = self.cut_off.cancelled() => {}
            () = self.lost.cancelled() => {}
        }
    }

    pub(super) fn new(run: &Run, lease: Duration) -> Self {
        Self {
            run: run.id,
            stop: CancellationToken::new(),
            cut_off: CancellationToken::new(),
            lost: CancellationToken::new(),
            lease,
            sent: Mutex::new(Sent {
                text: String::new(),
                cursor: None,
                is_saved: true,
                mine_until: Instant::now() + lease,
            }),
        }
    }

    /// Text was published by the event `cursor`; an event that says that the run has begun brings none.
    pub(super) fn was_sent(&self, text: &str, cursor: EventId) {
        let mut sent = self.sent();
        sent.text.push_str(text);
        sent.cursor = Some(cursor);
        sent.is_saved = false;
    }

    /// The answer begins with this text, which is published as soon as it is saved.
    pub(super) fn begins_with(&self, text: &str) {
        let mut sent = self.sent();
        text.clone_into(&mut sent.text);
        sent.is_saved = false;
    }

    /// Whether everything is saved.
    pub(super) fn is_saved(&self) -> bool {
        self.sent().is_saved
    }

    /// Whether nobody else can have taken the run; a process that stood still finds out by it.
    pub(super) fn is_mine(&self) -> bool {
        Instant::now() < self.sent().mine_until
    }

    fn progress(&self) -> Progress {
        let mut sent = self.sent();
        let is_new = !std::mem::replace(&mut sent.is_saved, true);
        Progress {
            run: self.run,
            text: is_new.then(|| sent.text.clone()),
            text_cursor: sent.cursor.as_ref().filter(|_| is_new).map(|id| id.as_str().to_owned()),
        }
    }

    fn was_kept(&self, asked_at: Instant, stop_requested: bool) {
        self.sent().mine_until = asked_at + self.lease;
        if stop_requested {
            self.stop.cancel();
        }
    }

    fn was_not_saved(&self) {
        self.sent().is_saved = false;
    }

    fn sent(&self) -> MutexGuard<'_, Sent> {
        self.sent.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Saves until it is dropped.
pub(super) async fn save(state: &AppState) {
    let runs = state.runs();
    loop {
        sleep(runs.save_interval()).await;
        let writing: Vec<Arc<Writing>> = runs.writing().values().cloned().collect();
        if !writing.is_empty() {
            save_all(state, &writing).await;
        }
    }
}

/// Saves one run now.
pub(super) async fn save_one(state: &AppState, writing: &Arc<Writing>) {
    save_all(state, std::slice::from_ref(writing)).await;
}

async fn save_all(state: &AppState, writing: &[Arc<Writing>]) {
    let runs = state.runs();
    let asked_at = Instant::now();
    let progress = writing.iter().map(|writing| writing.progress()).collect();
    let system = state.database().system();
    let saving = runs::save(&system, runs.0.instance, runs.0.lease, progress);
    // Longer than that it is of no use.
    let kept = match timeout(runs.0.lease, saving).await {
        Ok(Ok(kept)) => kept,
        Ok(Err(error)) => {
            tracing::warn!(%error, "answers cannot be saved");
            return writing.iter().for_each(|writing| writing.was_not_saved());
        }
        Err(_) => {
            tracing::warn!("answers cannot be saved in time");
            return writing.iter().for_each(|writing| writing.was_not_saved());
        }
    };
    for writing in writing {
        match kept.iter().find(|kept| kept.run == writing.run) {
            Some(Kept { stop_requested, .. }) => writing.was_kept(asked_at, *stop_requested),
            // It is somebody else's, or over.
            None => writing.lost.cancel(),
        }
    }
}
