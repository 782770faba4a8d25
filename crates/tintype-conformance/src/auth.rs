use tintype::{Context, ErrorCode, Failure, FromContext};

use crate::AppState;

/// Who calls, proved by nothing but their word.
#[derive(Debug)]
pub(crate) struct User(pub(crate) String);

impl FromContext<AppState> for User {
    async fn from_context(cx: &Context<AppState>) -> Result<Self, Failure> {
        let header = cx.headers().get("authorization").and_then(|value| value.to_str().ok());
        let token = || cx.connection_params()?.get("token");
        match header.and_then(|value| value.strip_prefix("Bearer ")).or_else(token) {
            Some(user) => Ok(Self(user.to_owned())),
            None => Err(Failure::new(ErrorCode::Unauthorized, "not authenticated")),
        }
    }
}

/// The failure of the context, if the request asks for one.
pub(crate) fn context_failure(cx: &Context<AppState>) -> Result<(), Failure> {
    let header = cx.headers().get("x-ctx-fail").and_then(|value| value.to_str().ok());
    let parameter = || cx.connection_params()?.get("fail");
    match header.or_else(parameter).and_then(ErrorCode::from_key) {
        Some(code) => Err(Failure::new(code, "context failed")),
        None => Ok(()),
    }
}
