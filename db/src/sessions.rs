//! Sessions: who a cookie belongs to.

use std::{fmt, time::Duration};

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use futures_util::FutureExt;

use crate::{
    DbError, SessionId, SystemDb, TenantId, Transaction, UserId,
    accounts::{Account, TenantRow, UserRow, account, now},
    schema::{sessions, tenants, users},
};

/// A session that begins.
#[derive(Clone)]
pub struct NewSession {
    /// SHA-256 of the secret in the cookie; the secret itself is never stored.
    pub token_hash: [u8; 32],
    /// The browser, as it calls itself.
    pub user_agent: Option<String>,
    /// How long the session lives unless it is renewed.
    pub lifetime: Duration,
}

/// A session that is valid now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActiveSession {
    /// Its id.
    pub id: SessionId,
    /// Who it belongs to.
    pub account: Account,
    /// When it ends.
    pub expires_at: DateTime<Utc>,
}

#[derive(Insertable)]
#[diesel(table_name = sessions)]
pub(crate) struct SessionRow {
    id: SessionId,
    tenant_id: TenantId,
    user_id: UserId,
    token_hash: Vec<u8>,
    user_agent: Option<String>,
    created_at: DateTime<Utc>,
    last_used_at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
}

impl NewSession {
    pub(crate) fn row(self, tenant_id: TenantId, user_id: UserId, now: DateTime<Utc>) -> SessionRow {
        SessionRow {
            id: SessionId::generate(),
            tenant_id,
            user_id,
            token_hash: self.token_hash.to_vec(),
            user_agent: self.user_agent.map(|name| name.chars().take(512).collect()),
            created_at: now,
            last_used_at: now,
            expires_at: now + self.lifetime,
        }
    }
}

pub(crate) async fn insert(connection: &mut AsyncPgConnection, row: &SessionRow) -> QueryResult<()> {
    diesel::insert_into(sessions::table).values(row).execute(connection).await.map(drop)
}

/// Begins a session for a user.
///
/// # Errors
///
/// [`DbError`] if the database fails.
pub async fn create(db: &SystemDb, account: &Account, session: NewSession) -> Result<(), DbError> {
    let row = session.row(account.tenant.id, account.user.id, now());
    db.run(move |connection| async move { insert(connection, &row).await }.boxed()).await
}

/// Finds the session with a token, if it is valid at `at`.
///
/// # Errors
///
/// [`DbError`] if the database fails.
pub async fn find(db: &SystemDb, token_hash: &[u8; 32], at: DateTime<Utc>) -> Result<Option<ActiveSession>, DbError> {
    let token_hash = token_hash.to_vec();
    let found: Option<(SessionId, DateTime<Utc>, UserRow, TenantRow)> = db
        .run(move |connection| {
            async move {
                sessions::table
                    .inner_join(users::table.inner_join(tenants::table))
                    .filter(sessions::token_hash.eq(token_hash).and(sessions::expires_at.gt(at)))
                    .select((sessions::id, sessions::expires_at, UserRow::as_select(), TenantRow::as_select()))
                    .first(connection)
                    .await
                    .optional()
            }
            .boxed()
        })
        .await?;
    found
        .map(|(id, expires_at, user, tenant)| Ok(ActiveSession { id, account: account(user, tenant)?, expires_at }))
        .transpose()
}

/// Lets a session live until `expires_at`.
///
/// # Errors
///
/// [`DbError`] if the database fails.
pub async fn renew(db: &SystemDb, id: SessionId, expires_at: DateTime<Utc>) -> Result<(), DbError> {
    db.run(move |connection| {
        async move {
            diesel::update(sessions::table.find(id))
                .set((sessions::expires_at.eq(expires_at), sessions::last_used_at.eq(now())))
                .execute(connection)
                .await
                .map(drop)
        }
        .boxed()
    })
    .await
}

/// Ends a session; `false` if there is none with this id.
///
/// # Errors
///
/// [`DbError`] if the database fails.
pub async fn delete(tx: &mut Transaction<SystemDb>, id: SessionId) -> Result<bool, DbError> {
    let count = tx.run(async |connection| diesel::delete(sessions::table.find(id)).execute(connection).await).await?;
    Ok(count > 0)
}

/// Removes what has expired before `at`, and returns how many sessions that were.
///
/// # Errors
///
/// [`DbError`] if the database fails.
pub async fn delete_expired(db: &SystemDb, at: DateTime<Utc>) -> Result<usize, DbError> {
    db.run(move |connection| {
        async move { diesel::delete(sessions::table.filter(sessions::expires_at.le(at))).execute(connection).await }
            .boxed()
    })
    .await
}

impl fmt::Debug for NewSession {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NewSession").field("lifetime", &self.lifetime).finish_non_exhaustive()
    }
}
