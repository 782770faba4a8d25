//! Requests as they come from a connection: method, target, headers and body.
//!
//! ```text
//! 0 POST /a.b.add?batch=1
//! content-type: application/json
//!
//! {"0":[1,2]}
//! ```
//!
//! The first character says how the server is configured, and how the body arrives.

use std::sync::LazyLock;

use http::{HeaderName, HeaderValue, Method, Uri, header, request::Parts};
use percent_encoding::percent_decode;
use tintype::{
    Context, ErrorCode, Failure,
    protocol::{Hooks, ProtocolOptions, Responder, Transformer},
};

use crate::{
    answer::{Answer, Outcome, Wrapping, ask, body},
    contract::{self, Probe},
};

/// A server that is configured in some way.
struct Server {
    responder: Responder<Probe>,
    wrapping: Wrapping,
    separator: &'static str,
    limit: usize,
}

static SERVERS: LazyLock<[Server; 4]> = LazyLock::new(|| {
    [
        Server::new(Wrapping::Plain, ".", |_| {}),
        Server::new(Wrapping::SuperJson, ".", |_| {}),
        Server::new(Wrapping::Plain, "/", |options| {
            options.allow_method_override = true;
            options.max_batch_size = Some(3);
            options.url_bytes = Some(100);
            options.reconnect_after_inactivity_ms = Some(1000);
        }),
        Server::new(Wrapping::SuperJson, "::", |options| {
            options.allow_batching = false;
            options.event_streams = false;
            options.is_dev = true;
        }),
    ]
});

impl Server {
    fn new(wrapping: Wrapping, separator: &'static str, change: fn(&mut ProtocolOptions)) -> Self {
        let mut options = ProtocolOptions::default();
        options.path_separator = separator.to_owned();
        options.transformer = if wrapping == Wrapping::Plain { Transformer::Json } else { Transformer::SuperJson };
        change(&mut options);
        let limit = options.max_batch_size.unwrap_or(usize::MAX);
        let guard = |cx: &Context<Probe>| match cx.headers().contains_key("refuse") {
            true => Err(Failure::new(ErrorCode::Forbidden, "refused")),
            false => Ok(()),
        };
        let hooks = Hooks { guard: Some(Box::new(guard)), ..Hooks::default() };
        let responder = Responder::new(contract::finite(), Probe::default(), options, hooks);
        Self { responder: responder.expect("the contract has no mistakes"), wrapping, separator, limit }
    }
}

/// Sends one request; see the module for its form.
pub fn check(data: &[u8]) -> Option<()> {
    let (profile, rest) = data.split_first()?;
    let server = &SERVERS[usize::from(profile & 3)];
    let (head, sent) = read(rest.strip_prefix(b" ")?)?;
    let segments = segments(server, &head);
    let is_subscription = matches!(&segments, Some(paths) if *paths == ["a.b.count"]);
    let in_pieces = profile & 4 != 0;

    let answer = ask(&server.responder, server.wrapping, head, body(sent, in_pieces));

    match (answer, segments) {
        (Answer::Batch(outcomes), Some(paths)) => {
            assert_eq!(outcomes.len(), paths.len(), "one answer per call of {paths:?}");
            assert!(paths.len() <= server.limit, "a batch that is too large was answered");
        }
        (Answer::Lines(calls), Some(paths)) => assert_eq!(calls, paths.len(), "one answer per call of {paths:?}"),
        // Refused as a whole, or not a batch at all.
        (Answer::Single(Outcome::Failed(_)) | Answer::Empty, _) => {}
        (Answer::Single(Outcome::Value(_)), Some(paths)) => assert_eq!(paths.len(), 1, "several calls, one answer"),
        (Answer::Events(_), Some(_)) => assert!(is_subscription, "events of what is no subscription"),
        (answer, None) => panic!("{answer:?} to a path that cannot be read"),
    }
    Some(())
}

fn read(text: &[u8]) -> Option<(Parts, &[u8])> {
    let (line, mut rest) = split_at_newline(text)?;
    let mut words = line.splitn(2, |byte| *byte == b' ');
    let method = Method::from_bytes(words.next()?).ok()?;
    let uri = Uri::try_from(words.next()?).ok()?;
    let mut request = http::Request::new(());
    (*request.method_mut(), *request.uri_mut()) = (method, uri);
    loop {
        let (line, after) = split_at_newline(rest)?;
        rest = after;
        if line.is_empty() {
            return Some((request.into_parts().0, rest));
        }
        let colon = line.iter().position(|byte| *byte == b':')?;
        let name = HeaderName::from_bytes(&line[..colon]).ok()?;
        let value = HeaderValue::from_bytes(line[colon + 1..].trim_ascii()).ok()?;
        request.headers_mut().try_append(name, value).ok()?;
    }
}

fn split_at_newline(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let end = text.iter().position(|byte| *byte == b'\n')?;
    Some((&text[..end], &text[end + 1..]))
}

/// The paths of the calls as a simple reading of the protocol finds them; `None` if they cannot be read.
fn segments(server: &Server, head: &Parts) -> Option<Vec<String>> {
    let path = head.uri.path();
    let path = path.strip_prefix('/').unwrap_or(path);
    let path = (0..2).fold(path, |path, _| path.strip_suffix('/').unwrap_or(path));
    let path = percent_decode(path.as_bytes()).decode_utf8().ok()?;
    let path = path.replace(server.separator, ".");
    let media_type = head.headers.get(header::CONTENT_TYPE).map_or(&b""[..], HeaderValue::as_bytes);
    let media_type = media_type.split(|byte| *byte == b';').next()?.trim_ascii();
    let is_json = !media_type.eq_ignore_ascii_case(b"multipart/form-data")
        && !media_type.eq_ignore_ascii_case(b"application/octet-stream");
    let query = head.uri.query().unwrap_or_default();
    let batch = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "batch");
    Some(match batch {
        Some((_, value)) if value == "1" && is_json => path.split(',').map(str::to_owned).collect(),
        _ => vec![path],
    })
}
