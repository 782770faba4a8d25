//! Rooms, each of which is a topic.

use serde::{Deserialize, Serialize};
use tintype::{BrokerError, ErrorCode, Headers, InvalidTopicKey, LastEventId, TopicKey, Topics, prelude::*};

use crate::AppState;

/// A message, as it is sent and as it arrives.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
pub struct Message {
    /// The room: letters, digits, `-` and `_`, at most 128 bytes.
    pub room: String,
    /// Number of the message, which its sender counts.
    pub seq: u32,
    /// When it was sent, in milliseconds of the sender's clock.
    pub t: f64,
    /// What it says.
    pub text: String,
}

/// A room to listen to.
#[derive(Debug, Clone, Serialize, Deserialize, Type)]
pub struct Room {
    /// Its name.
    pub room: String,
}

/// The message was published.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct Sent {
    /// Always true.
    pub ok: bool,
}

/// What happens in a room.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(untagged)]
pub enum RoomEvent {
    /// A message.
    Message(Message),
    /// Messages are missing here, and nobody can say which.
    Gap {
        /// Always true.
        gap: bool,
    },
}

/// Why a message could not be sent, or a room not listened to.
#[derive(Debug, thiserror::Error, Serialize, Deserialize, Type, ProcedureError)]
#[serde(tag = "kind", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ChatError {
    /// No room can have this name.
    #[error("no room is called {room:?}: use 1 to 128 letters, digits, '-' or '_'")]
    #[code(BAD_REQUEST)]
    InvalidRoom {
        /// The name.
        room: String,
    },
    /// The message is too large.
    #[error("a message of {size_bytes} bytes is too large: send at most {limit_bytes} bytes of JSON")]
    #[code(PAYLOAD_TOO_LARGE)]
    TooLarge {
        /// Its size.
        size_bytes: u32,
        /// Largest size accepted.
        limit_bytes: u32,
    },
    /// It is not known whether the message was published.
    #[error("the message may or may not have been published: send it again with the same Idempotency-Key")]
    #[code(SERVICE_UNAVAILABLE)]
    Unavailable,
    /// The broker failed otherwise.
    #[error("the message could not be published")]
    #[internal]
    #[serde(skip)]
    Broker(#[source] BrokerError),
}

/// Publishes a message in its room; with the header `Idempotency-Key`, once for each key.
#[mutation]
pub async fn send(once: IdempotencyKey, topics: State<Topics>, input: Message) -> Result<Sent, ChatError> {
    let topic = topics.0.topic(room_key(&input.room)?);
    match &once.0 {
        Some(key) => topic.publish_once(&RoomEvent::Message(input), key).await?,
        None => topic.publish(&RoomEvent::Message(input)).await?,
    };
    Ok(Sent { ok: true })
}

/// The messages of a room from now on, or from the last event that the client has.
#[subscription]
pub async fn subscribe(
    topics: State<Topics>,
    last: LastEventId,
    input: Room,
) -> Result<Subscription<RoomEvent>, ChatError> {
    let topic: Topic<RoomEvent> = topics.0.topic(room_key(&input.room)?);
    Ok(topic.resume_after(last.0).subscribe_with_gap(|| RoomEvent::Gap { gap: true }))
}

fn room_key(room: &str) -> Result<TopicKey, ChatError> {
    TopicKey::new("chat", &[room]).map_err(|_: InvalidTopicKey| ChatError::InvalidRoom { room: room.to_owned() })
}

impl From<BrokerError> for ChatError {
    fn from(error: BrokerError) -> Self {
        let bytes = |size| u32::try_from(size).unwrap_or(u32::MAX);
        match error {
            BrokerError::TooLarge { size_bytes, limit_bytes, .. } => {
                Self::TooLarge { size_bytes: bytes(size_bytes), limit_bytes: bytes(limit_bytes) }
            }
            BrokerError::Unavailable(_) => Self::Unavailable,
            error => Self::Broker(error),
        }
    }
}

/// The header `Idempotency-Key` of a call that may be made again: 1 to 128 letters, digits and other visible characters
/// of ASCII.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdempotencyKey(pub Option<String>);

/// Longest key, in bytes.
const MOST_KEY_BYTES: usize = 128;

impl FromContext<AppState> for IdempotencyKey {
    async fn from_context(cx: &Context<AppState>) -> Result<Self, Failure> {
        let Headers(headers) = Headers::from_context(cx).await?;
        let Some(value) = headers.get("idempotency-key") else { return Ok(Self(None)) };
        match value.to_str() {
            Ok(key) if (1..=MOST_KEY_BYTES).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_graphic()) => {
                Ok(Self(Some(key.to_owned())))
            }
            _ => {
                let message = format!(
                    "the Idempotency-Key {value:?} cannot be used: send 1 to {MOST_KEY_BYTES} visible characters of ASCII"
                );
                Err(Failure::new(ErrorCode::BadRequest, message))
            }
        }
    }
}
