use std::{fmt, time::Duration};

use db::{
    DbError, SystemDb,
    invitations::{self as rows, NewMember},
};
use garde::Validate;
use tintype::prelude::*;

use super::{
    MemberEvent, events,
    invitations::{PreviewError, find_open},
};
use crate::{
    OutboxError,
    auth::{BUSY, Browser, CurrentSession, HashError, SignedIn, Token, me, whole_seconds},
    outbox::Transaction,
    text::{not_blank, storable},
};

/// What somebody who accepts an invitation says.
#[derive(Serialize, Deserialize, Type, Validate, Rules)]
pub struct Accept {
    /// What the link carries as `token`.
    #[garde(length(min = 1, max = 128))]
    pub token: String,
    /// What the person wants to be called, 1 to 120 characters.
    #[garde(length(chars, min = 1, max = 120), inner(custom(not_blank), custom(storable)))]
    pub name: Option<String>,
    /// Password, 8 to 128 characters of any kind.
    #[garde(length(chars, min = 8, max = 128))]
    pub password: String,
}

/// Why an invitation was not accepted.
#[derive(Debug, thiserror::Error, Serialize, Deserialize, Type, ProcedureError)]
#[serde(tag = "kind", rename_all = "SCREAMING_SNAKE_CASE", rename_all_fields = "camelCase")]
pub enum AcceptError {
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
    /// Somebody has registered with the address of the invitation; an address belongs to one workspace.
    #[error("the e-mail address {email} is taken: ask for an invitation of another one")]
    #[code(CONFLICT)]
    EmailTaken {
        /// The address.
        email: String,
    },
    /// Too many registrations from this network, or at this moment.
    #[error("too many attempts: try again in {retry_after_seconds} s")]
    #[code(TOO_MANY_REQUESTS)]
    TooManyAttempts {
        /// How long to wait.
        retry_after_seconds: u32,
    },
    /// The database failed.
    #[error("the account could not be stored")]
    #[internal]
    #[serde(skip)]
    Storage(#[from] DbError),
    /// The new member could not be announced, or the earlier session of the browser not be ended.
    #[error("the new member could not be announced")]
    #[internal]
    #[serde(skip)]
    Announcement(#[from] OutboxError),
    /// The password could not be hashed.
    #[error("the password could not be hashed")]
    #[internal]
    #[serde(skip)]
    Hash(HashError),
}

impl AcceptError {
    fn too_many(wait: Duration) -> Self {
        Self::TooManyAttempts { retry_after_seconds: whole_seconds(wait) }
    }
}

impl From<HashError> for AcceptError {
    fn from(error: HashError) -> Self {
        match error {
            HashError::Busy => Self::too_many(BUSY),
            failed => Self::Hash(failed),
        }
    }
}

impl From<PreviewError> for AcceptError {
    fn from(error: PreviewError) -> Self {
        match error {
            PreviewError::InvitationUnknown => Self::InvitationUnknown,
            PreviewError::InvitationExpired => Self::InvitationExpired,
            PreviewError::InvitationUsed => Self::InvitationUsed,
            PreviewError::InvitationRevoked => Self::InvitationRevoked,
            PreviewError::Storage(error) => Self::Storage(error),
        }
    }
}

/// Accepts an invitation: creates the member, with the address that was invited, and signs them in.
#[mutation(no_batch, sensitive, invalidates(me))]
pub async fn accept(browser: Browser, current: CurrentSession, input: Accept) -> Result<SignedIn, AcceptError> {
    let state = &browser.state;
    state.throttle().register(browser.address).map_err(AcceptError::too_many)?;
    // Whoever has no open invitation costs no hash.
    let (invited, rows::Found { tenant, invitation, .. }) = find_open(state, input.token).await?;
    let password_hash = state.passwords().hash(input.password).await?;
    let token = Token::generate();
    let name = input.name.map(|name| name.trim().to_owned());
    let new = NewMember { name, password_hash, session: browser.new_session(&token) };
    let changes = events::of_tenant(state, tenant.id);
    let rows = state.database().system().begin_for(tenant.id).await?;
    let join = async |tx: &mut Transaction<SystemDb>| {
        let joined = rows::accept(tx, tenant.id, &invited.hash(), new).await;
        let account: SignedIn = joined.map_err(|error| of_row(error, invitation.email))?.into();
        changes.publish_in(tx, &MemberEvent::Joined { member: account.user.clone() }).await?;
        Ok::<_, AcceptError>(account)
    };
    let account = state.outbox().transaction(rows, tenant.id, join).await?;
    if let CurrentSession(Some(old)) = current {
        // As a sign-in: no earlier session of this browser is left behind.
        old.end(state).await?;
    }
    token.set(&browser.cookies, state.settings());
    Ok(account)
}

fn of_row(error: rows::AcceptError, email: String) -> AcceptError {
    match error {
        rows::AcceptError::NotOpen(standing) => {
            standing.and_then(PreviewError::of).map_or(AcceptError::InvitationUnknown, AcceptError::from)
        }
        rows::AcceptError::Database(error) => AcceptError::Storage(error),
        _ => AcceptError::EmailTaken { email },
    }
}

impl fmt::Debug for Accept {
    // Tokens and passwords are not printed.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Accept").finish_non_exhaustive()
    }
}
