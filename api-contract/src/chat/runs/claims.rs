//! Takes runs from the queue, and from instances that died.

use std::{panic::AssertUnwindSafe, sync::Arc, time::Duration};

use db::{
    DbError,
    chat::runs::{self, Run},
};
use futures_util::FutureExt;
use tokio::{
    task::JoinSet,
    time::{sleep, timeout},
};
use tokio_util::sync::CancellationToken;

use super::{answer, ending, saves::Writing};
use crate::{AppState, OutboxError};

/// How often the queue is looked at when nobody says that something waits: for runs of an instance that is full or died.
const LOOK: Duration = Duration::from_secs(1);

/// How often an instance begins with a run of which nobody has seen anything.
const ATTEMPTS: i32 = 2;

/// Writes what is in the queue until `shutdown` fires, and lets what is being written come to its end.
pub(super) async fn write(state: &AppState, shutdown: &CancellationToken, drain: Duration) {
    let runs = state.runs();
    let most = state.ai().limits.concurrent_runs.max(1);
    let mut answers = JoinSet::new();
    loop {
        let free = u32::try_from(most - answers.len().min(most)).unwrap_or(u32::MAX);
        if free > 0 {
            match claim(state, free).await {
                Ok(claimed) => claimed.into_iter().for_each(|run| begin(state, &mut answers, run)),
                Err(error) => tracing::error!(%error, "the queue of answers cannot be read"),
            }
        }
        tokio::select! {
            () = shutdown.cancelled() => break,
            // The next one of its conversation may wait for it.
            Some(_) = answers.join_next() => {}
            () = runs.0.waiting.notified() => {}
            () = sleep(LOOK) => {}
        }
    }
    let all_end = async { while answers.join_next().await.is_some() {} };
    if timeout(drain, all_end).await.is_err() {
        for writing in runs.writing().values() {
            writing.cut_off.cancel();
        }
        while answers.join_next().await.is_some() {}
    }
}

/// Ends or begins anew what instances have left that died, until it is dropped.
pub(super) async fn rescue(state: &AppState) {
    let runs = state.runs();
    loop {
        sleep(runs.save_interval()).await;
        let system = state.database().system();
        let left = match runs::take_over(&system, runs.0.instance, runs.0.lease, 100).await {
            Ok(left) => left,
            Err(error) => {
                tracing::debug!(%error, "it cannot be read which instances died");
                continue;
            }
        };
        for run in left {
            let id = run.id;
            match take_up(state, run).await {
                Ok(()) => tracing::info!(run = %id, "took up an answer of an instance that died"),
                Err(error) => tracing::error!(run = %id, %error, "an answer of an instance that died cannot be ended"),
            }
        }
    }
}

async fn take_up(state: &AppState, run: Run) -> Result<(), OutboxError> {
    let runs = state.runs();
    if run.text.is_empty() && run.attempts < ATTEMPTS && !run.stop_requested {
        // Nobody has seen anything of it.
        runs::give_back(&state.database().system(), run.id, runs.0.instance).await?;
        runs.look();
        return Ok(());
    }
    ending::end_for_another(state, run).await
}

async fn claim(state: &AppState, limit: u32) -> Result<Vec<Run>, DbError> {
    let runs = state.runs();
    runs::claim(&state.database().system(), runs.0.instance, runs.0.lease, limit).await
}

fn begin(state: &AppState, answers: &mut JoinSet<()>, run: Run) {
    let runs = state.runs().clone();
    let writing = Arc::new(Writing::new(&run, runs.0.lease));
    runs.writing().insert(run.id, Arc::clone(&writing));
    let state = state.clone();
    answers.spawn(async move {
        let id = run.id;
        let answer = AssertUnwindSafe(answer::write(&state, run, &writing)).catch_unwind().await;
        runs.writing().remove(&id);
        if answer.is_err() {
            // Its lease runs out, and then it is ended.
            tracing::error!(run = %id, "an answer panicked");
        }
    });
}
