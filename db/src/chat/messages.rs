//! What was said in a conversation.

use chrono::{DateTime, Utc};
use diesel::{prelude::*, sql_types::BigInt};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use futures_util::FutureExt;
use uuid::Uuid;

use super::runs::{self, Run};
use crate::{
    ChatSessionId, DbError, MessageId, RunId, TenantDb, TenantId, Transaction, UserId,
    accounts::now,
    cursor::cut,
    knowledge::Citation,
    schema::{chat_sessions, messages, users},
};

/// A message of a conversation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Its id.
    pub id: MessageId,
    /// The conversation.
    pub session: ChatSessionId,
    /// Its number in the conversation, from 1 on, without holes.
    pub seq: i64,
    /// What is said.
    pub content: String,
    /// Who says it.
    pub from: From,
    /// When it was stored.
    pub created_at: DateTime<Utc>,
}

/// Who says something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum From {
    /// A person.
    User {
        /// Who; `None` when the person is gone.
        author: Option<Author>,
        /// By what id the sender's program knows the message.
        client_message_id: Uuid,
    },
    /// A model.
    Assistant {
        /// The run that wrote it.
        run: RunId,
        /// How the answer ended.
        ending: Ending,
        /// Who was asked.
        provider: String,
        /// The model.
        model: String,
        /// What it names of what it was told.
        citations: Vec<Citation>,
    },
}

/// Who wrote a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Author {
    /// The user.
    pub id: UserId,
    /// What the person wants to be called, or the address without it.
    pub name: String,
}

/// How an answer ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// It is complete.
    Complete,
    /// It reached the allowed length.
    Length,
    /// The provider did not want to say more.
    Filtered,
    /// Somebody stopped it.
    Stopped,
    /// It failed in the middle.
    Failed,
}

impl Ending {
    const ALL: [Self; 5] = [Self::Complete, Self::Length, Self::Filtered, Self::Stopped, Self::Failed];

    /// Its name, as it is stored.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Complete => "complete",
            Self::Length => "length",
            Self::Filtered => "filtered",
            Self::Stopped => "stopped",
            Self::Failed => "failed",
        }
    }
}

/// A message that is to be stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewMessage {
    /// The conversation.
    pub session: ChatSessionId,
    /// What is said.
    pub content: String,
    /// Who says it.
    pub from: From,
}

/// Some messages, and where older ones begin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MessagePage {
    /// The messages, oldest first.
    pub items: Vec<Message>,
    /// The number before which older messages are; `None` if there are none.
    pub before: Option<i64>,
}

/// What a conversation is now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snapshot {
    /// Its latest messages.
    pub latest: MessagePage,
    /// The runs that are not over, oldest first.
    pub runs: Vec<Run>,
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = messages)]
struct Row {
    id: MessageId,
    tenant_id: TenantId,
    session_id: ChatSessionId,
    seq: i64,
    role: String,
    content: String,
    author: Option<UserId>,
    client_message_id: Option<Uuid>,
    run_id: Option<RunId>,
    ending: Option<String>,
    provider: Option<String>,
    model: Option<String>,
    citations: serde_json::Value,
    created_at: DateTime<Utc>,
}

/// Name and address of an author.
type Named = (Option<String>, String);

fn message(row: Row, named: Option<Named>) -> Result<Message, DbError> {
    let unknown = |column| DbError::UnknownValue { column };
    let from = if row.role == "user" {
        let author = row.author.zip(named).map(|(id, (name, email))| Author { id, name: name.unwrap_or(email) });
        let client_message_id = row.client_message_id.ok_or_else(|| unknown("messages.client_message_id"))?;
        From::User { author, client_message_id }
    } else {
        let ending = row.ending.as_deref();
        let ending = Ending::ALL.into_iter().find(|known| Some(known.as_str()) == ending);
        From::Assistant {
            run: row.run_id.ok_or_else(|| unknown("messages.run_id"))?,
            ending: ending.ok_or_else(|| unknown("messages.ending"))?,
            provider: row.provider.unwrap_or_default(),
            model: row.model.unwrap_or_default(),
            citations: serde_json::from_value(row.citations).map_err(|_| unknown("messages.citations"))?,
        }
    };
    let Row { id, session_id: session, seq, content, created_at, .. } = row;
    Ok(Message { id, session, seq, content, from, created_at })
}

/// Stores a message; `None` if the tenant has no such conversation.
///
/// # Errors
///
/// [`DbError`] if the database fails, and [`DbError::Duplicate`] if the message, or the answer of its run, is stored.
pub async fn add(tx: &mut Transaction<TenantDb>, new: NewMessage) -> Result<Option<Message>, DbError> {
    let created_at = now();
    let session = new.session;
    let seq: Option<i64> = tx
        .run(async |connection| {
            diesel::update(chat_sessions::table.find(session))
                .set((
                    chat_sessions::last_seq.eq(chat_sessions::last_seq + 1.into_sql::<BigInt>()),
                    chat_sessions::updated_at.eq(created_at),
                ))
                .returning(chat_sessions::last_seq)
                .get_result(connection)
                .await
                .optional()
        })
        .await?;
    let Some(seq) = seq else { return Ok(None) };
    let mut row = Row {
        id: MessageId::generate(),
        tenant_id: tx.tenant_id(),
        session_id: session,
        seq,
        role: "user".to_owned(),
        content: new.content.clone(),
        author: None,
        client_message_id: None,
        run_id: None,
        ending: None,
        provider: None,
        model: None,
        citations: serde_json::Value::Array(Vec::new()),
        created_at,
    };
    match &new.from {
        From::User { author, client_message_id } => {
            row.author = author.as_ref().map(|author| author.id);
            row.client_message_id = Some(*client_message_id);
        }
        From::Assistant { run, ending, provider, model, citations } => {
            "assistant".clone_into(&mut row.role);
            row.run_id = Some(*run);
            row.ending = Some(ending.as_str().to_owned());
            row.provider = Some(provider.clone());
            row.model = Some(model.clone());
            row.citations = serde_json::to_value(citations).unwrap_or(row.citations);
        }
    }
    let insert = diesel::insert_into(messages::table).values(&row);
    tx.run(async |connection| insert.execute(connection).await).await?;
    let NewMessage { content, from, .. } = new;
    Ok(Some(Message { id: row.id, session, seq, content, from, created_at }))
}

/// Holds the conversation until the transaction ends, so that nobody adds a message; `false` if the tenant has none
/// with this id.
///
/// # Errors
///
/// [`DbError`] if the database fails.
pub async fn hold(tx: &mut Transaction<TenantDb>, session: ChatSessionId) -> Result<bool, DbError> {
    let found: Option<ChatSessionId> = tx
        .run(async |connection| {
            chat_sessions::table.find(session).select(chat_sessions::id).for_update().first(connection).await.optional()
        })
        .await?;
    Ok(found.is_some())
}

/// The message of a conversation that the sender's program knows by `client_message_id`.
///
/// # Errors
///
/// [`DbError`] if the database fails.
pub async fn by_client_id(
    tx: &mut Transaction<TenantDb>,
    session: ChatSessionId,
    client_message_id: Uuid,
) -> Result<Option<Message>, DbError> {
    let is_it = messages::session_id.eq(session).and(messages::client_message_id.eq(client_message_id));
    let found: Option<(Row, Option<Named>)> =
        tx.run(async |connection| with_authors().filter(is_it).first(connection).await.optional()).await?;
    found.map(|(row, named)| message(row, named)).transpose()
}

/// A message; `None` if the tenant has no such message.
///
/// # Errors
///
/// [`DbError`] if the database fails.
pub async fn find(db: &TenantDb, id: MessageId) -> Result<Option<Message>, DbError> {
    let found: Option<(Row, Option<Named>)> = db
        .run(move |connection| {
            async move { with_authors().filter(messages::id.eq(id)).first(connection).await.optional() }.boxed()
        })
        .await?;
    found.map(|(row, named)| message(row, named)).transpose()
}

/// At most `limit` messages before the number `before`, or the latest; `None` if the tenant has no such conversation.
///
/// # Errors
///
/// [`DbError`] if the database fails.
pub async fn page(
    db: &TenantDb,
    session: ChatSessionId,
    before: Option<i64>,
    limit: u32,
) -> Result<Option<MessagePage>, DbError> {
    let rows = db
        .run(move |connection| {
            async move {
                if !has(connection, session).await? {
                    return Ok(None);
                }
                load(connection, session, before, limit).await.map(Some)
            }
            .boxed()
        })
        .await?;
    rows.map(|rows| read(rows, limit)).transpose()
}

/// What a conversation is now, with at most `limit` messages; `None` if the tenant has no such conversation.
///
/// # Errors
///
/// [`DbError`] if the database fails.
pub async fn snapshot(db: &TenantDb, session: ChatSessionId, limit: u32) -> Result<Option<Snapshot>, DbError> {
    let found = db
        .run(move |connection| {
            async move {
                if !has(connection, session).await? {
                    return Ok(None);
                }
                // Runs first: one that ends in between is then seen twice, and not missed.
                let runs = runs::load_open(connection, session).await?;
                let rows = load(connection, session, None, limit).await?;
                Ok(Some((runs, rows)))
            }
            .boxed()
        })
        .await?;
    let Some((runs, rows)) = found else { return Ok(None) };
    let runs = runs.into_iter().map(Run::try_from).collect::<Result<_, _>>()?;
    Ok(Some(Snapshot { latest: read(rows, limit)?, runs }))
}

/// Most messages that [`newest_within`] gives.
pub const MOST_IN_HISTORY: u32 = 200;

/// The latest messages up to the number `until`, newest first, as long as they fit into `bytes`.
///
/// # Errors
///
/// [`DbError`] if the database fails.
pub async fn newest_within(
    db: &TenantDb,
    session: ChatSessionId,
    until: i64,
    bytes: usize,
) -> Result<Vec<Message>, DbError> {
    let rows =
        db.run(move |connection| load(connection, session, Some(until + 1), MOST_IN_HISTORY - 1).boxed()).await?;
    let mut left = bytes;
    let mut newest = Vec::new();
    for (row, named) in rows {
        let Some(rest) = left.checked_sub(row.content.len()) else { break };
        left = rest;
        newest.push(message(row, named)?);
    }
    Ok(newest)
}

#[diesel::dsl::auto_type(no_type_alias)]
fn with_authors() -> _ {
    let select: diesel::dsl::AsSelect<Row, diesel::pg::Pg> = Row::as_select();
    messages::table.left_join(users::table).select((select, (users::name, users::email).nullable()))
}

async fn has(connection: &mut AsyncPgConnection, session: ChatSessionId) -> QueryResult<bool> {
    diesel::select(diesel::dsl::exists(chat_sessions::table.find(session))).get_result(connection).await
}

/// Newest first, and one more than `limit`, which tells whether there are older ones.
async fn load(
    connection: &mut AsyncPgConnection,
    session: ChatSessionId,
    before: Option<i64>,
    limit: u32,
) -> QueryResult<Vec<(Row, Option<Named>)>> {
    with_authors()
        .filter(messages::session_id.eq(session).and(messages::seq.lt(before.unwrap_or(i64::MAX))))
        .order(messages::seq.desc())
        .limit(i64::from(limit) + 1)
        .load(connection)
        .await
}

fn read(rows: Vec<(Row, Option<Named>)>, limit: u32) -> Result<MessagePage, DbError> {
    let (rows, more) = cut(rows, limit);
    let before = rows.last().filter(|_| more).map(|(row, _)| row.seq);
    let mut items = rows.into_iter().map(|(row, named)| message(row, named)).collect::<Result<Vec<_>, _>>()?;
    items.reverse();
    Ok(MessagePage { items, before })
}
