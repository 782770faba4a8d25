use db::{TenantId, UserId};
use tintype::{Topic, TopicKey, TopicPayload, prelude::*};

use crate::{
    AppState,
    auth::{Session, User},
};

/// A change of who belongs to the workspace.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub enum MemberEvent {
    /// Somebody has accepted an invitation.
    Joined {
        /// The new member.
        member: User,
    },
    /// A member has another role.
    Changed {
        /// The member as it is now.
        member: User,
    },
    /// A member was removed.
    Removed {
        /// The id that they had.
        id: UserId,
    },
    /// Somebody was invited, or an invitation revoked; which one is for owners to list.
    InvitationsChanged,
    /// Changes are missing here: load the list again.
    Gap,
}

impl TopicPayload<AppState> for MemberEvent {
    type Scope = Session;
    const TOPIC: &'static str = "members";

    fn gap() -> Self {
        Self::Gap
    }
}

/// Changes of who belongs to the workspace, from whichever window and instance they come.
#[subscription]
pub async fn changed(changes: Topic<MemberEvent>) -> Result<Subscription<MemberEvent>, Never> {
    Ok(changes.subscribe())
}

/// The topic of [`changed`] for who does not belong to the workspace yet.
pub(super) fn of_tenant(state: &AppState, tenant: TenantId) -> Topic<MemberEvent> {
    let key = TopicKey::new(&tenant.to_string(), &[MemberEvent::TOPIC]);
    state.topics().topic(key.expect("an id and a short name are parts of a key").keeping(MemberEvent::RETENTION))
}
