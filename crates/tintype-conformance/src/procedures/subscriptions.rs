//! Streams of events.

use futures_util::{Stream, StreamExt, stream};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tintype::{ConnectionParams, ErrorCode, Event, EventId, Mixed, Untracked, prelude::*};

use super::{basics::Echo, requests::Whoami};
use crate::{
    AppState,
    auth::User,
    error::AppError,
    input::{Code, Delay, Int, not_null},
};

#[derive(Debug, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Range {
    pub(crate) from: Int,
    pub(crate) to: Int,
    #[serde(default)]
    pub(crate) delay_ms: Delay,
}

impl Range {
    pub(crate) fn numbers(self) -> impl Stream<Item = f64> + Send + 'static {
        delayed(self.from.get(), self.to.get(), self.delay_ms)
    }
}

#[allow(clippy::cast_precision_loss)]
fn delayed(from: i64, to: i64, delay: Delay) -> impl Stream<Item = f64> + Send + 'static {
    stream::iter(from..=to).then(move |number| async move {
        delay.pass().await;
        number as f64
    })
}

#[subscription]
pub(crate) async fn count(input: Range) -> Result<Subscription<f64, Untracked>, Never> {
    Ok(Subscription::untracked(input.numbers()))
}

#[subscription]
pub(crate) async fn no_input() -> Result<Subscription<String, Untracked>, Never> {
    Ok(Subscription::untracked(stream::iter(["a".to_owned(), "b".to_owned()])))
}

#[subscription]
pub(crate) async fn empty() -> Result<Subscription<bool, Untracked>, Never> {
    Ok(Subscription::untracked(stream::empty()))
}

#[subscription]
pub(crate) async fn values() -> Result<Subscription<Value, Untracked>, Never> {
    Ok(Subscription::untracked(stream::iter([
        Value::Null,
        json!(0),
        json!(""),
        json!("line1\nline2\r\nline3"),
        json!("日本語 🦀 \u{2028}"),
        json!([]),
        json!({}),
        json!({ "a": { "b": [1, null, "x"] } }),
    ])))
}

#[derive(Debug, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TrackedRange {
    to: Int,
    #[serde(default)]
    delay_ms: Delay,
    #[serde(default, deserialize_with = "not_null")]
    last_event_id: Option<String>,
}

#[derive(Debug, Serialize, Type)]
pub(crate) struct Numbered {
    n: f64,
}

/// The number after the one that the client has; an id that is no number counts as none.
fn after(last_event_id: Option<&str>) -> i64 {
    last_event_id.and_then(|id| id.parse::<i64>().ok()).unwrap_or(0).saturating_add(1)
}

fn event_id(text: &str) -> Result<EventId, AppError> {
    EventId::new(text).map_err(|error| AppError::new(ErrorCode::InternalServerError, error.to_string()))
}

#[subscription]
pub(crate) async fn tracked(input: TrackedRange) -> Result<Subscription<Numbered>, AppError> {
    let numbers = delayed(after(input.last_event_id.as_deref()), input.to.get(), input.delay_ms);
    Ok(Subscription::try_tracked(
        numbers.map(|n| Ok::<_, AppError>(Event { id: event_id(&n.to_string())?, data: Numbered { n } })),
    ))
}

#[derive(Debug, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Resume {
    #[serde(default, deserialize_with = "not_null")]
    last_event_id: Option<String>,
}

#[derive(Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Resumed {
    resumed_from: Option<String>,
}

#[subscription]
pub(crate) async fn tracked_optional(input: Option<Option<Resume>>) -> Result<Subscription<Resumed>, AppError> {
    let resumed_from = input.flatten().and_then(|input| input.last_event_id);
    let event = Event { id: event_id("e-next")?, data: Resumed { resumed_from } };
    Ok(Subscription::tracked(stream::iter([event])))
}

#[subscription]
pub(crate) async fn raw_input(input: Option<Value>) -> Result<Subscription<Echo, Untracked>, Never> {
    Ok(Subscription::untracked(stream::iter([Echo::from(input)])))
}

#[subscription]
pub(crate) async fn mixed() -> Result<Subscription<Value, Mixed>, AppError> {
    Ok(Subscription::mixed(stream::iter([
        (None, json!({ "plain": 1 })),
        (Some(event_id("id-1")?), json!({ "tracked": 1 })),
        (None, json!({ "plain": 2 })),
        (Some(event_id("id-2")?), json!({ "tracked": 2 })),
    ])))
}

#[derive(Debug, Deserialize, Type)]
pub(crate) struct ThrowAfter {
    pub(crate) after: Int,
    pub(crate) code: Code,
}

impl ThrowAfter {
    pub(crate) fn numbers(self) -> impl Stream<Item = Result<f64, AppError>> + Send + 'static {
        let error = AppError::asked_for(self.code.0);
        delayed(1, self.after.get(), Delay::default()).map(Ok).chain(stream::iter([Err(error)]))
    }
}

#[subscription]
pub(crate) async fn throws(input: ThrowAfter) -> Result<Subscription<f64, Untracked>, AppError> {
    Ok(Subscription::try_untracked(input.numbers()))
}

#[subscription]
pub(crate) async fn throws_plain() -> Result<Subscription<f64, Untracked>, AppError> {
    let error = AppError::new(ErrorCode::InternalServerError, "kaboom");
    Ok(Subscription::try_untracked(stream::iter([Ok(1.0), Err(error)])))
}

#[derive(Debug, Deserialize, Type)]
pub(crate) struct OnlyCode {
    code: Code,
}

#[subscription]
pub(crate) async fn setup_throws(input: OnlyCode) -> Result<Subscription<bool, Untracked>, AppError> {
    Err(AppError::asked_for(input.code.0))
}

#[derive(Debug, Deserialize, Type)]
pub(crate) struct Silence {
    ms: Delay,
}

#[subscription]
pub(crate) async fn silent(input: Silence) -> Result<Subscription<String, Untracked>, Never> {
    Ok(Subscription::untracked(stream::once(async move {
        input.ms.pass().await;
        "done".to_owned()
    })))
}

#[derive(Debug, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Endless {
    key: String,
    delay_ms: Delay,
}

#[subscription]
pub(crate) async fn infinite(state: State<AppState>, input: Endless) -> Result<Subscription<u32, Untracked>, Never> {
    let running = state.0.run(input.key);
    Ok(Subscription::untracked(stream::unfold((0_u32, running), move |(number, running)| async move {
        // The delay comes after each value, so before every one but the first.
        if number > 0 {
            input.delay_ms.pass().await;
        }
        Some((number, (number.wrapping_add(1), running)))
    })))
}

#[derive(Debug, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Flaky {
    key: String,
    fail_after: Int,
    to: Int,
    code: Code,
    #[serde(default, deserialize_with = "not_null")]
    last_event_id: Option<String>,
}

#[derive(Debug, Serialize, Type)]
pub(crate) struct Delivered {
    n: f64,
    connection: u32,
}

#[subscription]
pub(crate) async fn flaky(state: State<AppState>, input: Flaky) -> Result<Subscription<Delivered>, AppError> {
    let connection = state.0.connect(input.key);
    let to = if connection == 1 { input.to.get().min(input.fail_after.get()) } else { input.to.get() };
    let numbers = delayed(after(input.last_event_id.as_deref()), to, Delay::default())
        .map(move |n| Ok(Event { id: event_id(&n.to_string())?, data: Delivered { n, connection } }));
    let fails = connection == 1 && input.fail_after.get() <= input.to.get();
    let failure = fails.then(|| Err(AppError::asked_for(input.code.0)));
    Ok(Subscription::try_tracked(numbers.chain(stream::iter(failure))))
}

#[subscription]
pub(crate) async fn whoami(user: User) -> Result<Subscription<Whoami, Untracked>, Never> {
    Ok(Subscription::untracked(stream::iter([Whoami { user: user.0 }])))
}

#[subscription]
pub(crate) async fn connection_params(
    params: Option<ConnectionParams>,
) -> Result<Subscription<Value, Untracked>, Never> {
    Ok(Subscription::untracked(stream::iter([json!(params)])))
}
