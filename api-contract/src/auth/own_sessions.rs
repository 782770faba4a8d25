use chrono::{DateTime, Utc};
use db::{DbError, SessionId, SystemDb, sessions as rows};
use tintype::prelude::*;

use super::{Browser, Session, Success, device, end_streams};
use crate::{AppState, OutboxError, outbox::Transaction};

/// A session of the caller: a browser in which they are signed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct OwnSession {
    /// Id of the session.
    pub id: SessionId,
    /// The browser, as far as it says what it is.
    pub device: Device,
    /// When it signed in.
    pub created_at: DateTime<Utc>,
    /// When it was last used, to the minute.
    pub last_used_at: DateTime<Utc>,
    /// Whether it is the one that asks.
    pub current: bool,
}

/// A browser, as far as it says what it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct Device {
    /// The program, for example `Firefox`.
    pub browser: Option<String>,
    /// What it runs on, for example `Windows`.
    pub system: Option<String>,
}

/// Which session to end.
#[derive(Debug, Serialize, Deserialize, Type)]
pub struct RevokeSession {
    /// Its id.
    pub id: SessionId,
}

/// Why a session was not ended.
#[derive(Debug, thiserror::Error, Serialize, Deserialize, Type, ProcedureError)]
#[serde(tag = "kind", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum RevokeSessionError {
    /// The caller has no such session.
    #[error("you have no session {id}")]
    #[code(NOT_FOUND)]
    SessionNotFound {
        /// The id that was asked for.
        id: SessionId,
    },
    /// The database failed.
    #[error("the session could not be ended")]
    #[internal]
    #[serde(skip)]
    Storage(#[from] DbError),
    /// Its streams could not be told.
    #[error("the streams of the session could not be ended")]
    #[internal]
    #[serde(skip)]
    Streams(#[from] OutboxError),
}

/// How many sessions are listed.
const LISTED: u32 = 100;

/// The caller's sessions, those that were used last first, and at most 100.
#[query]
pub async fn sessions(session: Session, state: State<AppState>) -> Result<Vec<OwnSession>, InternalError> {
    let active = &session.active;
    let rows = rows::of_user(&state.0.database().system(), &active.account, Utc::now(), LISTED).await?;
    let view = |row: rows::OwnSession| OwnSession {
        id: row.id,
        device: device::read(row.user_agent.as_deref().unwrap_or_default()),
        created_at: row.created_at,
        last_used_at: row.last_used_at,
        current: row.id == active.id,
    };
    Ok(rows.into_iter().map(view).collect())
}

/// Ends a session of the caller, with the streams that were opened in it; their own session too, as signing out does.
#[mutation(invalidates(sessions))]
pub async fn revoke_session(
    session: Session,
    browser: Browser,
    input: RevokeSession,
) -> Result<Success, RevokeSessionError> {
    let (state, account) = (&browser.state, &session.active.account);
    let rows = state.database().system().begin().await?;
    let revoke = async |tx: &mut Transaction<SystemDb>| {
        let ended = rows::delete_of(tx, account, input.id).await?;
        let ended = ended.ok_or(RevokeSessionError::SessionNotFound { id: input.id })?;
        Ok::<_, RevokeSessionError>(end_streams(state, tx, [&ended]).await?)
    };
    state.outbox().transaction(rows, account.tenant.id, revoke).await?;
    if input.id == session.active.id {
        browser.forget();
    }
    Ok(Success { success: true })
}
