//! Who may call: the server's own pages, allowed origins, and programs that are no browser.

use db::testing::TestDb;
use http::{StatusCode, header};
use serde_json::{Value, json};

use crate::{
    account::Account,
    client::{full, mutation, query, send},
    process::Server,
};

async fn widget_names(db: &TestDb) -> Vec<String> {
    db.look("SELECT name AS value FROM widgets ORDER BY 1").await
}

/// Creates a widget named `name` as a page with these headers would.
async fn check(account: &Account, name: &str, headers: &[(&str, &str)], expected: StatusCode) {
    let mut request = mutation("widgets.create").header(header::COOKIE, &account.cookie);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let answer = send(account.address, request.body(full(json!({ "name": name }).to_string())).unwrap()).await;
    assert_eq!(answer.status, expected, "{headers:?}: {}", answer.text);
    if expected == StatusCode::FORBIDDEN {
        let error: Value = answer.json()["error"].clone();
        assert_eq!(error["data"]["code"], "FORBIDDEN");
        assert!(error["message"].as_str().unwrap().starts_with("the request comes from"), "{error}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_of_other_origins_change_nothing_in_the_users_name() {
    let server = Server::start_with(&[("TINTYPE_ALLOWED_ORIGINS", "https://app.example.com,https://b.example")]).await;
    let account = Account::register(server.address, "ada@example.com").await;
    let own = format!("http://{}", server.address);

    check(&account, "stolen", &[("origin", "https://evil.example")], StatusCode::FORBIDDEN).await;
    check(&account, "stolen", &[("origin", "null")], StatusCode::FORBIDDEN).await;
    check(&account, "stolen", &[("sec-fetch-site", "cross-site")], StatusCode::FORBIDDEN).await;
    check(&account, "stolen", &[("sec-fetch-site", "same-site")], StatusCode::FORBIDDEN).await;
    check(&account, "own", &[("origin", &own)], StatusCode::OK).await;
    check(&account, "browser", &[("origin", &own), ("sec-fetch-site", "same-origin")], StatusCode::OK).await;
    check(&account, "allowed", &[("origin", "https://app.example.com")], StatusCode::OK).await;
    check(&account, "program", &[], StatusCode::OK).await;

    assert_eq!(widget_names(&server.db).await, ["allowed", "browser", "own", "program"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_of_other_origins_read_nothing_in_the_users_name() {
    let server = Server::start().await;
    let account = Account::register(server.address, "ada@example.com").await;

    let request = query("auth.me", None)
        .header(header::COOKIE, &account.cookie)
        .header("sec-fetch-site", "cross-site")
        .header("origin", "https://evil.example");
    let answer = send(server.address, request.body(full("")).unwrap()).await;

    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    assert!(!answer.text.contains("ada@example.com"), "{}", answer.text);
}
