//! Sessions: who a cookie belongs to.

use std::{fmt, time::Duration};

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use futures_util::FutureExt;

use crate::{
    DbError, SessionId, SystemDb, TenantId, Transaction, UserId,
    accounts::{Account, Credentials, TenantRow, UserRow, account, now},
    schema::{sessions, tenants, users},
};

/// A session that begins.
#[derive(Clone)]
pub struct NewSession {
    /// SHA-256 of the secret in the cookie; the secret itself is never stored.
    pub token_hash: TokenHash,
    /// The browser, as it calls itself.
    pub user_agent: Option<String>,
    /// How long the session lives unless it is renewed.
    pub lifetime: Duration,
}

/// SHA-256 of a session's secret.
pub type TokenHash = [u8; 32];

/// A session that is valid now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActiveSession {
    /// Its id.
    pub id: SessionId,
    /// Who it belongs to.
    pub account: Account,
    /// When it was last used, as far as that was [noted](note_use).
    pub last_used_at: DateTime<Utc>,
    /// When it ends.
    pub expires_at: DateTime<Utc>,
}

/// A session as its user sees it.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = sessions)]
pub struct OwnSession {
    /// Its id.
    pub id: SessionId,
    /// The browser, as it calls itself.
    pub user_agent: Option<String>,
    /// When it began.
    pub created_at: DateTime<Utc>,
    /// When it was last used, as far as that was [noted](note_use).
    pub last_used_at: DateTime<Utc>,
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

/// Begins a session for a user; `false` if the password is no longer the one that proved who this is.
///
/// # Errors
///
/// [`DbError`] if the database fails.
pub async fn create(db: &SystemDb, credentials: &Credentials, session: NewSession) -> Result<bool, DbError> {
    let Credentials { account: Account { user, tenant }, password_hash } = credentials;
    let row = session.row(tenant.id, user.id, now());
    let mut tx = db.begin_for(tenant.id).await?;
    // The row is held, so that a change of the password comes before this session or ends it.
    let is_same = users::id.eq(user.id).and(users::password_hash.eq(password_hash));
    let held = users::table.filter(is_same).select(users::id).for_share();
    let held: Option<UserId> = tx.run(async |connection| held.first(connection).await.optional()).await?;
    if held.is_none() {
        tx.roll_back().await;
        return Ok(false);
    }
    tx.run(async |connection| insert(connection, &row).await).await?;
    tx.commit().await?;
    Ok(true)
}

/// Id, last use, end, and who it belongs to.
type FoundRow = (SessionId, DateTime<Utc>, DateTime<Utc>, UserRow, TenantRow);

/// Finds the session with a token, if it is valid at `at`.
///
/// # Errors
///
/// [`DbError`] if the database fails.
pub async fn find(db: &SystemDb, token_hash: &TokenHash, at: DateTime<Utc>) -> Result<Option<ActiveSession>, DbError> {
    let token_hash = token_hash.to_vec();
    let found: Option<FoundRow> = db
        .run(move |connection| {
            async move {
                sessions::table
                    .inner_join(users::table.inner_join(tenants::table))
                    .filter(sessions::token_hash.eq(token_hash).and(sessions::expires_at.gt(at)))
                    .select((
                        sessions::id,
                        sessions::last_used_at,
                        sessions::expires_at,
                        UserRow::as_select(),
                        TenantRow::as_select(),
                    ))
                    .first(connection)
                    .await
                    .optional()
            }
            .boxed()
        })
        .await?;
    found
        .map(|(id, last_used_at, expires_at, user, tenant)| {
            Ok(ActiveSession { id, account: account(user, tenant)?, last_used_at, expires_at })
        })
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

/// Notes that a session is in use.
///
/// # Errors
///
/// [`DbError`] if the database fails.
pub async fn note_use(db: &SystemDb, id: SessionId) -> Result<(), DbError> {
    db.run(move |connection| {
        async move {
            diesel::update(sessions::table.find(id))
                .set(sessions::last_used_at.eq(now()))
                .execute(connection)
                .await
                .map(drop)
        }
        .boxed()
    })
    .await
}

/// The sessions of a user that are valid at `at`, those that were used last first, and at most `limit`.
///
/// # Errors
///
/// [`DbError`] if the database fails.
pub async fn of_user(
    db: &SystemDb,
    Account { user, tenant }: &Account,
    at: DateTime<Utc>,
    limit: u32,
) -> Result<Vec<OwnSession>, DbError> {
    let (user, tenant) = (user.id, tenant.id);
    db.run(move |connection| {
        async move {
            sessions::table
                .filter(sessions::tenant_id.eq(tenant).and(sessions::user_id.eq(user)).and(sessions::expires_at.gt(at)))
                .order((sessions::last_used_at.desc(), sessions::id.desc()))
                .limit(i64::from(limit))
                .select(OwnSession::as_select())
                .load(connection)
                .await
        }
        .boxed()
    })
    .await
}

/// Ends a session of a user; `None` if the user has none with this id.
///
/// # Errors
///
/// [`DbError`] if the database fails.
pub async fn delete_of(
    tx: &mut Transaction<SystemDb>,
    Account { user, tenant }: &Account,
    id: SessionId,
) -> Result<Option<TokenHash>, DbError> {
    let own = sessions::tenant_id.eq(tenant.id).and(sessions::user_id.eq(user.id));
    let delete = diesel::delete(sessions::table.find(id).filter(own)).returning(sessions::token_hash);
    let deleted = tx.run(async |connection| delete.get_result(connection).await.optional()).await?;
    deleted.map(token_hash).transpose()
}

/// Ends all sessions of a user but one.
///
/// # Errors
///
/// [`DbError`] if the database fails.
pub async fn delete_others(
    tx: &mut Transaction<SystemDb>,
    Account { user, tenant }: &Account,
    kept: SessionId,
) -> Result<Vec<TokenHash>, DbError> {
    let others = sessions::tenant_id.eq(tenant.id).and(sessions::user_id.eq(user.id)).and(sessions::id.ne(kept));
    let delete = diesel::delete(sessions::table.filter(others)).returning(sessions::token_hash);
    let deleted: Vec<Vec<u8>> = tx.run(async |connection| delete.get_results(connection).await).await?;
    deleted.into_iter().map(token_hash).collect()
}

/// Ends all sessions of a user, whose row the transaction holds.
pub(crate) async fn delete_all(
    tx: &mut Transaction<SystemDb>,
    tenant: TenantId,
    user: UserId,
) -> Result<Vec<TokenHash>, DbError> {
    let all = sessions::tenant_id.eq(tenant).and(sessions::user_id.eq(user));
    let delete = diesel::delete(sessions::table.filter(all)).returning(sessions::token_hash);
    let deleted: Vec<Vec<u8>> = tx.run(async |connection| delete.get_results(connection).await).await?;
    deleted.into_iter().map(token_hash).collect()
}

fn token_hash(bytes: Vec<u8>) -> Result<TokenHash, DbError> {
    bytes.try_into().map_err(|_| DbError::UnknownValue { column: "sessions.token_hash" })
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
