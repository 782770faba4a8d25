//! What a client with superjson as its transformer sends and receives.

use std::collections::{BTreeMap, BTreeSet};

use bytes::Bytes;
use chrono::{DateTime, TimeZone, Utc};
use futures_util::{StreamExt, stream};
use http::{Request, StatusCode, header};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tintype::{
    Deferred, Event, EventId, Streamed, Untracked,
    prelude::*,
    protocol::{Hooks, ProtocolOptions, Responder, ResponseBody, Transformer},
};

#[derive(Debug, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
struct Meeting {
    starts_at: DateTime<Utc>,
    duration_ns: u64,
    badge: Vec<u8>,
    tags: BTreeSet<String>,
    seats: BTreeMap<String, u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    note: Option<String>,
}

#[derive(Debug, thiserror::Error, Serialize, Type, ProcedureError)]
#[serde(tag = "kind", rename_all = "camelCase")]
enum MeetingError {
    #[error("the meeting is over")]
    #[code(CONFLICT)]
    Over { since: DateTime<Utc> },
}

fn noon() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2020, 1, 2, 12, 0, 0).unwrap()
}

#[query(state = ())]
async fn meeting(input: Option<Meeting>) -> Result<Meeting, MeetingError> {
    input.ok_or(MeetingError::Over { since: noon() })
}

#[mutation(state = ())]
async fn nothing(input: Option<u32>) -> Result<(), Never> {
    assert!(input.is_none());
    Ok(())
}

#[query(state = ())]
async fn echo(input: Option<Value>) -> Result<Option<Value>, Never> {
    Ok(input)
}

#[derive(Serialize, Type)]
struct Report {
    at: DateTime<Utc>,
    later: Deferred<u64>,
    fails: Deferred<u64>,
}

#[query(state = ())]
async fn report() -> Result<Report, Never> {
    let fails = Deferred::try_new(async { Err::<u64, _>(MeetingError::Over { since: noon() }) });
    Ok(Report { at: noon(), later: Deferred::new(async { 7 }), fails })
}

#[query(state = ())]
async fn numbers() -> Result<Streamed<u64, DateTime<Utc>>, Never> {
    Ok(Streamed::with_return(stream::iter([1, 2]), async { noon() }))
}

#[subscription(state = ())]
async fn ticks() -> Result<Subscription<DateTime<Utc>>, Never> {
    let id = EventId::new("1").unwrap();
    Ok(Subscription::tracked(stream::iter([Event { id, data: noon() }])))
}

#[subscription(state = ())]
async fn fails(input: u64) -> Result<Subscription<u64, Untracked>, Never> {
    let values = [Ok(input), Err(MeetingError::Over { since: noon() })];
    Ok(Subscription::try_untracked(stream::iter(values)))
}

fn responder() -> Responder<()> {
    let mut options = ProtocolOptions::default();
    options.transformer = Transformer::SuperJson;
    let router = router! { [meeting, nothing, echo, report, numbers, ticks, fails] };
    Responder::new(router, (), options, Hooks::default()).unwrap()
}

async fn send(request: http::request::Builder, body: Value) -> (StatusCode, ResponseBody) {
    let (head, ()) = request.body(()).unwrap().into_parts();
    let body = Box::pin(async move { Ok(Bytes::from(body.to_string())) });
    let response = responder().respond(head, body, None).await;
    (response.status(), response.into_body())
}

fn query(path: &str, input: &Value) -> http::request::Builder {
    let input: String = form_urlencoded::byte_serialize(input.to_string().as_bytes()).collect();
    Request::get(format!("/{path}{}input={input}", if path.contains('?') { "&" } else { "?" }))
}

async fn ask(request: http::request::Builder, body: Value) -> (StatusCode, Value) {
    let (status, ResponseBody::Full(json)) = send(request, body).await else { panic!("expected a whole body") };
    (status, serde_json::from_slice(&json).unwrap())
}

async fn stream_of(body: ResponseBody) -> String {
    let pieces: Vec<Bytes> = match body {
        ResponseBody::Events(frames) => frames.collect().await,
        ResponseBody::Lines(lines) => lines.collect().await,
        ResponseBody::Full(_) => panic!("expected a stream"),
    };
    String::from_utf8(pieces.concat()).unwrap()
}

/// A meeting as the official client writes one.
fn wrapped_meeting() -> Value {
    json!({
        "json": {
            "startsAt": "2020-01-02T03:04:05.678Z", "durationNs": "9007199254740993", "badge": [1, 255],
            "tags": ["a", "b"], "seats": [["row 1", "5"]], "note": null,
        },
        "meta": {
            "values": {
                "startsAt": ["Date"], "durationNs": ["bigint"], "badge": [["typed-array", "Uint8Array"]],
                "tags": ["set"], "seats": ["map", { "0.1": ["bigint"] }], "note": ["undefined"],
            },
            "v": 1,
        },
    })
}

#[tokio::test]
async fn javascript_objects_go_there_and_back() {
    let (_, answer) = ask(query("meeting", &wrapped_meeting()), Value::Null).await;

    let mut expected = wrapped_meeting();
    expected["json"]["startsAt"] = json!("2020-01-02T03:04:05.678Z");
    assert_eq!(answer, json!({ "result": { "data": expected } }));
}

#[tokio::test]
async fn undefined_is_no_input_and_no_result() {
    let undefined = json!({ "json": null, "meta": { "values": ["undefined"] } });
    let request = Request::post("/nothing").header(header::CONTENT_TYPE, "application/json");
    let (_, answer) = ask(request, undefined).await;

    assert_eq!(answer, json!({ "result": { "data": { "json": null, "meta": { "values": ["undefined"], "v": 1 } } } }));
}

#[tokio::test]
async fn errors_are_wrapped_whole() {
    let (status, answer) = ask(Request::get("/meeting"), Value::Null).await;
    assert_eq!(status, StatusCode::CONFLICT);
    assert_eq!(
        answer,
        json!({ "error": {
            "json": {
                "message": "the meeting is over",
                "code": -32009,
                "data": {
                    "code": "CONFLICT", "httpStatus": 409, "path": "meeting",
                    "error": { "kind": "over", "since": "2020-01-02T12:00:00Z" },
                },
            },
            "meta": { "values": { "data.error.since": ["Date"] }, "v": 1 },
        } })
    );
    let (status, answer) = ask(Request::post("/meeting"), Value::Null).await;
    assert_eq!(status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    assert_eq!(answer["error"]["json"]["data"]["code"], "UNSUPPORTED_MEDIA_TYPE");
}

#[tokio::test]
async fn each_input_of_a_batch_is_wrapped() {
    let inputs = json!({
        "0": { "json": { "a": [1] } },
        "1": { "json": null, "meta": { "values": ["undefined"] } },
        "3": { "json": "5", "meta": { "values": ["bigint"] } },
        "9": 7,
    });
    let (_, answer) = ask(query("echo,echo,echo,echo?batch=1", &inputs), Value::Null).await;

    let results: Vec<&Value> = (0..4).map(|index| &answer[index]["result"]["data"]["json"]).collect();
    assert_eq!(results, [&json!({ "a": [1] }), &Value::Null, &Value::Null, &json!(5)]);
}

#[tokio::test]
async fn bad_wrappers_fail_the_calls_that_read_them() {
    for input in [Value::Null, json!({ "json": 1, "meta": 1 }), json!({ "json": 1, "meta": { "values": ["nope"] } })] {
        let (status, answer) = ask(query("echo", &input), Value::Null).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{answer}");
        assert_eq!(answer["error"]["json"]["data"]["path"], "echo");

        let (_, answer) = ask(query("echo,report,echo?batch=1", &json!({ "0": input })), Value::Null).await;
        assert_eq!(answer[0]["error"]["json"]["data"]["code"], "BAD_REQUEST");
        assert_eq!(answer[2]["error"]["json"]["data"]["code"], "BAD_REQUEST");
    }
}

#[tokio::test]
async fn events_are_wrapped_without_their_ids() {
    let (_, body) = send(Request::get("/ticks"), Value::Null).await;
    assert_eq!(
        stream_of(body).await,
        "event: connected\ndata: {}\n\n\
         data: {\"json\":\"2020-01-02T12:00:00Z\",\"meta\":{\"values\":[\"Date\"],\"v\":1}}\nid: 1\n\n\
         event: return\ndata: \n\n"
    );
    let big = json!({ "json": "7", "meta": { "values": ["bigint"] } });
    let (_, body) = send(query("fails", &big), Value::Null).await;
    let events = stream_of(body).await;
    assert!(events.contains(r#"data: {"json":"7","meta":{"values":["bigint"],"v":1}}"#), "{events}");
    let error = events.split("event: serialized-error\ndata: ").nth(1).unwrap();
    let error: Value = serde_json::from_str(error.trim()).unwrap();
    assert_eq!(error["json"]["message"], "the meeting is over");
    assert_eq!(error["meta"]["values"], Value::Null, "the type of the error is not part of the contract");
}

#[tokio::test]
async fn each_line_is_wrapped() {
    let request = query("echo,report,numbers,meeting?batch=1", &json!({ "0": { "json": 1 } }));
    let (_, body) = send(request.header("trpc-accept", "application/jsonl"), Value::Null).await;
    let text = stream_of(body).await;
    let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();

    assert!(lines.iter().all(|line| line["json"].is_array() || line["json"]["0"].is_array()), "{text}");
    let types: BTreeSet<String> =
        lines.iter().filter_map(|line| line.get("meta")).map(|meta| meta["values"].to_string()).collect();
    let expected = [
        r#"{"2.0.0.at":["Date"]}"#,
        // The deferred number, and both numbers of the stream.
        r#"{"2.0.0":["bigint"]}"#,
        // What comes at the end of the stream.
        r#"{"2.0.0":["Date"]}"#,
        r#"{"2.0.0.error.data.error.since":["Date"]}"#,
    ];
    assert_eq!(types, expected.map(str::to_owned).into(), "{text}");
    assert_eq!(lines.iter().filter(|line| line["meta"]["values"]["2.0.0"][0] == "bigint").count(), 3, "{text}");
}

#[tokio::test]
async fn null_arrives_as_null_alone_and_in_a_batch() {
    let null = json!({ "json": null });

    let (status, answer) = ask(query("echo", &null), Value::Null).await;
    assert_eq!((status, &answer["result"]["data"]["json"]), (StatusCode::OK, &Value::Null), "{answer}");
    let (status, answer) = ask(query("echo?batch=1", &json!({ "0": { "json": null } })), Value::Null).await;
    assert_eq!((status, &answer[0]["result"]["data"]["json"]), (StatusCode::OK, &Value::Null));
}
