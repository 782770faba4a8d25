use std::collections::VecDeque;

use super::{
    super::transformer::{Text, Transformer},
    message::MessageHead,
    options::WebSocketOptions,
};
use crate::{error::Failure, subscription::EncodedEvent, superjson::Place};

/// What a host sends to the client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WebSocketFrame {
    /// A text frame.
    Text(String),
    /// The closing handshake, without a status code. Nothing comes after it.
    Close,
}

/// The frames that wait to be sent.
#[derive(Debug, Default)]
pub(super) struct Outbox {
    frames: VecDeque<WebSocketFrame>,
    bytes: usize,
}

impl Outbox {
    pub(super) fn push(&mut self, text: String) {
        self.bytes += text.len();
        self.frames.push_back(WebSocketFrame::Text(text));
    }

    pub(super) fn push_close(&mut self) {
        self.frames.push_back(WebSocketFrame::Close);
    }

    pub(super) fn pop(&mut self) -> Option<WebSocketFrame> {
        let frame = self.frames.pop_front()?;
        if let WebSocketFrame::Text(text) = &frame {
            self.bytes -= text.len();
        }
        Some(frame)
    }

    pub(super) fn has_room(&self, options: &WebSocketOptions) -> bool {
        self.frames.len() < options.queued_frames.max(1) && self.bytes < options.queued_bytes.max(1)
    }
}

impl MessageHead {
    /// The beginning of every answer to a message, section 11.2.
    fn begin(&self) -> String {
        let id = self.id.as_ref().map_or("null", |id| id.as_json());
        let json_rpc = if self.names_json_rpc { ",\"jsonrpc\":\"2.0\"" } else { "" };
        format!("{{\"id\":{id}{json_rpc}")
    }

    pub(super) fn started(&self) -> String {
        self.begin() + r#","result":{"type":"started"}}"#
    }

    pub(super) fn stopped(&self) -> String {
        self.begin() + r#","result":{"type":"stopped"}}"#
    }

    /// The result of a procedure that returns nothing.
    pub(super) fn nothing(&self) -> String {
        self.begin() + r#","result":{"type":"data"}}"#
    }

    /// What comes before the value of a result.
    pub(super) fn before_value(&self) -> Vec<u8> {
        (self.begin() + r#","result":{"type":"data","data":"#).into_bytes()
    }

    /// The result whose value was written to the end of [`before_value`](Self::before_value).
    pub(super) fn value(mut json: Vec<u8>) -> Result<String, Failure> {
        json.extend_from_slice(b"}}");
        text(json)
    }

    /// One event of a subscription; with an id, the pair of id and data is the value.
    pub(super) fn event(
        &self,
        event: &EncodedEvent,
        transformer: Transformer,
        place: &Place,
    ) -> Result<String, Failure> {
        let mut value = Text::new(transformer);
        let json = event.json().unwrap_or(b"null");
        let Some(id) = event.id() else {
            value.value(&[], json, place);
            return Self::value([self.before_value(), value.finish()].concat());
        };
        let id = serde_json::to_string(id.as_str()).map_err(Failure::unexpected)?;
        value.push(&format!(r#"{{"id":{id},"data":"#));
        value.value(&["data"], json, place);
        value.push("}");
        let before = self.begin() + &format!(r#","result":{{"type":"data","id":{id},"data":"#);
        Self::value([before.into_bytes(), value.finish()].concat())
    }

    /// A failure, given as the protocol's error object.
    pub(super) fn error(&self, error: &[u8]) -> String {
        self.begin() + ",\"error\":" + &String::from_utf8_lossy(error) + "}"
    }
}

fn text(json: Vec<u8>) -> Result<String, Failure> {
    String::from_utf8(json).map_err(Failure::unexpected)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_and_bytes_are_bounded() {
        let options = WebSocketOptions { queued_frames: 2, queued_bytes: 10, ..WebSocketOptions::default() };
        let mut outbox = Outbox::default();
        assert!(outbox.has_room(&options));
        outbox.push("x".repeat(10));
        assert!(!outbox.has_room(&options), "ten bytes wait");
        outbox.pop();
        outbox.push("x".to_owned());
        assert!(outbox.has_room(&options));
        outbox.push("x".to_owned());
        assert!(!outbox.has_room(&options), "two frames wait");
    }
}
