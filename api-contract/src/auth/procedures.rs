use std::{fmt, time::Duration};

use db::{DbError, accounts, accounts::NewAccount, sessions};
use garde::Validate;
use tintype::prelude::*;

use super::{Browser, CurrentSession, HashError, Session, SignedIn, cookie::Token};
use crate::{
    OutboxError,
    text::{not_blank, storable},
};

/// What somebody who signs up says.
#[derive(Serialize, Deserialize, Type, Validate, Rules)]
#[serde(rename_all = "camelCase")]
pub struct Register {
    /// E-mail address, at most 254 characters.
    #[garde(email, length(max = 254), custom(storable))]
    pub email: String,
    /// Password, 8 to 128 characters of any kind.
    #[garde(length(chars, min = 8, max = 128))]
    pub password: String,
    /// Name of the workspace, 1 to 120 characters.
    #[garde(length(chars, min = 1, max = 120), custom(not_blank), custom(storable))]
    pub tenant_name: String,
    /// What the person wants to be called, 1 to 120 characters.
    #[garde(length(chars, min = 1, max = 120), inner(custom(not_blank), custom(storable)))]
    pub name: Option<String>,
}

/// What somebody who signs in says.
#[derive(Serialize, Deserialize, Type, Validate, Rules)]
pub struct Login {
    /// E-mail address.
    #[garde(length(min = 1, max = 254), custom(storable))]
    pub email: String,
    /// Password.
    #[garde(length(chars, min = 1, max = 128))]
    pub password: String,
}

/// It is done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct Success {
    /// Always `true`: a failure is an error.
    pub success: bool,
}

/// Why a registration failed.
#[derive(Debug, thiserror::Error, Serialize, Deserialize, Type, ProcedureError)]
#[serde(tag = "kind", rename_all = "SCREAMING_SNAKE_CASE", rename_all_fields = "camelCase")]
pub enum RegisterError {
    /// Somebody has registered with this address.
    #[error("the e-mail address {email} is taken: sign in, or use another")]
    #[code(CONFLICT)]
    EmailTaken {
        /// The address.
        email: String,
    },
    /// Too many registrations from this network, or at this moment.
    #[error("too many registrations: try again in {retry_after_seconds} s")]
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
    /// The password could not be hashed.
    #[error("the password could not be hashed")]
    #[internal]
    #[serde(skip)]
    Hash(HashError),
}

/// Why a sign-in failed.
#[derive(Debug, thiserror::Error, Serialize, Deserialize, Type, ProcedureError)]
#[serde(tag = "kind", rename_all = "SCREAMING_SNAKE_CASE", rename_all_fields = "camelCase")]
pub enum LoginError {
    /// There is no account with this address and password; which of the two is wrong is not said.
    #[error("e-mail address or password is wrong")]
    #[code(UNAUTHORIZED)]
    InvalidCredentials,
    /// Too many attempts for this account or from this network, or at this moment.
    #[error("too many attempts: try again in {retry_after_seconds} s")]
    #[code(TOO_MANY_REQUESTS)]
    TooManyAttempts {
        /// How long to wait.
        retry_after_seconds: u32,
    },
    /// The database failed.
    #[error("the account could not be read")]
    #[internal]
    #[serde(skip)]
    Storage(#[from] DbError),
    /// The earlier session of the browser could not be ended.
    #[error("the earlier session could not be ended")]
    #[internal]
    #[serde(skip)]
    EarlierSession(#[from] OutboxError),
    /// The password could not be checked.
    #[error("the password could not be checked")]
    #[internal]
    #[serde(skip)]
    Hash(HashError),
}

/// How long to wait when passwords of others are being hashed.
pub(crate) const BUSY: Duration = Duration::from_secs(3);

impl RegisterError {
    fn too_many(wait: Duration) -> Self {
        Self::TooManyAttempts { retry_after_seconds: whole_seconds(wait) }
    }
}

impl From<HashError> for RegisterError {
    fn from(error: HashError) -> Self {
        match error {
            HashError::Busy => Self::too_many(BUSY),
            failed => Self::Hash(failed),
        }
    }
}

impl LoginError {
    fn too_many(wait: Duration) -> Self {
        Self::TooManyAttempts { retry_after_seconds: whole_seconds(wait) }
    }
}

impl From<HashError> for LoginError {
    fn from(error: HashError) -> Self {
        match error {
            HashError::Busy => Self::too_many(BUSY),
            failed => Self::Hash(failed),
        }
    }
}

/// Creates a workspace with its owner, and signs the owner in.
#[mutation(no_batch, sensitive, invalidates(me))]
pub async fn register(browser: Browser, input: Register) -> Result<SignedIn, RegisterError> {
    let Browser { state, cookies, address, .. } = &browser;
    state.throttle().register(*address).map_err(RegisterError::too_many)?;
    let password_hash = state.passwords().hash(input.password).await?;
    let token = Token::generate();
    let email = input.email.clone();
    let account = NewAccount {
        email: input.email,
        password_hash,
        tenant_name: input.tenant_name.trim().to_owned(),
        name: input.name.map(|name| name.trim().to_owned()),
        session: browser.new_session(&token),
    };
    let account = accounts::register(&state.database().system(), account).await.map_err(|error| match error {
        accounts::RegisterError::Database(error) => RegisterError::Storage(error),
        _ => RegisterError::EmailTaken { email },
    })?;
    token.set(cookies, state.settings());
    Ok(account.into())
}

/// Signs in and begins a session.
#[mutation(no_batch, sensitive, invalidates(me))]
pub async fn login(browser: Browser, current: CurrentSession, input: Login) -> Result<SignedIn, LoginError> {
    let Browser { state, cookies, address, .. } = &browser;
    // Before the password is looked at: a guess that is refused costs nothing and tells nothing.
    state.throttle().sign_in(&input.email, *address).map_err(LoginError::too_many)?;
    let system = state.database().system();
    let found = accounts::credentials(&system, &input.email).await?;
    let hash = found.as_ref().map(|credentials| credentials.password_hash.clone());
    let verified = state.passwords().verify(input.password, hash).await?;
    let Some(credentials) = found.filter(|_| verified) else { return Err(LoginError::InvalidCredentials) };
    let token = Token::generate();
    if !sessions::create(&system, &credentials, browser.new_session(&token)).await? {
        return Err(LoginError::InvalidCredentials);
    }
    if let CurrentSession(Some(old)) = current {
        // A new sign-in leaves no earlier session of this browser behind.
        old.end(state).await?;
    }
    token.set(cookies, state.settings());
    Ok(credentials.account.into())
}

/// Ends the session, and with it the streams that were opened in it.
#[mutation(no_batch, invalidates(me))]
pub async fn logout(session: Session, browser: Browser) -> Result<Success, InternalError> {
    session.end(&browser.state).await?;
    browser.forget();
    Ok(Success { success: true })
}

/// Who is signed in; `null` for nobody.
#[query]
pub async fn me(current: CurrentSession) -> Result<Option<SignedIn>, Never> {
    Ok(current.0.map(|session| session.active.account.into()))
}

/// A whole number of seconds, and not less than the time.
pub(crate) fn whole_seconds(wait: Duration) -> u32 {
    u32::try_from(wait.as_millis().div_ceil(1000)).unwrap_or(u32::MAX).max(1)
}

impl fmt::Debug for Register {
    // Passwords are not printed.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Register").field("tenant_name", &self.tenant_name).finish_non_exhaustive()
    }
}

impl fmt::Debug for Login {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Login").finish_non_exhaustive()
    }
}
