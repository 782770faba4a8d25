use std::{fmt, time::Duration};

/// Time since the run began.
pub(crate) type Moment = Duration;

/// What happened in a run: all that the judge knows.
#[derive(Debug, Clone, Default)]
pub(crate) struct History {
    /// Every message that somebody tried to publish.
    pub(crate) messages: Vec<Sent>,
    pub(crate) clients: Vec<Timeline>,
    /// Ends of calms: nothing was published for a while, nothing failed, and nobody connected anew.
    ///
    /// Whatever was published before must have arrived by then; a message that comes only with the next is late.
    pub(crate) calms: Vec<Moment>,
}

/// Which message it is. Each publisher counts its messages in each room, and sends the next one only when the last was
/// acknowledged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct MessageKey {
    pub(crate) room: u16,
    pub(crate) publisher: u16,
    pub(crate) seq: u32,
}

/// A message as its publisher knows it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sent {
    pub(crate) key: MessageKey,
    /// Before the first attempt.
    pub(crate) began: Moment,
    /// When an attempt succeeded.
    pub(crate) acknowledged: Option<Moment>,
    pub(crate) attempts: u32,
}

/// What a client saw, in order, across all its connections.
#[derive(Debug, Clone)]
pub(crate) struct Timeline {
    pub(crate) client: String,
    /// The room to which it listens from its first message to the end.
    pub(crate) room: u16,
    pub(crate) entries: Vec<Entry>,
}

#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub(crate) at: Moment,
    pub(crate) seen: Seen,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Seen {
    /// A message, under the id that the broker gave it.
    Message { key: MessageKey, id: String },
    /// The stream said that messages may be missing.
    Gap,
    /// Something that is neither.
    Unknown { id: String, data: String },
}

impl fmt::Display for MessageKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "message {} of publisher {} in room {}", self.seq, self.publisher, self.room)
    }
}
