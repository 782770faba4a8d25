//! What LiveKit tells, and what others tell in its name.

use std::time::Duration;

use chrono::Utc;
use http::{Request, header};
use jsonwebtoken::{EncodingKey, Header};
use livekit_protocol::{DisconnectReason, ParticipantInfo, Room, WebhookEvent};
use livekit_token::{AccessToken, Claims, VideoGrants};
use serde_json::{Value, json};

use crate::{
    client::{chunked, full, send},
    media_server::{KEY, SECRET, Scene, signature},
    process::Server,
};

impl Scene {
    fn happened(&self, event: &str, at: i64) -> WebhookEvent {
        let room = Room {
            sid: "RM_1".to_owned(),
            name: self.room.to_string(),
            creation_time: 1_790_000_000,
            creation_time_ms: 1_790_000_000_250,
            ..Room::default()
        };
        let (id, created_at) = (format!("EV_{event}_{at}"), 1_790_000_000 + at);
        WebhookEvent { event: event.to_owned(), id, created_at, room: Some(room), ..WebhookEvent::default() }
    }

    fn happened_to(&self, identity: &Value, event: &str, at: i64) -> WebhookEvent {
        let participant = ParticipantInfo {
            sid: "PA_1".to_owned(),
            identity: identity.as_str().unwrap().to_owned(),
            joined_at: 1_790_000_001,
            ..ParticipantInfo::default()
        };
        WebhookEvent { participant: Some(participant), ..self.happened(event, at) }
    }

    /// Everything that is known of calls.
    async fn rows(&self) -> Vec<String> {
        self.server
            .db
            .look(
                "SELECT meetings::text AS value FROM meetings UNION ALL SELECT m::text FROM meeting_participants m
                 UNION ALL SELECT m::text FROM meeting_standings m UNION ALL SELECT m::text FROM meeting_events m
                 ORDER BY 1",
            )
            .await
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_begins_people_come_and_go_and_it_ends() {
    let scene = Scene::new().await;
    let identity = scene.joins(&scene.linus).await["identity"].clone();
    let tell = async |event: WebhookEvent| {
        let answer = scene.event(&event).await;
        assert_eq!((answer.status.as_u16(), answer.text.as_str()), (200, ""), "{event:?}");
        let now = scene.now().await;
        (now["state"].clone(), now["participants"].as_array().unwrap().clone())
    };
    assert_eq!(scene.now().await["state"], "planned");

    assert_eq!(tell(scene.happened("room_started", 0)).await, (json!("live"), vec![]));
    assert_eq!(scene.now().await["startedAt"], "2026-09-21T14:13:20.250Z");
    let (state, present) = tell(scene.happened_to(&identity, "participant_joined", 1)).await;
    assert_eq!((state, present.len()), (json!("live"), 1));
    assert_eq!((&present[0]["identity"], &present[0]["name"]), (&identity, &json!("linus@example.com")));
    assert_eq!((&present[0]["role"], &present[0]["joinedAt"]), (&json!("guest"), &json!("2026-09-21T14:13:21Z")));
    // Tracks are not kept, and not an error.
    tell(scene.happened_to(&identity, "track_published", 2)).await;
    assert_eq!(tell(scene.happened_to(&identity, "participant_left", 3)).await, (json!("live"), vec![]));
    assert_eq!(tell(scene.happened("room_finished", 4)).await, (json!("over"), vec![]));
    // Late, and again.
    assert_eq!(tell(scene.happened("room_started", 5)).await, (json!("over"), vec![]));
    assert_eq!(tell(scene.happened_to(&identity, "participant_joined", 1)).await, (json!("over"), vec![]));
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_with_an_open_page_sees_what_livekit_tells() {
    let scene = Scene::new().await;
    let request = Request::get("/trpc/meetings.changed").header(header::COOKIE, &scene.linus.cookie);
    let mut stream = crate::client::open(scene.server.address, request.body(full("")).unwrap()).await;
    let mut seen = String::new();
    let mut until = async |text: &str| {
        use http_body_util::BodyExt;
        let read = async {
            while !seen.contains(text) {
                let frame = stream.body_mut().frame().await.unwrap().unwrap();
                seen.push_str(std::str::from_utf8(frame.data_ref().unwrap()).unwrap());
            }
        };
        tokio::time::timeout(Duration::from_secs(20), read).await.expect("it does not come");
    };
    until("connected").await;

    scene.event(&scene.happened("room_started", 0)).await;

    until(r#""state":"live""#).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_with_words_of_a_newer_livekit_is_understood() {
    let scene = Scene::new().await;
    let identity = scene.joins(&scene.linus).await["identity"].clone();
    scene.event(&scene.happened_to(&identity, "participant_joined", 1)).await;
    let mut left = scene.happened_to(&identity, "participant_left", 3);
    left.participant.as_mut().unwrap().disconnect_reason = DisconnectReason::ClientInitiated.into();
    let body = serde_json::to_string(&left).unwrap();
    let newer = body.replace("CLIENT_INITIATED", "BORED").replacen('{', r#"{"mood":{"level":3},"#, 1);
    assert_ne!(newer.len(), body.len());

    let answer = scene.tell(Some(&signature(&newer)), newer).await;

    assert_eq!(answer.status.as_u16(), 200, "{}", answer.text);
    assert_eq!(scene.now().await["participants"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_signed_by_livekit_changes_nothing() {
    let scene = Scene::new().await;
    let pass = scene.joins(&scene.linus).await["token"].as_str().unwrap().to_owned();
    let before = scene.rows().await;
    let body = serde_json::to_string(&scene.happened("room_started", 0)).unwrap();
    let hash = || {
        use base64::Engine;
        base64::engine::general_purpose::STANDARD.encode(<sha2::Sha256 as sha2::Digest>::digest(&body))
    };
    let signed = |key: &str, secret: &str, hash: &str| {
        let token = AccessToken::with_api_key(key, secret).with_ttl(Duration::from_secs(300));
        token.with_sha256(hash).to_jwt().unwrap()
    };
    let seconds = |ago: i64| usize::try_from(Utc::now().timestamp() - ago).unwrap();
    let stale =
        Claims { iss: KEY.to_owned(), nbf: seconds(600), exp: seconds(300), sha256: hash(), ..Claims::default() };
    let stale = jsonwebtoken::encode(&Header::default(), &stale, &EncodingKey::from_secret(SECRET.as_bytes())).unwrap();
    let unsigned = format!("{}.{}.", "eyJhbGciOiJub25lIn0", stale.split('.').nth(1).unwrap());
    let administers = AccessToken::with_api_key(KEY, SECRET)
        .with_grants(VideoGrants { room_admin: true, room: scene.room.to_string(), ..VideoGrants::default() })
        .to_jwt()
        .unwrap();

    let changed = body.replace("room_started", "room_finished");
    for (why, signature, body, expected) in [
        ("no signature", None, &body, "no signature"),
        ("nonsense", Some("nonsense".to_owned()), &body, "not one of LIVEKIT_API_KEY"),
        ("another secret", Some(signed(KEY, &"x".repeat(40), &hash())), &body, "not one of LIVEKIT_API_KEY"),
        ("another key", Some(signed("APIother", SECRET, &hash())), &body, "not one of LIVEKIT_API_KEY"),
        ("too old", Some(stale), &body, "too old"),
        ("no algorithm", Some(unsigned), &body, "not one of LIVEKIT_API_KEY"),
        ("a changed body", Some(signature(&body)), &changed, "another body"),
        ("a wrong hash", Some(signed(KEY, SECRET, "c2hhMjU2")), &body, "another body"),
        ("no hash", Some(administers), &body, "another body"),
        ("a hash that is none", Some(signed(KEY, SECRET, "%")), &body, "another body"),
        ("the pass of a guest", Some(pass), &body, "another body"),
    ] {
        let answer = scene.tell(signature.as_deref(), body.clone()).await;
        assert_eq!(answer.status.as_u16(), 401, "{why}: {}", answer.text);
        assert!(answer.text.contains(expected), "{why}: {}", answer.text);
        assert_eq!(scene.rows().await, before, "{why}");
    }
    // The same body with its signature is taken.
    assert_eq!(scene.tell(Some(&format!("Bearer {}", signature(&body))), body).await.status.as_u16(), 200);
    assert_eq!(scene.now().await["state"], "live");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_signed_and_still_not_an_event_of_ours_changes_nothing() {
    let scene = Scene::new().await;
    let before = scene.rows().await;
    let event = scene.happened("room_started", 0);
    let of_room = |name: String| {
        let room = Room { name, ..event.room.clone().unwrap() };
        serde_json::to_string(&WebhookEvent { room: Some(room), ..event.clone() }).unwrap()
    };
    let other = scene.room.tenant.to_string();
    let mut timeless = event.clone();
    timeless.room.as_mut().unwrap().creation_time = i64::MAX;
    timeless.room.as_mut().unwrap().creation_time_ms = 0;

    for (body, status) in [
        (String::new(), 400),
        ("[]".to_owned(), 400),
        ("{\"event\":7}".to_owned(), 400),
        (serde_json::to_string(&timeless).unwrap(), 400),
        ("{\"event\":\"room_started\"}".to_owned(), 200),
        ("{\"event\":\"agent_job_started\",\"id\":\"EV_1\"}".to_owned(), 200),
        (of_room("lobby".to_owned()), 200),
        (of_room(format!("{other}_{other}")), 200),
        (of_room(scene.room.to_string().to_uppercase()), 200),
        (serde_json::to_string(&scene.happened_to(&json!("bot"), "participant_joined", 1)).unwrap(), 200),
    ] {
        let answer = scene.tell(Some(&signature(&body)), body.clone()).await;
        assert_eq!(answer.status.as_u16(), status, "{body}: {}", answer.text);
        assert_eq!(scene.rows().await, before, "{body}");
    }

    // Too large, whether or not it says so; before anybody looks at its signature.
    let large = format!("{{\"event\":\"{}\"}}", "x".repeat(5000));
    assert_eq!(scene.tell(Some(&signature(&large)), large.clone()).await.status.as_u16(), 413);
    let pieces = large.as_bytes().chunks(512).map(bytes::Bytes::copy_from_slice);
    let request = Request::post("/webhooks/livekit").header(header::AUTHORIZATION, signature(&large));
    let answer = send(scene.server.address, request.body(chunked(pieces)).unwrap()).await;
    assert_eq!(answer.status.as_u16(), 413);
    let request = Request::get("/webhooks/livekit").body(full("")).unwrap();
    assert_eq!(send(scene.server.address, request).await.status.as_u16(), 405);
    assert_eq!(scene.rows().await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn neither_keys_nor_passes_are_logged() {
    let scene = Scene::logging("debug").await;
    let pass = scene.joins(&scene.linus).await["token"].as_str().unwrap().to_owned();
    let body = serde_json::to_string(&scene.happened("room_started", 0)).unwrap();
    scene.tell(Some(&pass), body.clone()).await;
    let signature = signature(&body);
    scene.tell(Some(&signature), body).await;

    scene.server.terminate();
    let (_, log) = scene.server.ended().await;

    assert!(log.contains("a webhook is refused"), "{log}");
    for secret in [SECRET, &pass, &signature] {
        assert!(!log.contains(secret), "{log}");
    }
    assert!(!log.contains("ERROR"), "nothing of this is the server's fault:\n{log}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_without_calls_says_so() {
    let server = Server::start().await;

    let request = Request::post("/webhooks/livekit").body(full("{}")).unwrap();
    let answer = send(server.address, request).await;

    assert_eq!((answer.status.as_u16(), answer.text.as_str()), (404, "calls are not set up here\n"));
}
