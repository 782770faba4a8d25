//! What is written between line breaks holds none, and what clients send names nothing else than it says.

use bytes::Bytes;
use futures_util::{StreamExt, stream};
use http::{HeaderValue, Request};
use serde::Serialize;
use serde_json::{Value, value::RawValue};
use tintype::{
    Event, EventId, LastEventId,
    cookie::Cookie,
    prelude::*,
    protocol::{Hooks, ProtocolOptions, Responder, ResponseBody},
};

/// JSON as somebody else wrote it.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(transparent)]
struct Foreign(#[specta(type = Value)] Box<RawValue>);

#[derive(Debug, thiserror::Error, Serialize, Type, ProcedureError)]
#[serde(tag = "kind")]
enum Spoilt {
    #[error("spoilt")]
    #[code(CONFLICT)]
    By { what: Foreign },
}

fn pretty() -> Foreign {
    Foreign(RawValue::from_string("[1,\r\n\"a\\nb\",\nnull]".to_owned()).unwrap())
}

const ON_ONE_LINE: &str = "[1,  \"a\\nb\", null]";

#[query(state = ())]
async fn document() -> Result<Foreign, Never> {
    Ok(pretty())
}

#[query(state = ())]
async fn spoilt() -> Result<u32, Spoilt> {
    Err(Spoilt::By { what: pretty() })
}

#[subscription(state = ())]
async fn documents() -> Result<Subscription<Foreign>, Spoilt> {
    let event = Event { id: EventId::new("1").unwrap(), data: pretty() };
    Ok(Subscription::try_tracked(stream::iter([Ok(event), Err(Spoilt::By { what: pretty() })])))
}

#[subscription(state = ())]
async fn resumed(last: LastEventId) -> Result<Subscription<u32>, Never> {
    Ok(Subscription::tracked(stream::iter(last.0.map(|id| Event { id, data: 1 }))))
}

async fn text(mut request: http::request::Builder) -> String {
    let routes = router! { [document, spoilt, documents, resumed] };
    let responder = Responder::new(routes, (), ProtocolOptions::default(), Hooks::default()).unwrap();
    request = request.header("trpc-accept", "application/jsonl");
    let (mut head, ()) = request.body(()).unwrap().into_parts();
    if head.uri.query().is_none() {
        head.headers.remove("trpc-accept");
    }
    let response = responder.respond(head, Box::pin(async { Ok(Bytes::new()) }), None).await;
    let pieces: Vec<Bytes> = match response.into_body() {
        ResponseBody::Full(bytes) => vec![bytes],
        ResponseBody::Lines(lines) => lines.collect().await,
        ResponseBody::Events(frames) => frames.collect().await,
    };
    String::from_utf8(pieces.concat()).unwrap()
}

#[tokio::test]
async fn the_data_of_an_event_is_one_line() {
    let stream = text(Request::get("/documents")).await;

    assert!(stream.contains(&format!("\n\ndata: {ON_ONE_LINE}\nid: 1\n\n")), "{stream}");
    assert!(stream.contains(&format!("\"error\":{{\"kind\":\"By\",\"what\":{ON_ONE_LINE}}}")), "{stream}");
    assert_eq!(stream.lines().filter(|line| line.starts_with("data: ")).count(), 3, "{stream}");
    assert!(!stream.contains('\r'));
}

#[tokio::test]
async fn each_value_of_json_lines_is_one_line() {
    let lines = text(Request::get("/document,spoilt?batch=1")).await;

    assert_eq!(lines.lines().count(), 3, "{lines}");
    assert!(lines.contains(&format!("[0,0,[[{{\"result\":{{\"data\":{ON_ONE_LINE}}}}}]]]\n")), "{lines}");
    assert!(lines.contains(&format!("\"what\":{ON_ONE_LINE}")), "{lines}");
}

#[tokio::test]
async fn an_id_of_any_script_comes_back_in_the_header_of_a_browser() {
    let utf8 = HeaderValue::from_bytes("käse-7".as_bytes()).unwrap();

    let stream = text(Request::get("/resumed").header("last-event-id", utf8)).await;

    assert!(stream.contains("data: 1\nid: käse-7\n\n"), "{stream}");
}

async fn cookies(header: &str) -> Cookies {
    Cookies::from_context(&Context::builder(()).header("cookie", header).build()).await.unwrap()
}

/// Only the host itself can set a cookie whose name begins with `__Host-`, as far as browsers read names.
#[tokio::test]
async fn a_cookie_is_not_found_under_a_name_that_browsers_do_not_see() {
    let cookies = cookies("%5F%5FHost-session=forged; %5f_Host-session=forged; __Host-Session=forged").await;

    assert_eq!(cookies.get("__Host-session"), None);
}

#[tokio::test]
async fn cookies_come_back_as_they_were_set() {
    for (name, value) in [("session", "a"), ("two words", "50% of \"é\"; path=/"), ("a=b", ""), ("x|y", "%41")] {
        let set = Cookie::new(name, value).encoded().to_string();

        assert_eq!(cookies(&format!("other=1; {set}")).await.get(name).as_deref(), Some(value), "{set}");
    }
}

#[tokio::test]
async fn a_cookie_that_is_no_text_is_left_out() {
    let cookies = cookies("a=%ff; b=1; =2; c; d=%4").await;

    assert_eq!(
        ["a", "b", "", "c", "d"].map(|name| cookies.get(name)),
        [None, Some("1".to_owned()), None, None, Some("%4".to_owned())]
    );
}
