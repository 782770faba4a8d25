use std::time::Duration;

use db::RunId;
use tintype::{PresenceEvent, Retention, prelude::*};

use super::{Message, Run, Viewer};

/// What happens in a conversation.
///
/// Text that is generated has a place: `offset` says where in the answer it belongs, in UTF-16 code units as
/// JavaScript counts them, so a client that has it already can tell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum ChatEvent {
    /// What the conversation is now: at the beginning, and where events are missing. It replaces what a client has.
    Snapshot {
        /// What it is.
        state: ChatState,
    },
    /// A message was stored; the answer of a run takes the place of its pieces.
    Message {
        /// The message.
        message: Message,
    },
    /// A piece of an answer.
    Delta {
        /// The run that writes it.
        run_id: RunId,
        /// Where it belongs.
        offset: u32,
        /// The text.
        text: String,
    },
    /// A run came to another state.
    Run {
        /// The run.
        run: Run,
    },
    /// Who has the conversation open.
    Presence {
        /// Who is there, came, or left.
        presence: PresenceEvent<Viewer>,
    },
    /// The conversation was deleted; nothing follows.
    Deleted,
    /// Events are missing here, and what they told could not be loaded: load the history, and go on.
    Gap,
}

/// What a conversation is at one moment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ChatState {
    /// Its latest messages, oldest first.
    pub messages: Vec<Message>,
    /// The cursor of `chat.history` with which older messages are loaded; `null` if there are none.
    pub older: Option<String>,
    /// The runs that are not over, oldest first.
    pub runs: Vec<Writing>,
}

/// A run that is not over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct Writing {
    /// The run.
    pub run: Run,
    /// The answer so far; pieces follow.
    pub text: String,
}

impl ChatEvent {
    /// Some ten seconds of an answer: who joins gets what was saved a second ago and the pieces since.
    pub(super) const RETENTION: Retention = Retention { events: Some(1024), age: Some(Duration::from_secs(60 * 60)) };
}

/// The length of a text as JavaScript counts it.
pub(super) fn utf16_length(text: &str) -> u32 {
    u32::try_from(text.encode_utf16().count()).unwrap_or(u32::MAX)
}
