//! Who has a conversation open.

use db::{ChatSessionId, DbError, UserId, chat::sessions};
use tintype::{BrokerError, Presence, PresenceEvent, TopicScope, prelude::*};

use super::{Chats, access::key};

/// Somebody who has a conversation open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct Viewer {
    /// The user.
    pub id: UserId,
    /// What the person wants to be called, or the address without it.
    pub name: String,
}

/// Which conversation is meant.
#[derive(Debug, Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct InSession {
    /// The conversation.
    pub session_id: ChatSessionId,
}

/// Who has a conversation open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct PresentViewers {
    /// Each person once, in no order.
    pub viewers: Vec<Viewer>,
}

/// Why it could not be told who is there.
#[derive(Debug, thiserror::Error, Serialize, Deserialize, Type, ProcedureError)]
#[serde(tag = "kind", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum PresenceError {
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

impl Chats {
    /// Who has a conversation open.
    pub(super) fn viewers(&self, id: ChatSessionId) -> Presence<Viewer> {
        let key = key(&self.session.topic_scope(), &["chat", &id.to_string(), "viewers"]);
        self.state.topics().presence(key)
    }

    /// The caller, as others see them.
    pub(super) fn viewer(&self) -> Viewer {
        let user = &self.session.active.account.user;
        Viewer { id: user.id, name: user.name.clone().unwrap_or_else(|| user.email.clone()) }
    }

    async fn check(&self, id: ChatSessionId) -> Result<(), PresenceError> {
        match sessions::exists(&self.db, id).await? {
            true => Ok(()),
            false => Err(PresenceError::SessionNotFound { id }),
        }
    }
}

/// Who has a conversation open.
#[query]
pub async fn list(chats: Chats, input: InSession) -> Result<PresentViewers, PresenceError> {
    chats.check(input.session_id).await?;
    let members = chats.viewers(input.session_id).members().await?;
    Ok(PresentViewers { viewers: members.into_iter().map(|member| member.data).collect() })
}

/// Who opens and closes a conversation, beginning with who has it open.
#[subscription]
pub async fn watch(chats: Chats, input: InSession) -> Result<Subscription<PresenceEvent<Viewer>>, PresenceError> {
    chats.check(input.session_id).await?;
    Ok(chats.viewers(input.session_id).watch())
}
