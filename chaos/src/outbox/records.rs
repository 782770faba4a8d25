//! What happened, written down while it happens.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant, SystemTime},
};

/// Time since the beginning of the run.
pub(crate) type Moment = Duration;

/// A change to a widget as PostgreSQL notes it, which no two changes share: `created NAME`, `updated NAME` or
/// `deleted ID`.
pub(crate) type Change = String;

/// Everything that was written down.
#[derive(Debug, Clone, Default)]
pub(crate) struct History {
    pub(crate) viewers: Vec<Timeline>,
    /// Calls by what they would change.
    pub(crate) calls: HashMap<Change, Call>,
    /// Since when every viewer listens: what calls from then on change is due to each.
    pub(crate) listening: Option<Moment>,
    /// When the run began by the clock on the wall, which PostgreSQL has too.
    pub(crate) began: Option<SystemTime>,
}

/// What a viewer saw.
#[derive(Debug, Clone)]
pub(crate) struct Timeline {
    pub(crate) viewer: String,
    pub(crate) workspace: usize,
    pub(crate) entries: Vec<(Moment, Seen)>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Seen {
    Change(Change),
    Gap,
}

/// A call that changes a widget.
#[derive(Debug, Clone)]
pub(crate) struct Call {
    pub(crate) began: Moment,
    pub(crate) outcome: Outcome,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// There was no answer.
    Unanswered,
    /// It is done.
    Done,
    /// The server refused it: nothing may have changed.
    Refused,
}

/// Writes the history. Cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct Records {
    began: Instant,
    // Short sections without an `.await`.
    history: Arc<Mutex<History>>,
}

/// Which viewer it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ViewerNumber(usize);

impl Records {
    pub(crate) fn new() -> Self {
        let history = History { began: Some(SystemTime::now()), ..History::default() };
        Self { began: Instant::now(), history: Arc::new(Mutex::new(history)) }
    }

    pub(crate) fn now(&self) -> Moment {
        self.began.elapsed()
    }

    pub(crate) fn viewer(&self, viewer: String, workspace: usize) -> ViewerNumber {
        let mut history = self.history();
        history.viewers.push(Timeline { viewer, workspace, entries: Vec::new() });
        ViewerNumber(history.viewers.len() - 1)
    }

    pub(crate) fn saw(&self, viewer: ViewerNumber, seen: Seen) {
        let at = self.now();
        self.history().viewers[viewer.0].entries.push((at, seen));
    }

    /// Every viewer listens from now on.
    pub(crate) fn everybody_listens(&self) {
        let now = self.now();
        self.history().listening = Some(now);
    }

    /// A call is about to be made.
    pub(crate) fn began(&self, change: &str) {
        let began = self.now();
        self.history().calls.insert(change.to_owned(), Call { began, outcome: Outcome::Unanswered });
    }

    pub(crate) fn ended(&self, change: &str, outcome: Outcome) {
        if let Some(call) = self.history().calls.get_mut(change) {
            call.outcome = outcome;
        }
    }

    /// How long it took from `ended`, the end of a fault, until the last viewer had seen what was begun after it; `None`
    /// if somebody has not.
    pub(crate) fn silence(&self, ended: Moment) -> Option<Duration> {
        let history = self.history();
        let mut longest = Duration::ZERO;
        for timeline in &history.viewers {
            let from = timeline.entries.partition_point(|(at, _)| *at <= ended);
            let (at, _) = timeline.entries[from..].iter().find(|(_, seen)| match seen {
                Seen::Change(change) => history.calls.get(change).is_some_and(|call| call.began > ended),
                Seen::Gap => false,
            })?;
            longest = longest.max(*at - ended);
        }
        Some(longest)
    }

    /// A copy of what was written so far.
    pub(crate) fn read(&self) -> History {
        self.history().clone()
    }

    /// A panic while the lock is held leaves the history whole: nothing under it panics half-way.
    fn history(&self) -> MutexGuard<'_, History> {
        self.history.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
