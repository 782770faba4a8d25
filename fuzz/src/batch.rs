//! Calls in a batch or alone: the path is split, the input taken apart, and each part read as its procedure's type.
//!
//! ```text
//! 0int,color
//! {"0":7,"1":{"pair":[1,2]}}
//! ```
//!
//! The first character says how values are written and how they travel; the first line is the path, the rest the
//! input.

use std::sync::LazyLock;

use http::{Request, header, request::Parts};
use percent_encoding::{AsciiSet, CONTROLS, percent_encode};
use serde_json::{Map, Value, json};
use tintype::{
    ErrorCode,
    protocol::{Hooks, ProtocolOptions, Responder, Transformer},
};

use crate::{
    answer::{self, Answer, Outcome, Wrapping, ask, body},
    typed,
};

const MAX_CALLS: usize = 10;

const MAX_TARGET: usize = 1000;

static SERVERS: LazyLock<[(Wrapping, Responder<()>); 2]> =
    LazyLock::new(|| [server(Wrapping::Plain), server(Wrapping::SuperJson)]);

/// What cannot stand in a path as it is. A percent sign can: what is encoded already stays as it is.
const NOT_IN_PATHS: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'`')
    .add(b'{')
    .add(b'}')
    .add(b'\\')
    .add(b'^')
    .add(b'|');

fn server(wrapping: Wrapping) -> (Wrapping, Responder<()>) {
    let mut options = ProtocolOptions::default();
    options.max_batch_size = Some(MAX_CALLS);
    options.url_bytes = Some(MAX_TARGET);
    options.transformer = if wrapping == Wrapping::Plain { Transformer::Json } else { Transformer::SuperJson };
    let responder = Responder::new(typed::router(), (), options, Hooks::default());
    (wrapping, responder.expect("the contract has no mistakes"))
}

/// Sends one batch or call; see the module for its form.
pub fn check(data: &[u8]) -> Option<()> {
    let (profile, rest) = data.split_first()?;
    let (wrapping, responder) = &SERVERS[usize::from(profile & 1)];
    let is_batch = profile & 2 == 0;
    let end = rest.iter().position(|byte| *byte == b'\n')?;
    let (path, input) = (&rest[..end], &rest[end + 1..]);
    let encoded = percent_encode(path, NOT_IN_PATHS).to_string();
    let head = post(&format!("/{encoded}{}", if is_batch { "?batch=1" } else { "" }))?;
    let path = percent_encoding::percent_decode_str(head.uri.path()).decode_utf8().ok()?;
    let path = path.strip_prefix('/')?;
    let path = (0..2).fold(path, |path, _| path.strip_suffix('/').unwrap_or(path)).to_owned();
    let paths: Vec<&str> = if is_batch { path.split(',').collect() } else { vec![&path] };

    let is_long = head.uri.path().len() + head.uri.query().map_or(0, str::len) > MAX_TARGET;
    let outcomes = match ask(responder, *wrapping, head, body(input, profile & 4 != 0)) {
        Answer::Single(Outcome::Failed(ErrorCode::BadRequest)) if path_is_broken(&encoded) => return Some(()),
        Answer::Single(Outcome::Failed(ErrorCode::BadRequest)) if is_batch && paths.len() > MAX_CALLS => {
            return Some(());
        }
        Answer::Single(Outcome::Failed(ErrorCode::PayloadTooLarge)) if is_long => return Some(()),
        Answer::Batch(outcomes) if is_batch => outcomes,
        Answer::Single(outcome) if !is_batch => vec![outcome],
        other => panic!("{other:?} to {paths:?}"),
    };

    assert_eq!(outcomes.len(), paths.len(), "{paths:?}");
    let sent = sent(*wrapping, is_batch, input, paths.len());
    for (index, (path, outcome)) in paths.iter().zip(&outcomes).enumerate() {
        match outcome {
            Outcome::Failed(code) => {
                let is_known = typed::PATHS.contains(path);
                let expected = if is_known { ErrorCode::BadRequest } else { ErrorCode::NotFound };
                assert!(*code == expected || *code == ErrorCode::PayloadTooLarge && is_known, "{code:?} for {path}");
            }
            Outcome::Value(value) => {
                assert!(typed::PATHS.contains(path), "{path} does not exist");
                if let (&"value", Some(sent)) = (path, &sent) {
                    assert_eq!(value.clone().unwrap_or(Value::Null), sent[index], "call {index} got another input");
                }
                // Once per batch, for the sake of speed.
                if index + 1 == paths.len() {
                    comes_back(responder, *wrapping, path, value.as_ref());
                }
            }
        }
    }
    Some(())
}

fn post(target: &str) -> Option<Parts> {
    answer::head(Request::post(target).header(header::CONTENT_TYPE, "application/json"))
}

fn path_is_broken(encoded: &str) -> bool {
    encoded.split('%').skip(1).any(|after| {
        let digits = after.as_bytes().get(..2);
        !digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
    })
}

/// The inputs as JavaScript reads them, one for each call; `None` where they are not plain JSON.
fn sent(wrapping: Wrapping, is_batch: bool, input: &[u8], calls: usize) -> Option<Vec<Value>> {
    let input = input.strip_prefix(b"\xef\xbb\xbf").unwrap_or(input);
    if wrapping != Wrapping::Plain || input.is_empty() {
        return None;
    }
    let input = as_javascript(serde_json::from_slice(input).ok()?);
    if !is_batch {
        return Some(vec![input]);
    }
    let Value::Object(inputs) = input else { return None };
    Some((0..calls).map(|index| inputs.get(&index.to_string()).cloned().unwrap_or(Value::Null)).collect())
}

/// Whole numbers are integers, however they are written.
fn as_javascript(value: Value) -> Value {
    const MAX_SAFE_INTEGER: f64 = 9_007_199_254_740_991.0;
    match value {
        Value::Number(number) => match number.as_f64() {
            Some(whole) if number.is_f64() && whole.fract() == 0.0 && whole.abs() <= MAX_SAFE_INTEGER => {
                // The cast is exact: the value is whole and small.
                (whole as i64).into()
            }
            _ => Value::Number(number),
        },
        Value::Array(elements) => elements.into_iter().map(as_javascript).collect(),
        Value::Object(members) => {
            Value::Object(members.into_iter().map(|(key, value)| (key, as_javascript(value))).collect::<Map<_, _>>())
        }
        value => value,
    }
}

/// What a procedure returned is an input for it, and it returns the same again.
fn comes_back(responder: &Responder<()>, wrapping: Wrapping, path: &str, value: Option<&Value>) {
    let Some(value) = value else { return };
    // Larger than what JSON without a transformer can be read as here.
    if wrapping == Wrapping::Plain && (path == "wide" && value.is_f64() || value["huge"].is_f64()) {
        return;
    }
    let head = post(&format!("/{path}")).expect("a path of the contract");
    let input = serde_json::to_vec(value).expect("JSON can be written");
    match ask(responder, wrapping, head, body(&input, false)) {
        Answer::Single(Outcome::Value(again)) => assert_eq!(again.as_ref(), Some(value), "{path}"),
        other => panic!("{path} refuses what it returned, {}: {other:?}", json!(value)),
    }
}
