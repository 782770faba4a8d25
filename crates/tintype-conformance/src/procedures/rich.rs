//! Types that JavaScript has and JSON has not; clients with superjson receive them as they are.
//!
//! These are ours: the reference's router has none.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use futures_util::stream;
use serde::{Deserialize, Serialize};
use tintype::{Deferred, Streamed, Untracked, prelude::*};

/// One of each.
#[derive(Debug, Clone, Serialize, Deserialize, Type)]
pub(crate) struct Rich {
    date: DateTime<Utc>,
    big: u64,
    bytes: Vec<u8>,
    map: BTreeMap<String, u64>,
    set: BTreeSet<String>,
}

/// The same values, one of them later.
#[derive(Debug, Serialize, Type)]
pub(crate) struct RichLater {
    now: DateTime<Utc>,
    later: Deferred<Rich>,
}

/// What was sent.
#[query]
pub(crate) async fn echo(input: Rich) -> Result<Rich, Never> {
    Ok(input)
}

/// What was sent, in a mutation.
#[mutation]
pub(crate) async fn echo_mutation(input: Rich) -> Result<Rich, Never> {
    Ok(input)
}

/// The date at once and the rest later.
#[query]
pub(crate) async fn later(input: Rich) -> Result<RichLater, Never> {
    Ok(RichLater { now: input.date, later: Deferred::new(async { input }) })
}

/// What was sent, twice.
#[query]
pub(crate) async fn twice(input: Rich) -> Result<Streamed<Rich>, Never> {
    Ok(Streamed::new(stream::iter([input.clone(), input])))
}

/// What was sent, as events.
#[subscription]
pub(crate) async fn events(input: Rich) -> Result<Subscription<Rich, Untracked>, Never> {
    Ok(Subscription::untracked(stream::iter([input.clone(), input])))
}
