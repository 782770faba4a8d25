//! Meetings, who is in their calls, and who may do what there.
//!
//! A meeting has one call at a time, and what is known of it is what the media server tells.
//! That arrives late, twice and in any order, so [`calls`] compares instead of believing the last word.

pub mod calls;
mod rows;
pub mod standings;

pub use rows::{Creator, Meeting, MeetingPage, Participant, create, find, newest_first, read};
