//! Who may do what in a meeting.
//!
//! Who created it and the owners of the tenant are its hosts, whatever anybody says.

use diesel::{QueryableByName, prelude::*, sql_types};
use diesel_async::RunQueryDsl;

use crate::{DbError, MeetingId, TenantDb, Transaction, UserId};

/// What a user is in a meeting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Who created it, or an owner of the tenant.
    BornHost,
    /// Made a host by another one.
    Host,
    /// Anybody else of the tenant.
    Guest,
    /// Not welcome until the call ends.
    Removed,
}

impl Standing {
    /// Whether the user decides about others.
    #[must_use]
    pub fn is_host(self) -> bool {
        matches!(self, Self::BornHost | Self::Host)
    }
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = sql_types::Bool)]
    born_host: bool,
    #[diesel(sql_type = sql_types::Nullable<sql_types::Text>)]
    standing: Option<String>,
}

/// What a user is in a meeting; `None` if the tenant has no such meeting, or no such user.
///
/// The meeting is held until the transaction ends, so that nobody changes it meanwhile.
///
/// # Errors
///
/// [`DbError`] if the database fails.
pub async fn find(
    tx: &mut Transaction<TenantDb>,
    meeting: MeetingId,
    user: UserId,
) -> Result<Option<Standing>, DbError> {
    let query = diesel::sql_query(
        "SELECT (u.role = 'owner' OR m.created_by IS NOT DISTINCT FROM u.id) AS born_host, s.standing \
         FROM meetings m JOIN users u ON u.id = $2 \
         LEFT JOIN meeting_standings s ON s.meeting_id = m.id AND s.user_id = u.id WHERE m.id = $1 FOR SHARE OF m",
    )
    .bind::<sql_types::Uuid, _>(meeting)
    .bind::<sql_types::Uuid, _>(user);
    let row: Option<Row> = tx.run(async |connection| query.get_result(connection).await.optional()).await?;
    row.map(|Row { born_host, standing }| match (born_host, standing.as_deref()) {
        (true, _) => Ok(Standing::BornHost),
        (false, None) => Ok(Standing::Guest),
        (false, Some("host")) => Ok(Standing::Host),
        (false, Some("removed")) => Ok(Standing::Removed),
        (false, Some(_)) => Err(DbError::UnknownValue { column: "meeting_standings.standing" }),
    })
    .transpose()
}

/// Makes a user a host, also of later calls.
///
/// # Errors
///
/// [`DbError`] if the database fails.
pub async fn promote(tx: &mut Transaction<TenantDb>, meeting: MeetingId, user: UserId) -> Result<(), DbError> {
    set(tx, meeting, user, "host").await
}

/// Bars a user until the call ends.
///
/// # Errors
///
/// [`DbError`] if the database fails.
pub async fn remove(tx: &mut Transaction<TenantDb>, meeting: MeetingId, user: UserId) -> Result<(), DbError> {
    set(tx, meeting, user, "removed").await
}

async fn set(tx: &mut Transaction<TenantDb>, meeting: MeetingId, user: UserId, standing: &str) -> Result<(), DbError> {
    let set = diesel::sql_query(
        "INSERT INTO meeting_standings (tenant_id, meeting_id, user_id, standing) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (tenant_id, meeting_id, user_id) DO UPDATE SET standing = excluded.standing",
    )
    .bind::<sql_types::Uuid, _>(tx.tenant_id())
    .bind::<sql_types::Uuid, _>(meeting)
    .bind::<sql_types::Uuid, _>(user)
    .bind::<sql_types::Text, _>(standing);
    tx.run(async |connection| set.execute(connection).await).await.map(drop)
}
