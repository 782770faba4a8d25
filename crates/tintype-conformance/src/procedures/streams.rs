//! Answers that come in parts.

use std::time::Duration;

use futures_util::stream;
use serde::{Deserialize, Serialize};
use tintype::{Deferred, ErrorCode, Streamed, prelude::*};

use super::subscriptions::{Range, ThrowAfter};
use crate::{AppState, error::AppError, input::Delay};

#[query]
pub(crate) async fn count(input: Range) -> Result<Streamed<f64>, Never> {
    Ok(Streamed::new(input.numbers()))
}

#[query]
pub(crate) async fn with_return() -> Result<Streamed<String, String>, Never> {
    let values = stream::iter(["first".to_owned(), "second".to_owned()]);
    Ok(Streamed::with_return(values, async { "returned".to_owned() }))
}

#[query]
pub(crate) async fn empty() -> Result<Streamed<bool>, Never> {
    Ok(Streamed::new(stream::empty()))
}

#[query]
pub(crate) async fn throws(input: ThrowAfter) -> Result<Streamed<f64>, Never> {
    Ok(Streamed::try_new(input.numbers()))
}

#[derive(Debug, Serialize, Type)]
pub(crate) struct Tagged {
    id: u32,
    tags: Vec<String>,
}

#[query]
pub(crate) async fn objects() -> Result<Streamed<Option<Tagged>>, Never> {
    let first = Tagged { id: 1, tags: vec!["x".to_owned()] };
    Ok(Streamed::new(stream::iter([Some(first), Some(Tagged { id: 2, tags: Vec::new() }), None])))
}

#[derive(Debug, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Counted {
    key: String,
    delay_ms: Delay,
}

#[query]
pub(crate) async fn tracked(state: State<AppState>, input: Counted) -> Result<Streamed<u32>, Never> {
    const LAST: u32 = 999;
    let running = state.0.run(input.key);
    Ok(Streamed::new(stream::unfold((0, running), move |(number, running)| async move {
        // The delay comes after each value, so before every one but the first, and before the end.
        if number > 0 {
            input.delay_ms.pass().await;
        }
        if number > LAST {
            running.complete();
            return None;
        }
        Some((number, (number + 1, running)))
    })))
}

#[derive(Debug, Serialize, Type)]
pub(crate) struct Now {
    now: u32,
    later: Deferred<Later>,
}

#[derive(Debug, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Later {
    two: u32,
    even_later: Deferred<String>,
}

#[query]
pub(crate) async fn deferred() -> Result<Now, Never> {
    let later = async {
        tokio::time::sleep(Duration::from_millis(60)).await;
        let even_later = async {
            tokio::time::sleep(Duration::from_millis(120)).await;
            "three".to_owned()
        };
        Later { two: 2, even_later: Deferred::new(even_later) }
    };
    Ok(Now { now: 1, later: Deferred::new(later) })
}

#[derive(Debug, Serialize, Type)]
pub(crate) struct Doomed {
    ok: u32,
    bad: Deferred<bool>,
}

#[query]
pub(crate) async fn deferred_reject() -> Result<Doomed, Never> {
    let bad = async {
        tokio::time::sleep(Duration::from_millis(60)).await;
        Err(AppError::new(ErrorCode::Conflict, "deferred failure"))
    };
    Ok(Doomed { ok: 1, bad: Deferred::try_new(bad) })
}

#[derive(Debug, Serialize, Type)]
pub(crate) struct Listing {
    total: u32,
    items: Streamed<String>,
}

#[query]
pub(crate) async fn iterable_in_object() -> Result<Listing, Never> {
    let items = ["a", "b", "c"].map(str::to_owned);
    Ok(Listing { total: 3, items: Streamed::new(stream::iter(items)) })
}
