use db::{
    DbError, RunId,
    chat::runs::{self, RunEnd, RunState},
};
use tintype::prelude::*;

use super::{ChatEvent, Chats, Run};
use crate::{
    OutboxError,
    auth::Success,
    money::{self, Used},
};

/// Which run to stop.
#[derive(Debug, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct StopRun {
    /// Its id.
    pub run_id: RunId,
}

/// Why a run was not stopped.
#[derive(Debug, thiserror::Error, Serialize, Deserialize, Type, ProcedureError)]
#[serde(tag = "kind", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum StopError {
    /// The workspace has no such run.
    #[error("no run {id} in this workspace")]
    #[code(NOT_FOUND)]
    RunNotFound {
        /// The id that was asked for.
        id: RunId,
    },
    /// The database failed.
    #[error("the run could not be stopped")]
    #[internal]
    #[serde(skip)]
    Storage(#[from] DbError),
    /// The change could not be announced, so it was not made.
    #[error("the change could not be announced")]
    #[internal]
    #[serde(skip)]
    Announcement(#[from] OutboxError),
}

/// Stops an answer, on whichever instance it is written; what there is of it stays, and so does what it has cost.
///
/// A run that is over stays as it is.
#[mutation(idempotent)]
pub async fn stop(chats: Chats, input: StopRun) -> Result<Success, StopError> {
    let id = input.run_id;
    let run = chats
        .change(async |tx| {
            let run = runs::hold(tx, id).await?.ok_or(StopError::RunNotFound { id })?;
            match run.state {
                RunState::Queued => {
                    let end = RunEnd { state: RunState::Cancelled, reason: None };
                    runs::end(tx, id, None, end).await?;
                    money::settle(tx, &chats.state.ai().prices, &run.model, run.reservation, Used::Nothing).await?;
                    let cancelled = runs::Run { state: RunState::Cancelled, ..run.clone() };
                    let event = ChatEvent::Run { run: Run::from(&cancelled) };
                    chats.events(run.session).publish_in(tx, &event).await?;
                }
                RunState::Running => runs::request_stop(tx, id).await?,
                RunState::Done | RunState::Failed | RunState::Cancelled => {}
            }
            Ok::<_, StopError>(run)
        })
        .await?;
    match run.state {
        // The next one of the conversation need not wait for this one any more.
        RunState::Queued => chats.state.runs().look(),
        RunState::Running => chats.state.runs().stop(chats.state.topics(), id).await,
        RunState::Done | RunState::Failed | RunState::Cancelled => {}
    }
    Ok(Success { success: true })
}
