//! Passes and the management of rooms, against a test double of LiveKit.

use std::collections::HashMap;

use http::{Request as HttpRequest, header};
use livekit_protocol::{CreateRoomRequest, ParticipantPermission, RoomParticipantIdentity, TrackSource};
use livekit_token::{Claims, TokenVerifier, VideoGrants};
use serde_json::{Value, json};

use crate::{
    account::Account,
    client::{Answer, full, send},
    media_server::{KEY, Request, SECRET, Scene, Trouble},
    process::{Server, failed_start},
};

fn claims(admission: &Value) -> Claims {
    TokenVerifier::with_api_key(KEY, SECRET).verify(admission["token"].as_str().unwrap()).unwrap()
}

/// The error that an answer carries.
fn error(answer: &Answer) -> (u16, Value) {
    (answer.status.as_u16(), answer.json()["error"]["data"]["error"]["kind"].clone())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pass_opens_one_room_for_some_minutes_and_manages_nothing() {
    let scene = Scene::new().await;

    for (account, role, sources) in [
        (&scene.ada, "host", &["camera", "microphone", "screen_share", "screen_share_audio"][..]),
        (&scene.linus, "guest", &["camera", "microphone"]),
    ] {
        let admission = scene.joins(account).await;
        assert_eq!(admission["url"], scene.media.url());
        assert_eq!((&admission["role"], &admission["expiresIn"]), (&json!(role), &json!(300)));
        let claims = claims(&admission);
        assert_eq!(admission["identity"], claims.sub);
        assert_eq!((claims.exp - claims.nbf, claims.iss.as_str()), (300, KEY));
        assert_eq!(claims.attributes, HashMap::from([("role".to_owned(), role.to_owned())]));
        let expected = VideoGrants {
            room_join: true,
            room: scene.room.to_string(),
            can_publish: Some(true),
            can_subscribe: Some(true),
            can_publish_data: Some(false),
            can_publish_sources: sources.iter().map(|source| (*source).to_owned()).collect(),
            can_update_own_metadata: Some(false),
            ..VideoGrants::default()
        };
        assert_eq!(claims.video, expected);
        assert_eq!(claims, Claims { video: claims.video.clone(), ..of_a_person(&claims) }, "it grants something else");
    }
}

/// The claims of a pass without its grants.
fn of_a_person(claims: &Claims) -> Claims {
    let Claims { exp, nbf, iss, sub, name, attributes, .. } = claims.clone();
    Claims { exp, nbf, iss, sub, name, attributes, ..Claims::default() }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_room_is_opened_before_a_pass_is_given_by_a_signature_for_that_alone() {
    let scene = Scene::new().await;

    let admission = scene.joins(&scene.linus).await;

    let asked = scene.media.asked();
    let expected = CreateRoomRequest {
        name: scene.room.to_string(),
        empty_timeout: 300,
        departure_timeout: 300,
        max_participants: 50,
        ..CreateRoomRequest::default()
    };
    assert_eq!(asked.len(), 1);
    assert_eq!(asked[0].what, Request::Create(Box::new(expected)));
    assert_eq!(asked[0].claims.video, VideoGrants { room_create: true, ..VideoGrants::default() });
    assert!(asked[0].claims.exp - asked[0].claims.nbf <= 60);

    let again = json!({ "meetingId": scene.meeting, "identity": admission["identity"] });
    let renewed = scene.linus.mutate("livekit.renewToken", &again).await.data();
    assert_eq!(renewed["identity"], admission["identity"]);
    assert_eq!(scene.media.asked().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_promotes_and_removes_through_the_service_of_rooms() {
    let scene = Scene::new().await;
    let identity = scene.joins(&scene.linus).await["identity"].as_str().unwrap().to_owned();
    let about = json!({ "meetingId": scene.meeting, "identity": identity });
    scene.media.asked();
    let administers = VideoGrants { room_admin: true, room: scene.room.to_string(), ..VideoGrants::default() };

    scene.ada.mutate("meetings.promote", &about).await.data();
    let asked = scene.media.asked();
    let Request::Update(request) = &asked[0].what else { panic!("{asked:?}") };
    assert_eq!((&request.room, &request.identity), (&scene.room.to_string(), &identity));
    assert_eq!(request.attributes, HashMap::from([("role".to_owned(), "host".to_owned())]));
    let sources =
        [TrackSource::Camera, TrackSource::Microphone, TrackSource::ScreenShare, TrackSource::ScreenShareAudio];
    let expected = ParticipantPermission {
        can_subscribe: true,
        can_publish: true,
        can_publish_sources: sources.map(i32::from).to_vec(),
        ..ParticipantPermission::default()
    };
    assert_eq!(request.permission, Some(expected));
    assert_eq!(asked[0].claims.video, administers);
    assert_eq!(scene.joins(&scene.linus).await["role"], "host");
    scene.media.asked();

    scene.ada.mutate("meetings.remove", &about).await.data();
    let asked = scene.media.asked();
    let expected =
        RoomParticipantIdentity { room: scene.room.to_string(), identity, ..RoomParticipantIdentity::default() };
    assert_eq!(asked[0].what, Request::Remove(expected));
    assert_eq!(asked[0].claims.video, administers);
    let refused = scene.linus.mutate("livekit.getToken", &json!({ "meetingId": scene.meeting })).await;
    assert_eq!(error(&refused), (403, json!("REMOVED")));
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_goes_wrong_at_livekit_is_explained_and_no_pass_is_given() {
    let scene = Scene::new().await;
    let join = json!({ "meetingId": scene.meeting });
    let identity = scene.joins(&scene.linus).await["identity"].clone();
    let about = json!({ "meetingId": scene.meeting, "identity": identity });

    for (trouble, expected) in [
        (Trouble::Error(401, "unauthenticated", "invalid token"), "LIVEKIT_API_SECRET"),
        (Trouble::Error(503, "unavailable", "no nodes"), "cannot be reached"),
        (Trouble::Error(400, "invalid_argument", "too many rooms"), "too many rooms"),
        (Trouble::Page(404), "status 404"),
        (Trouble::Page(502), "cannot be reached"),
        (Trouble::Elsewhere(format!("{}/elsewhere", scene.media.url())), "status 307"),
        (Trouble::Silence, "cannot be reached"),
    ] {
        scene.media.has(trouble.clone());
        for answer in
            [scene.ada.mutate("livekit.getToken", &join).await, scene.ada.mutate("meetings.promote", &about).await]
        {
            assert_eq!(error(&answer), (503, json!("CALLS_UNAVAILABLE")), "{trouble:?}: {}", answer.text);
            assert!(
                answer.text.contains(expected) && !answer.text.contains("token\":"),
                "{trouble:?}: {}",
                answer.text
            );
        }
    }

    scene.media.has(Trouble::Error(404, "not_found", "participant does not exist"));
    let answer = scene.ada.mutate("meetings.promote", &about).await;
    assert_eq!(error(&answer), (404, json!("PARTICIPANT_NOT_FOUND")));
    scene.media.has(None);
    assert_eq!(scene.joins(&scene.linus).await["role"], "guest", "a promotion that failed was kept");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_role_asked_by_a_guest_and_a_foreign_meeting_are_refused() {
    let scene = Scene::new().await;
    let blue = Account::register(scene.server.address, "blue@example.com").await;

    let more = json!({ "meetingId": scene.meeting, "role": "host" });
    assert_eq!(error(&scene.linus.mutate("livekit.getToken", &more).await), (403, json!("NOT_HOST")));
    let nonsense = json!({ "meetingId": scene.meeting, "role": "roomAdmin" });
    assert_eq!(scene.linus.mutate("livekit.getToken", &nonsense).await.status.as_u16(), 400);
    for path in ["livekit.getToken", "livekit.renewToken"] {
        let answer = blue.mutate(path, &json!({ "meetingId": scene.meeting })).await;
        assert_eq!(error(&answer), (404, json!("MEETING_NOT_FOUND")), "{path}");
    }
    assert!(scene.media.asked().is_empty(), "a room was opened");
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_may_connect_to_livekit_and_only_if_it_is_configured() {
    let scene = Scene::new().await;
    let policy = async |server: &Server| {
        let answer = send(server.address, HttpRequest::get("/meetings").body(full("")).unwrap()).await;
        answer.header(header::CONTENT_SECURITY_POLICY).map(str::to_owned)
    };
    // Without a built page there is none to protect.
    let Some(with) = policy(&scene.server).await else { return };
    let media = scene.media.url();
    let http = media.replace("ws://", "http://");
    assert!(with.ends_with(&format!("connect-src 'self' {media} {http}")), "{with}");

    let without = policy(&Server::start().await).await.unwrap();
    assert!(!without.contains("connect-src"), "{without}");
}

#[tokio::test(flavor = "multi_thread")]
async fn settings_that_cannot_work_stop_the_start_without_showing_the_secret() {
    let check = async |variables: &[(&str, &str)], expected: &[&str]| {
        let said = failed_start(&[&[("PORT", "0")], variables].concat()).await;
        for text in expected {
            assert!(said.contains(text), "{variables:?} should name {text:?}:\n{said}");
        }
        assert!(!said.contains(SECRET) && !said.contains("panicked"), "{said}");
    };

    check(&[("LIVEKIT_URL", "ws://localhost:7880")], &["LIVEKIT_API_KEY and LIVEKIT_API_SECRET is not set"]).await;
    check(&[("LIVEKIT_API_KEY", KEY), ("LIVEKIT_API_SECRET", SECRET)], &["LIVEKIT_URL is not set"]).await;
    let all = |url| [("LIVEKIT_URL", url), ("LIVEKIT_API_KEY", KEY), ("LIVEKIT_API_SECRET", SECRET)];
    check(&all("media"), &["LIVEKIT_URL", "media"]).await;
    check(&all("ftp://media.example.com"), &["LIVEKIT_URL", "ftp://media.example.com"]).await;
    check(&[("TINTYPE_LIVEKIT_TOKEN_SECONDS", "3600")], &["TINTYPE_LIVEKIT_TOKEN_SECONDS", "3600"]).await;
}
