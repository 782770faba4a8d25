//! Tenants and their users, for the moment before a tenant is known, and passwords.

use std::time::Duration;

use chrono::{DateTime, SubsecRound, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use futures_util::FutureExt;

use crate::{
    DbError, SystemDb, TenantId, Transaction, UserId,
    schema::{tenants, users},
    sessions::{self, NewSession},
};

/// A user as others may see it; the password hash is not part of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// Its id.
    pub id: UserId,
    /// The address as it was given at registration.
    pub email: String,
    /// What the person wants to be called.
    pub name: Option<String>,
    /// What the user may do in the tenant.
    pub role: Role,
    /// When the user registered.
    pub created_at: DateTime<Utc>,
}

impl User {
    /// What the person wants to be called, or the address without it.
    #[must_use]
    pub fn display_name(&self) -> &str {
        self.name.as_deref().unwrap_or(&self.email)
    }
}

/// What a user may do in a tenant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Everything.
    Owner,
    /// Everything but to change members and budgets.
    Member,
}

impl Role {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Member => "member",
        }
    }

    /// The role that a column of the name `column` holds.
    pub(crate) fn read(text: &str, column: &'static str) -> Result<Self, DbError> {
        match text {
            "owner" => Ok(Self::Owner),
            "member" => Ok(Self::Member),
            _ => Err(DbError::UnknownValue { column }),
        }
    }
}

/// A tenant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tenant {
    /// Its id.
    pub id: TenantId,
    /// Its name, 1 to 120 characters.
    pub name: String,
    /// When it was created.
    pub created_at: DateTime<Utc>,
}

/// Somebody who signs up, with the session that begins thereby.
pub struct NewAccount {
    /// The address, at most 254 characters.
    pub email: String,
    /// The hash of the password, in the format of PHC strings.
    pub password_hash: String,
    /// The name of the tenant that is created, 1 to 120 characters.
    pub tenant_name: String,
    /// What the person wants to be called, 1 to 120 characters.
    pub name: Option<String>,
    /// The first session.
    pub session: NewSession,
}

/// A user with its tenant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// The user.
    pub user: User,
    /// The tenant.
    pub tenant: Tenant,
}

/// A user with what proves it.
pub struct Credentials {
    /// User and tenant.
    pub account: Account,
    /// The hash of the password, in the format of PHC strings.
    pub password_hash: String,
}

/// Why somebody could not sign up.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RegisterError {
    /// The address is in use, perhaps with other capitals.
    #[error("the e-mail address is taken")]
    EmailTaken,
    /// The database failed.
    #[error(transparent)]
    Database(#[from] DbError),
}

/// The present, in the precision that PostgreSQL stores.
pub(crate) fn now() -> DateTime<Utc> {
    Utc::now().trunc_subsecs(6)
}

/// A time span as PostgreSQL is told it: in milliseconds.
pub(crate) fn millis(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = tenants)]
pub(crate) struct TenantRow {
    id: TenantId,
    name: String,
    created_at: DateTime<Utc>,
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = users)]
pub(crate) struct UserRow {
    pub(crate) id: UserId,
    pub(crate) tenant_id: TenantId,
    pub(crate) email: String,
    pub(crate) name: Option<String>,
    pub(crate) role: String,
    pub(crate) password_hash: String,
    pub(crate) created_at: DateTime<Utc>,
}

impl From<TenantRow> for Tenant {
    fn from(TenantRow { id, name, created_at }: TenantRow) -> Self {
        Self { id, name, created_at }
    }
}

diesel::define_sql_function! {
    /// Addresses are compared without their capitals.
    fn lower(text: diesel::sql_types::Text) -> diesel::sql_types::Text;
}

pub(crate) fn account(user: UserRow, tenant: TenantRow) -> Result<Account, DbError> {
    let role = Role::read(&user.role, "users.role")?;
    let user = User { id: user.id, email: user.email, name: user.name, role, created_at: user.created_at };
    Ok(Account { user, tenant: tenant.into() })
}

/// Creates tenant, owner and session in one transaction.
///
/// # Errors
///
/// [`RegisterError::EmailTaken`] if the address is in use; nothing is stored then.
pub async fn register(db: &SystemDb, new: NewAccount) -> Result<Account, RegisterError> {
    let created_at = now();
    let tenant = TenantRow { id: TenantId::generate(), name: new.tenant_name, created_at };
    let user = UserRow {
        id: UserId::generate(),
        tenant_id: tenant.id,
        email: new.email,
        name: new.name,
        role: Role::Owner.as_str().to_owned(),
        password_hash: new.password_hash,
        created_at,
    };
    let session = new.session.row(tenant.id, user.id, created_at);
    let stored = db
        .run(move |connection| {
            async move {
                diesel::insert_into(tenants::table).values(&tenant).execute(connection).await?;
                diesel::insert_into(users::table).values(&user).execute(connection).await?;
                sessions::insert(connection, &session).await?;
                Ok((user, tenant))
            }
            .boxed()
        })
        .await;
    match stored {
        Ok((user, tenant)) => Ok(account(user, tenant)?),
        Err(DbError::Duplicate { constraint }) if constraint == "users_email" => Err(RegisterError::EmailTaken),
        Err(error) => Err(error.into()),
    }
}

/// Finds the user with an address, whatever its capitals.
///
/// # Errors
///
/// [`DbError`] if the database fails.
pub async fn credentials(db: &SystemDb, email: &str) -> Result<Option<Credentials>, DbError> {
    let email = email.to_owned();
    let found: Option<(UserRow, TenantRow)> = db
        .run(move |connection| {
            async move {
                users::table
                    .inner_join(tenants::table)
                    .filter(lower(users::email).eq(lower(email)))
                    .select((UserRow::as_select(), TenantRow::as_select()))
                    .first(connection)
                    .await
                    .optional()
            }
            .boxed()
        })
        .await?;
    found
        .map(|(user, tenant)| {
            let password_hash = user.password_hash.clone();
            Ok(Credentials { account: account(user, tenant)?, password_hash })
        })
        .transpose()
}

/// Gives a user another password, unless it is no longer the one with the hash `current`.
///
/// The transaction is [about](SystemDb::begin_for) the user's tenant.
///
/// # Errors
///
/// [`DbError`] if the database fails.
pub async fn change_password(
    tx: &mut Transaction<SystemDb>,
    user: UserId,
    current: &str,
    new: &str,
) -> Result<bool, DbError> {
    let is_current = users::id.eq(user).and(users::password_hash.eq(current));
    let update = diesel::update(users::table.filter(is_current)).set(users::password_hash.eq(new));
    let count = tx.run(async |connection| update.execute(connection).await).await?;
    Ok(count > 0)
}

impl std::fmt::Debug for NewAccount {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NewAccount").field("tenant_name", &self.tenant_name).finish_non_exhaustive()
    }
}

impl std::fmt::Debug for Credentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Credentials").field("account", &self.account).finish_non_exhaustive()
    }
}
