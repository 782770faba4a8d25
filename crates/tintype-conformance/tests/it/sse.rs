//! Reads an event stream as the WHATWG specification says.

use serde_json::{Value, json};

#[derive(Debug, Default)]
pub(crate) struct EventStream {
    /// Every event but pings and restored ids, as the vectors spell them.
    pub(crate) events: Vec<Value>,
    /// Where in the body each of `events` ends.
    pub(crate) ends: Vec<usize>,
    pub(crate) pings: usize,
    /// The effective id after the whole stream.
    pub(crate) last_event_id: String,
}

pub(crate) fn parse(body: &[u8]) -> EventStream {
    let mut stream = EventStream::default();
    let mut event = String::new();
    let mut data: Option<String> = None;
    let mut id = String::new();
    for (line, end) in lines(body) {
        if line.is_empty() {
            stream.last_event_id.clone_from(&id);
            if let Some(data) = data.take() {
                dispatch(&mut stream, &event, &data, end);
            }
            event.clear();
            continue;
        }
        let (field, value) = line.split_once(':').unwrap_or((&line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "event" => event = value.to_owned(),
            "data" => match &mut data {
                Some(data) => data.extend(["\n", value]),
                None => data = Some(value.to_owned()),
            },
            "id" if !value.contains('\0') => id = value.to_owned(),
            _ => {}
        }
    }
    stream
}

fn dispatch(stream: &mut EventStream, event: &str, data: &str, end: usize) {
    match event {
        "ping" => stream.pings += 1,
        "restore-id" => {}
        _ => {
            let name = if event.is_empty() { "message" } else { event };
            let data = if data.is_empty() {
                json!("")
            } else {
                serde_json::from_str(data).unwrap_or(json!({ "$text": data }))
            };
            stream.events.push(json!({ "event": name, "lastEventId": stream.last_event_id, "data": data }));
            stream.ends.push(end);
        }
    }
}

/// The lines that are ended by LF, CR or CRLF, each with the position after it.
fn lines(body: &[u8]) -> Vec<(String, usize)> {
    let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
    let mut lines = Vec::new();
    let mut start = 0;
    let mut position = 0;
    while position < body.len() {
        let ends = matches!(body[position], b'\n' | b'\r');
        if ends {
            let line = String::from_utf8_lossy(&body[start..position]).into_owned();
            if body[position..].starts_with(b"\r\n") {
                position += 1;
            }
            start = position + 1;
            lines.push((line, start));
        }
        position += 1;
    }
    lines
}

#[test]
fn events_are_dispatched_with_their_effective_id() {
    let stream = parse(b"event: connected\ndata: {}\n\ndata: 1\r\nid: a\r\n\r\ndata: 2\n\nid: \ndata: 3\n\nevent: ping\ndata:\n\nevent: lost\n\ndata: 4");

    assert_eq!(
        stream.events,
        [
            json!({ "event": "connected", "lastEventId": "", "data": {} }),
            json!({ "event": "message", "lastEventId": "a", "data": 1 }),
            json!({ "event": "message", "lastEventId": "a", "data": 2 }),
            json!({ "event": "message", "lastEventId": "", "data": 3 }),
        ]
    );
    assert_eq!(stream.pings, 1);
}
