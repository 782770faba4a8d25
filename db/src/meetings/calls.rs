//! What the media server tells of calls.
//!
//! Whatever the order in which it arrives, the meeting ends up as it would in the right one: a call that has ended does
//! not begin again, and what is told of an earlier call changes nothing.

use chrono::{DateTime, Utc};
use diesel::{prelude::*, sql_types};
use diesel_async::{AsyncPgConnection, RunQueryDsl};

use crate::{
    DbError, MeetingId, TenantDb, TenantId, Transaction, UserId,
    accounts::now,
    schema::{meeting_events, meeting_participants, meeting_standings, meetings},
};

/// Something that happened in a call, with the times of the media server's clock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallEvent {
    /// Its id, the same when it is told again.
    pub id: String,
    /// The media server's id of the call.
    pub call: String,
    /// When the call began.
    pub began_at: DateTime<Utc>,
    /// When it happened.
    pub at: DateTime<Utc>,
    /// What happened.
    pub what: Happening,
}

/// What can happen in a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Happening {
    /// It began.
    Started,
    /// It ended.
    Finished,
    /// A device joined.
    Joined(Stay),
    /// A device left.
    Left(Stay),
}

/// One stay of a device in a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stay {
    /// The media server's id of it.
    pub sid: String,
    /// By what name it knows the device.
    pub identity: String,
    /// Whose device it is.
    pub user: UserId,
    /// When it joined.
    pub joined_at: DateTime<Utc>,
}

/// The latest call of a meeting.
type Latest = (Option<String>, Option<DateTime<Utc>>, Option<DateTime<Utc>>);

/// How long it is remembered that something was told, in hours; the media server tries for minutes.
const REMEMBERED_HOURS: i64 = 24;

/// Brings a meeting up to date; `false` if that changes nothing, or if the tenant has no such meeting.
///
/// # Errors
///
/// [`DbError`] if the database fails.
pub async fn record(tx: &mut Transaction<TenantDb>, meeting: MeetingId, event: &CallEvent) -> Result<bool, DbError> {
    let tenant = tx.tenant_id();
    tx.run(async |connection| {
        let columns = (meetings::call_sid, meetings::started_at, meetings::ended_at);
        let held = meetings::table.find(meeting).select(columns).for_update();
        let Some(latest): Option<Latest> = held.first(connection).await.optional()? else { return Ok(false) };
        if !is_new(connection, tenant, meeting, &event.id).await? {
            return Ok(false);
        }
        let (call, started_at, ended_at) = latest;
        let is_latest = call.as_ref() == Some(&event.call);
        if !is_latest && started_at.is_some_and(|started_at| event.began_at <= started_at) {
            return Ok(false);
        }
        let began = !is_latest;
        if began {
            begin(connection, meeting, event).await?;
        }
        let is_over = is_latest && ended_at.is_some();
        let changed = match &event.what {
            Happening::Started => false,
            Happening::Finished if is_over => false,
            Happening::Finished => end(connection, meeting, event.at).await?,
            Happening::Joined(_) if is_over => false,
            Happening::Joined(stay) => join(connection, tenant, meeting, stay, None).await?,
            Happening::Left(stay) => {
                // Should it be told later that the device joined, it has left already.
                join(connection, tenant, meeting, stay, Some(event.at)).await?;
                leave(connection, meeting, stay, event.at).await?
            }
        };
        Ok(began || changed)
    })
    .await
}

/// Remembers that something was told; `false` if it was before.
async fn is_new(
    connection: &mut AsyncPgConnection,
    tenant: TenantId,
    meeting: MeetingId,
    id: &str,
) -> QueryResult<bool> {
    let now = now();
    let old = meeting_events::meeting_id
        .eq(meeting)
        .and(meeting_events::received_at.lt(now - chrono::TimeDelta::hours(REMEMBERED_HOURS)));
    diesel::delete(meeting_events::table.filter(old)).execute(connection).await?;
    let values = (
        meeting_events::tenant_id.eq(tenant),
        meeting_events::meeting_id.eq(meeting),
        meeting_events::id.eq(id),
        meeting_events::received_at.eq(now),
    );
    let insert = diesel::insert_into(meeting_events::table).values(values).on_conflict_do_nothing();
    Ok(insert.execute(connection).await? > 0)
}

/// A call takes the place of the one before, of which nobody may have said that it ended.
async fn begin(connection: &mut AsyncPgConnection, meeting: MeetingId, event: &CallEvent) -> QueryResult<()> {
    let call = (
        meetings::call_sid.eq(Some(&event.call)),
        meetings::started_at.eq(Some(event.began_at)),
        meetings::ended_at.eq(None::<DateTime<Utc>>),
    );
    diesel::update(meetings::table.find(meeting)).set(call).execute(connection).await?;
    let of_earlier = meeting_participants::meeting_id.eq(meeting);
    diesel::delete(meeting_participants::table.filter(of_earlier)).execute(connection).await?;
    welcome_again(connection, meeting).await
}

async fn end(connection: &mut AsyncPgConnection, meeting: MeetingId, at: DateTime<Utc>) -> QueryResult<bool> {
    diesel::update(meetings::table.find(meeting)).set(meetings::ended_at.eq(Some(at))).execute(connection).await?;
    let there = meeting_participants::meeting_id.eq(meeting).and(meeting_participants::left_at.is_null());
    diesel::update(meeting_participants::table.filter(there))
        .set(meeting_participants::left_at.eq(Some(at)))
        .execute(connection)
        .await?;
    welcome_again(connection, meeting).await?;
    Ok(true)
}

/// Who was removed from a call is welcome in the next one.
async fn welcome_again(connection: &mut AsyncPgConnection, meeting: MeetingId) -> QueryResult<()> {
    let removed = meeting_standings::meeting_id.eq(meeting).and(meeting_standings::standing.eq("removed"));
    diesel::delete(meeting_standings::table.filter(removed)).execute(connection).await.map(drop)
}

/// A device is in a call once: a later stay ends the earlier ones, whichever is told first.
async fn join(
    connection: &mut AsyncPgConnection,
    tenant: TenantId,
    meeting: MeetingId,
    stay: &Stay,
    left_at: Option<DateTime<Utc>>,
) -> QueryResult<bool> {
    // Of the tenant's users only: a person may have been deleted meanwhile.
    let inserted = diesel::sql_query(
        "INSERT INTO meeting_participants (tenant_id, meeting_id, sid, identity, user_id, joined_at, left_at) \
         SELECT $1, $2, $3, $4, u.id, $6, coalesce($7, (SELECT min(p.joined_at) FROM meeting_participants p \
         WHERE p.meeting_id = $2 AND p.identity = $4 AND p.joined_at > $6)) FROM users u WHERE u.id = $5 \
         ON CONFLICT DO NOTHING",
    )
    .bind::<sql_types::Uuid, _>(tenant)
    .bind::<sql_types::Uuid, _>(meeting)
    .bind::<sql_types::Text, _>(&stay.sid)
    .bind::<sql_types::Text, _>(&stay.identity)
    .bind::<sql_types::Uuid, _>(stay.user)
    .bind::<sql_types::Timestamptz, _>(stay.joined_at)
    .bind::<sql_types::Nullable<sql_types::Timestamptz>, _>(left_at)
    .execute(connection)
    .await?;
    let earlier = meeting_participants::meeting_id
        .eq(meeting)
        .and(meeting_participants::identity.eq(&stay.identity))
        .and(meeting_participants::joined_at.lt(stay.joined_at))
        .and(meeting_participants::left_at.is_null());
    let ended = diesel::update(meeting_participants::table.filter(earlier))
        .set(meeting_participants::left_at.eq(Some(stay.joined_at)))
        .execute(connection)
        .await?;
    Ok(inserted + ended > 0)
}

async fn leave(
    connection: &mut AsyncPgConnection,
    meeting: MeetingId,
    stay: &Stay,
    at: DateTime<Utc>,
) -> QueryResult<bool> {
    let still_there = meeting_participants::meeting_id
        .eq(meeting)
        .and(meeting_participants::sid.eq(&stay.sid))
        .and(meeting_participants::left_at.is_null());
    let left = diesel::update(meeting_participants::table.filter(still_there))
        .set(meeting_participants::left_at.eq(Some(at)))
        .execute(connection)
        .await?;
    Ok(left > 0)
}
