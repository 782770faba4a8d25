//! The id after which a subscription resumes: from a header, a parameter, or the input.
//!
//! ```text
//! fheader-id
//! lastEventId
//! Last-Event-Id
//! {"n":1,"lastEventId":"input-id"}
//! ```
//!
//! The bits of the first character say which of the four are sent.

use std::{cell::Cell, collections::BTreeMap, sync::LazyLock};

use futures_util::{StreamExt, stream};
use http::HeaderValue;
use percent_encoding::{NON_ALPHANUMERIC, percent_encode};
use serde::{Deserialize, Serialize};
use serde_json::{Value, value::RawValue};
use tintype::{
    Event, EventId, LastEventId,
    prelude::*,
    protocol::{Hooks, ProtocolOptions, Responder, WebSocketFrame},
};

use crate::{
    answer::{self, Answer, Wrapping, ask, body},
    poll,
};

thread_local! {
    /// What the procedure was told, the last time that it ran.
    static TOLD: Cell<Option<Told>> = const { Cell::new(None) };
}

/// What a procedure was told.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Told {
    resumes: Option<String>,
    last_event_id: Option<String>,
    n: Option<u128>,
}

#[derive(Debug, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Resume {
    last_event_id: Option<String>,
    n: Option<u128>,
}

#[derive(Debug, Serialize, Type)]
pub(crate) struct Nothing {}

static SERVER: LazyLock<Responder<()>> = LazyLock::new(|| {
    let routes = router! { [resume] };
    Responder::new(routes, (), ProtocolOptions::default(), Hooks::default()).expect("the contract has no mistakes")
});

/// Remembers what it was told, and gives the id back as that of an event.
#[subscription(state = ())]
async fn resume(last: LastEventId, input: Option<Resume>) -> Result<Subscription<Nothing>, Never> {
    let (last_event_id, n) = input.map_or((None, None), |input| (input.last_event_id, input.n));
    let resumes = last.0.as_ref().map(|id| id.as_str().to_owned());
    TOLD.set(Some(Told { resumes, last_event_id, n }));
    Ok(Subscription::tracked(stream::iter(last.0.map(|id| Event { id, data: Nothing {} }))))
}

/// Resumes once; see the module for the form of `data`.
pub fn check(data: &[u8]) -> Option<()> {
    let (flags, rest) = data.split_first()?;
    let mut lines = rest.splitn(4, |byte| *byte == b'\n');
    let mut next = |bit: u8| Some(lines.next()?).map(|line| (flags & bit != 0).then_some(line));
    let (header, parameter, other, input) = (next(1)?, next(2)?, next(4)?, next(8)?);
    if let Some(Ok(text)) = parameter.map(std::str::from_utf8) {
        ids_are_lines(text);
    }
    if flags & 16 == 0 { over_http(header, parameter, other, input) } else { over_websocket(parameter, input) }
}

/// An id is a line of text and not empty, and comes out as it went in.
fn ids_are_lines(text: &str) {
    let fits = !text.is_empty() && !text.bytes().any(|byte| matches!(byte, b'\r' | b'\n' | 0));
    let id = EventId::new(text).ok();
    assert_eq!(id.as_ref().map(EventId::as_str), fits.then_some(text));
    let json = serde_json::to_string(text).expect("a text is JSON");
    assert_eq!(serde_json::from_str::<EventId>(&json).ok(), id);
    assert!(
        id.is_none_or(|id| id.to_string() == text && serde_json::to_string(&id).is_ok_and(|written| written == json))
    );
}

fn over_http(
    header: Option<&[u8]>,
    parameter: Option<&[u8]>,
    other: Option<&[u8]>,
    input: Option<&[u8]>,
) -> Option<()> {
    let mut target = "/resume?".to_owned();
    for (name, value) in [("lastEventId", parameter), ("Last-Event-Id", other), ("input", input)] {
        if let Some(value) = value {
            target.push_str(&format!("&{name}={}", percent_encode(value, NON_ALPHANUMERIC)));
        }
    }
    let mut head = answer::get(&target)?;
    let header = header.map(<[u8]>::trim_ascii);
    if let Some(header) = header {
        head.headers.insert("last-event-id", HeaderValue::from_bytes(header).ok()?);
    }
    let text = |bytes: Option<&[u8]>| bytes.map(|bytes| String::from_utf8_lossy(bytes).into_owned());
    // The first that is sent counts; a header that is no text was not sent.
    let header = header.and_then(|header| std::str::from_utf8(header).ok()).map(str::to_owned);
    let sent =
        header.or_else(|| text(parameter)).or_else(|| text(other)).filter(|id| EventId::new(id.as_str()).is_ok());
    let input = text(input);
    let input = input.as_deref().map(|input| input.strip_prefix('\u{feff}').unwrap_or(input));
    let expected = expected(sent.clone(), sent, input.filter(|input| !input.is_empty()));

    TOLD.take();
    let answer = ask(&SERVER, Wrapping::Plain, head, body(b"", false));
    let told = TOLD.take();

    let Answer::Events(stream) = answer else { panic!("{answer:?} from a subscription") };
    if let Some(expected) = expected {
        assert_eq!(told, expected, "{target}");
    }
    let ids: Vec<&str> = stream.messages().map(|(id, _)| id).collect();
    let resumes: Vec<&str> = told.iter().filter_map(|told| told.resumes.as_deref()).collect();
    assert_eq!(ids, resumes, "the id that a client reads");
    Some(())
}

fn over_websocket(parameter: Option<&[u8]>, input: Option<&[u8]>) -> Option<()> {
    let parameter = parameter.map(|id| std::str::from_utf8(id)).transpose().ok()?;
    let input = input.map(|input| serde_json::from_slice::<&RawValue>(input)).transpose().ok()?;
    let mut message = r#"{"id":1,"method":"subscription","params":{"path":"resume""#.to_owned();
    if let Some(id) = parameter {
        message.push_str(&format!(",\"lastEventId\":{}", Value::from(id)));
    }
    if let Some(input) = input {
        message.push_str(&format!(",\"input\":{input}"));
    }
    message.push_str("}}");
    // Here the empty text is sent too, and what is no id reaches the input as it is.
    let resumes = parameter.filter(|id| EventId::new(*id).is_ok()).map(str::to_owned);
    let expected = expected(parameter.map(str::to_owned), resumes, input.map(RawValue::get));

    TOLD.take();
    let mut connection = SERVER.connect(answer::get("/")?, None);
    connection.receive_text(&message);
    let mut messages = Vec::new();
    while let Some(frame) = poll::settled(connection.next()) {
        let Some(WebSocketFrame::Text(text)) = frame else { panic!("closed by {message}") };
        messages.push(serde_json::from_str::<Value>(&text).expect("a message is JSON"));
    }
    let told = TOLD.take();

    if let Some(expected) = expected {
        assert_eq!(told, expected, "{message}");
    }
    let Some(told) = told else {
        assert!(matches!(&*messages, [refusal] if refusal["error"].is_object()), "{messages:?}");
        return Some(());
    };
    let events: Vec<&Value> = messages.iter().filter(|message| message["result"]["type"] == "data").collect();
    let resumes: Vec<&str> = told.resumes.as_deref().into_iter().collect();
    assert_eq!(events.iter().filter_map(|event| event["result"]["id"].as_str()).collect::<Vec<_>>(), resumes);
    Some(())
}

/// What the procedure is told, if it runs; the outer `None` for inputs about which this model says nothing.
///
/// `merged` becomes a field of the input, and `resumes` is the id that counts.
fn expected(merged: Option<String>, resumes: Option<String>, input: Option<&str>) -> Option<Option<Told>> {
    let input = match input {
        None => None,
        Some(input) => Some(serde_json::from_str::<Option<BTreeMap<String, &RawValue>>>(input).ok()?),
    };
    let fields = match (input, &merged) {
        (None, None) => return Some(Some(Told { resumes: None, last_event_id: None, n: None })),
        // `null` is not absent.
        (Some(None), None) => return Some(None),
        (input, _) => input.flatten().unwrap_or_default(),
    };
    let n = match fields.get("n").map(|n| n.get()) {
        None | Some("null") => None,
        // Of numbers, the model knows those without a fraction or an exponent.
        Some(digits) if digits.bytes().all(|byte| byte.is_ascii_digit()) => Some(digits.parse().ok()?),
        Some(_) => return None,
    };
    let in_input = match fields.get("lastEventId").map(|id| id.get()) {
        None | Some("null") => None,
        Some(json) => serde_json::from_str::<String>(json)
            .map(Some)
            .or_else(|_| if merged.is_some() { Ok(None) } else { Err(()) })
            .ok()?,
    };
    let resumes = match merged {
        // What was sent and is no id is not made up for by the input.
        Some(_) => resumes,
        None => in_input.clone().filter(|id| EventId::new(id.as_str()).is_ok()),
    };
    Some(Some(Told { resumes, last_event_id: merged.or(in_input), n }))
}
