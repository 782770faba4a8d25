//! State that outlives a request.

use serde::Deserialize;
use tintype::prelude::*;

use crate::{AppState, input::Int};

#[derive(Debug, Deserialize, Type)]
pub(crate) struct Key {
    key: String,
}

#[query]
pub(crate) async fn get(state: State<AppState>, input: Key) -> Result<f64, Never> {
    Ok(double(state.0.counter(&input.key)))
}

#[derive(Debug, Deserialize, Type)]
pub(crate) struct Increment {
    key: String,
    #[serde(default = "one")]
    by: Int,
}

fn one() -> Int {
    Int::ONE
}

#[mutation]
pub(crate) async fn increment(state: State<AppState>, input: Increment) -> Result<f64, Never> {
    Ok(double(state.0.add(input.key, input.by.get())))
}

#[mutation]
pub(crate) async fn reset(state: State<AppState>, input: Key) -> Result<f64, Never> {
    state.0.forget(&input.key);
    Ok(0.0)
}

/// Clients read every number as a double anyway.
#[allow(clippy::cast_precision_loss)]
fn double(counter: i64) -> f64 {
    counter as f64
}
