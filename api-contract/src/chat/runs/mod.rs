//! Runs: the server writes answers, whoever watches.
//!
//! An instance takes runs from the queue, and has each for itself as long as it saves in time.
//! What it saves is the answer so far and the id of the event that brought the last of it: who joins reads both and
//! goes on with the events after it.

mod answer;
mod claims;
mod ending;
mod prompt;
mod saves;
mod stops;

use std::{
    collections::HashMap,
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use db::{InstanceId, RunId};
use tintype::Topics;
use tokio::{join, sync::Notify};
use tokio_util::sync::CancellationToken;

pub(super) use self::prompt::most_known_bytes;
use self::saves::Writing;
use crate::AppState;

/// The runs of this instance. Cheap to clone.
#[derive(Clone)]
pub struct Runs(Arc<Parts>);

struct Parts {
    instance: InstanceId,
    lease: Duration,
    /// Something may be waiting in the queue.
    waiting: Notify,
    /// What this instance is writing.
    writing: Mutex<HashMap<RunId, Arc<Writing>>>,
}

impl Runs {
    pub(crate) fn new(lease: Duration) -> Self {
        Self(Arc::new(Parts {
            instance: InstanceId::generate(),
            lease,
            waiting: Notify::new(),
            writing: Mutex::default(),
        }))
    }

    /// Writes answers until `shutdown` fires, and then ends those that it is writing.
    ///
    /// Every instance must do this once, as long as it runs.
    /// After `shutdown` no run is begun; an answer that is not written within `drain` is ended where it is.
    pub async fn work(state: AppState, shutdown: CancellationToken, drain: Duration) {
        let written = CancellationToken::new();
        let write = async {
            claims::write(&state, &shutdown, drain).await;
            written.cancel();
        };
        join!(
            write,
            written.run_until_cancelled(saves::save(&state)),
            written.run_until_cancelled(stops::listen(&state)),
            shutdown.run_until_cancelled(claims::rescue(&state)),
            shutdown.run_until_cancelled(ending::settle_what_is_left(&state)),
        );
    }

    /// Looks into the queue soon.
    pub(super) fn look(&self) {
        self.0.waiting.notify_one();
    }

    /// Lets whoever writes a run stop at once.
    pub(super) async fn stop(&self, topics: &Topics, run: RunId) {
        let writing = self.writing().get(&run).cloned();
        match writing {
            Some(writing) => writing.stop.cancel(),
            None => stops::tell(topics, run).await,
        }
    }

    /// How often answers are saved.
    pub(super) fn save_interval(&self) -> Duration {
        self.0.lease / 5
    }

    /// Held for a moment only.
    fn writing(&self) -> MutexGuard<'_, HashMap<RunId, Arc<Writing>>> {
        self.0.writing.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Runs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Runs").field("instance", &self.0.instance).finish_non_exhaustive()
    }
}
