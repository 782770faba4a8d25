//! What an application decides about answers: error formatter, response meta, path separator, development mode.

use std::sync::{Arc, Mutex};

use bytes::Bytes;
use futures_util::StreamExt;
use http::{HeaderValue, Request, StatusCode};
use serde_json::{Value, json};
use tintype::protocol::{Hooks, ProtocolOptions, Responder, ResponseBody};

use crate::{AppState, product};

struct Answered {
    status: StatusCode,
    headers: http::HeaderMap,
    body: String,
}

impl Answered {
    fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }
}

async fn get(options: ProtocolOptions, hooks: Hooks<AppState>, uri: &str) -> Answered {
    let responder = Responder::new(product::router(), AppState::new(), options, hooks).unwrap();
    let (head, ()) = Request::get(uri).body(()).unwrap().into_parts();
    let response = responder.respond(head, Box::pin(async { Ok(Bytes::new()) }), None).await;
    let (head, body) = response.into_parts();
    let body = match body {
        ResponseBody::Full(bytes) => bytes.to_vec(),
        ResponseBody::Events(frames) => frames.collect::<Vec<Bytes>>().await.concat(),
        ResponseBody::Lines(lines) => lines.collect::<Vec<Bytes>>().await.concat(),
    };
    Answered { status: head.status, headers: head.headers, body: String::from_utf8(body).unwrap() }
}

fn teapot() -> Hooks<AppState> {
    let formatter = |shape: &mut tintype::protocol::ErrorShape, info: &tintype::protocol::ErrorInfo<'_, AppState>| {
        shape.message = format!("{} at {:?}", shape.message, info.path);
        shape.data.insert("httpStatus".to_owned(), 418.into());
        shape.data.insert("hasContext".to_owned(), info.cx.is_some().into());
    };
    Hooks { error_formatter: Some(Box::new(formatter)), ..Hooks::default() }
}

#[tokio::test]
async fn a_formatter_edits_the_error_and_its_status() {
    let answered = get(ProtocolOptions::default(), teapot(), "/nope").await;

    assert_eq!(answered.status.as_u16(), 418);
    let error = &answered.json()["error"];
    assert_eq!(error["message"], "No procedure found on path \"nope\" at Some(\"nope\")");
    assert_eq!(error["data"]["hasContext"], true);
    assert_eq!(error["data"]["code"], "NOT_FOUND");
}

#[tokio::test]
async fn a_formatter_sees_errors_of_requests_and_of_streams() {
    let request = get(ProtocolOptions::default(), teapot(), "/%ff").await;
    assert_eq!(request.status.as_u16(), 418);
    assert_eq!(request.json()["error"]["data"]["hasContext"], false);

    let stream = get(ProtocolOptions::default(), teapot(), "/notes.added").await;
    assert_eq!(stream.status, StatusCode::OK);
    assert!(stream.body.contains("event: serialized-error"), "{}", stream.body);
    assert!(stream.body.contains("\"httpStatus\":418"), "{}", stream.body);
}

#[tokio::test]
async fn response_meta_sees_what_is_known_and_edits_the_head() {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let hooks = || {
        let seen = Arc::clone(&seen);
        let edit = move |head: &mut http::response::Parts, info: &tintype::protocol::ResponseInfo<'_, AppState>| {
            head.headers.insert("x-paths", HeaderValue::from_str(&info.paths.join(",")).unwrap());
            if info.errors.is_empty() {
                head.status = StatusCode::CREATED;
            }
            seen.lock().unwrap().push((info.is_batch, info.is_eager, info.errors.len()));
        };
        Hooks { response_meta: Some(Box::new(edit)), ..Hooks::default() }
    };

    let single = get(ProtocolOptions::default(), hooks(), "/ping").await;
    assert_eq!((single.status, &single.headers["x-paths"]), (StatusCode::CREATED, &HeaderValue::from_static("ping")));
    let batch = get(ProtocolOptions::default(), hooks(), "/ping,nope?batch=1").await;
    assert_eq!(batch.status, StatusCode::MULTI_STATUS);
    assert_eq!(batch.headers["x-paths"], "ping,nope");
    get(ProtocolOptions::default(), hooks(), "/%ff").await;
    get(ProtocolOptions::default(), hooks(), "/a.b.countdown?input=1").await;

    let expected = [(Some(false), false, 0), (Some(true), false, 1), (None, false, 1), (Some(false), true, 0)];
    assert_eq!(*seen.lock().unwrap(), expected);
}

#[tokio::test]
async fn causes_are_for_developers_only() {
    let mut options = ProtocolOptions::default();
    assert!(get(options.clone(), Hooks::default(), "/nope").await.json()["error"]["data"].get("stack").is_none());

    options.is_dev = true;
    let stack = get(options, Hooks::default(), "/nope").await.json()["error"]["data"]["stack"].clone();
    assert_eq!(stack, "No procedure found on path \"nope\"");
}

#[tokio::test]
async fn another_separator_is_a_dot_to_the_router_and_in_errors() {
    let mut options = ProtocolOptions::default();
    options.path_separator = "/".to_owned();

    let error = get(options.clone(), Hooks::default(), "/notes/nope").await.json();
    assert_eq!(error["error"]["data"]["path"], "notes.nope");
    let found = get(options, Hooks::default(), "/notes/read").await.json();
    assert_eq!(found["error"]["data"]["code"], "UNAUTHORIZED");
}

#[tokio::test]
async fn subscriptions_can_be_switched_off() {
    let mut options = ProtocolOptions::default();
    options.event_streams = false;

    let answered = get(options, Hooks::default(), "/a.b.countdown?input=1").await;

    assert_eq!(answered.status, StatusCode::OK);
    assert!(answered.body.contains("event: serialized-error"), "{}", answered.body);
    assert_eq!(json!("METHOD_NOT_SUPPORTED"), {
        let data = answered.body.split("data: ").nth(2).unwrap().lines().next().unwrap();
        serde_json::from_str::<Value>(data).unwrap()["data"]["code"].clone()
    });
}
