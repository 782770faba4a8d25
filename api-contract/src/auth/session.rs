//! Who is calling: the extractors that stand for a session.

use std::sync::{Arc, Mutex, PoisonError};

use chrono::{TimeDelta, Utc};
use db::{
    SystemDb, TenantDb,
    accounts::Role,
    sessions::{self, ActiveSession, TokenHash},
};
use futures_util::StreamExt;
use tintype::{ErrorCode, ProcedureKind, Topic, TopicKey, TopicScope, prelude::*};

use super::cookie::{Token, hex};
use crate::{AppState, OutboxError, outbox::Transaction};

/// Proof that the caller is signed in.
///
/// A procedure that takes it cannot be called without a valid session.
/// A subscription that takes it ends as soon as the session does.
#[derive(Debug, Clone)]
pub struct Session {
    /// The session itself, with user and tenant.
    pub active: ActiveSession,
    token_hash: TokenHash,
}

/// Proof that the caller owns the workspace.
#[derive(Debug, Clone)]
pub struct Owner(pub Session);

/// The caller's session, if there is one.
#[derive(Debug, Clone)]
pub struct CurrentSession(pub Option<Session>);

/// What a session's open streams hear of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
enum Life {
    Goes,
    Ended,
}

impl Session {
    /// The rows of the caller's workspace.
    pub(crate) fn db(&self, state: &AppState) -> TenantDb {
        state.database().tenant(self.active.account.tenant.id)
    }

    /// Ends the session, and the streams that were opened in it, on whichever instance they are.
    pub(crate) async fn end(&self, state: &AppState) -> Result<(), OutboxError> {
        let rows = state.database().system().begin().await?;
        let end = async |tx: &mut Transaction<SystemDb>| {
            sessions::delete(tx, self.active.id).await?;
            end_streams(state, tx, [&self.token_hash]).await
        };
        state.outbox().transaction(rows, self.active.account.tenant.id, end).await
    }
}

/// Ends what was opened in sessions that the transaction has deleted, on whichever instance it is.
pub(crate) async fn end_streams(
    state: &AppState,
    tx: &mut Transaction<SystemDb>,
    deleted: impl IntoIterator<Item = &TokenHash>,
) -> Result<(), OutboxError> {
    for token_hash in deleted {
        life_topic(state, token_hash).publish_in(tx, &Life::Ended).await?;
    }
    Ok(())
}

impl FromContext<AppState> for Session {
    async fn from_context(cx: &Context<AppState>) -> Result<Self, Failure> {
        match CurrentSession::from_context(cx).await?.0 {
            Some(session) => Ok(session),
            None => Err(Failure::new(ErrorCode::Unauthorized, "sign in first: there is no valid session")),
        }
    }
}

impl FromContext<AppState> for Owner {
    async fn from_context(cx: &Context<AppState>) -> Result<Self, Failure> {
        let session = Session::from_context(cx).await?;
        match session.active.account.user.role {
            Role::Owner => Ok(Self(session)),
            Role::Member => {
                Err(Failure::new(ErrorCode::Forbidden, "only an owner of the workspace may do this: ask one"))
            }
        }
    }
}

impl FromContext<AppState> for CurrentSession {
    async fn from_context(cx: &Context<AppState>) -> Result<Self, Failure> {
        // One look-up for all calls of a batch.
        cx.shared(async || find(cx).await.map(Self)).await
    }
}

/// Topics are bounded by the tenant of the session.
impl TopicScope for Session {
    fn topic_scope(&self) -> String {
        self.active.account.tenant.id.to_string()
    }
}

async fn find(cx: &Context<AppState>) -> Result<Option<Session>, Failure> {
    let state = cx.state();
    let cookies = Cookies::from_context(cx).await?;
    let Some(token) = Token::read(&cookies, state.settings()) else { return Ok(None) };
    let token_hash = token.hash();
    let system = state.database().system();
    if cx.kind() == Some(ProcedureKind::Subscription) {
        // The answer has begun, so it cannot carry a cookie: the next call renews.
        let active = find_for_streams(cx, token_hash).await?;
        return Ok(active.map(|active| Session { active, token_hash }));
    }
    let now = Utc::now();
    let Some(active) = sessions::find(&system, &token_hash, now).await.map_err(Failure::unexpected)? else {
        return Ok(None);
    };
    let lifetime = state.settings().session_lifetime;
    // Renewed when half of its life is over, so at most once in that time.
    if active.expires_at < now + lifetime / 2 {
        sessions::renew(&system, active.id, now + lifetime).await.map_err(Failure::unexpected)?;
        token.set(&cookies, state.settings());
    } else if active.last_used_at < now - USE_NOTED_AFTER {
        sessions::note_use(&system, active.id).await.map_err(Failure::unexpected)?;
    }
    Ok(Some(Session { active, token_hash }))
}

/// How exactly it is known when a session was last used, so that reading seldom writes.
const USE_NOTED_AFTER: TimeDelta = TimeDelta::minutes(1);

/// Finds the session of a subscription, which ends with it.
///
/// It listens before it looks, so that a session which ends in between is noticed; what it looks up then is both the
/// caller's session and the beginning of what the stream hears of it.
async fn find_for_streams(cx: &Context<AppState>, token_hash: TokenHash) -> Result<Option<ActiveSession>, Failure> {
    let system = cx.state().database().system();
    let found = Arc::new(Mutex::new(None));
    let latest = Arc::clone(&found);
    let look = move || {
        let (system, latest) = (system.clone(), Arc::clone(&latest));
        async move {
            let active = sessions::find(&system, &token_hash, Utc::now()).await.map_err(Failure::unexpected)?;
            let life = if active.is_some() { Life::Goes } else { Life::Ended };
            *latest.lock().unwrap_or_else(PoisonError::into_inner) = active;
            Ok::<_, Failure>(life)
        }
    };
    let mut events = Box::pin(life_topic(cx.state(), &token_hash).subscribe_or(look).into_values());
    // The first event says that the subscription has begun.
    let first = events.next().await.unwrap_or(Ok(Life::Ended))?;
    let active = found.lock().unwrap_or_else(PoisonError::into_inner).take();
    if let Some(active) = &active {
        let (system, mut expires_at) = (cx.state().database().system(), active.expires_at);
        cx.end_streams_when(async move {
            let mut life = Ok(first);
            // Whatever cannot be told ends the stream, and the client begins another one.
            while let Ok(Life::Goes) = life {
                let left = (expires_at - Utc::now()).to_std().unwrap_or_default();
                life = match tokio::time::timeout(left, events.next()).await {
                    Ok(event) => event.unwrap_or(Ok(Life::Ended)),
                    // Its time is over, unless a call has renewed it.
                    Err(_) => match sessions::find(&system, &token_hash, Utc::now()).await {
                        Ok(found) => found.map_or(Ok(Life::Ended), |active| {
                            expires_at = active.expires_at;
                            Ok(Life::Goes)
                        }),
                        Err(error) => Err(Failure::unexpected(error)),
                    },
                };
            }
            match life {
                Err(failure) => failure,
                Ok(_) => Failure::new(ErrorCode::Unauthorized, "the session has ended: sign in again"),
            }
        });
    }
    Ok(active)
}

fn life_topic(state: &AppState, token_hash: &TokenHash) -> Topic<Life> {
    let key = TopicKey::new(&hex(token_hash), &["session"]).expect("64 hexadecimal digits are a part of a key");
    state.topics().topic(key)
}
