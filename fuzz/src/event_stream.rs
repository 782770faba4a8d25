//! Reads event streams as the WHATWG specification says, and knows what the protocol promises of them.

use serde_json::Value;

use crate::answer::{self, Wrapping};

/// What a client has heard.
#[derive(Debug, Default)]
pub(crate) struct EventStream {
    pub(crate) events: Vec<Event>,
    /// The id from which the client would resume.
    pub(crate) last_event_id: String,
}

/// One event, as a browser dispatches it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Event {
    pub(crate) name: String,
    pub(crate) data: String,
    pub(crate) last_event_id: String,
}

/// Section 9.2.6 of the specification, step by step.
pub(crate) fn parse(bytes: &[u8]) -> EventStream {
    let text = std::str::from_utf8(bytes).expect("an event stream is UTF-8");
    let mut rest = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut stream = EventStream::default();
    let (mut name, mut data, mut id) = (String::new(), String::new(), String::new());
    while let Some(end) = rest.find(['\r', '\n']) {
        let line = &rest[..end];
        rest = &rest[end + if rest[end..].starts_with("\r\n") { 2 } else { 1 }..];
        if line.is_empty() {
            stream.last_event_id.clone_from(&id);
            if !data.is_empty() {
                data.pop();
                let name = if name.is_empty() { "message" } else { &name };
                stream.events.push(Event { name: name.to_owned(), data: data.clone(), last_event_id: id.clone() });
            }
            (name, data) = (String::new(), String::new());
            continue;
        }
        let (field, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "event" => value.clone_into(&mut name),
            "data" => {
                data.push_str(value);
                data.push('\n');
            }
            "id" if !value.contains('\0') => value.clone_into(&mut id),
            "id" | "" | "retry" => {}
            other => panic!("no field is called {other:?}: something was injected"),
        }
    }
    assert_eq!(rest, "", "the stream ends within a line");
    stream
}

impl EventStream {
    /// What holds for every stream that came to its end.
    pub(crate) fn check(&self, wrapping: Wrapping) {
        let [connected, events @ .., last] = &*self.events else { panic!("too few events: {self:?}") };
        assert_eq!(connected.name, "connected");
        assert!(matches!(&*last.name, "return" | "serialized-error"), "no end: {last:?}");
        for event in events {
            assert!(matches!(&*event.name, "message" | "ping" | "restore-id"), "out of place: {event:?}");
        }
        for event in &self.events {
            match &*event.name {
                "connected" | "message" => drop(json(&event.data)),
                "serialized-error" => drop(answer::error(wrapping, &json(&event.data))),
                _ => assert_eq!(event.data, "", "{event:?}"),
            }
        }
    }

    /// The values, each with the id under which the client has it.
    pub(crate) fn messages(&self) -> impl Iterator<Item = (&str, Value)> {
        let messages = self.events.iter().filter(|event| event.name == "message");
        messages.map(|event| (&*event.last_event_id, json(&event.data)))
    }
}

fn json(data: &str) -> Value {
    serde_json::from_str(data).unwrap_or_else(|error| panic!("no JSON: {error}: {data:?}"))
}
