use std::{fmt, time::Duration};

use db::{DbError, SystemDb, accounts, sessions};
use garde::Validate;
use tintype::prelude::*;

use super::{BUSY, Browser, HashError, Session, Success, end_streams, whole_seconds};
use crate::{OutboxError, outbox::Transaction};

/// What somebody who changes their password says.
#[derive(Serialize, Deserialize, Type, Validate, Rules)]
pub struct ChangePassword {
    /// The password until now.
    #[garde(length(chars, min = 1, max = 128))]
    pub current: String,
    /// The password from now on, 8 to 128 characters of any kind.
    #[garde(length(chars, min = 8, max = 128))]
    pub new: String,
}

/// Why a password was not changed.
#[derive(Debug, thiserror::Error, Serialize, Deserialize, Type, ProcedureError)]
#[serde(tag = "kind", rename_all = "SCREAMING_SNAKE_CASE", rename_all_fields = "camelCase")]
pub enum ChangePasswordError {
    /// The current password is another, perhaps because it was changed elsewhere at this moment.
    #[error("the current password is wrong")]
    #[code(FORBIDDEN)]
    WrongPassword,
    /// Too many attempts for this account or from this network, or at this moment; sign-ins count too.
    #[error("too many attempts: try again in {retry_after_seconds} s")]
    #[code(TOO_MANY_REQUESTS)]
    TooManyAttempts {
        /// How long to wait.
        retry_after_seconds: u32,
    },
    /// The database failed.
    #[error("the password could not be stored")]
    #[internal]
    #[serde(skip)]
    Storage(#[from] DbError),
    /// The other sessions could not be ended.
    #[error("the other sessions could not be ended")]
    #[internal]
    #[serde(skip)]
    OtherSessions(#[from] OutboxError),
    /// A password could not be hashed or checked.
    #[error("the password could not be hashed or checked")]
    #[internal]
    #[serde(skip)]
    Hash(HashError),
}

impl ChangePasswordError {
    fn too_many(wait: Duration) -> Self {
        Self::TooManyAttempts { retry_after_seconds: whole_seconds(wait) }
    }
}

impl From<HashError> for ChangePasswordError {
    fn from(error: HashError) -> Self {
        match error {
            HashError::Busy => Self::too_many(BUSY),
            failed => Self::Hash(failed),
        }
    }
}

/// Changes the caller's password, and ends their other sessions with the streams that were opened in them.
#[mutation(no_batch, sensitive, invalidates(super::sessions))]
pub async fn change_password(
    session: Session,
    browser: Browser,
    input: ChangePassword,
) -> Result<Success, ChangePasswordError> {
    let state = &browser.state;
    let account = &session.active.account;
    // Before the password is looked at, as with a sign-in: a stolen session must not become a way to guess it.
    state.throttle().sign_in(&account.user.email, browser.address).map_err(ChangePasswordError::too_many)?;
    let system = state.database().system();
    let found = accounts::credentials(&system, &account.user.email).await?;
    let hash = found.filter(|found| found.account.user.id == account.user.id).map(|found| found.password_hash);
    let verified = state.passwords().verify(input.current, hash.clone()).await?;
    let Some(current) = hash.filter(|_| verified) else { return Err(ChangePasswordError::WrongPassword) };
    let new = state.passwords().hash(input.new).await?;
    let rows = system.begin_for(account.tenant.id).await?;
    let change = async |tx: &mut Transaction<SystemDb>| {
        if !accounts::change_password(tx, account.user.id, &current, &new).await? {
            return Err(ChangePasswordError::WrongPassword);
        }
        let ended = sessions::delete_others(tx, account, session.active.id).await?;
        end_streams(state, tx, &ended).await?;
        Ok(Success { success: true })
    };
    state.outbox().transaction(rows, account.tenant.id, change).await
}

impl fmt::Debug for ChangePassword {
    // Passwords are not printed.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ChangePassword").finish_non_exhaustive()
    }
}
