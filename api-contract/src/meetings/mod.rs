//! Meetings whose calls are carried by a media server.
//!
//! This server decides who may join and as what, and the media server says who is there: nobody else is believed.
//! A browser gets a pass that opens one room for a few minutes and never one with which rooms or people are managed;
//! hosts promote and remove through this server.

mod access;
mod hosting;
mod joining;
mod listing;
mod rooms;
mod telling;
mod views;

pub use access::Meetings;
pub use hosting::{HostingError, InCall, promote, remove};
pub use joining::{Admission, JoinError, JoinMeeting, RejoinMeeting, get_token, renew_token};
pub use listing::{
    CreateMeeting, GetMeeting, ListMeetings, ListMeetingsError, MeetingDetails, MeetingError, MeetingPage, changed,
    create, get, list,
};
pub use rooms::{Identity, InvalidName, Pass, RoomName, Rooms, RoomsError};
pub use telling::{RecordError, record};
pub use views::{Meeting, MeetingCreator, MeetingEvent, MeetingRole, MeetingState, Participant};
