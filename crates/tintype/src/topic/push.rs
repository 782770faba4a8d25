use std::sync::Arc;

use bytes::{Bytes, BytesMut};

use crate::{event_id::EventId, protocol::put_on_one_line};

/// One event on its way to the subscribers, encoded once for all of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Push {
    id: EventId,
    previous: EventId,
    /// The event as an event stream has it: `data: <payload>\nid: <id>\n\n`.
    frame: Bytes,
}

const BEFORE_PAYLOAD: &[u8] = b"data: ";
const BEFORE_ID: &[u8] = b"\nid: ";
const AFTER_ID: &[u8] = b"\n\n";

impl Push {
    /// The event `id`, published after the event `previous`; the first of a topic has the topic's starting position
    /// before it.
    ///
    /// `payload` is the event's JSON.
    #[must_use]
    pub fn new(id: EventId, previous: EventId, payload: &[u8]) -> Arc<Self> {
        let id_text = id.as_str().as_bytes();
        let length = BEFORE_PAYLOAD.len() + payload.len() + BEFORE_ID.len() + id_text.len() + AFTER_ID.len();
        let mut frame = BytesMut::with_capacity(length);
        frame.extend_from_slice(BEFORE_PAYLOAD);
        frame.extend_from_slice(payload);
        put_on_one_line(&mut frame[BEFORE_PAYLOAD.len()..]);
        frame.extend_from_slice(BEFORE_ID);
        frame.extend_from_slice(id_text);
        frame.extend_from_slice(AFTER_ID);
        Arc::new(Self { id, previous, frame: frame.freeze() })
    }

    /// Its id.
    #[must_use]
    pub fn id(&self) -> &EventId {
        &self.id
    }

    /// The id of the event before it.
    #[must_use]
    pub fn previous(&self) -> &EventId {
        &self.previous
    }

    /// Its JSON, on one line.
    #[must_use]
    pub fn payload(&self) -> &[u8] {
        let behind = BEFORE_ID.len() + self.id.as_str().len() + AFTER_ID.len();
        &self.frame[BEFORE_PAYLOAD.len()..self.frame.len() - behind]
    }

    /// The event as an event stream has it, shared by all who receive it.
    pub(crate) fn frame(&self) -> &Bytes {
        &self.frame
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn payload_and_frame_are_the_same_bytes() {
        let id = |text: &str| EventId::new(text).unwrap();

        let push = Push::new(id("2-0"), id("1-0"), b"{\"text\":\n\"a\"}");

        assert_eq!(push.payload(), b"{\"text\": \"a\"}");
        assert_eq!(push.frame().as_ref(), b"data: {\"text\": \"a\"}\nid: 2-0\n\n");
    }
}
