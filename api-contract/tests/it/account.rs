//! The caller's own sessions, and their password.

use api_contract::{
    Settings,
    auth::{
        ChangePassword, ChangePasswordError, Login, OwnSession, RevokeSession, UserRole, change_password, login, me,
        revoke_session, sessions,
    },
};
use db::SessionId;
use http::header;
use serde_json::json;
use tintype::{CallError, ErrorCode};
use uuid::Uuid;

use crate::{
    app::{App, Member, PASSWORD, token},
    wire::Wire,
};

const NEW: &str = "another correct horse";

impl Member {
    async fn sessions(&self) -> Vec<OwnSession> {
        self.caller().call::<sessions>(()).await.unwrap()
    }

    /// The id of the session in which they call.
    async fn session(&self) -> SessionId {
        self.sessions().await.into_iter().find(|session| session.current).unwrap().id
    }

    async fn revoke_session(&self, id: SessionId) -> Result<bool, ErrorCode> {
        let revoked = self.caller().call::<revoke_session>(RevokeSession { id }).await;
        revoked.map(|done| done.success).map_err(|error| error.code())
    }

    async fn change(&self, current: &str, new: &str) -> Result<bool, CallError<ChangePasswordError>> {
        let input = ChangePassword { current: current.to_owned(), new: new.to_owned() };
        self.caller().call::<change_password>(input).await.map(|done| done.success)
    }

    async fn is_signed_in(&self) -> bool {
        self.caller().call::<me>(()).await.unwrap().is_some()
    }
}

fn wire(app: &App, member: &Member) -> Wire {
    Wire::new(app).header("cookie", &member.cookie())
}

async fn signs_in(app: &App, password: &str) -> bool {
    let credentials = Login { email: "ada@example.com".to_owned(), password: password.to_owned() };
    app.anonymous().call::<login>(credentials).await.is_ok()
}

#[tokio::test(flavor = "multi_thread")]
async fn sessions_are_listed_with_device_and_last_use_and_no_others_are() {
    let app = App::new().await;
    let ada = app.member("ada@example.com").await;
    app.joined(&ada, "grace@example.com", UserRole::Member).await;
    app.member("bob@example.com").await;
    let input = json!({ "email": "ada@example.com", "password": PASSWORD });
    let firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0";
    Wire::new(&app).header("user-agent", firefox).mutate("auth.login", &input).await;
    Wire::new(&app).mutate("auth.login", &input).await;
    let of_ada = "UPDATE sessions SET last_used_at = now() - interval '1 day', created_at = now() - interval '3 days' WHERE user_agent IS NOT NULL;
        UPDATE sessions SET expires_at = now() WHERE id = (SELECT max(id::text) FROM sessions)::uuid";
    app.db.run_sql(of_ada).await.unwrap();

    let listed = ada.sessions().await;

    let seen: Vec<_> = listed
        .iter()
        .map(|session| (session.current, session.device.browser.as_deref(), session.device.system.as_deref()))
        .collect();
    assert_eq!(seen, [(true, None, None), (false, Some("Firefox"), Some("Linux"))]);
    assert!(listed[1].last_used_at > listed[1].created_at && listed[1].last_used_at < listed[0].last_used_at);
    let answer = wire(&app, &ada).query("auth.sessions", None).await.json.to_string();
    assert!(!answer.contains("Mozilla") && !answer.contains(&ada.token), "{answer}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_use_is_noted_once_in_a_minute() {
    let app = App::new().await;
    let ada = app.member("ada@example.com").await;
    let age = "SELECT (now() - last_used_at < interval '20 seconds')::text AS value FROM sessions";
    let used = async |before: &str| {
        app.db.run_sql(&format!("UPDATE sessions SET last_used_at = now() - interval '{before}'")).await.unwrap();
        assert!(ada.is_signed_in().await);
        app.look(age).await
    };

    assert_eq!(used("50 seconds").await, ["false"]);
    assert_eq!(used("70 seconds").await, ["true"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_revoked_session_ends_with_its_streams_and_no_other_does() {
    let app = App::new().await;
    let ada = app.member("ada@example.com").await;
    let phone = ada.elsewhere(&app).await;
    let mut ending = wire(&app, &phone).subscribe("widgets.changed", None).await;
    let mut staying = wire(&app, &ada).subscribe("widgets.changed", None).await;
    ending.position().await;
    staying.position().await;

    assert!(ada.revoke_session(phone.session().await).await.unwrap());

    assert_eq!(ending.failure().await, "UNAUTHORIZED");
    assert!(!phone.is_signed_in().await);
    ada.widget("clock").await;
    assert_eq!(staying.event().await.0["kind"], "created");
    assert_eq!(ada.sessions().await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn revoking_the_own_session_is_signing_out() {
    let app = App::new().await;
    let ada = app.member("ada@example.com").await;
    let id = ada.session().await;

    let answer = wire(&app, &ada).mutate("auth.revokeSession", &json!({ "id": id })).await;

    let cookie = answer.headers[header::SET_COOKIE].to_str().unwrap();
    assert!(cookie.starts_with("tintype=;") && cookie.contains("Max-Age=0"), "{cookie}");
    assert!(!ada.is_signed_in().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn sessions_of_others_do_not_exist() {
    let app = App::new().await;
    let ada = app.member("ada@example.com").await;
    // An owner neither sees nor ends those of members.
    let grace = app.joined(&ada, "grace@example.com", UserRole::Member).await;
    let bob = app.member("bob@example.com").await;

    for id in [grace.session().await, bob.session().await, SessionId::from(Uuid::now_v7())] {
        assert_eq!(ada.revoke_session(id).await, Err(ErrorCode::NotFound));
    }
    assert!(grace.is_signed_in().await && bob.is_signed_in().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_password_ends_the_other_sessions_and_their_streams() {
    let app = App::new().await;
    let ada = app.member("ada@example.com").await;
    let phone = ada.elsewhere(&app).await;
    let grace = app.joined(&ada, "grace@example.com", UserRole::Member).await;
    let mut ending = wire(&app, &phone).subscribe("widgets.changed", None).await;
    let mut staying = Vec::new();
    for member in [&ada, &grace] {
        staying.push(wire(&app, member).subscribe("widgets.changed", None).await);
    }
    for stream in staying.iter_mut().chain([&mut ending]) {
        stream.position().await;
    }

    assert!(ada.change(PASSWORD, NEW).await.unwrap());

    assert_eq!(ending.failure().await, "UNAUTHORIZED");
    assert!(!phone.is_signed_in().await && ada.is_signed_in().await && grace.is_signed_in().await);
    ada.widget("clock").await;
    for stream in &mut staying {
        assert_eq!(stream.event().await.0["kind"], "created");
    }
    assert!(signs_in(&app, NEW).await && !signs_in(&app, PASSWORD).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_or_a_weak_password_changes_nothing() {
    let app = App::new().await;
    let ada = app.member("ada@example.com").await;
    let phone = ada.elsewhere(&app).await;

    let error = ada.change("wrong horse", NEW).await.unwrap_err();
    assert!(matches!(error, CallError::Procedure(ChangePasswordError::WrongPassword)), "{error}");
    for (weak, message) in [("1234567", "at least 8"), (&"x".repeat(129), "at most 128")] {
        let answer = wire(&app, &ada).mutate("auth.changePassword", &json!({ "current": PASSWORD, "new": weak })).await;
        let issue = &answer.error()["validation"][0];
        assert_eq!(issue["path"], json!(["new"]), "{:?}", answer.json);
        assert!(issue["message"].as_str().unwrap().contains(message), "{issue}");
    }

    assert!(phone.is_signed_in().await && signs_in(&app, PASSWORD).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stolen_session_is_no_way_to_guess_the_password() {
    let settings = Settings { account_attempts: 2, secure_cookies: false, ..Settings::default() };
    let app = App::with(settings).await;
    let ada = app.member("ada@example.com").await;
    let guess = |current: &str| json!({ "current": current, "new": NEW });
    let guesses = wire(&app, &ada);

    let wrong = guesses.mutate("auth.changePassword", &guess("wrong horse")).await;
    assert_eq!(wrong.error()["error"], json!({ "kind": "WRONG_PASSWORD" }));
    assert_eq!(wrong.error()["code"], "FORBIDDEN");
    // Signing in counts too.
    assert!(signs_in(&app, PASSWORD).await);
    let right = guesses.mutate("auth.changePassword", &guess(PASSWORD)).await;
    assert_eq!(right.error()["error"]["kind"], "TOO_MANY_ATTEMPTS", "{:?}", right.json);
    assert!(right.error()["error"]["retryAfterSeconds"].as_u64().is_some_and(|wait| (1..=30).contains(&wait)));
    let batch = json!({ "0": guess(PASSWORD), "1": guess(PASSWORD) });
    let answers = guesses.mutate("auth.changePassword,auth.changePassword?batch=1", &batch).await;
    assert_eq!(answers.json[0]["error"]["data"]["code"], "BAD_REQUEST", "{:?}", answers.json);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_new_passwords_at_the_same_moment_are_one() {
    let app = App::new().await;
    let ada = app.member("ada@example.com").await;
    let phone = ada.elsewhere(&app).await;

    let held = app.db.hold("SELECT FROM users FOR UPDATE").await;
    let change = |member: &Member, new: &str| {
        let input = ChangePassword { current: PASSWORD.to_owned(), new: new.to_owned() };
        let caller = member.caller();
        tokio::spawn(async move { caller.call::<change_password>(input).await.map(drop) })
    };
    let first = change(&ada, NEW);
    held.waiting(1).await;
    let second = change(&phone, "yet another horse");
    held.waiting(2).await;
    held.release().await;

    first.await.unwrap().unwrap();
    let error = second.await.unwrap().unwrap_err();
    assert!(matches!(error, CallError::Procedure(ChangePasswordError::WrongPassword)), "{error:?}");
    assert!(ada.is_signed_in().await && !phone.is_signed_in().await);
    assert!(signs_in(&app, NEW).await && !signs_in(&app, "yet another horse").await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sign_in_with_the_old_password_does_not_outlive_the_change() {
    for signs_in_first in [true, false] {
        let app = App::new().await;
        let ada = app.member("ada@example.com").await;

        let held = app.db.hold("SELECT FROM users FOR UPDATE").await;
        let (elsewhere, changing) = (app.anonymous(), ada.caller());
        let sign_in = async move {
            let credentials = Login { email: "ada@example.com".to_owned(), password: PASSWORD.to_owned() };
            let signed_in = elsewhere.call::<login>(credentials).await.is_ok();
            (signed_in, token(&elsewhere).await)
        };
        let input = ChangePassword { current: PASSWORD.to_owned(), new: NEW.to_owned() };
        let change = async move { changing.call::<change_password>(input).await };
        let (sign_in, change) = if signs_in_first {
            let sign_in = tokio::spawn(sign_in);
            held.waiting(1).await;
            (sign_in, tokio::spawn(change))
        } else {
            let change = tokio::spawn(change);
            held.waiting(1).await;
            (tokio::spawn(sign_in), change)
        };
        held.waiting(2).await;
        held.release().await;
        change.await.unwrap().unwrap();
        let (signed_in, token) = sign_in.await.unwrap();

        assert_eq!(signed_in, signs_in_first);
        assert_eq!(ada.sessions().await.len(), 1);
        if let Some(token) = token {
            assert!(!ada.in_session(token).is_signed_in().await);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_signs_in_while_they_are_removed() {
    let app = App::new().await;
    let ada = app.member("ada@example.com").await;
    let grace = app.joined(&ada, "grace@example.com", UserRole::Member).await;

    let held = app.db.hold("SELECT FROM users FOR UPDATE").await;
    let (removing, elsewhere, id) = (ada.caller(), app.anonymous(), grace.account.user.id);
    let input = api_contract::members::RemoveMember { id };
    let removal = tokio::spawn(async move { removing.call::<api_contract::members::remove>(input).await });
    held.waiting(1).await;
    let credentials = Login { email: "grace@example.com".to_owned(), password: PASSWORD.to_owned() };
    let sign_in = tokio::spawn(async move { elsewhere.call::<login>(credentials).await });
    held.waiting(2).await;
    held.release().await;

    removal.await.unwrap().unwrap();
    assert_eq!(sign_in.await.unwrap().unwrap_err().code(), ErrorCode::Unauthorized);
    assert_eq!(app.look("SELECT count(*)::text AS value FROM sessions").await, ["1"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_ends_when_the_time_of_its_session_is_over_unless_that_was_renewed() {
    let app = App::new().await;
    let ada = app.member("ada@example.com").await;
    let phone = ada.elsewhere(&app).await;
    app.db.run_sql("UPDATE sessions SET expires_at = now() + interval '1 second'").await.unwrap();
    let mut ending = wire(&app, &phone).subscribe("widgets.changed", None).await;
    let mut staying = wire(&app, &ada).subscribe("widgets.changed", None).await;
    ending.position().await;
    staying.position().await;

    // A call renews one of them.
    assert!(ada.is_signed_in().await);

    assert_eq!(ending.failure().await, "UNAUTHORIZED");
    ada.widget("clock").await;
    assert_eq!(staying.event().await.0["kind"], "created");
}
