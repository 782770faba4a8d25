//! Calls over LiveKit, in its cloud or on a server of one's own.
//!
//! A browser's pass is good for one room and some minutes, and manages nothing; what manages rooms is signed for each
//! request and does not leave this process.

mod service;
mod webhook;

use std::{fmt, sync::Arc, time::Duration};

use api_contract::meetings::{Identity, MeetingRole, Pass, RoomName, Rooms, RoomsError};
use futures_util::{FutureExt, future::BoxFuture};
use livekit_protocol::{self as protocol, TrackSource};
use livekit_token::{AccessToken, TokenVerifier, VideoGrants};
use secrecy::{ExposeSecret, SecretString};
use url::Url;

use self::service::RoomService;
pub use self::webhook::WebhookError;

/// Where LiveKit is, and what calls may take.
#[derive(Debug, Clone)]
pub struct LiveKitOptions {
    /// Where browsers connect, for example `wss://media.example.com`.
    pub url: Url,
    /// Where this server reaches it, if that is elsewhere.
    pub api_url: Option<Url>,
    /// Name of the key.
    pub api_key: String,
    /// The key.
    pub api_secret: SecretString,
    /// How long a pass can be used; 5 minutes by default.
    pub pass_lifetime: Duration,
    /// Most devices in a call; 50 by default.
    pub participants: u32,
    /// How long a room stays open that is empty; 5 minutes by default.
    pub empty_time: Duration,
    /// Longest time that a request may take; 5 s by default.
    pub request_time: Duration,
}

impl LiveKitOptions {
    /// With the defaults for everything but address and key.
    #[must_use]
    pub fn new(url: Url, api_key: String, api_secret: SecretString) -> Self {
        Self {
            url,
            api_url: None,
            api_key,
            api_secret,
            pass_lifetime: Duration::from_secs(5 * 60),
            participants: 50,
            empty_time: Duration::from_secs(5 * 60),
            request_time: Duration::from_secs(5),
        }
    }
}

/// Why LiveKit cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LiveKitError {
    /// Some settings are missing.
    #[error(
        "calls need LIVEKIT_URL, LIVEKIT_API_KEY and LIVEKIT_API_SECRET, and {missing} is not set: set all or none"
    )]
    Incomplete {
        /// The variables.
        missing: String,
    },
    /// An address is of no use.
    #[error(
        "{variable} is {url:?}, which cannot be called: it begins with wss://, ws://, https:// or http:// and has a host"
    )]
    Address {
        /// The variable.
        variable: &'static str,
        /// The address.
        url: String,
    },
    /// There is no TLS.
    #[error("the authorities that the operating system trusts cannot be used")]
    Tls(#[source] rustls::Error),
    /// There is no client for HTTP.
    #[error("the client for LiveKit cannot be made")]
    Client(#[source] reqwest::Error),
}

/// LiveKit. Cheap to clone.
#[derive(Clone)]
pub struct LiveKit(Arc<Parts>);

struct Parts {
    options: LiveKitOptions,
    /// As browsers are told.
    url: String,
    page_sources: String,
    service: RoomService,
    verifier: TokenVerifier,
}

/// Shortest secret that LiveKit finds safe.
const SECRET_BYTES: usize = 32;

/// The attribute of a participant in which others read the role; nobody can change their own.
const ROLE: &str = "role";

impl LiveKit {
    /// LiveKit, which is called when somebody joins, and not before.
    ///
    /// # Errors
    ///
    /// [`LiveKitError`] says what to change.
    pub fn new(options: LiveKitOptions) -> Result<Self, LiveKitError> {
        let url = with_scheme(&options.url, Protocol::WebSocket, "LIVEKIT_URL")?;
        let api_url = match &options.api_url {
            None => with_scheme(&options.url, Protocol::Http, "LIVEKIT_URL")?,
            Some(url) => with_scheme(url, Protocol::Http, "TINTYPE_LIVEKIT_API_URL")?,
        };
        let secret = options.api_secret.expose_secret();
        if secret.len() < SECRET_BYTES {
            tracing::warn!(
                "LIVEKIT_API_SECRET has less than {SECRET_BYTES} characters: use a longer one in production"
            );
        }
        let verifier = TokenVerifier::with_api_key(&options.api_key, secret);
        let service = RoomService::new(&options, &api_url)?;
        let page_sources = page_sources(&url);
        let url = url.as_str().trim_end_matches('/').to_owned();
        Ok(Self(Arc::new(Parts { options, url, page_sources, service, verifier })))
    }

    /// The sources to which a page connects for a call, as a content security policy names them.
    #[must_use]
    pub fn page_sources(&self) -> &str {
        &self.0.page_sources
    }

    fn sign(&self, pass: &Pass) -> Result<String, RoomsError> {
        let Parts { options, .. } = &*self.0;
        let token = AccessToken::with_api_key(&options.api_key, options.api_secret.expose_secret())
            .with_ttl(options.pass_lifetime)
            .with_identity(&pass.identity.to_string())
            .with_name(&pass.name)
            .with_attributes([(ROLE, role_name(pass.role))])
            .with_grants(grants(&pass.room, pass.role));
        token.to_jwt().map_err(|error| RoomsError::Refused { reason: error.to_string() })
    }
}

impl Rooms for LiveKit {
    fn url(&self) -> &str {
        &self.0.url
    }

    fn pass_lifetime(&self) -> Duration {
        self.0.options.pass_lifetime
    }

    fn admit(&self, pass: Pass) -> BoxFuture<'static, Result<String, RoomsError>> {
        let livekit = self.clone();
        async move {
            let token = livekit.sign(&pass)?;
            livekit.0.service.open(&pass.room).await?;
            Ok(token)
        }
        .boxed()
    }

    fn promote(&self, room: RoomName, identity: Identity) -> BoxFuture<'static, Result<(), RoomsError>> {
        let livekit = self.clone();
        async move {
            let request = protocol::UpdateParticipantRequest {
                room: room.to_string(),
                identity: identity.to_string(),
                permission: Some(permission(MeetingRole::Host)),
                attributes: [(ROLE.to_owned(), role_name(MeetingRole::Host).to_owned())].into(),
                ..Default::default()
            };
            livekit.0.service.update_participant(&room, &request).await
        }
        .boxed()
    }

    fn remove(&self, room: RoomName, identity: Identity) -> BoxFuture<'static, Result<(), RoomsError>> {
        let livekit = self.clone();
        async move { livekit.0.service.remove_participant(&room, &identity).await }.boxed()
    }
}

/// What somebody may show: hosts share their screens as well.
fn sources(role: MeetingRole) -> &'static [TrackSource] {
    use TrackSource::{Camera, Microphone, ScreenShare, ScreenShareAudio};
    match role {
        MeetingRole::Host => &[Camera, Microphone, ScreenShare, ScreenShareAudio],
        MeetingRole::Guest => &[Camera, Microphone],
    }
}

/// What a pass grants, and nothing that manages rooms or people.
fn grants(room: &RoomName, role: MeetingRole) -> VideoGrants {
    VideoGrants {
        room_join: true,
        room: room.to_string(),
        can_publish: Some(true),
        can_subscribe: Some(true),
        can_publish_data: Some(false),
        can_publish_sources: sources(role).iter().map(|source| source.as_str_name().to_lowercase()).collect(),
        can_update_own_metadata: Some(false),
        ..VideoGrants::default()
    }
}

/// The same for somebody who is there already.
fn permission(role: MeetingRole) -> protocol::ParticipantPermission {
    protocol::ParticipantPermission {
        can_publish: true,
        can_subscribe: true,
        can_publish_data: false,
        can_publish_sources: sources(role).iter().map(|source| i32::from(*source)).collect(),
        can_update_metadata: false,
        ..Default::default()
    }
}

fn role_name(role: MeetingRole) -> &'static str {
    match role {
        MeetingRole::Host => "host",
        MeetingRole::Guest => "guest",
    }
}

#[derive(Clone, Copy)]
enum Protocol {
    Http,
    WebSocket,
}

/// The same address for another protocol.
fn with_scheme(url: &Url, protocol: Protocol, variable: &'static str) -> Result<Url, LiveKitError> {
    let error = || LiveKitError::Address { variable, url: url.to_string() };
    let scheme = match (url.scheme(), protocol) {
        ("https" | "wss", Protocol::Http) => "https",
        ("https" | "wss", Protocol::WebSocket) => "wss",
        ("http" | "ws", Protocol::Http) => "http",
        ("http" | "ws", Protocol::WebSocket) => "ws",
        _ => return Err(error()),
    };
    if !url.has_host() {
        return Err(error());
    }
    let mut url = url.clone();
    url.set_scheme(scheme).map_err(|()| error())?;
    Ok(url)
}

/// The browser connects by WebSocket, and asks over HTTP why that failed; in the cloud it may be sent to a region.
fn page_sources(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
    let (socket, http) = if url.scheme() == "wss" { ("wss", "https") } else { ("ws", "http") };
    let own = format!("{socket}://{host}{port} {http}://{host}{port}");
    if host.ends_with(".livekit.cloud") {
        return format!("{own} wss://*.livekit.cloud https://*.livekit.cloud");
    }
    own
}

/// The beginning of a text, for people and logs.
fn shortened(text: &str) -> String {
    const MOST: usize = 200;
    text.chars().take(MOST).collect()
}

impl fmt::Debug for LiveKit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LiveKit").field("options", &self.0.options).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn livekit(url: &str) -> Result<LiveKit, LiveKitError> {
        let options = LiveKitOptions::new(url.parse().unwrap(), "key".to_owned(), "s".repeat(32).into());
        LiveKit::new(options)
    }

    #[test]
    fn browsers_connect_by_websocket_however_the_address_is_written() {
        for (url, expected, sources) in [
            ("wss://media.example.com", "wss://media.example.com", "wss://media.example.com https://media.example.com"),
            (
                "https://media.example.com/",
                "wss://media.example.com",
                "wss://media.example.com https://media.example.com",
            ),
            ("http://localhost:7880", "ws://localhost:7880", "ws://localhost:7880 http://localhost:7880"),
            (
                "wss://shop.livekit.cloud",
                "wss://shop.livekit.cloud",
                "wss://shop.livekit.cloud https://shop.livekit.cloud wss://*.livekit.cloud https://*.livekit.cloud",
            ),
        ] {
            let livekit = livekit(url).unwrap();
            assert_eq!((livekit.url(), livekit.page_sources()), (expected, sources));
        }
        let error = livekit("ftp://media.example.com").unwrap_err().to_string();
        assert!(error.contains("LIVEKIT_URL") && error.contains("ftp://media.example.com"), "{error}");
    }
}
