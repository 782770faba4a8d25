//! A test double of LiveKit's service that manages rooms, typed by `livekit-protocol`.
//!
//! It carries no call. It checks signatures as LiveKit does, writes down what it is asked, and answers as a test says.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
    time::Duration,
};

use api_contract::meetings::RoomName;
use axum::{
    Router,
    body::Bytes,
    extract::{Path, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
    routing::post,
};
use base64::{Engine, engine::general_purpose::STANDARD};
use livekit_protocol::{
    CreateRoomRequest, ParticipantInfo, Room, RoomParticipantIdentity, UpdateParticipantRequest, WebhookEvent,
};
use livekit_token::{AccessToken, Claims, TokenVerifier};
use prost::Message;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tokio::net::TcpListener;
use uuid::Uuid;

use crate::{
    account::{Account, PASSWORD, cookie_of},
    client::{Answer, full, mutation, send},
    process::Server,
};

pub(crate) const KEY: &str = "APIkeyOfTheTest";
pub(crate) const SECRET: &str = "a secret of the test that is long enough";

/// What a request was, and by what it was signed.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    pub(crate) what: Request,
    pub(crate) claims: Claims,
}

/// The requests that this product makes.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Request {
    Create(Box<CreateRoomRequest>),
    Update(UpdateParticipantRequest),
    Remove(RoomParticipantIdentity),
}

/// What it answers instead of success.
#[derive(Debug, Clone)]
pub(crate) enum Trouble {
    /// An error of Twirp's.
    Error(u16, &'static str, &'static str),
    /// Something that is not LiveKit.
    Page(u16),
    /// The address is another one.
    Elsewhere(String),
    /// Nothing.
    Silence,
}

/// A server that runs until it is dropped.
pub(crate) struct MediaServer {
    address: SocketAddr,
    shared: Arc<Shared>,
    task: tokio::task::JoinHandle<()>,
}

#[derive(Default)]
struct Shared {
    asked: Mutex<Vec<Asked>>,
    trouble: Mutex<Option<Trouble>>,
}

impl MediaServer {
    pub(crate) async fn start() -> Self {
        let shared = Arc::new(Shared::default());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let app =
            Router::new().route("/twirp/livekit.RoomService/{method}", post(answer)).with_state(Arc::clone(&shared));
        let task = tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
        Self { address, shared, task }
    }

    pub(crate) fn url(&self) -> String {
        format!("ws://{}", self.address)
    }

    /// Takes what it was asked since the last time.
    pub(crate) fn asked(&self) -> Vec<Asked> {
        std::mem::take(&mut *self.shared.asked.lock().unwrap())
    }

    pub(crate) fn has(&self, trouble: impl Into<Option<Trouble>>) {
        *self.shared.trouble.lock().unwrap() = trouble.into();
    }
}

impl Drop for MediaServer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn answer(
    State(shared): State<Arc<Shared>>,
    Path(method): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    assert_eq!(headers[header::CONTENT_TYPE], "application/protobuf");
    let token = headers[header::AUTHORIZATION].to_str().unwrap().strip_prefix("Bearer ").unwrap();
    let Ok(claims) = TokenVerifier::with_api_key(KEY, SECRET).verify(token) else {
        return twirp(401, "unauthenticated", "invalid token");
    };
    let what = match method.as_str() {
        "CreateRoom" => Request::Create(Box::new(CreateRoomRequest::decode(body).unwrap())),
        "UpdateParticipant" => Request::Update(UpdateParticipantRequest::decode(body).unwrap()),
        "RemoveParticipant" => Request::Remove(RoomParticipantIdentity::decode(body).unwrap()),
        _ => return twirp(404, "bad_route", "no handler for path"),
    };
    let is_granted = match &what {
        Request::Create(_) => claims.video.room_create,
        Request::Update(UpdateParticipantRequest { room, .. })
        | Request::Remove(RoomParticipantIdentity { room, .. }) => {
            claims.video.room_admin && claims.video.room == *room
        }
    };
    if !is_granted {
        return twirp(403, "permission_denied", "permissions denied");
    }
    shared.asked.lock().unwrap().push(Asked { what: what.clone(), claims });
    let trouble = shared.trouble.lock().unwrap().clone();
    let reply = match (trouble, what) {
        (Some(Trouble::Error(status, code, message)), _) => return twirp(status, code, message),
        (Some(Trouble::Page(status)), _) => {
            return (StatusCode::from_u16(status).unwrap(), "<html>Nothing here</html>").into_response();
        }
        (Some(Trouble::Elsewhere(url)), _) => {
            return (StatusCode::TEMPORARY_REDIRECT, [(header::LOCATION, url)]).into_response();
        }
        (Some(Trouble::Silence), _) => std::future::pending::<Vec<u8>>().await,
        (None, Request::Create(request)) => Room { name: request.name, ..Room::default() }.encode_to_vec(),
        (None, Request::Update(request)) => {
            ParticipantInfo { identity: request.identity, ..ParticipantInfo::default() }.encode_to_vec()
        }
        (None, Request::Remove(_)) => Vec::new(),
    };
    ([(header::CONTENT_TYPE, "application/protobuf")], reply).into_response()
}

fn twirp(status: u16, code: &str, message: &str) -> Response {
    let body = json!({ "code": code, "msg": message }).to_string();
    (StatusCode::from_u16(status).unwrap(), [(header::CONTENT_TYPE, "application/json")], body).into_response()
}

/// A product with calls; Ada owns the workspace and created the meeting, Linus is a guest.
pub(crate) struct Scene {
    pub(crate) media: MediaServer,
    pub(crate) server: Server,
    pub(crate) ada: Account,
    pub(crate) linus: Account,
    pub(crate) meeting: Uuid,
    pub(crate) room: RoomName,
}

impl Scene {
    pub(crate) async fn new() -> Self {
        // Nobody reads the log, so there must not be much of it.
        Self::logging("info").await
    }

    pub(crate) async fn logging(level: &str) -> Self {
        let media = MediaServer::start().await;
        let server = Server::start_with(&[
            ("LIVEKIT_URL", &media.url()),
            ("LIVEKIT_API_KEY", KEY),
            ("LIVEKIT_API_SECRET", SECRET),
            ("TINTYPE_LIVEKIT_REQUEST_MS", "2000"),
            ("TINTYPE_LIVEKIT_WEBHOOK_BYTES", "4096"),
            ("TINTYPE_LOG", level),
        ])
        .await;
        let ada = Account::register(server.address, "ada@example.com").await;
        let linus = colleague(&server, &ada, "linus@example.com").await;
        let meeting = ada.mutate("meetings.create", &json!({ "title": "Monday" })).await.data();
        let meeting: Uuid = meeting["id"].as_str().unwrap().parse().unwrap();
        let tenant: Uuid = me(&ada).await["tenant"]["id"].as_str().unwrap().parse().unwrap();
        let room = RoomName { tenant: tenant.into(), meeting: meeting.into() };
        Self { media, server, ada, linus, meeting, room }
    }

    /// What the workspace sees of the meeting.
    pub(crate) async fn now(&self) -> Value {
        self.ada.query("meetings.get", Some(&json!({ "id": self.meeting }))).await.data()["meeting"].clone()
    }

    /// Joins, and returns what the browser is given.
    pub(crate) async fn joins(&self, account: &Account) -> Value {
        account.mutate("livekit.getToken", &json!({ "meetingId": self.meeting })).await.data()
    }

    /// Sends a body with a signature to where LiveKit tells things.
    pub(crate) async fn tell(&self, signature: Option<&str>, body: impl Into<Bytes>) -> Answer {
        let mut request =
            http::Request::post("/webhooks/livekit").header(header::CONTENT_TYPE, "application/webhook+json");
        if let Some(signature) = signature {
            request = request.header(header::AUTHORIZATION, signature);
        }
        send(self.server.address, request.body(full(body)).unwrap()).await
    }

    /// Tells an event as LiveKit does.
    pub(crate) async fn event(&self, event: &WebhookEvent) -> Answer {
        let body = serde_json::to_string(event).unwrap();
        self.tell(Some(&signature(&body)), body).await
    }
}

/// What LiveKit signs a body with.
pub(crate) fn signature(body: &str) -> String {
    let hash = STANDARD.encode(Sha256::digest(body));
    AccessToken::with_api_key(KEY, SECRET).with_ttl(Duration::from_secs(300)).with_sha256(&hash).to_jwt().unwrap()
}

pub(crate) async fn me(account: &Account) -> Value {
    account.query("auth.me", None).await.data()
}

/// Somebody who is a member of another person's workspace, and not an owner.
async fn colleague(server: &Server, of: &Account, email: &str) -> Account {
    let user = me(&Account::register(server.address, email).await).await;
    let (user, tenant) = (user["user"]["id"].as_str().unwrap(), me(of).await);
    let tenant = tenant["tenant"]["id"].as_str().unwrap();
    let move_over = format!(
        "DELETE FROM sessions WHERE user_id = '{user}';
         UPDATE users SET tenant_id = '{tenant}', role = 'member' WHERE id = '{user}'"
    );
    server.db.run_sql(&move_over).await.unwrap();
    let login = json!({ "email": email, "password": PASSWORD }).to_string();
    let answer = send(server.address, mutation("auth.login").body(full(login)).unwrap()).await;
    Account { address: server.address, cookie: cookie_of(&answer) }
}
