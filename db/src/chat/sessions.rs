//! A tenant's conversations.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use futures_util::FutureExt;

use crate::{
    ChatSessionId, DbError, PageCursor, TenantDb, Transaction,
    accounts::now,
    cursor::cut,
    schema::chat_sessions::{self, dsl},
};

/// A conversation.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = chat_sessions)]
pub struct ChatSession {
    /// Its id.
    pub id: ChatSessionId,
    /// What it is called, 1 to 120 characters.
    pub title: String,
    /// When it was created.
    pub created_at: DateTime<Utc>,
    /// When it was renamed or a message was added.
    pub updated_at: DateTime<Utc>,
}

/// Some conversations, and where the next ones begin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChatSessionPage {
    /// The conversations, those with the latest change first.
    pub items: Vec<ChatSession>,
    /// The cursor after the last of them; `None` if there are no more.
    pub next: Option<PageCursor>,
}

/// At most `limit` conversations after `cursor`, those with the latest change first.
///
/// # Errors
///
/// [`DbError`] if the database fails.
pub async fn latest_first(db: &TenantDb, cursor: Option<PageCursor>, limit: u32) -> Result<ChatSessionPage, DbError> {
    let rows: Vec<ChatSession> = db
        .run(move |connection| {
            async move {
                let mut query = dsl::chat_sessions
                    .select(ChatSession::as_select())
                    .order((dsl::updated_at.desc(), dsl::id.desc()))
                    // One more tells whether there is a next page.
                    .limit(i64::from(limit) + 1)
                    .into_boxed();
                if let Some(PageCursor { time, id }) = cursor {
                    query = query.filter(dsl::updated_at.lt(time).or(dsl::updated_at.eq(time).and(dsl::id.lt(id))));
                }
                query.load(connection).await
            }
            .boxed()
        })
        .await?;
    let (items, more) = cut(rows, limit);
    let last = items.last().filter(|_| more);
    let next = last.map(|session| PageCursor { time: session.updated_at, id: session.id.as_uuid() });
    Ok(ChatSessionPage { items, next })
}

/// Begins a conversation.
///
/// # Errors
///
/// [`DbError`] if the database fails.
pub async fn create(tx: &mut Transaction<TenantDb>, title: &str) -> Result<ChatSession, DbError> {
    let created_at = now();
    let values = (
        dsl::id.eq(ChatSessionId::generate()),
        dsl::tenant_id.eq(tx.tenant_id()),
        dsl::title.eq(title),
        dsl::created_at.eq(created_at),
        dsl::updated_at.eq(created_at),
    );
    let insert = diesel::insert_into(dsl::chat_sessions).values(values).returning(ChatSession::as_returning());
    tx.run(async |connection| insert.get_result(connection).await).await
}

/// Gives a conversation another title; `None` if the tenant has no such conversation.
///
/// # Errors
///
/// [`DbError`] if the database fails.
pub async fn rename(
    tx: &mut Transaction<TenantDb>,
    id: ChatSessionId,
    title: &str,
) -> Result<Option<ChatSession>, DbError> {
    let update = diesel::update(dsl::chat_sessions.find(id))
        .set((dsl::title.eq(title), dsl::updated_at.eq(now())))
        .returning(ChatSession::as_returning());
    tx.run(async |connection| update.get_result(connection).await.optional()).await
}

/// Deletes a conversation with its messages and runs; `false` if the tenant has no such conversation.
///
/// # Errors
///
/// [`DbError`] if the database fails.
pub async fn delete(tx: &mut Transaction<TenantDb>, id: ChatSessionId) -> Result<bool, DbError> {
    let delete = diesel::delete(dsl::chat_sessions.find(id));
    let count = tx.run(async |connection| delete.execute(connection).await).await?;
    Ok(count > 0)
}

/// Whether the tenant has this conversation.
///
/// # Errors
///
/// [`DbError`] if the database fails.
pub async fn exists(db: &TenantDb, id: ChatSessionId) -> Result<bool, DbError> {
    db.run(move |connection| {
        async move { diesel::select(diesel::dsl::exists(dsl::chat_sessions.find(id))).get_result(connection).await }
            .boxed()
    })
    .await
}
