//! A workspace's conversations.

use chrono::{DateTime, Utc};
use db::{ChatSessionId, DbError, chat::sessions};
use garde::Validate;
use tintype::prelude::*;

use super::{ChatEvent, Chats};
use crate::{
    OutboxError,
    auth::Success,
    cursor,
    text::{not_blank, storable},
};

/// A conversation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ChatSession {
    /// Its id.
    pub id: ChatSessionId,
    /// What it is called.
    pub title: String,
    /// When it was created.
    pub created_at: DateTime<Utc>,
    /// When it was renamed or a message was added.
    pub updated_at: DateTime<Utc>,
}

impl From<sessions::ChatSession> for ChatSession {
    fn from(session: sessions::ChatSession) -> Self {
        let sessions::ChatSession { id, title, created_at, updated_at } = session;
        Self { id, title, created_at, updated_at }
    }
}

/// Which conversations to list.
#[derive(Debug, Default, Serialize, Deserialize, Type, Validate, Rules)]
pub struct ListSessions {
    /// The `nextCursor` of the page before.
    #[garde(skip)]
    pub cursor: Option<String>,
    /// How many, 1 to 100; 50 without it.
    #[garde(range(min = 1, max = 100))]
    pub limit: Option<u32>,
}

/// Some conversations, those with the latest change first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ChatSessionPage {
    /// The conversations.
    pub items: Vec<ChatSession>,
    /// Where the next page begins; `null` if this is the last.
    pub next_cursor: Option<String>,
}

/// A conversation that is to be.
#[derive(Debug, Serialize, Deserialize, Type, Validate, Rules)]
pub struct CreateSession {
    /// What it is called, 1 to 120 characters; "New conversation" without it.
    #[garde(length(chars, min = 1, max = 120), inner(custom(not_blank), custom(storable)))]
    pub title: Option<String>,
}

/// A new title.
#[derive(Debug, Serialize, Deserialize, Type, Validate, Rules)]
pub struct RenameSession {
    /// Which conversation.
    #[garde(skip)]
    pub id: ChatSessionId,
    /// What it is called from now on, 1 to 120 characters.
    #[garde(length(chars, min = 1, max = 120), custom(not_blank), custom(storable))]
    pub title: String,
}

/// Which conversation to delete.
#[derive(Debug, Serialize, Deserialize, Type)]
pub struct DeleteSession {
    /// Its id.
    pub id: ChatSessionId,
}

/// Why a page of conversations could not be listed.
#[derive(Debug, thiserror::Error, Serialize, Deserialize, Type, ProcedureError)]
#[serde(tag = "kind", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ListSessionsError {
    /// The cursor is not one of this server's.
    #[error("{cursor:?} is not a cursor: pass the nextCursor of a page as it is")]
    #[code(BAD_REQUEST)]
    InvalidCursor {
        /// The cursor that was passed.
        cursor: String,
    },
    /// The database failed.
    #[error("the conversations could not be read")]
    #[internal]
    #[serde(skip)]
    Storage(#[from] DbError),
}

/// Why a conversation could not be changed.
#[derive(Debug, thiserror::Error, Serialize, Deserialize, Type, ProcedureError)]
#[serde(tag = "kind", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum SessionError {
    /// The workspace has no such conversation.
    #[error("no conversation {id} in this workspace")]
    #[code(NOT_FOUND)]
    SessionNotFound {
        /// The id that was asked for.
        id: ChatSessionId,
    },
    /// The database failed.
    #[error("the conversation could not be read or written")]
    #[internal]
    #[serde(skip)]
    Storage(#[from] DbError),
    /// The change could not be announced, so it was not made.
    #[error("the change could not be announced")]
    #[internal]
    #[serde(skip)]
    Announcement(#[from] OutboxError),
}

/// How many conversations a page has unless the caller says.
const DEFAULT_LIMIT: u32 = 50;

/// What a conversation is called that nobody gave a title.
const UNTITLED: &str = "New conversation";

/// The workspace's conversations, those with the latest change first.
#[query]
pub async fn list(chats: Chats, input: Option<ListSessions>) -> Result<ChatSessionPage, ListSessionsError> {
    let ListSessions { cursor, limit } = input.unwrap_or_default();
    let cursor = cursor::parse(cursor).map_err(|cursor| ListSessionsError::InvalidCursor { cursor })?;
    let page = sessions::latest_first(&chats.db, cursor, limit.unwrap_or(DEFAULT_LIMIT)).await?;
    Ok(ChatSessionPage {
        items: page.items.into_iter().map(ChatSession::from).collect(),
        next_cursor: page.next.map(|cursor| cursor.to_string()),
    })
}

/// Begins a conversation.
#[mutation(invalidates(list))]
pub async fn create(chats: Chats, input: Option<CreateSession>) -> Result<ChatSession, SessionError> {
    let title = input.and_then(|input| input.title);
    let title = title.as_deref().map_or(UNTITLED, str::trim);
    let mut tx = chats.db.begin().await?;
    let session = sessions::create(&mut tx, title).await?;
    tx.commit().await?;
    Ok(session.into())
}

/// Gives a conversation another title.
#[mutation(invalidates(list))]
pub async fn rename(chats: Chats, input: RenameSession) -> Result<ChatSession, SessionError> {
    let mut tx = chats.db.begin().await?;
    let renamed = sessions::rename(&mut tx, input.id, input.title.trim()).await?;
    let session = renamed.ok_or(SessionError::SessionNotFound { id: input.id })?;
    tx.commit().await?;
    Ok(session.into())
}

/// Deletes a conversation with its messages; an answer that is being written ends.
#[mutation(invalidates(list))]
pub async fn delete(chats: Chats, input: DeleteSession) -> Result<Success, SessionError> {
    let id = input.id;
    let events = chats.events(id);
    chats
        .change(async |tx| {
            if !sessions::delete(tx, id).await? {
                return Err(SessionError::SessionNotFound { id });
            }
            events.publish_in(tx, &ChatEvent::Deleted).await?;
            Ok(Success { success: true })
        })
        .await
}
