//! Clients that listen to one room each, and move from server to server with the last id that they have.

mod crowd;
mod official;
mod roaming;
mod sse;
mod websocket;

use bench::contract::chat::{Message, RoomEvent};

pub(crate) use crowd::{Crowd, Phase};

use crate::ledger::{MessageKey, Seen};

/// What an event of a room is to the ledger.
fn seen(id: &str, event: RoomEvent) -> Seen {
    let id = id.to_owned();
    match event {
        RoomEvent::Gap { .. } => Seen::Gap,
        RoomEvent::Message(message) => match key_of(&message) {
            Some(key) => Seen::Message { key, id },
            None => Seen::Unknown { id, data: format!("{message:?}") },
        },
    }
}

fn key_of(message: &Message) -> Option<MessageKey> {
    let room = message.room.strip_prefix(crate::ROOM)?.parse().ok()?;
    let publisher = message.text.strip_prefix(crate::PUBLISHER)?.parse().ok()?;
    Some(MessageKey { room, publisher, seq: message.seq })
}
