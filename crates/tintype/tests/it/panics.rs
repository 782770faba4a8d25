//! A panic is the failure of the call in which it happened, and of nobody else.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use bytes::Bytes;
use futures_util::{FutureExt, StreamExt, stream};
use http::{Request, Response, StatusCode};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Value, json};
use tintype::{
    Deferred, Untracked,
    prelude::*,
    protocol::{Hooks, ProtocolOptions, Responder, ResponseBody, WebSocketFrame},
};

/// Knows how many procedures run.
#[derive(Clone, Default)]
struct Probe(Arc<AtomicUsize>);

struct Running(Probe);

impl Running {
    fn new(probe: Probe) -> Self {
        probe.0.fetch_add(1, Ordering::SeqCst);
        Self(probe)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.0.0.fetch_sub(1, Ordering::SeqCst);
    }
}

struct Proof;

impl FromContext<Probe> for Proof {
    async fn from_context(_: &Context<Probe>) -> Result<Self, Failure> {
        panic!("in an extractor")
    }
}

/// Ends streams by a panic.
struct Ends;

impl FromContext<Probe> for Ends {
    async fn from_context(cx: &Context<Probe>) -> Result<Self, Failure> {
        cx.end_streams_when(async { panic!("in the end of a right") });
        Ok(Self)
    }
}

/// Neither read nor written.
#[derive(Type)]
struct Explosive;

impl Serialize for Explosive {
    fn serialize<S: Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
        panic!("in an output")
    }
}

impl<'de> Deserialize<'de> for Explosive {
    fn deserialize<D: Deserializer<'de>>(_: D) -> Result<Self, D::Error> {
        panic!("in an input")
    }
}

#[query(state = Probe)]
async fn ping() -> Result<String, Never> {
    Ok("pong".to_owned())
}

#[query(state = Probe)]
async fn body(probe: State<Probe>) -> Result<u32, Never> {
    let _running = Running::new(probe.0);
    std::future::ready(()).await;
    panic!("in a procedure")
}

#[query(state = Probe)]
async fn extractor(_proof: Proof) -> Result<u32, Never> {
    Ok(1)
}

#[query(state = Probe)]
async fn reading(input: Explosive) -> Result<u32, Never> {
    let Explosive = input;
    Ok(1)
}

#[query(state = Probe)]
async fn output() -> Result<Explosive, Never> {
    Ok(Explosive)
}

#[query(state = Probe)]
async fn part() -> Result<Deferred<u32>, Never> {
    Ok(Deferred::new(async { panic!("in a part") }))
}

#[subscription(state = Probe)]
async fn events(probe: State<Probe>) -> Result<Subscription<u32, Untracked>, Never> {
    let running = Running::new(probe.0);
    let events = stream::iter([1, 2]).map(move |number| {
        let _ = &running;
        if number == 2 { panic!("in a stream") } else { number }
    });
    Ok(Subscription::untracked(events))
}

#[subscription(state = Probe)]
async fn ended(_ends: Ends) -> Result<Subscription<u32, Untracked>, Never> {
    Ok(Subscription::untracked(stream::pending()))
}

const QUERIES: [&str; 5] = ["body", "extractor", "reading", "output", "part"];

fn server(hooks: Hooks<Probe>) -> (Responder<Probe>, Probe) {
    let routes = router! { [ping, body, extractor, reading, output, part, events, ended] };
    let probe = Probe::default();
    (Responder::new(routes, probe.clone(), ProtocolOptions::default(), hooks).unwrap(), probe)
}

async fn respond(responder: &Responder<Probe>, request: http::request::Builder) -> (StatusCode, String) {
    let (head, ()) = request.body(()).unwrap().into_parts();
    let response: Response<ResponseBody> = responder.respond(head, Box::pin(async { Ok(Bytes::new()) }), None).await;
    let status = response.status();
    let pieces: Vec<Bytes> = match response.into_body() {
        ResponseBody::Full(bytes) => vec![bytes],
        ResponseBody::Lines(lines) => lines.collect().await,
        ResponseBody::Events(frames) => frames.collect().await,
    };
    (status, String::from_utf8(pieces.concat()).unwrap())
}

#[track_caller]
fn assert_unexpected(error: &Value) {
    assert_eq!(error["data"]["code"], "INTERNAL_SERVER_ERROR", "{error}");
    let id = error["data"]["logId"].as_str().unwrap();
    assert_eq!(error["message"], format!("something failed on the server: look for {id} in its log"));
}

#[tokio::test]
async fn a_panic_anywhere_in_a_call_of_a_batch_leaves_the_others_alone() {
    let (responder, probe) = server(Hooks::default());
    let paths = format!("/ping,{},ping?batch=1", QUERIES.join(",ping,"));

    let (status, answers) = respond(&responder, Request::get(paths)).await;

    let answers: Vec<Value> = serde_json::from_str(&answers).unwrap();
    assert_eq!((status, answers.len()), (StatusCode::MULTI_STATUS, 2 * QUERIES.len() + 1));
    for (index, answer) in answers.iter().enumerate() {
        match index % 2 {
            0 => assert_eq!(*answer, json!({ "result": { "data": "pong" } })),
            _ => assert_unexpected(&answer["error"]),
        }
    }
    assert_eq!(probe.0.load(Ordering::SeqCst), 0, "what panicked is gone");
}

#[tokio::test]
async fn a_panic_in_a_batch_by_lines_leaves_the_other_lines_alone() {
    let (responder, probe) = server(Hooks::default());
    let paths = format!("/ping,{},ping?batch=1&input=%7B%7D", QUERIES.join(",ping,"));

    let (status, lines) = respond(&responder, Request::get(paths).header("trpc-accept", "application/jsonl")).await;

    assert_eq!(status, StatusCode::OK);
    assert_eq!(lines.matches("\"data\":\"pong\"").count(), QUERIES.len() + 1, "{lines}");
    assert_eq!(lines.matches("\"logId\"").count(), QUERIES.len(), "{lines}");
    assert_eq!(probe.0.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn a_panic_in_a_stream_or_in_its_end_is_its_last_event() {
    let (responder, probe) = server(Hooks::default());
    for path in ["/events", "/ended"] {
        let (status, stream) = respond(&responder, Request::get(path)).await;

        let last = stream.rsplit("event: serialized-error\ndata: ").next().unwrap();
        assert_eq!(status, StatusCode::OK);
        assert_unexpected(&serde_json::from_str(last).unwrap());
    }
    assert_eq!(probe.0.load(Ordering::SeqCst), 0);
}

#[test]
fn a_panic_over_a_websocket_leaves_the_connection_open() {
    let (responder, probe) = server(Hooks::default());
    let (head, ()) = Request::get("/").body(()).unwrap().into_parts();
    let mut connection = responder.connect(head, None);
    for (id, path) in QUERIES.iter().enumerate() {
        connection.receive_text(&json!({ "id": id, "method": "query", "params": { "path": path } }).to_string());
    }
    for (id, path) in [(10, "events"), (11, "ended")] {
        connection.receive_text(&json!({ "id": id, "method": "subscription", "params": { "path": path } }).to_string());
    }
    connection.receive_text(r#"{"id":12,"method":"query","params":{"path":"ping"}}"#);

    let mut messages: Vec<Value> = Vec::new();
    while let Some(Some(WebSocketFrame::Text(text))) = connection.next().now_or_never() {
        messages.push(serde_json::from_str(&text).unwrap());
    }

    let errors: Vec<&Value> = messages.iter().filter(|message| message["error"].is_object()).collect();
    assert_eq!(errors.len(), QUERIES.len() + 2, "{messages:?}");
    errors.iter().for_each(|message| assert_unexpected(&message["error"]));
    assert!(messages.contains(&json!({ "id": 12, "result": { "type": "data", "data": "pong" } })));
    assert_eq!(messages.iter().filter(|message| message["result"]["type"] == "stopped").count(), 2);
    assert_eq!(probe.0.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn a_panic_in_a_hook_is_an_answer_too() {
    let hooks = [
        Hooks { guard: Some(Box::new(|_| panic!("in a guard"))), ..Hooks::default() },
        Hooks { error_formatter: Some(Box::new(|_, _| panic!("in a formatter"))), ..Hooks::default() },
        Hooks { response_meta: Some(Box::new(|_, _| panic!("in the meta"))), ..Hooks::default() },
    ];
    for hooks in hooks {
        let (responder, _) = server(hooks);

        let (status, answer) = respond(&responder, Request::get("/body")).await;

        assert_eq!(status, StatusCode::INTERNAL_SERVER_ERROR);
        assert_unexpected(&serde_json::from_str::<Value>(&answer).unwrap()["error"]);
    }
}

#[tokio::test]
async fn a_stream_may_be_polled_after_its_end() {
    let (responder, _) = server(Hooks::default());
    for (path, accept) in [("/events", ""), ("/ping?batch=1", "application/jsonl")] {
        let (head, ()) = Request::get(path).header("trpc-accept", accept).body(()).unwrap().into_parts();
        let response = responder.respond(head, Box::pin(async { Ok(Bytes::new()) }), None).await;
        let (mut lines, mut events) = match response.into_body() {
            ResponseBody::Full(_) => panic!("expected a stream"),
            ResponseBody::Lines(lines) => (Some(lines), None),
            ResponseBody::Events(events) => (None, Some(events)),
        };
        let mut next = async || match (&mut lines, &mut events) {
            (Some(lines), _) => lines.next().await,
            (_, Some(events)) => events.next().await,
            _ => None,
        };
        while next().await.is_some() {}

        assert_eq!(next().await, None, "{path}");
    }
}
