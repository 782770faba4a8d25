use db::{
    DbError, UserId,
    members::{self as rows, ChangeError},
};
use tintype::prelude::*;

use super::{MemberEvent, Members, invitations};
use crate::{
    AppState, OutboxError,
    auth::{Session, Success, User, UserRole, end_streams, me},
};

/// Which role to give to whom.
#[derive(Debug, Serialize, Deserialize, Type)]
pub struct SetRole {
    /// Id of the member.
    pub id: UserId,
    /// What they may do from now on.
    pub role: UserRole,
}

/// Whom to remove.
#[derive(Debug, Serialize, Deserialize, Type)]
pub struct RemoveMember {
    /// Id of the member.
    pub id: UserId,
}

/// Why a member was not changed.
#[derive(Debug, thiserror::Error, Serialize, Deserialize, Type, ProcedureError)]
#[serde(tag = "kind", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum MemberError {
    /// The workspace has no such member.
    #[error("no member {id} in this workspace")]
    #[code(NOT_FOUND)]
    MemberNotFound {
        /// The id that was asked for.
        id: UserId,
    },
    /// Nobody would own the workspace.
    #[error("this is the last owner of the workspace: make somebody else an owner first")]
    #[code(CONFLICT)]
    LastOwner,
    /// Nobody removes themselves.
    #[error("you cannot remove yourself: ask another owner")]
    #[code(CONFLICT)]
    OwnRemoval,
    /// The caller was an owner a moment ago.
    #[error("only an owner of the workspace may do this: ask one")]
    #[code(FORBIDDEN)]
    NotOwner,
    /// The database failed.
    #[error("the members could not be read or written")]
    #[internal]
    #[serde(skip)]
    Storage(#[from] DbError),
    /// The change could not be announced, so it was not made.
    #[error("the change could not be announced")]
    #[internal]
    #[serde(skip)]
    Announcement(#[from] OutboxError),
}

impl MemberError {
    fn of(error: ChangeError, id: UserId) -> Self {
        match error {
            ChangeError::NotOwner => Self::NotOwner,
            ChangeError::LastOwner => Self::LastOwner,
            ChangeError::Oneself => Self::OwnRemoval,
            ChangeError::Database(error) => Self::Storage(error),
            _ => Self::MemberNotFound { id },
        }
    }
}

/// The members of the workspace, who came first first.
#[query]
pub async fn list(session: Session, state: State<AppState>) -> Result<Vec<User>, InternalError> {
    let members = rows::list(&session.db(&state.0)).await?;
    Ok(members.into_iter().map(User::from).collect())
}

/// Makes a member an owner, or an owner a member; owners may.
#[mutation(invalidates(list, invitations::list, me))]
pub async fn set_role(members: Members, input: SetRole) -> Result<User, MemberError> {
    let SetRole { id, role } = input;
    members
        .change(async |tx| {
            let changed = rows::set_role(tx, members.actor, id, role.into()).await;
            let member = User::from(changed.map_err(|error| MemberError::of(error, id))?);
            members.changes.publish_in(tx, &MemberEvent::Changed { member: member.clone() }).await?;
            Ok(member)
        })
        .await
}

/// Removes a member, and ends their sessions with the streams that were opened in them; owners may.
///
/// What the member has made stays, and their e-mail address is free.
#[mutation(invalidates(list, invitations::list))]
pub async fn remove(members: Members, input: RemoveMember) -> Result<Success, MemberError> {
    let id = input.id;
    members
        .change(async |tx| {
            let removed = rows::remove(tx, members.actor, id).await;
            let ended = removed.map_err(|error| MemberError::of(error, id))?;
            end_streams(&members.state, tx, &ended).await?;
            members.changes.publish_in(tx, &MemberEvent::Removed { id }).await?;
            Ok(Success { success: true })
        })
        .await
}
