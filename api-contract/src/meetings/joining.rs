use db::{DbError, MeetingId, meetings::standings::Standing};
use tintype::prelude::*;

use super::{Identity, MeetingRole, Meetings, Pass, RoomsError};

/// Which meeting to join, and as what.
#[derive(Debug, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct JoinMeeting {
    /// The meeting.
    pub meeting_id: MeetingId,
    /// As what: less than the caller may do, but not more. As much as the caller may do without it.
    pub role: Option<MeetingRole>,
}

/// Which meeting to join again.
#[derive(Debug, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct RejoinMeeting {
    /// The meeting.
    pub meeting_id: MeetingId,
    /// The `identity` that this device had, to take the place of a connection that was lost; a new one without it.
    pub identity: Option<String>,
}

/// What a browser needs to join a call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Admission {
    /// The pass, for one room and one connection.
    pub token: String,
    /// Where to connect.
    pub url: String,
    /// For how long the pass can be used, in seconds.
    pub expires_in: u32,
    /// By what name this device is known in the call.
    pub identity: String,
    /// What the caller may do there.
    pub role: MeetingRole,
}

/// Why a meeting could not be joined.
#[derive(Debug, thiserror::Error, Serialize, Deserialize, Type, ProcedureError)]
#[serde(tag = "kind", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum JoinError {
    /// The workspace has no such meeting.
    #[error("no meeting {id} in this workspace")]
    #[code(NOT_FOUND)]
    MeetingNotFound {
        /// The id that was asked for.
        id: MeetingId,
    },
    /// The caller asked for more than they may do.
    #[error("you are a guest of this meeting: join as one, and ask a host to make you one")]
    #[code(FORBIDDEN)]
    NotHost,
    /// A host removed the caller.
    #[error("a host removed you from this call: you can join the next one")]
    #[code(FORBIDDEN)]
    Removed,
    /// The identity is not one that the caller was given.
    #[error("{identity:?} is not an identity of yours: leave it out to join as a new device")]
    #[code(BAD_REQUEST)]
    InvalidIdentity {
        /// What was passed.
        identity: String,
    },
    /// There is no media server.
    #[error("calls are not set up: an administrator can set LIVEKIT_URL, LIVEKIT_API_KEY and LIVEKIT_API_SECRET")]
    #[code(PRECONDITION_FAILED)]
    CallsNotConfigured,
    /// The media server did not do its part.
    #[error("{reason}")]
    #[code(SERVICE_UNAVAILABLE)]
    CallsUnavailable {
        /// Why, for a person.
        reason: String,
    },
    /// The database failed.
    #[error("the meeting could not be read")]
    #[internal]
    #[serde(skip)]
    Storage(#[from] DbError),
}

impl From<RoomsError> for JoinError {
    fn from(error: RoomsError) -> Self {
        tracing::warn!(?error, "the media server opened no room");
        Self::CallsUnavailable { reason: error.to_string() }
    }
}

/// A pass to the call of a meeting, for a device that is not in it.
#[mutation]
pub async fn get_token(meetings: Meetings, input: JoinMeeting) -> Result<Admission, JoinError> {
    let identity = Identity::of_new_device(meetings.user());
    admit(&meetings, input.meeting_id, input.role, identity).await
}

/// A pass for a new connection of a device whose pass is no longer good, by what the caller may do now.
///
/// A device that is connected needs none: the media server renews its pass.
#[mutation]
pub async fn renew_token(meetings: Meetings, input: RejoinMeeting) -> Result<Admission, JoinError> {
    let user = meetings.user();
    let identity = match input.identity {
        None => Identity::of_new_device(user),
        Some(identity) => match identity.parse::<Identity>() {
            Ok(own) if own.user == user => own,
            _ => {
                // What belongs to another workspace does not exist, whatever else is wrong.
                let id = input.meeting_id;
                meetings.standing(id).await?.ok_or(JoinError::MeetingNotFound { id })?;
                return Err(JoinError::InvalidIdentity { identity });
            }
        },
    };
    admit(&meetings, input.meeting_id, None, identity).await
}

async fn admit(
    meetings: &Meetings,
    id: MeetingId,
    wanted: Option<MeetingRole>,
    identity: Identity,
) -> Result<Admission, JoinError> {
    let standing = meetings.standing(id).await?.ok_or(JoinError::MeetingNotFound { id })?;
    let role = match (standing, wanted) {
        (Standing::Removed, _) => return Err(JoinError::Removed),
        (Standing::Guest, Some(MeetingRole::Host)) => return Err(JoinError::NotHost),
        (standing, None) => MeetingRole::of(standing.is_host()),
        (_, Some(wanted)) => wanted,
    };
    let rooms = meetings.rooms().ok_or(JoinError::CallsNotConfigured)?;
    let name = meetings.session.active.account.user.display_name().to_owned();
    let pass = Pass { room: meetings.room(id), identity: identity.clone(), name, role };
    let token = rooms.admit(pass).await?;
    let expires_in = u32::try_from(rooms.pass_lifetime().as_secs()).unwrap_or(u32::MAX);
    Ok(Admission { token, url: rooms.url().to_owned(), expires_in, identity: identity.to_string(), role })
}
