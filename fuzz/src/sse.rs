//! Event streams: what a browser reads is what was written.
//!
//! Events are separated by U+001E. The first character of each says what it is, and U+001F stands between its id and
//! its data, so that both may hold whatever breaks lines.

use std::{cell::RefCell, sync::LazyLock};

use futures_util::{StreamExt, stream};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;
use serde_json::{Value, value::RawValue};
use tintype::{
    Event, EventId, Mixed, Untracked,
    prelude::*,
    protocol::{Hooks, ProtocolOptions, Responder, ResponseBody, Transformer, ping_frame},
};

use crate::{
    answer::{self, Wrapping, body},
    event_stream, poll,
};

type Written = Result<(Option<EventId>, Data), Broken>;

thread_local! {
    /// The events of the next stream.
    static EVENTS: RefCell<Vec<Written>> = const { RefCell::new(Vec::new()) };
}

/// The data of an event: a text, or JSON as somebody wrote it.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(untagged)]
pub(crate) enum Data {
    Text(String),
    Json(#[specta(type = Value)] Box<RawValue>),
}

/// The end of a stream, with a text of its own.
#[derive(Debug, Clone, thiserror::Error, Serialize, Type, ProcedureError)]
#[serde(tag = "kind")]
pub(crate) enum Broken {
    #[error("{text}")]
    #[code(CONFLICT)]
    Because { text: String },
}

static SERVERS: LazyLock<[(Wrapping, Responder<()>); 2]> =
    LazyLock::new(|| [server(Wrapping::Plain), server(Wrapping::SuperJson)]);

fn server(wrapping: Wrapping) -> (Wrapping, Responder<()>) {
    let mut options = ProtocolOptions::default();
    options.transformer = if wrapping == Wrapping::Plain { Transformer::Json } else { Transformer::SuperJson };
    options.reconnect_after_inactivity_ms = (wrapping == Wrapping::SuperJson).then_some(1000);
    let responder = Responder::new(router! { [mixed, tracked, untracked] }, (), options, Hooks::default());
    (wrapping, responder.expect("the contract has no mistakes"))
}

#[subscription(state = ())]
async fn mixed() -> Result<Subscription<Data, Mixed>, Never> {
    Ok(Subscription::mixed(stream::iter(EVENTS.take().into_iter().flatten())))
}

#[subscription(state = ())]
async fn tracked() -> Result<Subscription<Data>, Broken> {
    let events =
        EVENTS.take().into_iter().map(|event| event.map(|(id, data)| Event { id: id.expect("checked"), data }));
    Ok(Subscription::try_tracked(stream::iter(events)))
}

#[subscription(state = ())]
async fn untracked() -> Result<Subscription<Data, Untracked>, Broken> {
    Ok(Subscription::try_untracked(stream::iter(EVENTS.take()).map(|event| event.map(|(_, data)| data))))
}

/// Streams the events once; see the module for the form of `data`.
pub fn check(data: &[u8]) -> Option<()> {
    let (flags, rest) = data.split_first()?;
    let text = std::str::from_utf8(rest).ok()?;
    let (wrapping, responder) = &SERVERS[usize::from(flags & 1)];
    let mut parts = text.split('\u{1e}');
    let resume = Some(parts.next()?).filter(|_| flags & 2 != 0);
    let events: Vec<Written> = parts.map(event).collect::<Option<_>>()?;
    let has_id = |event: &Written| event.as_ref().ok().map(|(id, _)| id.is_some());
    let path = match flags >> 3 & 3 {
        0 if events.iter().all(Result::is_ok) => "mixed",
        1 if events.iter().filter_map(has_id).all(|has_id| has_id) => "tracked",
        2 if events.iter().filter_map(has_id).all(|has_id| !has_id) => "untracked",
        _ => return None,
    };

    EVENTS.set(events.clone());
    let parameter = resume.map(|id| format!("?lastEventId={}", utf8_percent_encode(id, NON_ALPHANUMERIC)));
    let target = format!("/{path}{}", parameter.unwrap_or_default());
    let response = poll::finish(responder.respond(answer::get(&target)?, body(b"", false), None));
    let ResponseBody::Events(frames) = response.into_body() else { panic!("no stream: {target}") };
    let mut frames = poll::collect(frames);
    if flags & 4 != 0 {
        // A host may ping between any two frames.
        frames = frames.into_iter().flat_map(|frame| [frame, ping_frame()]).collect();
    }
    let read = event_stream::parse(&frames.concat());
    if flags & 4 == 0 {
        read.check(*wrapping);
    }

    let resume = resume.filter(|id| EventId::new(*id).is_ok());
    let mut last = None;
    let mut expected = Vec::new();
    let mut failure = None;
    for event in &events {
        match event {
            Ok((id, data)) => {
                last = id.as_ref().map(EventId::as_str).or(last);
                let value = serde_json::to_value(data).expect("a text or JSON");
                expected.push((id.as_ref().map_or("", EventId::as_str), value));
            }
            Err(Broken::Because { text }) => {
                failure = Some(text.as_str());
                break;
            }
        }
    }
    let messages: Vec<(&str, Value)> = read.messages().map(|(id, value)| (id, wrapping.open(&value).clone())).collect();
    assert_eq!(messages, expected);
    // A browser that was told no id keeps the one with which it came, which is not in the stream.
    let restored = last.or(resume.filter(|_| !expected.is_empty())).unwrap_or_default();
    assert_eq!(read.last_event_id, restored, "the id from which a client resumes");
    let ends: Vec<&event_stream::Event> =
        read.events.iter().filter(|event| matches!(&*event.name, "return" | "serialized-error")).collect();
    let [end] = *ends else { panic!("one end: {ends:?}") };
    assert_eq!(end.name == "serialized-error", failure.is_some());
    if let Some(text) = failure {
        let error: Value = serde_json::from_str(&end.data).expect("checked");
        assert_eq!(wrapping.open(&error)["message"], text);
    }
    Some(())
}

/// One event, or the failure that ends them.
fn event(text: &str) -> Option<Written> {
    let mut characters = text.chars();
    let kind = characters.next()?;
    let (id, data) = characters.as_str().split_once('\u{1f}')?;
    let id = EventId::new(id).ok();
    match kind {
        's' => Some(Ok((id, Data::Text(data.to_owned())))),
        'j' => {
            // A number that no double can hold could not be compared with what is read.
            serde_json::from_str::<Value>(data).ok()?;
            Some(Ok((id, Data::Json(RawValue::from_string(data.to_owned()).ok()?))))
        }
        'e' => Some(Err(Broken::Because { text: data.to_owned() })),
        _ => None,
    }
}
