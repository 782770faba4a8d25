use db::{
    DbError,
    meetings::{
        calls::{self, CallEvent, Happening},
        standings::{self, Standing},
    },
};

use super::{RoomName, RoomsError, access::announce};
use crate::{AppState, OutboxError};

/// Why what the media server tells could not be recorded; it should tell it again.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RecordError {
    /// The database failed.
    #[error("the meeting could not be written")]
    Storage(#[from] DbError),
    /// The change could not be announced, so it was not made.
    #[error("the change could not be announced")]
    Announcement(#[from] OutboxError),
    /// Somebody came back who was removed, and could not be taken out again.
    #[error("somebody who was removed could not be kept out")]
    Rooms(#[from] RoomsError),
}

/// Brings a meeting up to date with what the media server tells, and tells its workspace.
///
/// Whoever calls this has checked that it is the media server who tells: the tenant comes from the name of the room,
/// which this server gave.
///
/// # Errors
///
/// [`RecordError`] if the same should be told again.
pub async fn record(state: &AppState, room: RoomName, event: &CallEvent) -> Result<(), RecordError> {
    let RoomName { tenant, meeting } = room;
    let rows = state.database().tenant(tenant).begin().await?;
    let unwelcome = state
        .outbox()
        .transaction::<_, _, RecordError, _>(rows, tenant, async |tx| {
            let changed = calls::record(tx, meeting, event).await?;
            let unwelcome = match &event.what {
                Happening::Joined(stay) => {
                    let standing = standings::find(tx, meeting, stay.user).await?;
                    (standing == Some(Standing::Removed)).then(|| stay.identity.clone())
                }
                _ => None,
            };
            if changed {
                announce(state, tenant, tx, meeting).await?;
            }
            Ok(unwelcome)
        })
        .await?;
    // A pass that was signed before is still good for some minutes.
    if let (Some(identity), Some(rooms)) = (unwelcome.and_then(|identity| identity.parse().ok()), state.rooms()) {
        match rooms.remove(room, identity).await {
            Ok(()) | Err(RoomsError::NotThere) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}
