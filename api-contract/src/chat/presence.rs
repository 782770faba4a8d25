//! Who has a conversation open.

use db::{ChatSessionId, UserId};
use tintype::{Presence, PresenceEvent, TopicScope, prelude::*};

use super::{Chats, WatchError, access::key};

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

impl Chats {
    /// Who has a conversation open.
    pub(super) fn viewers(&self, id: ChatSessionId) -> Presence<Viewer> {
        let key = key(&self.session.topic_scope(), &["chat", &id.to_string(), "viewers"]);
        self.state.topics().presence(key)
    }

    /// The caller, as others see them.
    pub(super) fn viewer(&self) -> Viewer {
        let user = &self.session.active.account.user;
        Viewer { id: user.id, name: user.display_name().to_owned() }
    }
}

/// Who has a conversation open.
#[query]
pub async fn list(chats: Chats, input: InSession) -> Result<PresentViewers, WatchError> {
    chats.check(input.session_id).await?;
    let members = chats.viewers(input.session_id).members().await?;
    Ok(PresentViewers { viewers: members.into_iter().map(|member| member.data).collect() })
}

/// Who opens and closes a conversation, beginning with who has it open.
#[subscription]
pub async fn watch(chats: Chats, input: InSession) -> Result<Subscription<PresenceEvent<Viewer>>, WatchError> {
    chats.check(input.session_id).await?;
    Ok(chats.viewers(input.session_id).watch())
}
