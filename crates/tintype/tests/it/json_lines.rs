//! Batches answered line by line, and answers whose parts come later.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use bytes::Bytes;
use futures_util::{FutureExt, StreamExt, future, stream};
use http::{Request, StatusCode};
use serde::Serialize;
use serde_json::Value;
use tintype::{
    Deferred, Streamed,
    prelude::*,
    protocol::{Hooks, ProtocolOptions, Responder, ResponseBody},
    router,
};

#[derive(Clone, Default)]
struct Lamp {
    went_out: Arc<AtomicBool>,
}

#[derive(Debug, thiserror::Error, Serialize, Type, ProcedureError)]
#[serde(tag = "kind", rename_all = "camelCase")]
enum Burnt {
    #[error("burnt through")]
    #[code(CONFLICT)]
    Through,
}

#[derive(Serialize, Type)]
struct Outer {
    now: u32,
    later: Deferred<Inner>,
    #[serde(rename = "of many")]
    items: Streamed<&'static str>,
}

#[derive(Serialize, Type)]
struct Inner {
    two: u32,
    even_later: Deferred<&'static str>,
}

#[query(state = Lamp)]
async fn one() -> Result<u32, Never> {
    Ok(1)
}

#[query(state = Lamp)]
async fn nothing() -> Result<(), Never> {
    Ok(())
}

#[query(state = Lamp)]
async fn slow(input: u64) -> Result<u64, Never> {
    for _ in 0..input {
        tokio::task::yield_now().await;
    }
    Ok(input)
}

#[query(state = Lamp)]
async fn nested() -> Result<Outer, Never> {
    let inner = async { Inner { two: 2, even_later: Deferred::new(future::ready("three")) } };
    Ok(Outer { now: 1, later: Deferred::new(inner), items: Streamed::new(stream::iter(["a", "b"])) })
}

#[query(state = Lamp)]
async fn whole() -> Result<Deferred<Inner>, Never> {
    Ok(Deferred::new(async { Inner { two: 2, even_later: Deferred::new(future::ready("three")) } }))
}

#[query(state = Lamp)]
async fn count(input: u32) -> Result<Streamed<u32, String>, Burnt> {
    Ok(Streamed::with_return(stream::iter(1..=input), future::ready("done".to_owned())))
}

#[query(state = Lamp)]
async fn burns() -> Result<Streamed<u32>, Burnt> {
    Ok(Streamed::try_new(stream::iter([Ok(1), Err(Burnt::Through), Ok(2)])))
}

#[query(state = Lamp)]
async fn rejects() -> Result<Deferred<u32>, Burnt> {
    Ok(Deferred::try_new(future::ready(Err(Burnt::Through))))
}

#[query(state = Lamp)]
async fn too_deep() -> Result<Vec<Deferred<u32>>, Never> {
    Ok(vec![Deferred::new(future::ready(1))])
}

#[query(state = Lamp)]
async fn panics() -> Result<Deferred<u32>, Never> {
    Ok(Deferred::new(async { panic!("boom") }))
}

struct WhenDropped(Arc<AtomicBool>);

impl Drop for WhenDropped {
    fn drop(&mut self) {
        self.0.store(true, Ordering::SeqCst);
    }
}

#[query(state = Lamp)]
async fn for_ever(state: State<Lamp>) -> Result<Streamed<u32>, Never> {
    let lamp = WhenDropped(state.0.went_out);
    Ok(Streamed::new(stream::pending().map(move |item| {
        let _ = &lamp;
        item
    })))
}

fn contract() -> Router<Lamp> {
    router! { [one, nothing, slow, nested, whole, count, burns, rejects, too_deep, panics, for_ever] }
}

async fn respond(lamp: Lamp, uri: &str, accept: &str) -> http::Response<ResponseBody> {
    let responder = Responder::new(contract(), lamp, ProtocolOptions::default(), Hooks::default()).unwrap();
    let uri = uri.replace('"', "%22").replace('{', "%7B").replace('}', "%7D");
    let (head, ()) = Request::get(uri).header("trpc-accept", accept).body(()).unwrap().into_parts();
    responder.respond(head, Box::pin(async { Ok(Bytes::new()) }), None).await
}

async fn lines(uri: &str) -> String {
    let response = respond(Lamp::default(), uri, "application/jsonl").await;
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(response.headers()["content-type"], "application/json");
    let ResponseBody::Lines(lines) = response.into_body() else { panic!("expected lines") };
    String::from_utf8(lines.collect::<Vec<Bytes>>().await.concat()).unwrap()
}

async fn whole_answer(uri: &str) -> (StatusCode, Value) {
    let response = respond(Lamp::default(), uri, "text/plain").await;
    let status = response.status();
    let ResponseBody::Full(json) = response.into_body() else { panic!("expected a whole body") };
    (status, serde_json::from_slice(&json).unwrap())
}

#[tokio::test]
async fn the_head_comes_first_and_each_call_when_it_is_done() {
    let text = lines("/slow,one,nope?batch=1&input={\"0\":50}").await;

    insta::assert_snapshot!(text);
}

#[tokio::test]
async fn nothing_is_told_apart_from_null() {
    insta::assert_snapshot!(lines("/nothing?batch=1").await);
}

#[tokio::test]
async fn fields_come_later_and_may_have_fields_that_come_later() {
    insta::assert_snapshot!(lines("/nested?batch=1").await);
}

#[tokio::test]
async fn a_whole_value_may_come_later() {
    insta::assert_snapshot!(lines("/whole?batch=1").await);
}

#[tokio::test]
async fn values_come_one_after_the_other_and_then_what_is_returned() {
    insta::assert_snapshot!(lines("/count?batch=1&input={\"0\":3}").await);
}

#[tokio::test]
async fn a_failure_ends_the_values_with_its_error() {
    insta::assert_snapshot!(lines("/burns,rejects?batch=1").await);
}

#[tokio::test]
async fn a_panic_in_a_part_is_that_parts_failure() {
    let text = lines("/panics,one?batch=1").await;

    assert!(
        text.contains("[3,1,{\"message\":\"something failed on the server")
            || text.contains(",1,{\"message\":\"something failed"),
        "{text}"
    );
    assert!(text.contains("[1,0,[[{\"result\":{\"data\":1}}]]]\n"), "{text}");
}

#[tokio::test]
async fn a_part_at_a_place_where_none_can_be_is_a_failure() {
    let text = lines("/tooDeep?batch=1").await;

    assert!(text.contains("\"code\":\"INTERNAL_SERVER_ERROR\""), "{text}");
}

#[tokio::test]
async fn other_clients_wait_for_what_comes_later_and_cannot_have_streams() {
    let (_, answer) = whole_answer("/whole").await;
    assert_eq!(answer.to_string(), r#"{"result":{"data":{"even_later":"three","two":2}}}"#);
    let (status, answer) = whole_answer("/rejects").await;
    assert_eq!((status, &answer["error"]["data"]["path"]), (StatusCode::CONFLICT, &"rejects".into()));

    let (status, _) = whole_answer("/nested").await;
    assert_eq!(status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    let (status, answer) = whole_answer("/count?input=1").await;
    assert_eq!(status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    let message = "Cannot use stream-like response in non-streaming request - use httpBatchStreamLink";
    assert_eq!((&answer["error"]["message"], answer["error"]["data"].get("path")), (&message.into(), None));
    let (status, answer) = whole_answer("/count,one?batch=1&input={\"0\":1}").await;
    assert_eq!(status, StatusCode::MULTI_STATUS);
    assert_eq!(answer[0]["error"]["data"]["path"], "count");
}

#[tokio::test]
async fn a_panic_that_comes_later_is_that_calls_failure() {
    let (status, answer) = whole_answer("/panics,one?batch=1").await;

    assert_eq!(status, StatusCode::MULTI_STATUS);
    assert_eq!(answer[0]["error"]["data"]["code"], "INTERNAL_SERVER_ERROR");
    assert_eq!(answer[1]["result"]["data"], 1);
}

#[tokio::test]
async fn lines_are_for_batches() {
    let response = respond(Lamp::default(), "/one", "application/jsonl").await;

    assert_eq!(response.status(), StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn dropping_the_answer_cancels_what_still_runs() {
    let lamp = Lamp::default();
    let response = respond(lamp.clone(), "/forEver?batch=1", "application/jsonl").await;
    let ResponseBody::Lines(mut lines) = response.into_body() else { panic!("expected lines") };
    lines.next().await.unwrap();
    lines.next().await.unwrap();
    assert!(lines.next().now_or_never().is_none());
    assert!(!lamp.went_out.load(Ordering::SeqCst));

    drop(lines);

    assert!(lamp.went_out.load(Ordering::SeqCst));
}

#[tokio::test]
async fn a_caller_in_process_has_the_parts_themselves() {
    let caller = contract().caller(Context::builder(Lamp::default()).build());

    let outer = caller.call::<nested>(()).await.unwrap();
    assert_eq!(outer.later.await.unwrap().even_later.await.unwrap(), "three");
    let items: Vec<&str> = outer.items.into_values().map(Result::unwrap).collect().await;
    assert_eq!(items, ["a", "b"]);
}
