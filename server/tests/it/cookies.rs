use http::{StatusCode, header};
use serde_json::json;

use crate::{
    account::{Account, PASSWORD, cookie_of},
    client::{Answer, full, mutation, query, send},
    process::Server,
};

async fn register(server: &Server) -> Answer {
    let input = json!({ "email": "ada@example.com", "password": PASSWORD, "tenantName": "Studio" });
    send(server.address, mutation("auth.register").body(full(input.to_string())).unwrap()).await
}

/// Name, value and the sorted attributes of the one cookie that an answer sets.
fn set_cookie(answer: &Answer) -> (String, String, Vec<String>) {
    assert_eq!(answer.headers.get_all(header::SET_COOKIE).iter().count(), 1, "{:?}", answer.headers);
    let mut parts = answer.header(header::SET_COOKIE).unwrap().split("; ").map(str::to_owned);
    let (name, value) = parts.next().unwrap().split_once('=').map(|(a, b)| (a.to_owned(), b.to_owned())).unwrap();
    let mut attributes: Vec<String> = parts.collect();
    attributes.sort();
    (name, value, attributes)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_cookie_is_out_of_reach_of_scripts_and_other_sites() {
    let server = Server::start().await;

    let (name, value, attributes) = set_cookie(&register(&server).await);

    assert_eq!(name, "tintype");
    assert!(value.len() == 64 && value.bytes().all(|byte| byte.is_ascii_hexdigit()), "{value}");
    assert_eq!(attributes, ["HttpOnly", "Max-Age=2592000", "Path=/", "SameSite=Lax"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn behind_tls_the_cookie_is_bound_to_tls_and_to_the_host() {
    let server = Server::start_with(&[("TINTYPE_SECURE_COOKIES", "true")]).await;

    let (name, _, attributes) = set_cookie(&register(&server).await);

    assert_eq!(name, "__Host-tintype");
    assert_eq!(attributes, ["HttpOnly", "Max-Age=2592000", "Path=/", "SameSite=Lax", "Secure"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_a_hash_of_the_cookie_is_stored() {
    let server = Server::start().await;
    let (_, token, _) = set_cookie(&register(&server).await);

    let stored = server.db.look("SELECT sessions::text AS value FROM sessions").await;
    let hash_matches = format!("SELECT (sha256('{token}') = token_hash)::text AS value FROM sessions");

    assert!(!stored[0].contains(&token), "{stored:?}");
    assert_eq!(server.db.look(&hash_matches).await, ["true"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_in_begins_a_new_session_and_ends_the_old_one() {
    let server = Server::start().await;
    let old = Account::register(server.address, "ada@example.com").await;

    let answer = old.mutate("auth.login", &json!({ "email": "ada@example.com", "password": PASSWORD })).await;

    let new = Account { address: server.address, cookie: cookie_of(&answer) };
    assert_ne!(new.cookie, old.cookie);
    assert_eq!(old.query("auth.me", None).await.data(), json!(null));
    assert_eq!(new.query("auth.me", None).await.data()["user"]["email"], "ada@example.com");
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_out_blanks_the_cookie_and_ends_the_session() {
    let server = Server::start().await;
    let account = Account::register(server.address, "ada@example.com").await;

    let answer = account.mutate("auth.logout", &json!(null)).await;

    assert_eq!(answer.data(), json!({ "success": true }));
    let (name, value, attributes) = set_cookie(&answer);
    assert_eq!((name.as_str(), value.as_str()), ("tintype", ""));
    assert!(
        attributes.contains(&"Max-Age=0".to_owned()) && attributes.contains(&"Path=/".to_owned()),
        "{attributes:?}"
    );
    assert_eq!(account.query("widgets.list", None).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(server.db.look("SELECT id::text AS value FROM sessions").await, Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_that_depend_on_the_cookie_are_kept_by_no_cache() {
    let server = Server::start().await;

    let answer = send(server.address, query("auth.me", None).body(full("")).unwrap()).await;

    assert_eq!(answer.header(header::CACHE_CONTROL), Some("no-store"));
    assert_eq!(answer.header(header::X_CONTENT_TYPE_OPTIONS), Some("nosniff"));
}
