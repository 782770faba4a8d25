use chrono::{DateTime, Utc};
use db::{MeetingId, UserId, meetings};
use tintype::{TopicPayload, prelude::*};

use crate::{AppState, auth::Session};

/// A meeting, and what its call is now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Meeting {
    /// Its id.
    pub id: MeetingId,
    /// What it is called.
    pub title: String,
    /// Who created it; `null` when the person is gone.
    pub created_by: Option<MeetingCreator>,
    /// When it was created.
    pub created_at: DateTime<Utc>,
    /// Where its latest call is.
    pub state: MeetingState,
    /// When the call began; `null` if there was none.
    pub started_at: Option<DateTime<Utc>>,
    /// When the call ended; `null` while it goes on.
    pub ended_at: Option<DateTime<Utc>>,
    /// Who is in the call, by when they joined; a person is there once for each device.
    pub participants: Vec<Participant>,
}

/// Who created a meeting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct MeetingCreator {
    /// The user.
    pub id: UserId,
    /// What the person wants to be called, or the address without it.
    pub name: String,
}

/// Where the latest call of a meeting is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum MeetingState {
    /// There was none.
    Planned,
    /// It goes on.
    Live,
    /// It has ended.
    Over,
}

/// Somebody in a call, on one device.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Participant {
    /// By what name the media server knows the device.
    pub identity: String,
    /// The user.
    pub user_id: UserId,
    /// What the person wants to be called, or the address without it.
    pub name: String,
    /// What the person may do.
    pub role: MeetingRole,
    /// When the device joined.
    pub joined_at: DateTime<Utc>,
}

/// What a person may do in a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum MeetingRole {
    /// Speak, show and share, and promote and remove others.
    Host,
    /// Speak and show.
    Guest,
}

/// A change to a workspace's meetings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub enum MeetingEvent {
    /// A meeting was created.
    Created {
        /// The meeting.
        meeting: Meeting,
    },
    /// A call began or ended, somebody joined or left, or may do something else than before.
    Changed {
        /// The meeting as it is now.
        meeting: Meeting,
    },
    /// Changes are missing here: load the list again.
    Gap,
}

impl TopicPayload<AppState> for MeetingEvent {
    type Scope = Session;
    const TOPIC: &'static str = "meetings";

    fn gap() -> Self {
        Self::Gap
    }
}

impl From<meetings::Meeting> for Meeting {
    fn from(meeting: meetings::Meeting) -> Self {
        let meetings::Meeting { id, title, created_by, created_at, started_at, ended_at, participants } = meeting;
        let state = match (started_at, ended_at) {
            (None, _) => MeetingState::Planned,
            (Some(_), None) => MeetingState::Live,
            (Some(_), Some(_)) => MeetingState::Over,
        };
        let created_by = created_by.map(|meetings::Creator { id, name }| MeetingCreator { id, name });
        let participants = participants.into_iter().map(Participant::from).collect();
        Self { id, title, created_by, created_at, state, started_at, ended_at, participants }
    }
}

impl From<meetings::Participant> for Participant {
    fn from(participant: meetings::Participant) -> Self {
        let meetings::Participant { identity, user, name, is_host, joined_at } = participant;
        Self { identity, user_id: user, name, role: MeetingRole::of(is_host), joined_at }
    }
}

impl MeetingRole {
    pub(super) fn of(is_host: bool) -> Self {
        if is_host { Self::Host } else { Self::Guest }
    }
}
