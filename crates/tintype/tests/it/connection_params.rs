//! What a client says when it connects, and what is known of its request before a call runs.

use bytes::Bytes;
use futures_util::StreamExt;
use http::{Request, StatusCode, header};
use serde_json::{Value, json};
use tintype::{
    ConnectionParams, Context, ErrorCode, Failure, FromContext, ProcedureKind, RequestInfo, Router, Subscription,
    Untracked,
    prelude::{InternalError, Never, query, router, subscription},
    protocol::{Hooks, ProtocolOptions, Responder, ResponseBody},
};

struct Summary(RequestInfo);

impl FromContext<()> for Summary {
    async fn from_context(cx: &Context<()>) -> Result<Self, Failure> {
        Ok(Self(cx.request_info().clone()))
    }
}

#[query(state = ())]
async fn token(params: Option<ConnectionParams>) -> Result<Option<String>, Never> {
    Ok(params.and_then(|params| params.get("token").map(str::to_owned)))
}

#[query(state = ())]
async fn summary(summary: Summary) -> Result<(Option<String>, bool, bool, Vec<String>), Never> {
    let RequestInfo { kind, is_batch, accepts_json_lines, paths, .. } = summary.0;
    Ok((kind.map(|kind| kind.to_string()), is_batch, accepts_json_lines, paths))
}

#[subscription(state = ())]
async fn tokens(params: Option<ConnectionParams>) -> Result<Subscription<String, Untracked>, InternalError> {
    let token = params.and_then(|params| params.get("token").map(str::to_owned)).unwrap_or_default();
    Ok(Subscription::untracked(futures_util::stream::iter([token])))
}

fn routes() -> Router<()> {
    router! { [token, summary, tokens] }
}

/// Refuses whoever says that it should.
fn responder() -> Responder<()> {
    let guard = |cx: &Context<()>| match cx.connection_params().and_then(|params| params.get("fail")) {
        Some(_) => Err(Failure::new(ErrorCode::Forbidden, "context failed")),
        None => Ok(()),
    };
    let hooks = Hooks { guard: Some(Box::new(guard)), ..Hooks::default() };
    Responder::new(routes(), (), ProtocolOptions::default(), hooks).unwrap()
}

async fn send(request: http::request::Builder) -> (StatusCode, ResponseBody) {
    let (head, ()) = request.body(()).unwrap().into_parts();
    let response = responder().respond(head, Box::pin(async { Ok(Bytes::new()) }), None).await;
    (response.status(), response.into_body())
}

async fn ask(request: http::request::Builder) -> (StatusCode, Value) {
    let (status, body) = send(request).await;
    let ResponseBody::Full(body) = body else { panic!("expected a whole body") };
    (status, serde_json::from_slice(&body).unwrap())
}

async fn get(uri: &str) -> (StatusCode, Value) {
    ask(Request::get(uri)).await
}

#[tokio::test]
async fn connection_params_reach_the_procedure() {
    let with = get("/token?connectionParams=%7B%22token%22%3A%22a%22%7D").await.1;

    assert_eq!(with, json!({ "result": { "data": "a" } }));
    assert_eq!(get("/token?connectionParams=null").await.1, json!({ "result": { "data": null } }));
    assert_eq!(get("/token").await.1, json!({ "result": { "data": null } }));
}

#[tokio::test]
async fn connection_params_reach_a_subscription() {
    let (_, body) = send(Request::get("/tokens?connectionParams=%7B%22token%22%3A%22a%22%7D")).await;
    let ResponseBody::Events(frames) = body else { panic!("expected an event stream") };

    let frames: Vec<Bytes> = frames.collect().await;

    assert_eq!(frames[1], "data: \"a\"\n\n");
}

#[tokio::test]
async fn bad_connection_params_refuse_the_whole_request() {
    for (params, message) in [
        ("", "Not JSON-parsable query params"),
        ("%7B", "Not JSON-parsable query params"),
        ("%5B%5D", "Invalid connection params shape"),
        ("%7B%22a%22%3A1%7D", "Invalid connection params shape"),
    ] {
        for path in ["token", "nope", "tokens", "token,nope?batch=1"] {
            let separator = if path.contains('?') { '&' } else { '?' };
            let (status, json) = get(&format!("/{path}{separator}connectionParams={params}")).await;

            assert_eq!(status, StatusCode::BAD_REQUEST);
            assert_eq!(json["error"]["message"], message);
            assert_eq!(json["error"]["data"]["code"], "PARSE_ERROR");
            assert_eq!(json["error"]["data"].get("path"), None);
        }
    }
}

#[tokio::test]
async fn kinds_that_do_not_mix_are_told_before_bad_connection_params() {
    let (_, json) = get("/token,tokens?batch=1&connectionParams=x").await;

    assert_eq!(json["error"]["message"], "Cannot mix procedure types in call: query, subscription");
}

#[tokio::test]
async fn a_guard_decides_by_connection_params_after_each_call_was_found() {
    let (status, json) = get("/token,nope?batch=1&connectionParams=%7B%22fail%22%3A%22yes%22%7D").await;

    assert_eq!(status, StatusCode::MULTI_STATUS);
    assert_eq!(json[0]["error"]["message"], "context failed");
    assert_eq!(json[0]["error"]["data"]["path"], "token");
    assert_eq!(json[1]["error"]["data"]["code"], "NOT_FOUND");
}

#[tokio::test]
async fn the_context_knows_what_the_request_asks_for() {
    let data = |json: Value| json["result"]["data"].clone();

    assert_eq!(data(get("/summary").await.1), json!(["query", false, false, ["summary"]]));
    let batch = get("/nope,summary?batch=1").await.1;
    assert_eq!(data(batch[1].clone()), json!(["query", true, false, ["nope", "summary"]]));
    // The protocol's own header alone decides, if it is there; an item with parameters is another type.
    let plain = [
        Request::get("/summary?batch=1").header("trpc-accept", "other").header(header::ACCEPT, "application/jsonl"),
        Request::get("/summary?batch=1").header(header::ACCEPT, "application/jsonl;q=1"),
    ];
    for request in plain {
        assert_eq!(data(ask(request).await.1[0].clone())[2], false);
    }
}

#[test]
fn a_context_outside_any_request_asks_for_nothing() {
    let cx = Context::builder(()).kind(Some(ProcedureKind::Query)).build();

    assert_eq!(cx.kind(), Some(ProcedureKind::Query));
    assert_eq!(cx.request_info().kind, None);
    assert_eq!(cx.request_info().paths, Vec::<String>::new());
    assert_eq!(cx.connection_params(), None);
}
