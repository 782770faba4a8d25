//! What a procedure learns of its request: headers, the caller, the summary.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tintype::{ConnectionParams, Headers, ProcedureKind, RequestInfo, prelude::*};

use crate::{AppState, auth::User};

#[derive(Debug, Deserialize, Type)]
pub(crate) struct HeaderName {
    name: String,
}

#[query]
pub(crate) async fn header(headers: Headers, input: HeaderName) -> Result<Value, Never> {
    let values = headers.0.get_all(&input.name).iter().map(|value| String::from_utf8_lossy(value.as_bytes()));
    let value = values.reduce(|joined, value| format!("{joined}, {value}").into());
    Ok(json!({ "value": value }))
}

#[query]
pub(crate) async fn connection_params(params: Option<ConnectionParams>) -> Result<Value, Never> {
    Ok(json!(params))
}

/// What the request asks for, as an extractor of this application.
pub(crate) struct Info(RequestInfo);

impl FromContext<AppState> for Info {
    async fn from_context(cx: &Context<AppState>) -> Result<Self, Failure> {
        Ok(Self(cx.request_info().clone()))
    }
}

impl Info {
    fn summary(self) -> Value {
        let RequestInfo { kind, is_batch, accepts_json_lines, paths, .. } = self.0;
        json!({
            "type": kind.map_or("unknown", ProcedureKind::as_str),
            "isBatchCall": is_batch,
            "accept": accepts_json_lines.then_some("application/jsonl"),
            "paths": paths,
        })
    }
}

#[query]
pub(crate) async fn info(info: Info) -> Result<Value, Never> {
    Ok(info.summary())
}

#[mutation]
pub(crate) async fn info_mutation(info: Info) -> Result<Value, Never> {
    Ok(info.summary())
}

#[derive(Debug, Serialize, Type)]
pub(crate) struct Whoami {
    pub(crate) user: String,
}

#[query]
pub(crate) async fn whoami(user: User) -> Result<Whoami, Never> {
    Ok(Whoami { user: user.0 })
}

#[derive(Debug, Deserialize, Type, garde::Validate)]
pub(crate) struct NewName {
    #[garde(length(min = 1))]
    name: String,
}

#[mutation]
pub(crate) async fn rename(user: User, input: NewName) -> Result<Value, Never> {
    Ok(json!({ "from": user.0, "to": input.name }))
}

#[query]
pub(crate) async fn cached() -> Result<String, Never> {
    Ok("cached".to_owned())
}

#[derive(Debug, Serialize, Type)]
pub(crate) struct Created {
    id: String,
}

#[mutation]
pub(crate) async fn create() -> Result<Created, Never> {
    Ok(Created { id: "new-1".to_owned() })
}
