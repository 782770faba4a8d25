//! Calls without surprises.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use tintype::{ErrorCode, prelude::*};

use crate::error::AppError;

#[query]
pub(crate) async fn ping() -> Result<String, Never> {
    Ok("pong".to_owned())
}

/// What came, and whether anything came.
#[derive(Debug, Serialize, Type)]
#[serde(untagged)]
pub(crate) enum Echo {
    Present { present: bool, input: Value },
    // Not a field that is undefined: an object without it, which clients with superjson can tell apart.
    Absent { present: bool },
}

impl From<Option<Value>> for Echo {
    fn from(input: Option<Value>) -> Self {
        match input {
            Some(input) => Self::Present { present: true, input },
            None => Self::Absent { present: false },
        }
    }
}

#[query]
pub(crate) async fn echo(input: Option<Value>) -> Result<Echo, Never> {
    Ok(input.into())
}

#[mutation]
pub(crate) async fn echo_mutation(input: Option<Value>) -> Result<Echo, Never> {
    Ok(input.into())
}

#[mutation]
pub(crate) async fn fire() -> Result<(), Never> {
    Ok(())
}

#[query]
pub(crate) async fn top() -> Result<String, Never> {
    Ok("a.top".to_owned())
}

#[query]
pub(crate) async fn mid() -> Result<String, Never> {
    Ok("a.b.mid".to_owned())
}

#[query]
pub(crate) async fn leaf() -> Result<String, Never> {
    Ok("a.b.c.leaf".to_owned())
}

#[derive(Debug, Deserialize, Type)]
pub(crate) struct Text {
    text: String,
}

#[query(name = "echo")]
pub(crate) async fn echo_text(input: Text) -> Result<String, Never> {
    Ok(input.text)
}

#[derive(Debug, Serialize, Type)]
pub(crate) struct Saved {
    saved: String,
}

#[mutation]
pub(crate) async fn set(input: Text) -> Result<Saved, Never> {
    Ok(Saved { saved: input.text })
}

#[derive(Debug, Deserialize, Type)]
pub(crate) struct Operands {
    a: f64,
    b: f64,
}

#[derive(Debug, Serialize, Type)]
pub(crate) struct Sum {
    sum: f64,
}

#[query]
pub(crate) async fn add(input: Operands) -> Result<Sum, Never> {
    Ok(Sum { sum: input.a + input.b })
}

#[derive(Debug, Serialize, Type)]
pub(crate) struct Quotient {
    quotient: f64,
}

#[query]
pub(crate) async fn div(input: Operands) -> Result<Quotient, AppError> {
    if input.b == 0.0 {
        return Err(AppError::new(ErrorCode::BadRequest, "division by zero"));
    }
    Ok(Quotient { quotient: input.a / input.b })
}
