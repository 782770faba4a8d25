//! Invitations as owners make, list and revoke them, and as who has the link sees one.

use chrono::{DateTime, Utc};
use db::{
    DbError, InvitationId,
    invitations::{self as rows, InviteError as RowError, NewInvitation, RevokeError, Standing},
};
use garde::Validate;
use tintype::prelude::*;

use super::{MemberEvent, Members};
use crate::{
    AppState, OutboxError,
    auth::{Owner, Success, Token, UserRole},
    text::storable,
};

/// Somebody who is to become a member.
#[derive(Debug, Serialize, Deserialize, Type, Validate, Rules)]
pub struct Invite {
    /// E-mail address, at most 254 characters.
    #[garde(email, length(max = 254), custom(storable))]
    pub email: String,
    /// What they will be able to do.
    #[garde(skip)]
    pub role: UserRole,
}

/// An invitation that nobody has accepted yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Invitation {
    /// Id of the invitation.
    pub id: InvitationId,
    /// Who is invited.
    pub email: String,
    /// What they will be able to do.
    pub role: UserRole,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it ends.
    pub expires_at: DateTime<Utc>,
}

/// A new invitation with its secret.
#[derive(Clone, Serialize, Deserialize, Type)]
pub struct Invited {
    /// The invitation.
    pub invitation: Invitation,
    /// What the link to the page `/join` carries as `token`; it is said here and never again.
    pub token: String,
}

/// Which invitation to look at.
#[derive(Clone, Serialize, Deserialize, Type, Validate, Rules)]
pub struct Preview {
    /// What the link carries as `token`.
    #[garde(length(min = 1, max = 128))]
    pub token: String,
}

/// What an invitation leads to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct InvitationPreview {
    /// Name of the workspace.
    pub tenant_name: String,
    /// The address with which to sign in later.
    pub email: String,
    /// What the new member will be able to do.
    pub role: UserRole,
    /// When the invitation ends.
    pub expires_at: DateTime<Utc>,
}

/// Which invitation to revoke.
#[derive(Debug, Serialize, Deserialize, Type)]
pub struct RevokeInvitation {
    /// Its id.
    pub id: InvitationId,
}

/// Why nobody was invited, or an invitation not revoked.
#[derive(Debug, thiserror::Error, Serialize, Deserialize, Type, ProcedureError)]
#[serde(tag = "kind", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum InvitationError {
    /// The workspace has no such invitation, or it was revoked before.
    #[error("no open invitation {id} in this workspace")]
    #[code(NOT_FOUND)]
    InvitationNotFound {
        /// The id that was asked for.
        id: InvitationId,
    },
    /// Somebody has accepted it: they are a member now.
    #[error("the invitation {id} was accepted: remove the member instead")]
    #[code(CONFLICT)]
    InvitationUsed {
        /// The id that was asked for.
        id: InvitationId,
    },
    /// A member has this address.
    #[error("{email} is a member of this workspace")]
    #[code(CONFLICT)]
    AlreadyMember {
        /// The address.
        email: String,
    },
    /// As many invitations as allowed are open.
    #[error("{limit} invitations are open, and more are not allowed: revoke one, or wait until one is accepted")]
    #[code(CONFLICT)]
    TooManyInvitations {
        /// How many may be open.
        limit: u32,
    },
    /// The caller was an owner a moment ago.
    #[error("only an owner of the workspace may do this: ask one")]
    #[code(FORBIDDEN)]
    NotOwner,
    /// The database failed.
    #[error("the invitations could not be read or written")]
    #[internal]
    #[serde(skip)]
    Storage(#[from] DbError),
    /// The change could not be announced, so it was not made.
    #[error("the change could not be announced")]
    #[internal]
    #[serde(skip)]
    Announcement(#[from] OutboxError),
}

/// Why an invitation cannot be accepted.
#[derive(Debug, thiserror::Error, Serialize, Deserialize, Type, ProcedureError)]
#[serde(tag = "kind", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum PreviewError {
    /// There is no invitation with this token.
    #[error("there is no such invitation: check that the link is complete")]
    #[code(NOT_FOUND)]
    InvitationUnknown,
    /// Its time is over.
    #[error("the invitation has expired: ask for another one")]
    #[code(PRECONDITION_FAILED)]
    InvitationExpired,
    /// Somebody has accepted it.
    #[error("the invitation was accepted before: sign in")]
    #[code(PRECONDITION_FAILED)]
    InvitationUsed,
    /// An owner has revoked it, or has made another one for the same address.
    #[error("the invitation was revoked: ask for another one")]
    #[code(PRECONDITION_FAILED)]
    InvitationRevoked,
    /// The database failed.
    #[error("the invitation could not be read")]
    #[internal]
    #[serde(skip)]
    Storage(#[from] DbError),
}

impl From<rows::Invitation> for Invitation {
    fn from(invitation: rows::Invitation) -> Self {
        let rows::Invitation { id, email, role, created_at, expires_at } = invitation;
        Self { id, email, role: role.into(), created_at, expires_at }
    }
}

/// Invites somebody to the workspace; owners may.
///
/// Nothing is sent: the answer has the token of a link, which the owner passes on.
/// An earlier invitation of the same address is revoked.
#[mutation(no_batch, invalidates(list))]
pub async fn invite(members: Members, input: Invite) -> Result<Invited, InvitationError> {
    let settings = members.state.settings();
    let token = Token::generate();
    let new = NewInvitation {
        email: input.email,
        role: input.role.into(),
        token_hash: token.hash(),
        lifetime: settings.invitation_lifetime,
    };
    let limit = settings.open_invitations;
    let invitation = members
        .change(async |tx| {
            let created = rows::create(tx, members.actor, &new, limit).await.map_err(|error| match error {
                RowError::NotOwner => InvitationError::NotOwner,
                RowError::AlreadyMember => InvitationError::AlreadyMember { email: new.email.clone() },
                RowError::Database(error) => InvitationError::Storage(error),
                _ => InvitationError::TooManyInvitations { limit },
            })?;
            members.changes.publish_in(tx, &MemberEvent::InvitationsChanged).await?;
            Ok::<_, InvitationError>(created)
        })
        .await?;
    Ok(Invited { invitation: invitation.into(), token: token.into_secret() })
}

/// The invitations that can be accepted, newest first; owners see them.
#[query]
pub async fn list(owner: Owner, state: State<AppState>) -> Result<Vec<Invitation>, InternalError> {
    let open = rows::open(&owner.0.db(&state.0), Utc::now()).await?;
    Ok(open.into_iter().map(Invitation::from).collect())
}

/// What the invitation with a token leads to.
#[query(sensitive)]
pub async fn preview(state: State<AppState>, input: Preview) -> Result<InvitationPreview, PreviewError> {
    let found = find_open(&state.0, input.token).await?.1;
    let rows::Found { invitation, tenant, .. } = found;
    let Invitation { email, role, expires_at, .. } = invitation.into();
    Ok(InvitationPreview { tenant_name: tenant.name, email, role, expires_at })
}

/// Revokes an invitation, so that its link leads nowhere; owners may.
#[mutation(invalidates(list))]
pub async fn revoke(members: Members, input: RevokeInvitation) -> Result<Success, InvitationError> {
    let id = input.id;
    members
        .change(async |tx| {
            rows::revoke(tx, members.actor, id).await.map_err(|error| match error {
                RevokeError::NotOwner => InvitationError::NotOwner,
                RevokeError::Used => InvitationError::InvitationUsed { id },
                RevokeError::Database(error) => InvitationError::Storage(error),
                _ => InvitationError::InvitationNotFound { id },
            })?;
            members.changes.publish_in(tx, &MemberEvent::InvitationsChanged).await?;
            Ok(Success { success: true })
        })
        .await
}

/// The invitation with a token, if it can be accepted.
pub(super) async fn find_open(state: &AppState, token: String) -> Result<(Token, rows::Found), PreviewError> {
    let token = Token::parse(token).ok_or(PreviewError::InvitationUnknown)?;
    let found = rows::find(&state.database().system(), &token.hash(), Utc::now()).await?;
    let found = found.ok_or(PreviewError::InvitationUnknown)?;
    match PreviewError::of(found.standing) {
        None => Ok((token, found)),
        Some(error) => Err(error),
    }
}

impl PreviewError {
    /// Why an invitation that stands so cannot be accepted.
    pub(super) fn of(standing: Standing) -> Option<Self> {
        match standing {
            Standing::Open => None,
            Standing::Expired => Some(Self::InvitationExpired),
            Standing::Used => Some(Self::InvitationUsed),
            Standing::Revoked => Some(Self::InvitationRevoked),
        }
    }
}

impl std::fmt::Debug for Invited {
    // Tokens are not printed.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Invited").field("invitation", &self.invitation).finish_non_exhaustive()
    }
}

impl std::fmt::Debug for Preview {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Preview").finish_non_exhaustive()
    }
}
