use db::{ChatSessionId, DbError, TenantDb, chat::sessions};
use tintype::{BrokerError, Topic, TopicKey, TopicScope, Topics, prelude::*};

use super::ChatEvent;
use crate::{AppState, auth::Session, outbox::Transaction};

/// The conversations of the caller's workspace: there is no other way to reach any.
#[derive(Debug, Clone)]
pub struct Chats {
    pub(super) session: Session,
    pub(super) db: TenantDb,
    pub(super) state: AppState,
}

impl FromContext<AppState> for Chats {
    async fn from_context(cx: &Context<AppState>) -> Result<Self, Failure> {
        let session = Session::from_context(cx).await?;
        let state = cx.state().clone();
        Ok(Self { db: session.db(&state), session, state })
    }
}

impl Chats {
    /// Changes conversations and publishes what is changed, or does neither.
    pub(super) async fn change<T, E, W>(&self, work: W) -> Result<T, E>
    where
        E: From<DbError>,
        W: AsyncFnOnce(&mut Transaction<TenantDb>) -> Result<T, E>,
    {
        self.state.outbox().transaction(self.db.begin().await?, self.db.tenant_id(), work).await
    }

    /// Fails if the workspace has no such conversation.
    pub(super) async fn check(&self, id: ChatSessionId) -> Result<(), WatchError> {
        match sessions::exists(&self.db, id).await? {
            true => Ok(()),
            false => Err(WatchError::SessionNotFound { id }),
        }
    }

    /// What happens in a conversation.
    pub(super) fn events(&self, id: ChatSessionId) -> Topic<ChatEvent> {
        events(self.state.topics(), &self.session.topic_scope(), id)
    }
}

/// Why a conversation, or who has it open, could not be watched.
#[derive(Debug, thiserror::Error, Serialize, Deserialize, Type, ProcedureError)]
#[serde(tag = "kind", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum WatchError {
    /// The workspace has no such conversation.
    #[error("no conversation {id} in this workspace")]
    #[code(NOT_FOUND)]
    SessionNotFound {
        /// The id that was asked for.
        id: ChatSessionId,
    },
    /// The database failed.
    #[error("the conversation could not be read")]
    #[internal]
    #[serde(skip)]
    Storage(#[from] DbError),
    /// Whoever knows who is there could not be asked.
    #[error("it could not be found out who is there")]
    #[internal]
    #[serde(skip)]
    Broker(#[from] BrokerError),
}

/// What happens in a conversation of the tenant whose scope this is.
pub(super) fn events(topics: &Topics, scope: &str, id: ChatSessionId) -> Topic<ChatEvent> {
    topics.topic(key(scope, &["chat", &id.to_string()]).keeping(ChatEvent::RETENTION))
}

/// Ids and names of this module are parts of a key.
pub(super) fn key(scope: &str, name: &[&str]) -> TopicKey {
    TopicKey::new(scope, name).expect("ids and short names are parts of a key")
}
