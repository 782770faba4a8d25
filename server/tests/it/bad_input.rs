//! Requests that no client of ours would send, through the whole server.
//!
//! Each is answered with the right code and names the field or value; none is a 500, none leaves something half
//! written, and none brings a secret into the log.

use bytes::Bytes;
use http::{Request, StatusCode, header};
use serde_json::{Value, json};

use crate::{
    account::{Account, PASSWORD, cookie_of},
    client::{Answer, Body, chunked, full, mutation, query, send},
    process::Server,
};

/// Largest body that the server of these tests accepts.
const BODY_BYTES: usize = 64 * 1024;

/// A server with two tenants; red owns the one widget.
struct Scene {
    server: Server,
    red: Account,
    blue: Account,
    clock: String,
}

/// What an answer must be.
struct Expected<'a> {
    status: u16,
    code: &'a str,
    /// The field in `data.validation`, the value in `data.error`, or a part of the message.
    names: &'a str,
}

fn expected<'a>(status: u16, code: &'a str, names: &'a str) -> Expected<'a> {
    Expected { status, code, names }
}

/// Wrong input: `BAD_REQUEST` that names `field`.
fn bad_field(field: &str) -> Expected<'_> {
    expected(400, "BAD_REQUEST", field)
}

impl Scene {
    async fn new() -> Self {
        let body_bytes = BODY_BYTES.to_string();
        let server = Server::start_with(&[("TINTYPE_BODY_BYTES", &body_bytes), ("TINTYPE_LOG", "debug")]).await;
        let red = Account::register(server.address, "red@example.com").await;
        let blue = Account::register(server.address, "blue@example.com").await;
        let clock = red.mutate("widgets.create", &json!({ "name": "clock" })).await.data();
        let clock = clock["id"].as_str().unwrap().to_owned();
        Self { server, red, blue, clock }
    }

    /// Every row that a request could have written.
    async fn rows(&self) -> Vec<String> {
        let rows = "SELECT tenants::text AS value FROM tenants UNION ALL SELECT users::text FROM users
                    UNION ALL SELECT id::text || token_hash::text FROM sessions
                    UNION ALL SELECT widgets::text FROM widgets ORDER BY 1";
        self.server.db.look(rows).await
    }

    async fn send(&self, request: Request<Body>) -> Answer {
        send(self.server.address, request).await
    }

    /// Sends `body` to a mutation as the signed-in blue.
    async fn check(&self, path: &str, body: impl Into<Bytes>, expected: Expected<'_>) {
        let request = mutation(path).header(header::COOKIE, &self.blue.cookie).body(full(body));
        self.check_request(request.unwrap(), expected).await;
    }

    /// Sends `input` to a query as the signed-in blue.
    async fn check_query(&self, path: &str, input: Value, expected: Expected<'_>) {
        let request = query(path, Some(&input)).header(header::COOKIE, &self.blue.cookie).body(full(""));
        self.check_request(request.unwrap(), expected).await;
    }

    async fn check_request(&self, request: Request<Body>, expected: Expected<'_>) {
        let before = self.rows().await;
        let asked = format!("{} {}", request.method(), request.uri());
        let answer = self.send(request).await;
        let Expected { status, code, names } = expected;
        assert_eq!(answer.status.as_u16(), status, "{asked}: {}", answer.text);
        let error = &answer.json()["error"];
        assert_eq!(error["data"]["code"], code, "{asked}: {error}");
        assert_eq!(error["data"]["httpStatus"], status, "{asked}: {error}");
        let in_validation = error["data"]["validation"]
            .as_array()
            .is_some_and(|issues| issues.iter().any(|issue| issue["path"][0] == names));
        let in_error =
            error["data"]["error"].as_object().is_some_and(|fields| fields.values().any(|value| value == names));
        let in_message = error["message"].as_str().unwrap().contains(names);
        assert!(in_validation || in_error || in_message, "{asked} should name {names:?}: {error}");
        assert_eq!(self.rows().await, before, "{asked} left something behind");
    }

    /// Stops the server and looks through everything it has logged.
    async fn check_log(self, secrets: &[&str]) {
        let Self { server, red, blue, .. } = self;
        server.terminate();
        let (status, log) = server.ended().await;
        assert!(status.success(), "{status}: {log}");
        assert!(log.contains("auth.register"), "the log shows what was called:\n{log}");
        let tokens = [&red.cookie, &blue.cookie].map(|cookie| cookie.split_once('=').unwrap().1);
        for secret in secrets.iter().chain(&tokens) {
            assert!(!log.contains(secret), "{secret:?} is in the log:\n{log}");
        }
        assert!(!log.contains("$argon2id"), "a password hash is in the log:\n{log}");
        assert!(!log.contains("ERROR"), "nothing of this is the server's fault:\n{log}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn text_that_is_not_what_was_asked_for() {
    let scene = Scene::new().await;

    scene.check("widgets.create", r#"{"name":"#, expected(400, "BAD_REQUEST", "EOF")).await;
    scene.check("widgets.create", &b"{\"name\":\"\xff\"}"[..], expected(400, "BAD_REQUEST", "unicode")).await;
    scene.check("widgets.create", r#"{"name":"\ud800"}"#, expected(400, "BAD_REQUEST", "hex escape")).await;
    scene.check("widgets.create", r#"{"name":"a"} {"name":"b"}"#, expected(400, "BAD_REQUEST", "trailing")).await;
    scene.check("widgets.create", "", expected(400, "BAD_REQUEST", "none was sent")).await;
    scene.check("widgets.create", "null", expected(400, "BAD_REQUEST", "null")).await;
    let deep = format!(r#"{{"name":"a","config":{{"deep":{}{}}}}}"#, "[".repeat(5000), "]".repeat(5000));
    scene.check("widgets.create", deep, expected(400, "BAD_REQUEST", "recursion")).await;
    let huge = r#"{"name":"a","config":{"n":1e999}}"#;
    scene.check("widgets.create", huge, expected(400, "BAD_REQUEST", "number out of range")).await;
    scene.check_log(&[]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn fields_that_are_missing_or_of_the_wrong_kind() {
    let scene = Scene::new().await;
    let id = scene.clock.clone();

    scene.check("widgets.create", "{}", bad_field("name")).await;
    scene.check("widgets.create", r#"{"name":7}"#, bad_field("name")).await;
    scene.check("widgets.create", r#"{"name":""}"#, bad_field("name")).await;
    scene.check("widgets.create", r#"{"name":"   "}"#, bad_field("name")).await;
    scene.check("widgets.create", r#"{"name":"a\u0000b"}"#, bad_field("name")).await;
    scene.check("widgets.create", json!({ "name": "x".repeat(121) }).to_string(), bad_field("name")).await;
    scene.check("widgets.create", r#"{"name":"a","config":[]}"#, bad_field("config")).await;
    scene.check("widgets.create", r#"{"name":"a","config":{"b":["\u0000"]}}"#, bad_field("config")).await;
    scene.check("widgets.create", r#"{"name":"a","config":{"\u0000":1}}"#, bad_field("config")).await;
    let large = json!({ "name": "a", "config": { "text": "x".repeat(16 * 1024) } });
    scene.check("widgets.create", large.to_string(), bad_field("config")).await;
    scene.check("widgets.update", r#"{"name":"a"}"#, bad_field("id")).await;
    scene.check("widgets.update", r#"{"id":"clock","name":"a"}"#, bad_field("id")).await;
    scene.check("widgets.update", json!({ "id": id }).to_string(), bad_field("name")).await;
    scene.check("widgets.update", json!({ "id": id, "name": "" }).to_string(), bad_field("name")).await;
    scene.check("widgets.delete", r#"{"id":null}"#, bad_field("id")).await;
    scene.check_query("widgets.list", json!({ "limit": "many" }), bad_field("limit")).await;
    scene.check_query("widgets.list", json!({ "limit": 0 }), bad_field("limit")).await;
    scene.check_query("widgets.list", json!({ "limit": 101 }), bad_field("limit")).await;
    scene.check_query("widgets.list", json!({ "limit": -1 }), bad_field("limit")).await;
    for cursor in ["nonsense", "", "1-2", "9223372036854775807-0198c0de000070008000000000000000", "\0"] {
        scene.check_query("widgets.list", json!({ "cursor": cursor }), bad_field(cursor)).await;
    }
    scene.check_log(&[]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn accounts_that_cannot_be() {
    let scene = Scene::new().await;
    let secret = "hunter2-hunter2";
    let register = |change: Value| {
        let mut input = json!({ "email": "new@example.com", "password": secret, "tenantName": "New" });
        input.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        input.to_string()
    };

    let cases = [
        (json!({ "email": "RED@example.com" }), expected(409, "CONFLICT", "RED@example.com")),
        (json!({ "email": "nobody" }), bad_field("email")),
        (json!({ "email": format!("{}@example.com", "x".repeat(250)) }), bad_field("email")),
        (json!({ "email": "a\0b@example.com" }), bad_field("email")),
        (json!({ "password": "short" }), bad_field("password")),
        (json!({ "password": "x".repeat(129) }), bad_field("password")),
        (json!({ "password": ["hunter2-hunter2"] }), bad_field("password")),
        (json!({ "tenantName": " " }), bad_field("tenantName")),
        (json!({ "tenantName": "a\0b" }), bad_field("tenantName")),
        (json!({ "name": "" }), bad_field("name")),
        (json!({ "name": "a\0b" }), bad_field("name")),
    ];
    for (change, expected) in cases {
        scene.check("auth.register", register(change), expected).await;
    }
    scene.check("auth.register", r#"{"email":"new@example.com"}"#, bad_field("password")).await;
    let cut_off = format!(r#"{{"email":"new@example.com","password":"{secret}""#);
    scene.check("auth.register", cut_off, expected(400, "BAD_REQUEST", "EOF")).await;

    let login = |email: &str, password: &str| json!({ "email": email, "password": password }).to_string();
    let refused = || expected(401, "UNAUTHORIZED", "INVALID_CREDENTIALS");
    scene.check("auth.login", login("red@example.com", secret), refused()).await;
    scene.check("auth.login", login("nobody@example.com", secret), refused()).await;
    scene.check("auth.login", login("red@example.com\0", PASSWORD), bad_field("email")).await;
    scene.check("auth.login", r#"{"email":"red@example.com"}"#, bad_field("password")).await;
    scene.check_log(&[secret, PASSWORD]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_that_do_not_exist_or_are_too_much() {
    let scene = Scene::new().await;
    let get = |uri: &str| Request::get(uri).body(full("")).unwrap();
    let create = || mutation("widgets.create").header(header::COOKIE, &scene.blue.cookie);
    let oversize = json!({ "name": "a", "config": { "text": "x".repeat(BODY_BYTES) } }).to_string();

    scene.check_request(get("/trpc/widgets.rename"), expected(404, "NOT_FOUND", "widgets.rename")).await;
    scene.check("", "{}", expected(404, "NOT_FOUND", "No procedure")).await;
    let not_get = expected(405, "METHOD_NOT_SUPPORTED", "widgets.create");
    scene.check_request(get("/trpc/widgets.create"), not_get).await;
    // Too long for a URL, and read all the same.
    let cursor = "x".repeat(9000);
    scene.check("widgets.list", json!({ "cursor": cursor }).to_string(), bad_field(&cursor)).await;
    scene.check_request(get("/trpc/%zz"), expected(400, "BAD_REQUEST", "%zz")).await;
    let as_text = Request::post("/trpc/widgets.create").header(header::CONTENT_TYPE, "text/plain").body(full("{}"));
    scene.check_request(as_text.unwrap(), expected(415, "UNSUPPORTED_MEDIA_TYPE", "text/plain")).await;
    let too_large = || expected(413, "PAYLOAD_TOO_LARGE", "PAYLOAD_TOO_LARGE");
    scene.check_request(create().body(full(oversize.clone())).unwrap(), too_large()).await;
    let chunks = oversize.as_bytes().chunks(4096).map(Bytes::copy_from_slice);
    scene.check_request(create().body(chunked(chunks)).unwrap(), too_large()).await;
    let long = format!("/trpc/auth.me?input={}", "x".repeat(9000));
    scene.check_request(get(&long), expected(413, "PAYLOAD_TOO_LARGE", "8192")).await;
    scene.check_log(&[]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn callers_who_may_not() {
    let scene = Scene::new().await;
    let clock = scene.clock.clone();
    let hidden = || expected(404, "NOT_FOUND", &clock);

    scene.check("widgets.update", json!({ "id": clock, "name": "stolen" }).to_string(), hidden()).await;
    scene.check("widgets.delete", json!({ "id": clock }).to_string(), hidden()).await;
    let signed_out = || expected(401, "UNAUTHORIZED", "sign in");
    for cookie in ["", "tintype=", "tintype=nonsense", &format!("tintype={}", "0".repeat(64)), "=; tintype"] {
        let request = mutation("widgets.create").header(header::COOKIE, cookie).body(full(r#"{"name":"a"}"#));
        scene.check_request(request.unwrap(), signed_out()).await;
    }
    // An anonymous caller learns nothing about the input.
    let request = mutation("widgets.create").body(full("nonsense")).unwrap();
    scene.check_request(request, signed_out()).await;

    scene.server.db.run_sql("UPDATE sessions SET expires_at = now() - interval '1 second'").await.unwrap();
    scene.check("widgets.create", r#"{"name":"a"}"#, signed_out()).await;
    assert_eq!(scene.red.query("auth.me", None).await.data(), Value::Null);
    scene.check_log(&[]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_answers_its_good_calls_beside_the_bad_ones() {
    let scene = Scene::new().await;
    let uri = "auth.me,widgets.missing,widgets.list?batch=1&input=%7B%222%22%3A%7B%22limit%22%3A0%7D%7D";
    let request = query(uri, None).header(header::COOKIE, &scene.red.cookie).body(full("")).unwrap();

    let answer = scene.send(request).await;

    assert_eq!(answer.status, StatusCode::MULTI_STATUS);
    let json = answer.json();
    assert_eq!(json[0]["result"]["data"]["user"]["email"], "red@example.com");
    assert_eq!(json[1]["error"]["data"]["code"], "NOT_FOUND");
    assert_eq!(json[2]["error"]["data"]["validation"][0]["path"], json!(["limit"]));
    scene.check_log(&[]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_in_logs_neither_password_nor_cookie() {
    let scene = Scene::new().await;
    let input = json!({ "email": "red@example.com", "password": PASSWORD });
    let login = mutation("auth.login").body(full(input.to_string())).unwrap();

    let answer = scene.send(login).await;

    let token = cookie_of(&answer).split_once('=').unwrap().1.to_owned();
    assert!(!answer.text.contains(&token) && !answer.text.contains("$argon2id"), "{}", answer.text);
    scene.check_log(&[PASSWORD, &token]).await;
}
