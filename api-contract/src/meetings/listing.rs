use db::{
    DbError, MeetingId,
    meetings::{self, Creator},
};
use garde::Validate;
use tintype::prelude::*;

use super::{Meeting, MeetingEvent, MeetingRole, Meetings};
use crate::{
    OutboxError, cursor,
    text::{not_blank, storable},
};

/// Which meetings to list.
#[derive(Debug, Default, Serialize, Deserialize, Type, Validate, Rules)]
pub struct ListMeetings {
    /// The `nextCursor` of the page before.
    #[garde(skip)]
    pub cursor: Option<String>,
    /// How many, 1 to 100; 50 without it.
    #[garde(range(min = 1, max = 100))]
    pub limit: Option<u32>,
}

/// Some meetings, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct MeetingPage {
    /// The meetings.
    pub items: Vec<Meeting>,
    /// Where the next page begins; `null` if this is the last.
    pub next_cursor: Option<String>,
    /// Whether a media server is configured, without which nobody can join.
    pub can_join: bool,
}

/// A meeting that is to be.
#[derive(Debug, Serialize, Deserialize, Type, Validate, Rules)]
pub struct CreateMeeting {
    /// What it is called, 1 to 120 characters.
    #[garde(length(chars, min = 1, max = 120), custom(not_blank), custom(storable))]
    pub title: String,
}

/// Which meeting is meant.
#[derive(Debug, Serialize, Deserialize, Type)]
pub struct GetMeeting {
    /// Its id.
    pub id: MeetingId,
}

/// A meeting, and what the caller may do in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct MeetingDetails {
    /// The meeting.
    pub meeting: Meeting,
    /// As what the caller may join.
    pub role: MeetingRole,
    /// Whether a media server is configured, without which nobody can join.
    pub can_join: bool,
}

/// Why a page of meetings could not be listed.
#[derive(Debug, thiserror::Error, Serialize, Deserialize, Type, ProcedureError)]
#[serde(tag = "kind", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ListMeetingsError {
    /// The cursor is not one of this server's.
    #[error("{cursor:?} is not a cursor: pass the nextCursor of a page as it is")]
    #[code(BAD_REQUEST)]
    InvalidCursor {
        /// The cursor that was passed.
        cursor: String,
    },
    /// The database failed.
    #[error("the meetings could not be read")]
    #[internal]
    #[serde(skip)]
    Storage(#[from] DbError),
}

/// Why a meeting could not be read or created.
#[derive(Debug, thiserror::Error, Serialize, Deserialize, Type, ProcedureError)]
#[serde(tag = "kind", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum MeetingError {
    /// The workspace has no such meeting.
    #[error("no meeting {id} in this workspace")]
    #[code(NOT_FOUND)]
    MeetingNotFound {
        /// The id that was asked for.
        id: MeetingId,
    },
    /// The database failed.
    #[error("the meeting could not be read or written")]
    #[internal]
    #[serde(skip)]
    Storage(#[from] DbError),
    /// The change could not be announced, so it was not made.
    #[error("the change could not be announced")]
    #[internal]
    #[serde(skip)]
    Announcement(#[from] OutboxError),
}

/// How many meetings a page has unless the caller says.
const DEFAULT_LIMIT: u32 = 50;

/// The workspace's meetings, newest first.
#[query]
pub async fn list(meetings: Meetings, input: Option<ListMeetings>) -> Result<MeetingPage, ListMeetingsError> {
    let ListMeetings { cursor, limit } = input.unwrap_or_default();
    let cursor = cursor::parse(cursor).map_err(|cursor| ListMeetingsError::InvalidCursor { cursor })?;
    let page = meetings::newest_first(&meetings.db, cursor, limit.unwrap_or(DEFAULT_LIMIT)).await?;
    Ok(MeetingPage {
        items: page.items.into_iter().map(Meeting::from).collect(),
        next_cursor: page.next.map(|cursor| cursor.to_string()),
        can_join: meetings.rooms().is_some(),
    })
}

/// A meeting, and what the caller may do in it.
#[query]
pub async fn get(meetings: Meetings, input: GetMeeting) -> Result<MeetingDetails, MeetingError> {
    let not_found = || MeetingError::MeetingNotFound { id: input.id };
    let standing = meetings.standing(input.id).await?.ok_or_else(not_found)?;
    let meeting = meetings::find(&meetings.db, input.id).await?.ok_or_else(not_found)?;
    Ok(MeetingDetails {
        meeting: meeting.into(),
        role: MeetingRole::of(standing.is_host()),
        can_join: meetings.rooms().is_some(),
    })
}

/// Creates a meeting, of which the caller is a host.
#[mutation(invalidates(list))]
pub async fn create(
    meetings: Meetings,
    changes: Topic<MeetingEvent>,
    input: CreateMeeting,
) -> Result<Meeting, MeetingError> {
    let user = &meetings.session.active.account.user;
    let creator = Creator { id: user.id, name: user.display_name().to_owned() };
    meetings
        .change(async |tx| {
            let meeting: Meeting = meetings::create(tx, input.title.trim(), creator).await?.into();
            changes.publish_in(tx, &MeetingEvent::Created { meeting: meeting.clone() }).await?;
            Ok(meeting)
        })
        .await
}

/// Changes to the workspace's meetings, from whichever window and instance they come.
#[subscription]
pub async fn changed(changes: Topic<MeetingEvent>) -> Result<Subscription<MeetingEvent>, Never> {
    Ok(changes.subscribe())
}
