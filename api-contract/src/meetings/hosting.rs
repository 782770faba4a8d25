use std::{collections::HashSet, sync::Arc};

use db::{
    DbError, MeetingId,
    meetings::standings::{self, Standing},
};
use tintype::prelude::*;

use super::{Identity, Meetings, Rooms, RoomsError, access::announce};
use crate::{OutboxError, auth::Success};

/// Who is meant in which call.
#[derive(Debug, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct InCall {
    /// The meeting.
    pub meeting_id: MeetingId,
    /// The `identity` of a participant.
    pub identity: String,
}

/// Why a host could not decide about somebody.
#[derive(Debug, thiserror::Error, Serialize, Deserialize, Type, ProcedureError)]
#[serde(tag = "kind", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum HostingError {
    /// The workspace has no such meeting.
    #[error("no meeting {id} in this workspace")]
    #[code(NOT_FOUND)]
    MeetingNotFound {
        /// The id that was asked for.
        id: MeetingId,
    },
    /// The caller is no host.
    #[error("only a host of the meeting may do this: ask one")]
    #[code(FORBIDDEN)]
    NotHost,
    /// The person is not in the call.
    #[error("nobody is in the call as {identity:?}: the person may have left")]
    #[code(NOT_FOUND)]
    ParticipantNotFound {
        /// The identity that was passed.
        identity: String,
    },
    /// The person created the meeting, or owns the workspace.
    #[error("who created the meeting and the owners of the workspace cannot be removed")]
    #[code(FORBIDDEN)]
    BornHost,
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

/// Makes somebody in the call a host, now and in later calls of the meeting.
#[mutation]
pub async fn promote(meetings: Meetings, input: InCall) -> Result<Success, HostingError> {
    let Checked { id, identity, rooms, .. } = check(&meetings, input).await?;
    rooms.promote(meetings.room(id), identity.clone()).await.map_err(|error| refused(error, &identity))?;
    meetings
        .change(async |tx| {
            standings::promote(tx, id, identity.user).await?;
            announce(&meetings.state, meetings.db.tenant_id(), tx, id).await?;
            Ok(Success { success: true })
        })
        .await
}

/// Takes somebody out of the call with all their devices; they can come back when it is over.
#[mutation]
pub async fn remove(meetings: Meetings, input: InCall) -> Result<Success, HostingError> {
    let Checked { id, identity, standing, rooms } = check(&meetings, input).await?;
    if standing == Standing::BornHost {
        return Err(HostingError::BornHost);
    }
    // First of all nobody signs another pass for them.
    let meeting = meetings
        .change::<_, HostingError, _>(async |tx| {
            standings::remove(tx, id, identity.user).await?;
            Ok(announce(&meetings.state, meetings.db.tenant_id(), tx, id).await?)
        })
        .await?;
    let known = meeting.into_iter().flat_map(|meeting| meeting.participants);
    let mut devices: HashSet<Identity> = known.filter_map(|one| one.identity.parse().ok()).collect();
    devices.retain(|device| device.user == identity.user);
    devices.insert(identity);
    for device in devices {
        match rooms.remove(meetings.room(id), device.clone()).await {
            // What is wanted is the case.
            Ok(()) | Err(RoomsError::NotThere) => {}
            Err(error) => return Err(refused(error, &device)),
        }
    }
    Ok(Success { success: true })
}

/// A host of the meeting asks about somebody of the workspace.
struct Checked {
    id: MeetingId,
    identity: Identity,
    standing: Standing,
    rooms: Arc<dyn Rooms>,
}

async fn check(meetings: &Meetings, input: InCall) -> Result<Checked, HostingError> {
    let InCall { meeting_id: id, identity } = input;
    let mut tx = meetings.db.begin().await?;
    let caller = standings::find(&mut tx, id, meetings.user()).await?;
    let parsed = identity.parse::<Identity>().ok();
    let standing = match &parsed {
        Some(identity) => standings::find(&mut tx, id, identity.user).await?,
        None => None,
    };
    tx.commit().await?;
    if !caller.ok_or(HostingError::MeetingNotFound { id })?.is_host() {
        return Err(HostingError::NotHost);
    }
    let (Some(parsed), Some(standing)) = (parsed, standing) else {
        return Err(HostingError::ParticipantNotFound { identity });
    };
    let rooms = meetings.rooms().ok_or(HostingError::CallsNotConfigured)?;
    Ok(Checked { id, identity: parsed, standing, rooms })
}

fn refused(error: RoomsError, identity: &Identity) -> HostingError {
    if error == RoomsError::NotThere {
        return HostingError::ParticipantNotFound { identity: identity.to_string() };
    }
    tracing::warn!(?error, "the media server did not do what a host asked for");
    HostingError::CallsUnavailable { reason: error.to_string() }
}
