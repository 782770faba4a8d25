use std::{fmt, str::FromStr, time::Duration};

use db::{MeetingId, TenantId, UserId};
use futures_util::future::BoxFuture;

use super::MeetingRole;

/// The media server that carries calls: a port, which the server implements.
pub trait Rooms: Send + Sync + 'static {
    /// Where browsers connect, for example `wss://media.example.com`.
    fn url(&self) -> &str;

    /// How long a pass can be used.
    fn pass_lifetime(&self) -> Duration;

    /// Opens the room unless it is open, and signs a pass to it.
    fn admit(&self, pass: Pass) -> BoxFuture<'static, Result<String, RoomsError>>;

    /// Gives somebody in a room what hosts may do there.
    fn promote(&self, room: RoomName, identity: Identity) -> BoxFuture<'static, Result<(), RoomsError>>;

    /// Takes somebody out of a room.
    fn remove(&self, room: RoomName, identity: Identity) -> BoxFuture<'static, Result<(), RoomsError>>;
}

/// What a pass says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pass {
    /// The only room that it opens.
    pub room: RoomName,
    /// Who comes.
    pub identity: Identity,
    /// What others see.
    pub name: String,
    /// As what.
    pub role: MeetingRole,
}

/// Why the media server did not do something; the message is for the person who asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RoomsError {
    /// There was no answer.
    #[error("the media server cannot be reached: try again in a moment")]
    Unreachable {
        /// For the log.
        detail: String,
    },
    /// It does not accept this server's key.
    #[error(
        "the media server does not accept the key of this server: an administrator has to check LIVEKIT_API_KEY and \
         LIVEKIT_API_SECRET"
    )]
    Unauthorized,
    /// The room is closed, or the person is not in it.
    #[error("nobody is there by this name: the person has left, or the call is over")]
    NotThere,
    /// It refused for another reason.
    #[error("the media server refused: {reason}")]
    Refused {
        /// What it said, shortened to 200 characters.
        reason: String,
    },
}

/// Name of a meeting's room: `<tenant>_<meeting>`, so that rooms of two tenants are never the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct RoomName {
    /// The tenant.
    pub tenant: TenantId,
    /// The meeting.
    pub meeting: MeetingId,
}

/// Who is in a room, on which device: `<user>_<device>`.
///
/// The device is eight random characters, so that a second tab does not take the place of the first.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Identity {
    /// The user.
    pub user: UserId,
    device: String,
}

/// Text that is not a name of this server's.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a name that this server gives")]
pub struct InvalidName(String);

/// Characters of a device.
const DEVICE_CHARACTERS: usize = 8;

impl Identity {
    /// A device that nobody has seen.
    #[must_use]
    pub fn of_new_device(user: UserId) -> Self {
        Self { user, device: format!("{:08x}", rand::random::<u32>()) }
    }
}

impl fmt::Display for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}_{}", self.user, self.device)
    }
}

impl FromStr for Identity {
    type Err = InvalidName;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let parse = || {
            let (user, device) = text.split_once('_')?;
            let is_hex = |digit: u8| digit.is_ascii_digit() || (b'a'..=b'f').contains(&digit);
            let fits = device.len() == DEVICE_CHARACTERS && device.bytes().all(is_hex);
            let identity = Self { user: user.parse().ok()?, device: device.to_owned() };
            // In this spelling only: a name has one.
            (fits && identity.to_string() == text).then_some(identity)
        };
        parse().ok_or_else(|| InvalidName(text.to_owned()))
    }
}

impl fmt::Display for RoomName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}_{}", self.tenant, self.meeting)
    }
}

impl FromStr for RoomName {
    type Err = InvalidName;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let parse = || {
            let (tenant, meeting) = text.split_once('_')?;
            let name = Self { tenant: tenant.parse().ok()?, meeting: meeting.parse().ok()? };
            (name.to_string() == text).then_some(name)
        };
        parse().ok_or_else(|| InvalidName(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_as_they_are_written_and_in_no_other_spelling() {
        let room = RoomName { tenant: TenantId::generate(), meeting: MeetingId::generate() };
        let identity = Identity::of_new_device(UserId::generate());
        assert_eq!(room.to_string().parse(), Ok(room));
        assert_eq!(identity.to_string().parse(), Ok(identity.clone()));

        let (tenant, user) = (room.tenant, identity.user);
        for text in ["", "_", "lobby", &tenant.to_string(), &format!("{tenant}_"), &room.to_string().to_uppercase()] {
            assert!(text.parse::<RoomName>().is_err(), "{text:?}");
        }
        for text in
            ["", "_", &user.to_string(), &format!("{user}_"), &format!("{user}_0123456g"), &format!("{identity}0")]
        {
            assert!(text.parse::<Identity>().is_err(), "{text:?}");
        }
    }
}
