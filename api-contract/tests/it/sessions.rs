use api_contract::{
    auth::{Login, login, logout, me},
    widgets::list,
};
use http::header;
use serde_json::json;
use tintype::ErrorCode;

use crate::{
    app::{App, Member, PASSWORD, token},
    wire::Wire,
};

/// Lets every session end after `interval` from now.
async fn ends_in(app: &App, interval: &str) {
    app.db.run_sql(&format!("UPDATE sessions SET expires_at = now() + interval '{interval}'")).await.unwrap();
}

/// Whether the one session lives for another 29 to 30 days.
async fn is_renewed(app: &App) -> bool {
    let renewed = "SELECT (expires_at - now() BETWEEN '29 days' AND '30 days')::text AS value FROM sessions";
    app.look(renewed).await == ["true"]
}

fn wire(app: &App, member: &Member) -> Wire {
    Wire::new(app).header("cookie", &member.cookie())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_expired_session_is_none() {
    let app = App::new().await;
    let ada = app.member("ada@example.com").await;
    ends_in(&app, "-1 second").await;

    assert_eq!(ada.caller().call::<me>(()).await.unwrap(), None);
    let error = ada.caller().call::<list>(None).await.unwrap_err();
    assert_eq!(error.code(), ErrorCode::Unauthorized);
    let error = ada.caller().call::<logout>(()).await.unwrap_err();
    assert_eq!(error.code(), ErrorCode::Unauthorized);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_is_renewed_when_half_of_its_life_is_over() {
    let app = App::new().await;
    let ada = app.member("ada@example.com").await;

    ends_in(&app, "15 days 1 hour").await;
    let answer = wire(&app, &ada).query("auth.me", None).await;
    assert!(!is_renewed(&app).await);
    assert_eq!(answer.headers.get(header::SET_COOKIE), None);

    ends_in(&app, "14 days 23 hours").await;
    let answer = wire(&app, &ada).query("auth.me", None).await;
    assert!(is_renewed(&app).await);
    let renewed = answer.headers[header::SET_COOKIE].to_str().unwrap();
    assert!(renewed.starts_with(&ada.cookie()) && renewed.contains("Max-Age=2592000"), "{renewed}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_cannot_carry_a_cookie_and_leaves_the_renewal_to_the_next_call() {
    let app = App::new().await;
    let ada = app.member("ada@example.com").await;
    ends_in(&app, "1 day").await;

    let mut frames = wire(&app, &ada).subscribe("widgets.changed", None).await;
    frames.position().await;

    assert!(!is_renewed(&app).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_subscription_looks_its_session_up_once() {
    let app = App::new().await;
    let ada = app.member("ada@example.com").await;
    // Row-level security asks for every row that a query sees.
    let count = "CREATE SEQUENCE look_ups;
        CREATE FUNCTION is_counted() RETURNS boolean LANGUAGE sql SECURITY DEFINER
            AS $$ SELECT nextval('look_ups') > 0 $$;
        ALTER POLICY identity ON sessions USING (is_counted())";
    app.db.run_sql(count).await.unwrap();

    let mut stream = wire(&app, &ada).subscribe("widgets.changed", None).await;
    stream.position().await;

    let counted = "SELECT CASE WHEN is_called THEN last_value ELSE 0 END::text AS value FROM look_ups";
    assert_eq!(app.look(counted).await, ["1"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_out_ends_the_session_and_no_other() {
    let app = App::new().await;
    let ada = app.member("ada@example.com").await;
    let elsewhere = app.anonymous();
    let credentials = Login { email: "ada@example.com".to_owned(), password: PASSWORD.to_owned() };
    elsewhere.call::<login>(credentials).await.unwrap();

    let caller = ada.caller();
    assert!(caller.call::<logout>(()).await.unwrap().success);

    assert_eq!(token(&caller).await, None);
    assert_eq!(ada.caller().call::<me>(()).await.unwrap(), None);
    let other = ada.in_session(token(&elsewhere).await.unwrap());
    assert!(other.caller().call::<me>(()).await.unwrap().is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_out_ends_the_streams_of_the_session_and_no_others() {
    let app = App::new().await;
    let ada = app.member("ada@example.com").await;
    let input = json!({ "email": "ada@example.com", "password": PASSWORD });
    let signed_in = Wire::new(&app).mutate("auth.login", &input).await;
    let second = signed_in.headers[header::SET_COOKIE].to_str().unwrap().split(';').next().unwrap().to_owned();
    let second = Wire::new(&app).header("cookie", &second);
    let mut ending = wire(&app, &ada).subscribe("widgets.changed", None).await;
    let mut staying = second.subscribe("widgets.changed", None).await;
    ending.position().await;
    staying.position().await;

    assert!(ada.caller().call::<logout>(()).await.unwrap().success);

    assert_eq!(ending.failure().await, "UNAUTHORIZED");
    second.mutate("widgets.create", &json!({ "name": "clock" })).await;
    assert_eq!(staying.event().await.0["kind"], "created");
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_in_again_ends_the_streams_of_the_session_before() {
    let app = App::new().await;
    let ada = app.member("ada@example.com").await;
    let mut stream = wire(&app, &ada).subscribe("widgets.changed", None).await;
    stream.position().await;

    let input = json!({ "email": "ada@example.com", "password": PASSWORD });
    wire(&app, &ada).mutate("auth.login", &input).await;

    assert_eq!(stream.failure().await, "UNAUTHORIZED");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cookie_that_cannot_be_a_token_is_no_session() {
    let app = App::new().await;
    let ada = app.member("ada@example.com").await;

    for value in ["", "x", &ada.token[1..], &format!("{}0", ada.token), &"g".repeat(64), &"0".repeat(64)] {
        let answer = Wire::new(&app).header("cookie", &format!("tintype={value}")).query("auth.me", None).await;
        assert_eq!(answer.json["result"]["data"], json!(null), "{value}");
    }
    let upper = Wire::new(&app).header("cookie", &format!("tintype={}", ada.token.to_uppercase()));
    assert_eq!(upper.query("auth.me", None).await.json["result"]["data"], json!(null), "the token is its exact text");
}
