//! Guessing passwords and mass registration are slowed down, in batches too.

use api_contract::Settings;
use serde_json::{Value, json};

use crate::{
    app::{App, PASSWORD},
    wire::{Answer, Wire},
};

async fn app(account_attempts: u32, address_attempts: u32, address_registrations: u32) -> App {
    let settings = Settings {
        account_attempts,
        address_attempts,
        address_registrations,
        secure_cookies: false,
        ..Settings::default()
    };
    App::with(settings).await
}

async fn sign_in(wire: &Wire, email: &str, password: &str) -> Answer {
    wire.mutate("auth.login", &json!({ "email": email, "password": password })).await
}

/// The seconds to wait, if the answer says so.
#[track_caller]
fn wait(data: &Value) -> u64 {
    assert_eq!((&data["code"], &data["error"]["kind"]), (&json!("TOO_MANY_REQUESTS"), &json!("TOO_MANY_ATTEMPTS")));
    data["error"]["retryAfterSeconds"].as_u64().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_is_throttled_from_wherever_it_is_guessed() {
    let app = app(1, 1000, 1000).await;
    app.member("ada@example.com").await;
    app.member("bob@example.com").await;

    let wrong = sign_in(&Wire::new(&app).address([192, 0, 2, 1]), "ada@example.com", "wrong horse").await;
    assert_eq!(wrong.error()["error"]["kind"], "INVALID_CREDENTIALS");

    let right = sign_in(&Wire::new(&app).address([192, 0, 2, 2]), "ADA@example.com", PASSWORD).await;
    assert!((1..=30).contains(&wait(right.error())), "{:?}", right.json);
    assert_eq!(right.headers.get("set-cookie"), None);
    let other = sign_in(&Wire::new(&app).address([192, 0, 2, 2]), "bob@example.com", PASSWORD).await;
    assert_eq!(other.status, 200, "another account is not affected: {:?}", other.json);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_is_throttled_whatever_account_it_guesses() {
    let app = app(1000, 1, 1000).await;
    app.member("ada@example.com").await;
    let guesser = Wire::new(&app).address([192, 0, 2, 1]);

    let wrong = sign_in(&guesser, "bob@example.com", "wrong horse").await;
    assert_eq!(wrong.error()["error"]["kind"], "INVALID_CREDENTIALS");

    let refused = sign_in(&guesser, "ada@example.com", PASSWORD).await;
    assert!((1..=60).contains(&wait(refused.error())), "{:?}", refused.json);
    let elsewhere = sign_in(&Wire::new(&app).address([192, 0, 2, 2]), "ada@example.com", PASSWORD).await;
    assert_eq!(elsewhere.status, 200, "{:?}", elsewhere.json);
}

#[tokio::test(flavor = "multi_thread")]
async fn registrations_are_throttled_by_address() {
    let app = app(1000, 1000, 2).await;
    let register = async |wire: Wire, email: &str| {
        let input = json!({ "email": email, "password": PASSWORD, "tenantName": "Studio" });
        wire.mutate("auth.register", &input).await
    };
    let here = Wire::new(&app).address([192, 0, 2, 1]);

    for n in 0..2 {
        assert_eq!(register(here.clone(), &format!("user{n}@example.com")).await.status, 200);
    }

    wait(register(here, "user2@example.com").await.error());
    assert_eq!(app.look("SELECT count(*)::text AS value FROM users").await, ["2"]);
    assert_eq!(register(Wire::new(&app).address([192, 0, 2, 2]), "user2@example.com").await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_of_guesses_checks_none_of_them() {
    let app = app(1000, 1000, 1000).await;
    app.member("ada@example.com").await;
    let wire = Wire::new(&app).address([192, 0, 2, 1]);
    let right = json!({ "email": "ada@example.com", "password": PASSWORD });
    let inputs: serde_json::Map<String, Value> = (0..20).map(|n| (n.to_string(), right.clone())).collect();

    let answer = wire.mutate(&format!("{}?batch=1", ["auth.login"; 20].join(",")), &Value::Object(inputs)).await;

    let answers = answer.json.as_array().unwrap();
    assert_eq!(answers.len(), 20);
    for call in answers {
        assert_eq!(call["error"]["data"]["code"], "BAD_REQUEST", "{call}");
    }
    assert_eq!(answer.headers.get("set-cookie"), None);
    assert_eq!(app.look("SELECT count(*)::text AS value FROM sessions").await, ["1"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_of_one_counts_like_a_call_of_its_own() {
    let app = app(1, 1000, 1000).await;
    app.member("ada@example.com").await;
    let wire = Wire::new(&app);
    let guess = json!({ "0": { "email": "ada@example.com", "password": "wrong horse" } });

    let wrong = wire.mutate("auth.login?batch=1", &guess).await;
    assert_eq!(wrong.json[0]["error"]["data"]["error"]["kind"], "INVALID_CREDENTIALS");

    wait(&wire.mutate("auth.login?batch=1", &guess).await.json[0]["error"]["data"]);
    wait(sign_in(&wire, "ada@example.com", PASSWORD).await.error());
}
