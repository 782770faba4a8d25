//! What the fuzz targets try, and what must hold whatever clients send.
//!
//! Every target reads bytes as a text that a person can write, sends what they mean through the public interface of
//! `tintype`, and compares the answer with a model that knows the protocol and nothing of the implementation; that of
//! `documents` checks what holds for every document.
//! `check` gives `None` for bytes that no client could send, and panics where a promise is broken.

mod answer;
pub mod batch;
mod contract;
pub mod cookie;
pub mod documents;
pub mod event_id;
mod event_stream;
mod json_lines;
mod poll;
pub mod request;
pub mod sse;
mod typed;
pub mod websocket;

use std::time::Duration;

use libfuzzer_sys::Corpus;

/// Says whether an input is worth keeping.
#[must_use]
pub fn kept(checked: Option<()>) -> Corpus {
    checked.map_or(Corpus::Reject, |()| Corpus::Keep)
}

/// What the session cookie needs of the settings of the reference server.
#[derive(Debug)]
pub(crate) struct Settings {
    pub(crate) secure_cookies: bool,
    pub(crate) session_lifetime: Duration,
}
