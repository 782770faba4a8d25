use db::{ChatSessionId, TenantDb};
use tintype::{Topic, TopicKey, TopicScope, Topics, prelude::*};

use super::ChatEvent;
use crate::{
    AppState, Outbox,
    auth::Session,
    outbox::{OutboxError, Transaction},
};

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
        E: From<db::DbError>,
        W: AsyncFnOnce(&mut Transaction<TenantDb>) -> Result<T, E>,
    {
        let outbox: &Outbox = self.state.outbox();
        outbox.transaction(self.db.begin().await?, self.db.tenant_id(), work).await
    }

    /// What happens in a conversation.
    pub(super) fn events(&self, id: ChatSessionId) -> Topic<ChatEvent> {
        events(self.state.topics(), &self.session.topic_scope(), id)
    }
}

/// What happens in a conversation of the tenant whose scope this is.
pub(super) fn events(topics: &Topics, scope: &str, id: ChatSessionId) -> Topic<ChatEvent> {
    topics.topic(key(scope, &["chat", &id.to_string()]).keeping(ChatEvent::RETENTION))
}

/// Ids and names of this module are parts of a key.
pub(super) fn key(scope: &str, name: &[&str]) -> TopicKey {
    TopicKey::new(scope, name).expect("ids and short names are parts of a key")
}

/// An error of a transaction that also publishes.
pub(super) fn announced<E: From<db::DbError>>(error: OutboxError) -> E {
    match error {
        OutboxError::Storage(error) => error.into(),
        OutboxError::Event(error) => {
            tracing::error!(%error, "an event of a conversation cannot be published");
            db::DbError::Aborted.into()
        }
    }
}
