use db::{ChatSessionId, DbError, chat::messages};
use garde::Validate;
use tintype::prelude::*;

use super::{Chats, Message};
use crate::cursor;

/// Which messages to load.
#[derive(Debug, Serialize, Deserialize, Type, Validate, Rules)]
#[serde(rename_all = "camelCase")]
pub struct History {
    /// The conversation.
    #[garde(skip)]
    pub session_id: ChatSessionId,
    /// The `nextCursor` of the page before, or `older` of a snapshot; the latest messages without it.
    #[garde(skip)]
    pub cursor: Option<String>,
    /// How many, 1 to 100; 50 without it.
    #[garde(range(min = 1, max = 100))]
    pub limit: Option<u32>,
}

/// Some messages, oldest first; the newest page comes first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct MessagePage {
    /// The messages.
    pub items: Vec<Message>,
    /// Where the page with older messages begins; `null` if there are none.
    pub next_cursor: Option<String>,
}

/// Why messages could not be loaded.
#[derive(Debug, thiserror::Error, Serialize, Deserialize, Type, ProcedureError)]
#[serde(tag = "kind", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum HistoryError {
    /// The workspace has no such conversation.
    #[error("no conversation {id} in this workspace")]
    #[code(NOT_FOUND)]
    SessionNotFound {
        /// The id that was asked for.
        id: ChatSessionId,
    },
    /// The cursor is not one of this server's.
    #[error("{cursor:?} is not a cursor: pass the nextCursor of a page as it is")]
    #[code(BAD_REQUEST)]
    InvalidCursor {
        /// The cursor that was passed.
        cursor: String,
    },
    /// The database failed.
    #[error("the messages could not be read")]
    #[internal]
    #[serde(skip)]
    Storage(#[from] DbError),
}

/// How many messages a page has unless the caller says.
pub(super) const DEFAULT_LIMIT: u32 = 50;

/// The messages of a conversation, the newest page first.
#[query]
pub async fn history(chats: Chats, input: History) -> Result<MessagePage, HistoryError> {
    let History { session_id: id, cursor, limit } = input;
    let before = cursor::parse(cursor).map_err(|cursor| HistoryError::InvalidCursor { cursor })?;
    let page = messages::page(&chats.db, id, before, limit.unwrap_or(DEFAULT_LIMIT)).await?;
    let page = page.ok_or(HistoryError::SessionNotFound { id })?;
    Ok(page.into())
}

impl From<messages::MessagePage> for MessagePage {
    fn from(page: messages::MessagePage) -> Self {
        Self {
            items: page.items.into_iter().map(Message::from).collect(),
            next_cursor: page.before.map(|before| before.to_string()),
        }
    }
}
