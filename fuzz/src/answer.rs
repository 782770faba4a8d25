//! What clients can rely on in every answer.

use bytes::Bytes;
use http::{Method, Request, StatusCode, header, request::Parts};
use serde_json::Value;
use tintype::{
    ErrorCode, Failure,
    protocol::{RequestBody, Responder, ResponseBody},
};

use crate::{event_stream, json_lines, poll};

/// Whether values are wrapped as superjson does it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wrapping {
    Plain,
    SuperJson,
}

impl Wrapping {
    /// The value without what superjson says about it.
    pub(crate) fn open(self, value: &Value) -> &Value {
        match self {
            Self::Plain => value,
            Self::SuperJson => &value["json"],
        }
    }
}

/// One call's part of an answer.
#[derive(Debug)]
pub(crate) enum Outcome {
    /// What it returned, as it was written; `None` is nothing.
    Value(Option<Value>),
    /// The code of its failure.
    Failed(ErrorCode),
}

/// An answer that kept every promise.
#[derive(Debug)]
pub(crate) enum Answer {
    /// Nothing, to a `HEAD` request.
    Empty,
    /// One result or error.
    Single(Outcome),
    /// As many as there are calls.
    Batch(Vec<Outcome>),
    /// JSON lines: as many calls as that.
    Lines(usize),
    /// An event stream.
    Events(event_stream::EventStream),
}

/// A body that comes as a whole, or byte by byte.
pub(crate) fn body(bytes: &[u8], in_pieces: bool) -> RequestBody {
    let bytes = Bytes::copy_from_slice(bytes);
    if in_pieces {
        let pieces: Vec<Result<Bytes, Failure>> = (0..bytes.len()).map(|at| Ok(bytes.slice(at..=at))).collect();
        RequestBody::pieces(futures_util::stream::iter(pieces))
    } else {
        RequestBody::from(Box::pin(async move { Ok::<_, Failure>(bytes) }))
    }
}

/// Sends a request and checks what holds for every answer.
pub(crate) fn ask<S: Clone + Send + Sync + 'static>(
    responder: &Responder<S>,
    wrapping: Wrapping,
    head: Parts,
    body: RequestBody,
) -> Answer {
    let is_head = head.method == Method::HEAD;
    let response = poll::finish(responder.respond(head, body, None));
    let (head, body) = response.into_parts();
    assert!(head.headers.keys().all(|name| name != header::CONTENT_LENGTH), "the length is the host's to say");
    let status = head.status;
    let content_type = head.headers.get(header::CONTENT_TYPE).map(|value| value.to_str().expect("plain text"));
    match body {
        ResponseBody::Full(json) if is_head => {
            assert_eq!((status, json.len()), (StatusCode::NO_CONTENT, 0));
            Answer::Empty
        }
        ResponseBody::Full(json) => {
            assert_eq!(content_type, Some("application/json"));
            let answer = whole(wrapping, status, &json);
            let is_told = head.headers.contains_key(header::ALLOW);
            if let Answer::Single(outcome) = &answer {
                let is_refused = matches!(outcome, Outcome::Failed(ErrorCode::MethodNotSupported));
                assert!(is_refused || !is_told, "`allow` without need: {outcome:?}");
            }
            answer
        }
        ResponseBody::Lines(lines) => {
            assert_eq!((status, content_type), (StatusCode::OK, Some("application/json")));
            Answer::Lines(json_lines::check(wrapping, &poll::collect(lines)))
        }
        ResponseBody::Events(frames) => {
            assert_eq!((status, content_type), (StatusCode::OK, Some("text/event-stream")));
            let frames = poll::collect(frames);
            assert!(frames.iter().all(|frame| frame.ends_with(b"\n\n")), "a frame that is not whole");
            let stream = event_stream::parse(&frames.concat());
            stream.check(wrapping);
            Answer::Events(stream)
        }
    }
}

fn whole(wrapping: Wrapping, status: StatusCode, json: &[u8]) -> Answer {
    let value: Value = serde_json::from_slice(json).expect("an answer is JSON");
    match value {
        Value::Array(elements) => {
            let (outcomes, statuses): (Vec<Outcome>, Vec<StatusCode>) =
                elements.iter().map(|element| envelope(wrapping, element)).unzip();
            let is_shared = statuses.iter().all(|status| *status == statuses[0]);
            assert!(!statuses.is_empty(), "an empty batch");
            assert_eq!(status, if is_shared { statuses[0] } else { StatusCode::MULTI_STATUS });
            Answer::Batch(outcomes)
        }
        value => {
            let (outcome, expected) = envelope(wrapping, &value);
            assert_eq!(status, expected);
            Answer::Single(outcome)
        }
    }
}

/// One result or one error, and the status it stands for.
pub(crate) fn envelope(wrapping: Wrapping, envelope: &Value) -> (Outcome, StatusCode) {
    let Value::Object(members) = envelope else { panic!("no envelope: {envelope}") };
    assert_eq!(members.len(), 1, "a result or an error: {envelope}");
    match (members.get("result"), members.get("error")) {
        (Some(Value::Object(result)), None) => {
            assert!(result.keys().all(|key| key == "data"), "a result has data: {envelope}");
            (Outcome::Value(result.get("data").cloned()), StatusCode::OK)
        }
        (None, Some(error)) => {
            let code = self::error(wrapping, error);
            (Outcome::Failed(code), code.http_status())
        }
        _ => panic!("neither a result nor an error: {envelope}"),
    }
}

/// An error object, of which nothing is missing and nothing contradicts the rest.
pub(crate) fn error(wrapping: Wrapping, error: &Value) -> ErrorCode {
    let error = wrapping.open(error);
    let data = &error["data"];
    let code = data["code"].as_str().and_then(ErrorCode::from_key);
    let code = code.unwrap_or_else(|| panic!("a code that is none of the protocol's: {error}"));
    assert!(error["message"].is_string(), "no message: {error}");
    assert_eq!(error["code"], code.json_rpc_code(), "{error}");
    assert_eq!(data["httpStatus"], code.http_status().as_u16(), "{error}");
    assert!(code != ErrorCode::InternalServerError, "the server failed, and not the client: {error}");
    code
}

/// The head of a request, if it can be sent at all.
pub(crate) fn head(request: http::request::Builder) -> Option<Parts> {
    Some(request.body(()).ok()?.into_parts().0)
}

/// A `GET` request for a target that was written without mistakes.
pub(crate) fn get(target: &str) -> Option<Parts> {
    head(Request::get(target))
}
