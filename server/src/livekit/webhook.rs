use api_contract::meetings::{Identity, RoomName};
use base64::{Engine, engine::general_purpose::STANDARD};
use chrono::{DateTime, Utc};
use db::meetings::calls::{CallEvent, Happening, Stay};
use serde::{Deserialize, Deserializer, de};
use sha2::{Digest, Sha256};

use super::LiveKit;

/// Why what somebody sent is not taken for LiveKit's word.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WebhookError {
    /// There is no signature.
    #[error("there is no signature: LiveKit sends one in the header Authorization")]
    Unsigned,
    /// It is not signed with the key of this server, or too long ago.
    #[error("the signature is not one of LIVEKIT_API_KEY, or it is too old")]
    Forged(#[source] livekit_token::AccessTokenError),
    /// What is signed is something else.
    #[error("the signature is for another body")]
    OtherBody,
    /// What is signed is not an event.
    #[error("the body is not an event of LiveKit: {0}")]
    Unreadable(#[from] serde_json::Error),
    /// The event does not say when it happened.
    #[error("the event has no time, or one that cannot be: {seconds}")]
    Time {
        /// What it says.
        seconds: i64,
    },
}

impl LiveKit {
    /// What LiveKit tells, with the room; `None` if it is about something that no meeting has.
    ///
    /// # Errors
    ///
    /// [`WebhookError`] if it is not LiveKit who tells, or cannot be understood.
    pub fn told(
        &self,
        authorization: Option<&str>,
        body: &[u8],
    ) -> Result<Option<(RoomName, CallEvent)>, WebhookError> {
        let token = authorization.ok_or(WebhookError::Unsigned)?;
        let token = token.strip_prefix("Bearer ").unwrap_or(token).trim();
        let claims = self.0.verifier.verify(token).map_err(WebhookError::Forged)?;
        // A browser's pass is signed with the same key, and for no body.
        let signed = STANDARD.decode(&claims.sha256).map_err(|_| WebhookError::OtherBody)?;
        if signed != Sha256::digest(body).as_slice() {
            return Err(WebhookError::OtherBody);
        }
        serde_json::from_slice::<Event>(body)?.into_call_event()
    }
}

/// What is read of an event.
///
/// `livekit_protocol::WebhookEvent` would refuse a whole event for a word that a newer server has.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Event {
    event: String,
    #[serde(default)]
    id: String,
    #[serde(default, deserialize_with = "number")]
    created_at: i64,
    room: Option<Room>,
    participant: Option<Participant>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Room {
    #[serde(default)]
    sid: String,
    #[serde(default)]
    name: String,
    #[serde(default, deserialize_with = "number")]
    creation_time: i64,
    #[serde(default, deserialize_with = "number")]
    creation_time_ms: i64,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Participant {
    #[serde(default)]
    sid: String,
    #[serde(default)]
    identity: String,
    #[serde(default, deserialize_with = "number")]
    joined_at: i64,
    #[serde(default, deserialize_with = "number")]
    joined_at_ms: i64,
}

impl Event {
    /// Rooms that other programs opened, and devices that others let in, are nobody's business here.
    fn into_call_event(self) -> Result<Option<(RoomName, CallEvent)>, WebhookError> {
        let Self { event, id, created_at, room: Some(room), participant } = self else { return Ok(None) };
        let Ok(name) = room.name.parse::<RoomName>() else { return Ok(None) };
        let stay = |participant: Option<Participant>| -> Result<Option<Stay>, WebhookError> {
            let Some(Participant { sid, identity, joined_at, joined_at_ms }) = participant else { return Ok(None) };
            let Ok(known) = identity.parse::<Identity>() else { return Ok(None) };
            Ok(Some(Stay { sid, identity, user: known.user, joined_at: time(joined_at, joined_at_ms)? }))
        };
        let what = match event.as_str() {
            "room_started" => Some(Happening::Started),
            "room_finished" => Some(Happening::Finished),
            "participant_joined" => stay(participant)?.map(Happening::Joined),
            "participant_left" | "participant_connection_aborted" => stay(participant)?.map(Happening::Left),
            _ => None,
        };
        let Some(what) = what else { return Ok(None) };
        let began_at = time(room.creation_time, room.creation_time_ms)?;
        Ok(Some((name, CallEvent { id, call: room.sid, began_at, at: time(created_at, 0)?, what })))
    }
}

/// A time in milliseconds if the server says them, else in seconds.
fn time(seconds: i64, millis: i64) -> Result<DateTime<Utc>, WebhookError> {
    let time = match (seconds, millis) {
        (0, 0) => None,
        (seconds, 0) => DateTime::from_timestamp_secs(seconds),
        (_, millis) => DateTime::from_timestamp_millis(millis),
    };
    time.ok_or(WebhookError::Time { seconds })
}

/// A number, which the JSON of protobuf writes as text if it has 64 bits.
fn number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<i64, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Number {
        Number(i64),
        Text(String),
    }
    match Number::deserialize(deserializer)? {
        Number::Number(number) => Ok(number),
        Number::Text(text) => text.parse().map_err(de::Error::custom),
    }
}
