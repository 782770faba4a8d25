//! The protocol over WebSocket, written down once more: what the official client does is not all that is allowed.

use anyhow::{Context, bail};
use bench::contract::chat::RoomEvent;
use futures_util::{SinkExt, StreamExt};
use serde::Deserialize;
use serde_json::json;
use tokio_tungstenite::{connect_async, tungstenite::Message};

use super::{roaming::Notebook, seen};

/// A message of the server.
#[derive(Debug, Deserialize)]
struct Answer {
    result: Option<Outcome>,
    error: Option<serde_json::Value>,
    method: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(tag = "type", rename_all = "lowercase")]
enum Outcome {
    Started,
    Stopped,
    Data { data: Event },
}

#[derive(Debug, Deserialize)]
struct Event {
    id: String,
    data: RoomEvent,
}

/// Listens until the connection ends.
pub(super) async fn listen(port: u16, room: u16, notebook: &mut Notebook) -> anyhow::Result<()> {
    let (mut socket, _) = connect_async(format!("ws://127.0.0.1:{port}/trpc")).await?;
    let mut params = json!({ "path": "chat.subscribe", "input": { "room": crate::room_name(room) } });
    if let Some(id) = &notebook.cursor {
        params["lastEventId"] = json!(id);
    }
    let subscribe = json!({ "id": 1, "method": "subscription", "params": params });
    socket.send(Message::text(subscribe.to_string())).await?;
    while let Some(message) = socket.next().await {
        let Message::Text(text) = message? else { continue };
        if text.as_str() == "PING" {
            socket.send(Message::text("PONG")).await?;
            continue;
        }
        let answer: Answer =
            serde_json::from_str(&text).with_context(|| format!("a message is not of the protocol: {text}"))?;
        match answer {
            Answer { error: Some(error), .. } => bail!("the subscription failed: {error}"),
            Answer { method: Some(method), .. } if method == "reconnect" => bail!("the server asks to move"),
            Answer { result: Some(Outcome::Data { data: event }), .. } => {
                let seen = seen(&event.id, event.data);
                notebook.write(&event.id, seen);
            }
            Answer { result: Some(Outcome::Stopped), .. } => bail!("the subscription was stopped"),
            Answer { .. } => {}
        }
    }
    bail!("the connection ended")
}
