//! A small contract with one procedure of each sort.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use futures_util::{StreamExt, stream};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tintype::{
    ByteStream, ConnectionParams, Deferred, ErrorCode, Event, EventId, FormEntries, FormError, LastEventId, Streamed,
    prelude::*,
};

/// Knows how many procedures run.
#[derive(Debug, Clone, Default)]
pub(crate) struct Probe(Arc<AtomicUsize>);

impl Probe {
    pub(crate) fn running(&self) -> usize {
        self.0.load(Ordering::Relaxed)
    }

    fn run(&self) -> Running {
        self.0.fetch_add(1, Ordering::Relaxed);
        Running(self.clone())
    }
}

/// Counts a procedure for as long as it runs.
struct Running(Probe);

impl Drop for Running {
    fn drop(&mut self) {
        self.0.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Proof that the client sent the word.
struct Member;

impl FromContext<Probe> for Member {
    async fn from_context(cx: &Context<Probe>) -> Result<Self, Failure> {
        let params = cx.connection_params().and_then(|params| params.get("word"));
        let header = cx.headers().get("word").and_then(|value| value.to_str().ok());
        match params.or(header) {
            Some("please") => Ok(Self),
            _ => Err(Failure::new(ErrorCode::Unauthorized, "say the word")),
        }
    }
}

#[derive(Debug, Serialize, Deserialize, Type, garde::Validate)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Page {
    #[garde(length(max = 8))]
    search_term: String,
    #[garde(range(min = 1, max = 100))]
    limit: u8,
    #[garde(skip)]
    cursor: Option<i64>,
}

#[derive(Debug, thiserror::Error, Serialize, Type, ProcedureError)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub(crate) enum Refusal {
    #[error("nobody is called {name:?}")]
    #[code(NOT_FOUND)]
    Nobody { name: String },
}

#[derive(Serialize, Type)]
pub(crate) struct Report {
    title: &'static str,
    pages: Deferred<u32>,
    lines: Streamed<u32>,
}

#[query(state = Probe)]
async fn ping() -> Result<String, Never> {
    Ok("pong".to_owned())
}

#[query(state = Probe)]
async fn echo(input: Option<Value>) -> Result<Option<Value>, Never> {
    Ok(input)
}

#[query(state = Probe)]
async fn list(input: Page) -> Result<Page, Refusal> {
    if input.search_term == "nobody" { Err(Refusal::Nobody { name: input.search_term }) } else { Ok(input) }
}

#[query(state = Probe, sensitive)]
async fn secret(input: String) -> Result<String, Never> {
    Ok(input)
}

#[query(state = Probe)]
async fn member(_member: Member, input: u32) -> Result<u32, Never> {
    Ok(input)
}

#[query(state = Probe)]
async fn params(params: Option<ConnectionParams>, cookies: Cookies) -> Result<(bool, bool), Never> {
    Ok((params.is_some(), cookies.get("a").is_some()))
}

#[query(state = Probe)]
async fn report() -> Result<Report, Never> {
    Ok(Report { title: "Costs", pages: Deferred::new(async { 12 }), lines: Streamed::new(stream::iter([1, 2])) })
}

#[mutation(state = Probe)]
async fn nothing() -> Result<(), Never> {
    Ok(())
}

#[mutation(state = Probe)]
async fn add(input: (u8, u8)) -> Result<u16, Never> {
    Ok(u16::from(input.0) + u16::from(input.1))
}

#[mutation(state = Probe, no_batch)]
async fn alone(input: Option<bool>) -> Result<Option<bool>, Never> {
    Ok(input)
}

#[mutation(state = Probe)]
async fn form(input: FormEntries) -> Result<u32, FormError> {
    let mut entries = input;
    let mut count = 0;
    while let Some(entry) = entries.next().await? {
        if entry.file_name().is_none() {
            entry.text().await?;
        }
        count += 1;
    }
    Ok(count)
}

#[mutation(state = Probe)]
async fn bytes(input: ByteStream) -> Result<usize, Failure> {
    Ok(input.collect().await?.len())
}

/// Counts from the last event of the client; ends at once if it has none.
#[subscription(state = Probe)]
async fn count(last: LastEventId, input: Option<u8>) -> Result<Subscription<u8>, Never> {
    let end = input.unwrap_or(2).min(4);
    let first = last.0.and_then(|id| id.as_str().parse().ok()).map_or(0_u8, |last: u8| last.saturating_add(1));
    let events = (first..end).map(|data| Event { id: EventId::new(data.to_string()).expect("digits"), data });
    Ok(Subscription::tracked(stream::iter(events)))
}

/// Says `ready` and then nothing, until it is stopped.
#[subscription(state = Probe)]
async fn stay(probe: State<Probe>, input: Option<String>) -> Result<Subscription<String, tintype::Untracked>, Never> {
    let running = probe.0.run();
    let ready = stream::iter([input.unwrap_or_else(|| "ready".to_owned())]);
    let silence = stream::pending().inspect(move |_: &String| _ = &running);
    Ok(Subscription::untracked(ready.chain(silence)))
}

/// Never answers.
#[query(state = Probe)]
async fn wait(probe: State<Probe>) -> Result<(), Never> {
    let _running = probe.0.run();
    std::future::pending().await
}

/// Everything that comes to an end by itself.
pub(crate) fn finite() -> Router<Probe> {
    router! {
        [ping, echo, nothing],
        a: [list, secret, member, params, report],
        a.b: [add, alone, form, bytes, count],
    }
}

/// What a WebSocket can call, with what stays until it is stopped.
pub(crate) fn connected() -> Router<Probe> {
    router! {
        [ping, echo, nothing, stay, wait],
        a: [list, member, params, report, alone, count],
    }
}
