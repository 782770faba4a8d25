use std::{collections::HashMap, sync::Arc};

use bytes::Bytes;

use super::EncodedMember;

/// Who is at one topic of this process, each in one window or several.
#[derive(Debug, Default)]
pub(super) struct Attendance(HashMap<Arc<str>, Attendant>);

#[derive(Debug)]
struct Attendant {
    member: EncodedMember,
    windows: usize,
}

impl Attendance {
    /// Lets a member in; the event to publish if it was not there.
    pub(super) fn enter(&mut self, member: EncodedMember) -> Option<Bytes> {
        if let Some(attendant) = self.0.get_mut(member.id()) {
            attendant.windows += 1;
            attendant.member = member;
            return None;
        }
        let joined = member.joined();
        self.0.insert(Arc::clone(member.id()), Attendant { member, windows: 1 });
        Some(joined)
    }

    /// Closes one window of a member; the event to publish if it was the last.
    pub(super) fn leave(&mut self, id: &str) -> Option<Bytes> {
        let attendant = self.0.get_mut(id)?;
        attendant.windows -= 1;
        if attendant.windows > 0 {
            return None;
        }
        self.0.remove(id).map(|attendant| attendant.member.left())
    }

    /// Who is there.
    pub(super) fn members(&self) -> Vec<Bytes> {
        self.0.values().map(|attendant| attendant.member.json().clone()).collect()
    }
}
