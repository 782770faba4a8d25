use std::collections::HashMap;

use chrono::{DateTime, Utc};
use diesel::{QueryableByName, prelude::*, sql_types};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use futures_util::FutureExt;

use crate::{
    DbError, MeetingId, PageCursor, TenantDb, Transaction, UserId, accounts::now, cursor::cut, schema::meetings,
};

/// A meeting, and what its call is now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Meeting {
    /// Its id.
    pub id: MeetingId,
    /// What it is called, 1 to 120 characters.
    pub title: String,
    /// Who created it; `None` when the person is gone.
    pub created_by: Option<Creator>,
    /// When it was created.
    pub created_at: DateTime<Utc>,
    /// When its latest call began, if there was any.
    pub started_at: Option<DateTime<Utc>>,
    /// When its latest call ended; `None` while it goes on.
    pub ended_at: Option<DateTime<Utc>>,
    /// Who is in the call, by when they joined.
    pub participants: Vec<Participant>,
}

/// Who created a meeting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Creator {
    /// The user.
    pub id: UserId,
    /// What the person wants to be called, or the address without it.
    pub name: String,
}

/// Somebody in a call, on one device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Participant {
    /// By what name the media server knows the device.
    pub identity: String,
    /// The user.
    pub user: UserId,
    /// What the person wants to be called, or the address without it.
    pub name: String,
    /// Whether the person is a host of the meeting.
    pub is_host: bool,
    /// When the device joined.
    pub joined_at: DateTime<Utc>,
}

/// Some meetings, and where the next ones begin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MeetingPage {
    /// The meetings, newest first.
    pub items: Vec<Meeting>,
    /// The cursor after the last of them; `None` if there are no more.
    pub next: Option<PageCursor>,
}

/// At most `limit` meetings after `cursor`, newest first.
///
/// # Errors
///
/// [`DbError`] if the database fails.
pub async fn newest_first(db: &TenantDb, cursor: Option<PageCursor>, limit: u32) -> Result<MeetingPage, DbError> {
    let meetings = db
        .run(move |connection| {
            async move {
                let mut query = meetings::table
                    .select(meetings::id)
                    .order((meetings::created_at.desc(), meetings::id.desc()))
                    // One more tells whether there is a next page.
                    .limit(i64::from(limit) + 1)
                    .into_boxed();
                if let Some(PageCursor { time, id }) = cursor {
                    let same_time = meetings::created_at.eq(time).and(meetings::id.lt(id));
                    query = query.filter(meetings::created_at.lt(time).or(same_time));
                }
                let ids: Vec<MeetingId> = query.load(connection).await?;
                load(connection, &ids).await
            }
            .boxed()
        })
        .await?;
    let (items, more) = cut(meetings, limit);
    let last = items.last().filter(|_| more);
    let next = last.map(|meeting| PageCursor { time: meeting.created_at, id: meeting.id.as_uuid() });
    Ok(MeetingPage { items, next })
}

/// A meeting; `None` if the tenant has no such meeting.
///
/// # Errors
///
/// [`DbError`] if the database fails.
pub async fn find(db: &TenantDb, id: MeetingId) -> Result<Option<Meeting>, DbError> {
    db.run(move |connection| async move { Ok(load(connection, &[id]).await?.pop()) }.boxed()).await
}

/// A meeting as the transaction sees it; `None` if the tenant has no such meeting.
///
/// # Errors
///
/// [`DbError`] if the database fails.
pub async fn read(tx: &mut Transaction<TenantDb>, id: MeetingId) -> Result<Option<Meeting>, DbError> {
    tx.run(async |connection| Ok(load(connection, &[id]).await?.pop())).await
}

/// Stores a new meeting of `creator`.
///
/// # Errors
///
/// [`DbError`] if the database fails.
pub async fn create(tx: &mut Transaction<TenantDb>, title: &str, creator: Creator) -> Result<Meeting, DbError> {
    let (id, created_at) = (MeetingId::generate(), now());
    let values = (
        meetings::id.eq(id),
        meetings::tenant_id.eq(tx.tenant_id()),
        meetings::title.eq(title),
        meetings::created_by.eq(creator.id),
        meetings::created_at.eq(created_at),
    );
    let insert = diesel::insert_into(meetings::table).values(values);
    tx.run(async |connection| insert.execute(connection).await).await?;
    Ok(Meeting {
        id,
        title: title.to_owned(),
        created_by: Some(creator),
        created_at,
        started_at: None,
        ended_at: None,
        participants: Vec::new(),
    })
}

#[derive(QueryableByName)]
struct MeetingRow {
    #[diesel(sql_type = sql_types::Uuid)]
    id: MeetingId,
    #[diesel(sql_type = sql_types::Text)]
    title: String,
    #[diesel(sql_type = sql_types::Nullable<sql_types::Uuid>)]
    creator: Option<UserId>,
    #[diesel(sql_type = sql_types::Nullable<sql_types::Text>)]
    creator_name: Option<String>,
    #[diesel(sql_type = sql_types::Timestamptz)]
    created_at: DateTime<Utc>,
    #[diesel(sql_type = sql_types::Nullable<sql_types::Timestamptz>)]
    started_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = sql_types::Nullable<sql_types::Timestamptz>)]
    ended_at: Option<DateTime<Utc>>,
}

#[derive(QueryableByName)]
struct ParticipantRow {
    #[diesel(sql_type = sql_types::Uuid)]
    meeting_id: MeetingId,
    #[diesel(sql_type = sql_types::Text)]
    identity: String,
    #[diesel(sql_type = sql_types::Uuid)]
    user_id: UserId,
    #[diesel(sql_type = sql_types::Text)]
    name: String,
    #[diesel(sql_type = sql_types::Bool)]
    is_host: bool,
    #[diesel(sql_type = sql_types::Timestamptz)]
    joined_at: DateTime<Utc>,
}

/// Those of the meetings that the tenant has, newest first, with who is in their calls.
async fn load(connection: &mut AsyncPgConnection, ids: &[MeetingId]) -> QueryResult<Vec<Meeting>> {
    let rows: Vec<MeetingRow> = diesel::sql_query(
        "SELECT m.id, m.title, u.id AS creator, coalesce(u.name, u.email) AS creator_name, m.created_at, \
         m.started_at, m.ended_at FROM meetings m LEFT JOIN users u ON u.id = m.created_by \
         WHERE m.id = ANY($1) ORDER BY m.created_at DESC, m.id DESC",
    )
    .bind::<sql_types::Array<sql_types::Uuid>, _>(ids)
    .load(connection)
    .await?;
    let present: Vec<ParticipantRow> = diesel::sql_query(
        "SELECT p.meeting_id, p.identity, p.user_id, coalesce(u.name, u.email) AS name, p.joined_at, \
         (u.role = 'owner' OR m.created_by IS NOT DISTINCT FROM u.id OR s.standing IS NOT DISTINCT FROM 'host') \
         AS is_host FROM meeting_participants p JOIN meetings m ON m.id = p.meeting_id \
         JOIN users u ON u.id = p.user_id \
         LEFT JOIN meeting_standings s ON s.meeting_id = p.meeting_id AND s.user_id = p.user_id \
         WHERE p.meeting_id = ANY($1) AND p.left_at IS NULL ORDER BY p.joined_at, p.sid",
    )
    .bind::<sql_types::Array<sql_types::Uuid>, _>(ids)
    .load(connection)
    .await?;
    let mut participants: HashMap<MeetingId, Vec<Participant>> = HashMap::new();
    for ParticipantRow { meeting_id, identity, user_id, name, is_host, joined_at } in present {
        let participant = Participant { identity, user: user_id, name, is_host, joined_at };
        participants.entry(meeting_id).or_default().push(participant);
    }
    let meetings = rows.into_iter().map(|row| {
        let MeetingRow { id, title, creator, creator_name, created_at, started_at, ended_at } = row;
        let created_by = creator.zip(creator_name).map(|(id, name)| Creator { id, name });
        let participants = participants.remove(&id).unwrap_or_default();
        Meeting { id, title, created_by, created_at, started_at, ended_at, participants }
    });
    Ok(meetings.collect())
}
