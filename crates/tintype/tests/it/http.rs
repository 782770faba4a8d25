//! The protocol over HTTP, without a socket.

use bytes::Bytes;
use futures_util::{FutureExt, StreamExt};
use http::{Request, Response, StatusCode, header};
use serde_json::{Value, json};
use std::sync::atomic::Ordering;
use tintype::protocol::{Hooks, ProtocolOptions, Responder, ResponseBody, body_too_large};

use crate::{AppState, product};

struct Server {
    responder: Responder<AppState>,
    state: AppState,
}

struct Answered {
    status: StatusCode,
    json: Value,
    response: Response<()>,
}

impl Server {
    fn new() -> Self {
        let state = AppState::new();
        let options = ProtocolOptions::default();
        let responder = Responder::new(product::router(), state.clone(), options, Hooks::default()).unwrap();
        Self { responder, state }
    }

    async fn send(&self, request: http::request::Builder, body: &'static str) -> Response<ResponseBody> {
        let (head, ()) = request.body(()).unwrap().into_parts();
        self.responder.respond(head, Box::pin(async move { Ok(Bytes::from_static(body.as_bytes())) }), None).await
    }

    async fn ask(&self, request: http::request::Builder, body: &'static str) -> Answered {
        let (head, body) = self.send(request, body).await.into_parts();
        let ResponseBody::Full(bytes) = body else { panic!("expected a whole body") };
        let json = if bytes.is_empty() { Value::Null } else { serde_json::from_slice(&bytes).unwrap() };
        Answered { status: head.status, json, response: Response::from_parts(head, ()) }
    }

    async fn get(&self, uri: &str) -> Answered {
        self.ask(Request::get(uri).header("authorization", "Bearer red"), "").await
    }

    async fn post(&self, uri: &str, body: &'static str) -> Answered {
        let request =
            Request::post(uri).header(header::CONTENT_TYPE, "application/json").header("authorization", "Bearer red");
        self.ask(request, body).await
    }

    async fn frames(&self, request: http::request::Builder) -> Vec<String> {
        let (head, body) = self.send(request, "").await.into_parts();
        assert_eq!(head.status, StatusCode::OK);
        assert_eq!(head.headers[header::CONTENT_TYPE], "text/event-stream");
        let ResponseBody::Events(frames) = body else { panic!("expected an event stream") };
        frames.map(|frame| String::from_utf8(frame.to_vec()).unwrap()).collect().await
    }
}

fn error_code(answered: &Answered) -> &str {
    answered.json["error"]["data"]["code"].as_str().unwrap_or_default()
}

#[tokio::test]
async fn a_query_answers_with_its_value() {
    let answered = Server::new().get("/ping").await;

    assert_eq!(answered.status, StatusCode::OK);
    assert_eq!(answered.json, json!({ "result": { "data": "pong" } }));
    assert_eq!(answered.response.headers()[header::CONTENT_TYPE], "application/json");
    assert_eq!(answered.response.headers()[header::VARY], "trpc-accept, accept");
}

#[tokio::test]
async fn a_procedure_that_returns_nothing_answers_without_data() {
    let answered = Server::new().post("/notes.add", r#"{"noteText":"milk"}"#).await;

    assert_eq!(answered.json, json!({ "result": {} }));
}

#[tokio::test]
async fn a_typed_error_arrives_in_the_error_data() {
    let answered = Server::new().get("/notes.read?input=%7B%22id%22%3A9%7D").await;

    assert_eq!(answered.status, StatusCode::NOT_FOUND);
    assert_eq!(
        answered.json,
        json!({ "error": {
            "message": "no note 9",
            "code": -32004,
            "data": {
                "code": "NOT_FOUND",
                "httpStatus": 404,
                "path": "notes.read",
                "error": { "kind": "notFound", "id": 9 },
            },
        } })
    );
}

#[tokio::test]
async fn an_unexpected_error_shows_an_id_and_nothing_else() {
    for input in ["666", "667"] {
        let answered = Server::new().get(&format!("/notes.read?input=%7B%22id%22%3A{input}%7D")).await;

        assert_eq!(error_code(&answered), "INTERNAL_SERVER_ERROR");
        let log_id = answered.json["error"]["data"]["logId"].as_str().unwrap();
        assert_eq!(
            answered.json["error"]["message"],
            format!("something failed on the server: look for {log_id} in its log")
        );
        assert_eq!(answered.json["error"]["data"].get("error"), None);
    }
}

/// Bad requests, each with the status and code of its answer and a part of its message.
#[tokio::test]
async fn bad_requests_get_the_right_code() {
    let server = Server::new();
    let get = |uri: &str| (Request::get(uri).header("authorization", "Bearer red"), "");
    let post = |uri: &str, body| {
        let request = Request::post(uri).header(header::CONTENT_TYPE, "application/json");
        (request.header("authorization", "Bearer red"), body)
    };
    let cases = [
        (get("/nope"), 404, "NOT_FOUND", r#"No procedure found on path "nope""#),
        (get("/"), 404, "NOT_FOUND", r#"No procedure found on path """#),
        (get("/notes.add"), 405, "METHOD_NOT_SUPPORTED", "Unsupported GET-request to mutation procedure"),
        (post("/ping", ""), 405, "METHOD_NOT_SUPPORTED", "Unsupported POST-request to query procedure"),
        (get("/a.b.secret?input=%22x%22"), 405, "METHOD_NOT_SUPPORTED", "Unsupported GET-request"),
        (get("/%ff"), 400, "BAD_REQUEST", "Invalid URL-encoding in path"),
        (get("/%4"), 400, "BAD_REQUEST", "Invalid URL-encoding in path"),
        (get("/notes.read?input=%7B"), 400, "BAD_REQUEST", "EOF while parsing"),
        (get("/notes.read"), 400, "BAD_REQUEST", "none was sent"),
        (get("/notes.read?input=%7B%7D"), 400, "BAD_REQUEST", "id: required"),
        (get("/notes.read?input=%7B%22id%22%3A%22x%22%7D"), 400, "BAD_REQUEST", "id: invalid type: string \"x\""),
        (post("/notes.add", r#"{"noteText":""}"#), 400, "BAD_REQUEST", "noteText: must not be empty"),
        (post("/notes.add", "[1]"), 400, "BAD_REQUEST", "invalid"),
        (post("/notes.add", "{} {}"), 400, "BAD_REQUEST", "invalid input"),
        ((Request::post("/notes.add"), ""), 415, "UNSUPPORTED_MEDIA_TYPE", "Missing content-type header"),
        (
            (Request::post("/notes.add").header(header::CONTENT_TYPE, "text/plain"), ""),
            415,
            "UNSUPPORTED_MEDIA_TYPE",
            "Unsupported content-type \"text/plain",
        ),
        (
            get("/ping,notes.added?batch=1"),
            400,
            "BAD_REQUEST",
            "Cannot mix procedure types in call: query, subscription",
        ),
        (get(&format!("/{}?batch=1", ",".repeat(20))), 400, "BAD_REQUEST", "Batch call exceeds maximum size"),
        (get(&format!("/ping?input={}", "x".repeat(9000))), 413, "PAYLOAD_TOO_LARGE", "the limit is 8192"),
    ];
    for ((request, body), status, code, message) in cases {
        let answered = server.ask(request, body).await;

        assert_eq!(answered.status.as_u16(), status, "{}", answered.json);
        assert_eq!(error_code(&answered), code);
        let text = answered.json["error"]["message"].as_str().unwrap();
        assert!(text.contains(message), "{text:?} should contain {message:?}");
    }
}

#[tokio::test]
async fn the_allow_header_names_the_method_that_would_have_worked() {
    let answered = Server::new().get("/notes.add").await;

    assert_eq!(answered.response.headers()[header::ALLOW], "POST");
}

#[tokio::test]
async fn an_anonymous_caller_learns_nothing_about_the_input() {
    let server = Server::new();
    let request = Request::get("/notes.read?input=nonsense");

    let answered = server.ask(request, "").await;

    assert_eq!(error_code(&answered), "UNAUTHORIZED");
}

#[tokio::test]
async fn a_procedure_without_input_ignores_what_was_sent() {
    assert_eq!(Server::new().get("/ping?input=nonsense").await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_body_that_is_too_large_fails_the_calls_that_read_it() {
    let server = Server::new();
    let send = async |path: &'static str| {
        let request =
            Request::post(path).header(header::CONTENT_TYPE, "application/json").header("authorization", "Bearer red");
        let (head, ()) = request.body(()).unwrap().into_parts();
        let body = Box::pin(async { Err(body_too_large(1024)) });
        server.responder.respond(head, body, None).await.status()
    };

    assert_eq!(send("/notes.add").await, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(send("/a.b.remember").await, StatusCode::OK);
}

#[tokio::test]
async fn a_batch_answers_in_order_and_looks_the_caller_up_once() {
    let server = Server::new();
    let inputs = "%7B%221%22%3A%7B%22id%22%3A1%7D%2C%222%22%3A%7B%22id%22%3A2%7D%7D";

    let answered = server.get(&format!("/ping,notes.read,notes.read,nope?batch=1&input={inputs}")).await;

    assert_eq!(answered.status, StatusCode::MULTI_STATUS);
    assert_eq!(answered.json[0], json!({ "result": { "data": "pong" } }));
    assert_eq!(answered.json[1], json!({ "result": { "data": "one" } }));
    assert_eq!(answered.json[2]["error"]["data"]["error"]["id"], 2);
    assert_eq!(answered.json[3]["error"]["data"]["path"], "nope");
    assert_eq!(server.state.look_ups.load(Ordering::Relaxed), 1);
}

#[tokio::test]
async fn a_batch_of_one_is_an_array() {
    assert_eq!(Server::new().get("/ping?batch=1").await.json, json!([{ "result": { "data": "pong" } }]));
}

#[tokio::test]
async fn a_batch_whose_input_is_no_object_fails_per_call() {
    let answered = Server::new().get("/ping,notes.read?batch=1&input=%5B%5D").await;

    assert_eq!(answered.json[0]["result"]["data"], "pong");
    assert_eq!(answered.json[1]["error"]["message"], "\"input\" needs to be an object when doing a batch call");
}

#[tokio::test]
async fn a_procedure_marked_no_batch_is_called_alone() {
    let server = Server::new();

    let alone = server.post("/notes.add?batch=1", r#"{"0":{"noteText":"milk"}}"#).await;
    let together = server.post("/notes.add,notes.add?batch=1", "{}").await;

    assert_eq!(alone.status, StatusCode::OK);
    assert_eq!(together.status, StatusCode::BAD_REQUEST);
    assert_eq!(together.json[0]["error"]["message"].as_str().unwrap().split(' ').next(), Some("procedure"));
}

#[tokio::test]
async fn absent_input_is_none() {
    let server = Server::new();

    assert_eq!(server.get("/maybe").await.json, json!({ "result": { "data": null } }));
    assert_eq!(server.get("/maybe?input=%7B%22id%22%3A4%7D").await.json, json!({ "result": { "data": 4 } }));
}

#[tokio::test]
async fn a_sensitive_query_comes_by_post() {
    assert_eq!(Server::new().post("/a.b.secret", "\"four\"").await.json["result"]["data"], 4);
}

#[tokio::test]
async fn cookies_are_read_and_set() {
    let answered = Server::new().post("/a.b.remember", "").await;

    assert_eq!(answered.response.headers()[header::SET_COOKIE], "seen=yes; HttpOnly; Path=/");
    assert_eq!(answered.json["result"]["data"], "yes");
}

#[tokio::test]
async fn a_head_request_runs_nothing() {
    let answered = Server::new().ask(Request::head("/ping"), "").await;

    assert_eq!(answered.status, StatusCode::NO_CONTENT);
}

#[tokio::test]
async fn a_subscription_streams_and_returns() {
    let frames = Server::new().frames(Request::get("/a.b.countdown?input=2")).await;

    assert_eq!(frames, ["event: connected\ndata: {}\n\n", "data: 2\n\n", "data: 1\n\n", "event: return\ndata: \n\n"]);
}

#[tokio::test]
async fn nothing_is_missed_after_a_client_is_connected() {
    let server = Server::new();
    let request = Request::get("/notes.added").header("authorization", "Bearer red");
    let ResponseBody::Events(mut frames) = server.send(request, "").await.into_body() else {
        panic!("expected events")
    };

    assert!(frames.next().await.unwrap().starts_with(b"event: connected"));
    server.post("/notes.add", r#"{"noteText":"milk"}"#).await;

    assert!(frames.next().await.unwrap().starts_with(b"id: "), "its position comes first");
    let event = frames.next().now_or_never().flatten();
    let starts_with = |event: Bytes| event.starts_with(br#"data: {"kind":"added","text":"milk"}"#);
    assert!(event.is_some_and(starts_with), "it was missed");
}

#[tokio::test]
async fn a_refused_subscription_is_an_event() {
    let frames = Server::new().frames(Request::get("/notes.added")).await;

    assert_eq!(frames.len(), 2);
    assert!(
        frames[1].starts_with("event: serialized-error\ndata: {\"message\":\"send a bearer token\""),
        "{}",
        frames[1]
    );
}

#[tokio::test]
async fn a_subscription_by_post_fails_in_the_stream() {
    let request = Request::post("/a.b.countdown").header(header::CONTENT_TYPE, "application/json");

    let frames = Server::new().frames(request).await;

    assert!(frames[1].contains("METHOD_NOT_SUPPORTED"), "{}", frames[1]);
}

#[tokio::test]
async fn a_subscription_resumes_after_the_last_event_of_the_client() {
    let server = Server::new();
    let subscribe = |last: Option<&str>| {
        let mut request = Request::get("/notes.added").header("authorization", "Bearer red");
        if let Some(last) = last {
            request = request.header("last-event-id", last);
        }
        server.send(request, "")
    };
    let next = async |frames: &mut tintype::protocol::EventFrames| {
        String::from_utf8(frames.next().await.unwrap().to_vec()).unwrap()
    };
    let ResponseBody::Events(mut first) = subscribe(None).await.into_body() else { panic!("expected events") };
    assert!(next(&mut first).await.starts_with("event: connected"));
    let position = next(&mut first).await;
    let cursor = position.strip_prefix("id: ").unwrap().trim().to_owned();
    drop(first);
    server.post("/notes.add", r#"{"noteText":"milk"}"#).await;

    let ResponseBody::Events(mut second) = subscribe(Some(&cursor)).await.into_body() else {
        panic!("expected events")
    };

    assert!(next(&mut second).await.starts_with("event: connected"));
    assert!(next(&mut second).await.starts_with("data: {\"kind\":\"added\",\"text\":\"milk\"}\nid: "));

    let ResponseBody::Events(mut lost) = subscribe(Some("1-1")).await.into_body() else { panic!("expected events") };
    next(&mut lost).await;
    assert!(next(&mut lost).await.starts_with("data: {\"kind\":\"gap\"}\nid: "));
}
