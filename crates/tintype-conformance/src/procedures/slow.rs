//! Calls that take their time, and what becomes of them.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use tintype::prelude::*;

use crate::{
    AppState,
    error::AppError,
    input::{Code, Delay},
    state::Gauge,
};

#[derive(Debug, Deserialize, Type)]
pub(crate) struct Wait {
    ms: Delay,
    value: Option<Value>,
}

#[derive(Debug, Serialize, Type)]
pub(crate) struct Waited {
    value: Option<Value>,
}

#[query]
pub(crate) async fn wait(input: Wait) -> Result<Waited, Never> {
    input.ms.pass().await;
    Ok(Waited { value: input.value })
}

#[mutation]
pub(crate) async fn wait_mutation(input: Wait) -> Result<Waited, Never> {
    input.ms.pass().await;
    Ok(Waited { value: input.value })
}

#[derive(Debug, Deserialize, Type)]
pub(crate) struct Fail {
    ms: Delay,
    code: Code,
}

#[query]
pub(crate) async fn fail(input: Fail) -> Result<(), AppError> {
    input.ms.pass().await;
    Err(AppError::asked_for(input.code.0))
}

#[derive(Debug, Deserialize, Type)]
pub(crate) struct Counted {
    key: String,
    ms: Delay,
}

#[query]
pub(crate) async fn abortable(state: State<AppState>, input: Counted) -> Result<String, Never> {
    let running = state.0.run(input.key);
    input.ms.pass().await;
    running.complete();
    Ok("done".to_owned())
}

#[derive(Debug, Deserialize, Type)]
pub(crate) struct Key {
    key: String,
}

#[query]
pub(crate) async fn stats(state: State<AppState>, input: Key) -> Result<Gauge, Never> {
    Ok(state.0.gauge(&input.key))
}
