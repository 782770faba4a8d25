//! Recorded requests with something wrong in them: none may panic, and every whole answer is what clients can read.

use std::{
    panic,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::Duration,
};

use axum::{Router, body::Body};
use base64::{Engine, prelude::BASE64_STANDARD};
use futures_util::{StreamExt, stream};
use http::{HeaderName, HeaderValue, Uri, header};
use serde_json::Value;
use tintype_conformance::{AppState, Drain};
use tower::ServiceExt;

use crate::vectors::{HttpVector, Request, load};

const MUTATIONS_PER_REQUEST: usize = 24;

/// How long a call may run before its client leaves; streams without end are recorded too.
const CLIENT_STAYS: Duration = Duration::from_millis(50);

/// What mutations put into requests, beside the bytes that are there already.
const FRAGMENTS: [&[u8]; 24] = [
    b"null",
    b"{",
    b"}",
    b"[",
    b"]",
    b"\"",
    b",",
    b":",
    b"\\ud800",
    b"\\u0000",
    b"1e999",
    b"-0",
    b"%",
    b"%ff",
    b"%00",
    b"&batch=1",
    b"&input=",
    b"&connectionParams=1",
    b"{\"json\":null}",
    b"\"meta\":{\"values\":[\"Date\"]}",
    b"9223372036854775808",
    b"\xff",
    b"/",
    b"lastEventId",
];

/// A small generator of pseudo-random numbers: the same requests in every run.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        // Marsaglia's xorshift64.
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap() % limit.max(1)
    }

    fn mutate(&mut self, bytes: &mut Vec<u8>) {
        for _ in 0..=self.below(3) {
            let at = self.below(bytes.len() + 1);
            match self.below(5) {
                0 => drop(bytes.splice(at..at, FRAGMENTS[self.below(FRAGMENTS.len())].iter().copied())),
                1 if at < bytes.len() => bytes[at] = u8::try_from(self.below(256)).unwrap(),
                2 => bytes.truncate(at),
                3 if at < bytes.len() => {
                    let end = (at + 1 + self.below(8)).min(bytes.len());
                    let piece = bytes[at..end].to_vec();
                    drop(bytes.splice(at..at, piece));
                }
                _ if at < bytes.len() => drop(bytes.remove(at)),
                _ => {}
            }
        }
    }
}

/// A request with up to three mistakes in its target, its body or a header; `None` if it cannot be sent at all.
fn mutated(request: &Request, random: &mut Random) -> Option<http::Request<Body>> {
    let mut target = request.url.clone().into_bytes();
    let mut body = match (&request.body, &request.body_base64) {
        (Some(text), _) => text.clone().into_bytes(),
        (None, Some(text)) => BASE64_STANDARD.decode(text).unwrap(),
        (None, None) => Vec::new(),
    };
    let mut headers: Vec<(String, Vec<u8>)> =
        request.headers.iter().map(|(name, value)| (name.clone(), value.clone().into_bytes())).collect();
    match random.below(4) {
        0 if !body.is_empty() => random.mutate(&mut body),
        1 if !headers.is_empty() => {
            let chosen = random.below(headers.len());
            random.mutate(&mut headers[chosen].1);
        }
        _ => random.mutate(&mut target),
    }
    let methods = [request.method.as_str(), "POST", "GET", "PUT", "HEAD", "OPTIONS"];
    let method = if random.below(8) == 0 { methods[random.below(methods.len())] } else { methods[0] };
    let mut mutated = http::Request::builder().method(method).uri(Uri::try_from(target).ok()?);
    for (name, value) in headers {
        mutated = mutated.header(HeaderName::try_from(name).ok()?, HeaderValue::from_bytes(&value).ok()?);
    }
    mutated.body(Body::from(body)).ok()
}

async fn check(app: Router, request: http::Request<Body>) {
    let asked = format!("{} {} {:?}", request.method(), request.uri(), request.headers());
    let answering = async {
        let response = app.oneshot(request).await.unwrap();
        let is_json = response.headers().get(header::CONTENT_TYPE).is_some_and(|value| value == "application/json");
        let (is_whole, status) = (response.headers().get("transfer-encoding").is_none(), response.status());
        let body = axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap();
        (is_json && is_whole, status, body)
    };
    // Leaving drops the call, which is part of what is tried.
    let Ok((is_json, status, body)) = tokio::time::timeout(CLIENT_STAYS, answering).await else { return };
    if is_json && !body.is_empty() {
        let lines = std::str::from_utf8(&body).unwrap().trim_start().lines();
        let values: Vec<Value> = match serde_json::from_slice(&body) {
            Ok(value) => vec![value],
            // Answered line by line.
            Err(_) => {
                lines.map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("{asked}: {line}"))).collect()
            }
        };
        assert!(!values.is_empty(), "{asked}");
        if let ([Value::Object(envelope)], false) = (values.as_slice(), status.is_success()) {
            let error = &envelope["error"];
            assert!(error["message"].is_string() || error["json"]["message"].is_string(), "{asked}: {error}");
        }
    }
}

#[tokio::test]
async fn requests_with_mistakes_never_panic_and_are_answered_readably() {
    let panics = Arc::new(AtomicUsize::new(0));
    let (before, counted, here) = (panic::take_hook(), Arc::clone(&panics), thread::current().id());
    panic::set_hook(Box::new(move |info| {
        if thread::current().id() == here {
            counted.fetch_add(1, Ordering::Relaxed);
        }
        before(info);
    }));
    let (app, _) = tintype_conformance::app(AppState::default(), &Drain::default()).unwrap();
    let vectors: Vec<HttpVector> = load(include_str!("../../vectors/http-vectors.json"), "mutated");
    let mut random = Random(0x0dd_ba11);
    let requests: Vec<http::Request<Body>> = vectors
        .iter()
        .flat_map(|vector| (0..MUTATIONS_PER_REQUEST).map(move |_| &vector.request))
        .filter_map(|request| mutated(request, &mut random))
        .collect();
    assert!(requests.len() > 1_000, "most mutations can be sent: {}", requests.len());

    let checks = stream::iter(requests).map(|request| check(app.clone(), request));
    checks.buffer_unordered(64).collect::<()>().await;

    assert_eq!(panics.load(Ordering::Relaxed), 0, "a panic is a mistake, even where it is caught");
}
