use std::time::Duration;

use api_contract::meetings::{Identity, RoomName, RoomsError};
use http::header;
use livekit_protocol as protocol;
use livekit_token::{AccessToken, VideoGrants};
use prost::Message;
use reqwest::Response;
use secrecy::ExposeSecret;
use serde::Deserialize;
use url::Url;

use super::{LiveKitError, LiveKitOptions, shortened};

/// LiveKit's service that manages rooms: protobuf over HTTP, as Twirp has it.
///
/// The crate `livekit-api` would bring an HTTP client with authorities of its own, for three calls.
pub(super) struct RoomService {
    http: reqwest::Client,
    url: Url,
    options: LiveKitOptions,
}

/// How long what is signed for a request is good; clocks may differ.
const REQUEST_LIFETIME: Duration = Duration::from_secs(60);

impl RoomService {
    pub(super) fn new(options: &LiveKitOptions, url: &Url) -> Result<Self, LiveKitError> {
        let http = reqwest::Client::builder()
            .timeout(options.request_time)
            .tls_backend_preconfigured(crate::tls::config(url.scheme()).map_err(LiveKitError::Tls)?)
            // An answer from elsewhere is no answer, and would get the signature.
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .map_err(LiveKitError::Client)?;
        Ok(Self { http, url: url.clone(), options: options.clone() })
    }

    /// Opens a room unless it is open.
    pub(super) async fn open(&self, room: &RoomName) -> Result<(), RoomsError> {
        let seconds = u32::try_from(self.options.empty_time.as_secs()).unwrap_or(u32::MAX);
        let request = protocol::CreateRoomRequest {
            name: room.to_string(),
            empty_timeout: seconds,
            departure_timeout: seconds,
            max_participants: self.options.participants,
            ..Default::default()
        };
        let grants = VideoGrants { room_create: true, ..VideoGrants::default() };
        self.call("CreateRoom", &request, grants).await
    }

    pub(super) async fn update_participant(
        &self,
        room: &RoomName,
        request: &protocol::UpdateParticipantRequest,
    ) -> Result<(), RoomsError> {
        self.call("UpdateParticipant", request, administers(room)).await
    }

    pub(super) async fn remove_participant(&self, room: &RoomName, identity: &Identity) -> Result<(), RoomsError> {
        let request = protocol::RoomParticipantIdentity {
            room: room.to_string(),
            identity: identity.to_string(),
            ..Default::default()
        };
        self.call("RemoveParticipant", &request, administers(room)).await
    }

    async fn call(&self, method: &str, request: &impl Message, grants: VideoGrants) -> Result<(), RoomsError> {
        let unreachable = |error: anyhow::Error| RoomsError::Unreachable { detail: shortened(&format!("{error:#}")) };
        let token = AccessToken::with_api_key(&self.options.api_key, self.options.api_secret.expose_secret())
            .with_ttl(REQUEST_LIFETIME)
            .with_grants(grants)
            .to_jwt()
            .map_err(|error| RoomsError::Refused { reason: error.to_string() })?;
        let mut url = self.url.clone();
        url.path_segments_mut()
            .map_err(|()| RoomsError::Refused { reason: "its address has no path".to_owned() })?
            .pop_if_empty()
            .extend(["twirp", "livekit.RoomService", method]);
        let response = self
            .http
            .post(url)
            .bearer_auth(token)
            .header(header::CONTENT_TYPE, "application/protobuf")
            .body(request.encode_to_vec())
            .send()
            .await
            .map_err(|error| unreachable(error.without_url().into()))?;
        let status = response.status();
        if status.is_success() {
            return Ok(());
        }
        let refusal = refusal(response).await;
        match refusal.code.as_str() {
            "not_found" => Err(RoomsError::NotThere),
            "unauthenticated" | "permission_denied" => Err(RoomsError::Unauthorized),
            _ if status.is_server_error() => Err(unreachable(anyhow::anyhow!("{status}: {}", refusal.msg))),
            _ => {
                Err(RoomsError::Refused { reason: format!("{} (status {})", shortened(&refusal.msg), status.as_u16()) })
            }
        }
    }
}

fn administers(room: &RoomName) -> VideoGrants {
    VideoGrants { room_admin: true, room: room.to_string(), ..VideoGrants::default() }
}

/// Why a request was refused, as Twirp says it; empty if something else answers there.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Refusal {
    code: String,
    msg: String,
}

async fn refusal(mut response: Response) -> Refusal {
    /// Much longer than any message.
    const MOST: usize = 64 * 1024;
    let mut text = Vec::new();
    while let Ok(Some(chunk)) = response.chunk().await {
        text.extend_from_slice(&chunk);
        if text.len() > MOST {
            break;
        }
    }
    serde_json::from_slice(&text).unwrap_or_default()
}
