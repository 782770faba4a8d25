//! A small application that uses everything once.

use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

use serde::{Deserialize, Serialize};
use tintype::{ErrorCode, FromState, TopicPayload, TopicScope, Topics, Untracked, prelude::*};

#[derive(Clone)]
pub(crate) struct AppState {
    pub(crate) look_ups: Arc<AtomicU32>,
    pub(crate) topics: Topics,
}

impl AppState {
    pub(crate) fn new() -> Self {
        Self { look_ups: Arc::default(), topics: Topics::in_process() }
    }
}

impl FromState<AppState> for Topics {
    fn from_state(state: &AppState) -> Self {
        state.topics.clone()
    }
}

/// Somebody with the header `authorization: Bearer <team>`.
#[derive(Debug, Clone)]
pub(crate) struct Team(String);

impl FromContext<AppState> for Team {
    async fn from_context(cx: &Context<AppState>) -> Result<Self, Failure> {
        cx.shared(async || {
            cx.state().look_ups.fetch_add(1, Ordering::Relaxed);
            let header = cx.headers().get("authorization").and_then(|value| value.to_str().ok());
            match header.and_then(|value| value.strip_prefix("Bearer ")) {
                Some(team) => Ok(Self(team.to_owned())),
                None => Err(Failure::new(ErrorCode::Unauthorized, "send a bearer token")),
            }
        })
        .await
    }
}

impl TopicScope for Team {
    fn topic_scope(&self) -> String {
        self.0.clone()
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub(crate) enum NoteEvent {
    Added { text: String },
    Gap,
}

impl TopicPayload<AppState> for NoteEvent {
    type Scope = Team;
    const TOPIC: &'static str = "notes";

    fn gap() -> Self {
        Self::Gap
    }
}

#[derive(Debug, thiserror::Error, Serialize, Type, ProcedureError)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub(crate) enum NoteError {
    #[error("no note {id}")]
    #[code(NOT_FOUND)]
    NotFound { id: u32 },
    #[error("the notes are away")]
    #[internal]
    #[serde(skip)]
    Storage(#[from] std::io::Error),
}

#[derive(Debug, Deserialize, Type)]
pub(crate) struct Read {
    pub(crate) id: u32,
}

#[derive(Debug, Deserialize, Type, garde::Validate)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Add {
    #[garde(length(chars, min = 1, max = 10))]
    pub(crate) note_text: String,
}

/// Anybody may ask.
#[query]
pub(crate) async fn ping() -> Result<String, Never> {
    Ok("pong".to_owned())
}

#[query]
pub(crate) async fn read(_team: Team, input: Read) -> Result<String, NoteError> {
    match input.id {
        1 => Ok("one".to_owned()),
        666 => Err(std::io::Error::other("disk password is hunter2").into()),
        667 => panic!("the procedure has a bug"),
        id => Err(NoteError::NotFound { id }),
    }
}

#[query]
pub(crate) async fn maybe(input: Option<Read>) -> Result<Option<u32>, Never> {
    Ok(input.map(|input| input.id))
}

#[mutation(no_batch, invalidates(read))]
pub(crate) async fn add(_team: Team, notes: Topic<NoteEvent>, input: Add) -> Result<(), InternalError> {
    notes.publish(&NoteEvent::Added { text: input.note_text }).await?;
    Ok(())
}

#[mutation]
pub(crate) async fn remember(cookies: Cookies) -> Result<Option<String>, Never> {
    cookies.set(tintype::cookie::Cookie::build(("seen", "yes")).path("/").http_only(true).build());
    Ok(cookies.get("seen"))
}

#[query(sensitive)]
pub(crate) async fn secret(input: String) -> Result<usize, Never> {
    Ok(input.len())
}

#[subscription]
pub(crate) async fn added(notes: Topic<NoteEvent>) -> Result<Subscription<NoteEvent>, Never> {
    Ok(notes.subscribe())
}

#[subscription]
pub(crate) async fn countdown(input: u32) -> Result<Subscription<u32, Untracked>, Never> {
    Ok(Subscription::untracked(futures_util::stream::iter((1..=input).rev())))
}

pub(crate) fn router() -> Router<AppState> {
    router! {
        [ping, maybe],
        notes: [read, add, added],
        a.b: [remember, secret, countdown],
    }
}
