//! Every way to fail.

use serde::Deserialize;
use serde_json::json;
use tintype::{ErrorCode, prelude::*};

use crate::{
    error::AppError,
    input::{Code, not_null},
};

#[derive(Debug, Deserialize, Type)]
pub(crate) struct Throw {
    code: Code,
    #[serde(default, deserialize_with = "not_null")]
    message: Option<String>,
}

impl From<Throw> for AppError {
    fn from(Throw { code: Code(code), message }: Throw) -> Self {
        match message {
            Some(message) => Self::new(code, message),
            None => Self::asked_for(code),
        }
    }
}

#[query]
pub(crate) async fn throw(input: Throw) -> Result<(), AppError> {
    Err(input.into())
}

#[mutation]
pub(crate) async fn throw_mutation(input: Throw) -> Result<(), AppError> {
    Err(input.into())
}

#[derive(Debug, Deserialize, Type)]
pub(crate) struct OnlyCode {
    code: Code,
}

#[query]
pub(crate) async fn no_message(input: OnlyCode) -> Result<(), AppError> {
    Err(AppError::new(input.code.0, input.code.0.key()))
}

// The framework hides the text of an unexpected error; the reference shows it, so here it is no secret.
#[query]
pub(crate) async fn internal() -> Result<(), AppError> {
    Err(AppError::new(ErrorCode::InternalServerError, "boom"))
}

#[mutation]
pub(crate) async fn app() -> Result<(), AppError> {
    let data = json!({ "appCode": "INSUFFICIENT_FUNDS", "balance": 30 });
    Err(AppError::new(ErrorCode::BadRequest, "insufficient funds").with_data(data))
}

#[query]
pub(crate) async fn teapot() -> Result<(), AppError> {
    Err(AppError::new(ErrorCode::BadRequest, "short and stout").with_data(json!({ "httpStatus": 418 })))
}
