//! A contract that server and client share; its procedures tell the test what becomes of them.

use futures_util::{StreamExt, stream};
use garde::Validate;
use serde::{Deserialize, Serialize};
use tintype::{
    Abort, ErrorCode, Event, EventId, FromState, Headers, LastEventId, Mixed, TopicPayload, TopicScope, Topics,
    Untracked, cookie::Cookie, prelude::*,
};
use tokio::sync::mpsc::UnboundedSender;

/// Where procedures report, and where they publish.
#[derive(Clone)]
pub(crate) struct AppState {
    pub(crate) reports: UnboundedSender<&'static str>,
    pub(crate) topics: Topics,
}

impl AppState {
    pub(crate) fn new(reports: UnboundedSender<&'static str>) -> Self {
        Self { reports, topics: Topics::in_process() }
    }
}

impl FromState<AppState> for Topics {
    fn from_state(state: &AppState) -> Self {
        state.topics.clone()
    }
}

/// Reports when it is dropped.
struct Reporter(AppState);

impl Drop for Reporter {
    fn drop(&mut self) {
        // The test may be over.
        let _ = self.0.reports.send("dropped");
    }
}

/// Reports that a call has begun, and what becomes of it.
fn report(state: AppState, abort: Abort) -> Reporter {
    let _ = state.reports.send("begun");
    let reports = state.reports.clone();
    tokio::spawn(async move {
        abort.0.cancelled().await;
        let _ = reports.send("aborted");
    });
    Reporter(state)
}

/// Proof that the caller sent `Authorization: Bearer red`.
#[derive(Debug)]
pub(crate) struct Red;

impl FromContext<AppState> for Red {
    async fn from_context(cx: &Context<AppState>) -> Result<Self, Failure> {
        match cx.headers().get("authorization") {
            Some(value) if value == "Bearer red" => Ok(Self),
            _ => Err(Failure::new(ErrorCode::Unauthorized, "send the token red")),
        }
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type, Validate)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Rename {
    #[garde(skip)]
    pub(crate) id: u32,
    #[garde(length(min = 1))]
    pub(crate) new_name: String,
    #[garde(skip)]
    pub(crate) tags: Option<Vec<String>>,
}

impl Rename {
    pub(crate) fn to(new_name: &str) -> Self {
        Self { id: 7, new_name: new_name.to_owned(), tags: None }
    }
}

#[derive(Debug, thiserror::Error, PartialEq, Serialize, Deserialize, Type, ProcedureError)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub(crate) enum RenameError {
    #[error("the name {new_name:?} is taken: pick another")]
    #[code(CONFLICT)]
    NameTaken { new_name: String },
    #[error("wait {seconds} s")]
    #[code(TOO_MANY_REQUESTS)]
    TooOften { seconds: u32 },
    #[error("the widgets could not be stored")]
    #[internal]
    #[serde(skip)]
    Storage(Disk),
}

#[derive(Debug, thiserror::Error, PartialEq)]
#[error("the disk is full")]
pub(crate) struct Disk;

#[query]
pub(crate) async fn ping() -> Result<String, Never> {
    Ok("pong".to_owned())
}

#[query]
pub(crate) async fn echo(input: String) -> Result<String, Never> {
    Ok(input)
}

#[query]
pub(crate) async fn length(input: Option<Vec<String>>) -> Result<Option<u32>, Never> {
    Ok(input.map(|texts| u32::try_from(texts.len()).unwrap()))
}

#[query]
pub(crate) async fn maybe(input: Option<Option<u32>>) -> Result<String, Never> {
    Ok(input.map_or("none".to_owned(), |input| input.map_or("null".to_owned(), |n| n.to_string())))
}

#[query(sensitive)]
pub(crate) async fn check_secret(input: String) -> Result<bool, Never> {
    Ok(input == "opensesame")
}

/// What the client sends in the headers of the names.
#[query]
pub(crate) async fn sent(headers: Headers, input: Vec<String>) -> Result<Vec<Option<String>>, Never> {
    Ok(input.iter().map(|name| headers.0.get(name).map(|value| value.to_str().unwrap().to_owned())).collect())
}

#[mutation]
pub(crate) async fn sign_in(cookies: Cookies, input: String) -> Result<(), Never> {
    cookies.set(Cookie::build(("session", input)).http_only(true).path("/").build());
    Ok(())
}

#[mutation]
pub(crate) async fn rename(_red: Red, input: Rename) -> Result<Rename, RenameError> {
    match input.new_name.as_str() {
        "taken" => Err(RenameError::NameTaken { new_name: input.new_name }),
        "often" => Err(RenameError::TooOften { seconds: 3 }),
        "full" => Err(RenameError::Storage(Disk)),
        _ => Ok(input),
    }
}

#[mutation(idempotent)]
pub(crate) async fn put(input: u32) -> Result<u32, Never> {
    Ok(input)
}

#[mutation]
pub(crate) async fn touch() -> Result<(), Never> {
    Ok(())
}

#[query]
pub(crate) async fn break_down() -> Result<u32, InternalError> {
    Err(Disk.into())
}

#[query]
pub(crate) async fn refuse() -> Result<u32, Failure> {
    Err(Failure::typed(ErrorCode::PaymentRequired, "pay first", &["cash", "card"]))
}

#[query]
pub(crate) async fn panic() -> Result<u32, Never> {
    panic!("a mistake")
}

/// Never answers.
#[mutation]
pub(crate) async fn hang(state: State<AppState>, abort: Abort) -> Result<(), Never> {
    let _reporter = report(state.0, abort);
    std::future::pending().await
}

/// Not in the router.
#[query]
pub(crate) async fn unlisted() -> Result<(), Never> {
    Ok(())
}

fn numbered(n: u32) -> Event<u32> {
    Event { id: EventId::new(n.to_string()).unwrap(), data: n }
}

/// Counts to the input; the number is the id, and a resumed stream goes on after it.
#[subscription]
pub(crate) async fn count(last: LastEventId, input: u32) -> Result<Subscription<u32>, Never> {
    let last = last.0.map_or(0, |id| id.as_str().parse().unwrap());
    Ok(Subscription::tracked(stream::iter((last + 1..=input).map(numbered))))
}

/// Texts whose ids no header can carry.
#[subscription]
pub(crate) async fn letters(last: LastEventId) -> Result<Subscription<String>, Never> {
    let ids = ["α", "β", "γ", "δ & ε"];
    let after = last.0.map_or(0, |last| 1 + ids.iter().position(|id| *id == last.as_str()).unwrap());
    let events = ids
        .into_iter()
        .skip(after)
        .map(|id| Event { id: EventId::new(id).unwrap(), data: format!("{id}{}", "x".repeat(400)) });
    Ok(Subscription::tracked(stream::iter(events)))
}

#[subscription]
pub(crate) async fn countdown(input: u32) -> Result<Subscription<u32, Untracked>, Never> {
    Ok(Subscription::untracked(stream::iter((0..input).rev())))
}

#[subscription]
pub(crate) async fn some_numbered() -> Result<Subscription<u32, Mixed>, Never> {
    let id = |n: u32| n.is_multiple_of(2).then(|| EventId::new(n.to_string()).unwrap());
    Ok(Subscription::mixed(stream::iter(1..=5).map(move |n| (id(n), n))))
}

/// Sends two events and then the error that the input asks for.
#[subscription]
pub(crate) async fn fail_later(_red: Red, input: Rename) -> Result<Subscription<u32, Untracked>, RenameError> {
    let error = match input.new_name.as_str() {
        "at once" => return Err(RenameError::TooOften { seconds: 1 }),
        "full" => RenameError::Storage(Disk),
        _ => RenameError::NameTaken { new_name: input.new_name },
    };
    Ok(Subscription::try_untracked(stream::iter([Ok(1), Ok(2), Err(error)])))
}

/// Sends one event and then none.
#[subscription]
pub(crate) async fn watch(state: State<AppState>, abort: Abort) -> Result<Subscription<u32>, Never> {
    let reporter = report(state.0, abort);
    let first = stream::iter([numbered(1)]);
    Ok(Subscription::tracked(first.chain(stream::pending()).map(move |event| {
        let _held = &reporter;
        event
    })))
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub(crate) enum Note {
    Added { text: String },
    Gap,
}

impl TopicPayload<AppState> for Note {
    type Scope = Red;
    const TOPIC: &'static str = "notes";

    fn gap() -> Self {
        Self::Gap
    }
}

impl TopicScope for Red {
    fn topic_scope(&self) -> String {
        "red".to_owned()
    }
}

#[mutation]
pub(crate) async fn add_note(notes: Topic<Note>, input: String) -> Result<(), InternalError> {
    notes.publish(&Note::Added { text: input }).await?;
    Ok(())
}

#[subscription]
pub(crate) async fn notes(notes: Topic<Note>) -> Result<Subscription<Note>, Never> {
    Ok(notes.subscribe())
}

pub(crate) fn router() -> Router<AppState> {
    router! {
        [ping, echo, length, maybe, check_secret, sent, sign_in],
        widgets: [rename, put, touch],
        faults: [break_down, refuse, panic, hang],
        events.numbers: [count, letters, countdown, some_numbered, fail_later, watch],
        notes: [add_note, notes],
    }
}
