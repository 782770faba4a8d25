//! One topic as this process hears it.

use std::{
    collections::HashMap,
    sync::Arc,
    time::{Duration, Instant},
};

use tintype::{EventId, Push, Retention, TopicKey};
use tokio::sync::SetOnce;

use crate::{
    keys::Names,
    scripts::Found,
    sync::{Backlog, Mutex, MutexGuard, PoisonError},
};

/// A topic to which this process listens.
///
/// It is live while every message follows the one before; otherwise it is behind, and messages wait until the stream
/// has told what is missing.
pub(crate) struct Channel {
    pub(crate) key: TopicKey,
    pub(crate) names: Names,
    backlog_events: usize,
    /// Set when the position of the topic is known.
    backlog: SetOnce<Backlog>,
    // Short sections without an `.await`.
    state: Mutex<State>,
}

struct State {
    phase: Phase,
    /// The connection to which the phase belongs.
    connection: u64,
    /// Since when nobody listens.
    idle_since: Option<Instant>,
    /// Those who are about to listen.
    joining: usize,
}

enum Phase {
    Live,
    Behind {
        waiting: Vec<Arc<Push>>,
        /// Whether the stream is being asked.
        is_asking: bool,
    },
}

/// Messages that wait while the stream is asked; what is more than that is asked for again.
const MOST_WAITING: usize = 1024;

/// A question to the stream.
pub(crate) struct Round {
    connection: u64,
    /// The last event that the topic has here; `None` if its position is not known yet.
    pub(crate) after: Option<EventId>,
    /// Messages that came before the question, so that the answer has them.
    covered: Vec<Arc<Push>>,
}

#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    Live,
    /// Messages came that do not follow: the stream has to be asked again.
    Again,
}

impl Channel {
    pub(crate) fn new(key: TopicKey, names: Names, backlog_events: usize, connection: u64) -> Self {
        let state = State {
            phase: Phase::Behind { waiting: Vec::new(), is_asking: false },
            connection,
            idle_since: None,
            joining: 0,
        };
        Self { key, names, backlog_events, backlog: SetOnce::new(), state: Mutex::new(state) }
    }

    /// Takes a message of the connection numbered `connection`; says whether the stream must be asked.
    pub(crate) fn hear(&self, connection: u64, push: Arc<Push>) -> bool {
        let mut state = self.state();
        if state.connection != connection {
            return false;
        }
        match (&mut state.phase, self.backlog.get()) {
            (Phase::Live, Some(backlog)) => {
                if backlog.append(Arc::clone(&push)).is_ok() || backlog.contains(&push) {
                    return false;
                }
                tracing::debug!(topic = %self.key, id = %push.id(), "an event does not follow the last one");
                state.phase = Phase::Behind { waiting: vec![push], is_asking: false };
                true
            }
            (Phase::Behind { waiting, .. }, _) => {
                if waiting.len() == MOST_WAITING {
                    // The stream has them, and the next message will not follow: they are asked for again.
                    waiting.clear();
                }
                waiting.push(push);
                false
            }
            (Phase::Live, None) => unreachable!("a channel is live after its position is known"),
        }
    }

    /// The connection was replaced: whatever it did not bring must be asked for.
    pub(crate) fn reconnect(&self, connection: u64) {
        let mut state = self.state();
        state.connection = connection;
        state.phase = Phase::Behind { waiting: Vec::new(), is_asking: false };
    }

    /// Begins to ask the stream, if the channel is behind and nobody asks.
    pub(crate) fn ask(&self, connection: u64) -> Option<Round> {
        let mut state = self.state();
        if state.connection != connection {
            return None;
        }
        match &mut state.phase {
            Phase::Behind { waiting, is_asking } if !*is_asking => {
                *is_asking = true;
                let covered = std::mem::take(waiting);
                Some(Round { connection, after: self.backlog.get().map(Backlog::position), covered })
            }
            Phase::Behind { .. } | Phase::Live => None,
        }
    }

    /// Takes the answer of the stream.
    ///
    /// Question, answer and messages go over one connection, so a message that came before the question is in the
    /// stream by then.
    pub(crate) fn answer(&self, round: Round, found: Found) -> Outcome {
        let mut state = self.state();
        if state.connection != round.connection {
            // Who replaced the connection asks again.
            return Outcome::Live;
        }
        let waiting = match &mut state.phase {
            Phase::Behind { waiting, .. } => std::mem::take(waiting),
            Phase::Live => Vec::new(),
        };
        let (backlog, waiting) = match (self.backlog.get(), found) {
            (Some(backlog), Found::Continuous(pushes)) => {
                let in_answer: HashMap<&EventId, &Arc<Push>> = pushes.iter().map(|push| (push.id(), push)).collect();
                let is_known = |push: &Arc<Push>| in_answer.get(push.id()) == Some(&push) || backlog.contains(push);
                let is_whole = round.covered.iter().all(is_known);
                let lose = || {
                    // It was sent, and the stream does not have it: a write was lost, perhaps in a failover.
                    tracing::warn!(topic = %self.key, "the stream lost an event that was sent");
                    backlog.restart(backlog.position());
                };
                if !is_whole {
                    // Before the answer: its events come after what was lost, and their messages may still arrive.
                    lose();
                }
                if !pushes.iter().all(|push| backlog.append(Arc::clone(push)).is_ok()) {
                    lose();
                }
                (backlog, waiting)
            }
            (backlog, Found::Gap { position }) => {
                let entry = self.names.entry(&position);
                // Those up to the position came before it; that they are not delivered is what the gap says.
                let later = |push: &Arc<Push>| self.names.entry(push.id()) > entry;
                let waiting = waiting.into_iter().filter(later).collect();
                match backlog {
                    Some(backlog) => {
                        tracing::warn!(topic = %self.key, %position, "events cannot be delivered: subscribers hear of a gap");
                        backlog.restart(position);
                        (backlog, waiting)
                    }
                    None => (self.begin(position), waiting),
                }
            }
            (None, Found::Continuous(_)) => unreachable!("without a cursor the answer is a position"),
        };
        let mut unchained = Vec::new();
        for push in waiting {
            let fits = unchained.is_empty() && (backlog.append(Arc::clone(&push)).is_ok() || backlog.contains(&push));
            if !fits {
                unchained.push(push);
            }
        }
        if unchained.is_empty() {
            state.phase = Phase::Live;
            Outcome::Live
        } else {
            state.phase = Phase::Behind { waiting: unchained, is_asking: false };
            Outcome::Again
        }
    }

    fn begin(&self, position: EventId) -> &Backlog {
        // Set once, under the lock of the state.
        let Retention { events, age } = self.names.retention;
        let backlog = Backlog::new(position, events.unwrap_or(self.backlog_events));
        let _ = self.backlog.set(age.into_iter().fold(backlog, Backlog::keeping_for));
        self.backlog.get().expect("it was set just now")
    }

    /// The backlog, as soon as the position of the topic is known.
    pub(crate) async fn backlog(&self) -> &Backlog {
        self.backlog.wait().await
    }

    /// The backlog, if the position of the topic is known.
    pub(crate) fn backlog_now(&self) -> Option<&Backlog> {
        self.backlog.get()
    }

    /// Keeps the channel from being left until the guard is dropped.
    pub(crate) fn join(self: &Arc<Self>) -> Joining {
        self.state().joining += 1;
        Joining(Arc::clone(self))
    }

    /// Whether nobody has been listening for `linger`.
    pub(crate) fn is_left(&self, linger: Duration) -> bool {
        let mut state = self.state();
        if state.joining > 0 || self.backlog.get().is_some_and(|backlog| backlog.readers() > 0) {
            state.idle_since = None;
            return false;
        }
        state.idle_since.get_or_insert_with(Instant::now).elapsed() >= linger
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Somebody who is about to listen.
pub(crate) struct Joining(Arc<Channel>);

impl Joining {
    pub(crate) fn channel(&self) -> &Arc<Channel> {
        &self.0
    }
}

impl Drop for Joining {
    fn drop(&mut self) {
        self.0.state().joining -= 1;
    }
}
