//! What other services tell this server, at addresses of their own.

use api_contract::{AppState, meetings};
use axum::{
    Router,
    body::{self, Body},
    extract::{Request, State},
    http::{StatusCode, header},
    routing::post,
};

use crate::livekit::{LiveKit, WebhookError};

/// The routes; a service that is not configured is told so.
pub(crate) fn routes(state: AppState, livekit: Option<LiveKit>, most_bytes: usize) -> Router {
    Router::new().route("/webhooks/livekit", post(told)).with_state(Told { state, livekit, most_bytes })
}

#[derive(Debug, Clone)]
struct Told {
    state: AppState,
    livekit: Option<LiveKit>,
    most_bytes: usize,
}

/// Whether LiveKit tells the same again depends on the status: it does after a fault of ours.
async fn told(State(told): State<Told>, request: Request) -> (StatusCode, String) {
    let Told { state, livekit, most_bytes } = told;
    let Some(livekit) = livekit else {
        return (StatusCode::NOT_FOUND, "calls are not set up here\n".to_owned());
    };
    let (head, body) = request.into_parts();
    let authorization = head.headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    if authorization.is_none() {
        return refused(&WebhookError::Unsigned);
    }
    let Ok(body) = body::to_bytes(Body::new(body), most_bytes).await else {
        return (StatusCode::PAYLOAD_TOO_LARGE, format!("an event has at most {most_bytes} bytes\n"));
    };
    let (room, event) = match livekit.told(authorization, &body) {
        Ok(Some(told)) => told,
        Ok(None) => return (StatusCode::OK, String::new()),
        Err(error) => return refused(&error),
    };
    match meetings::record(&state, room, &event).await {
        Ok(()) => (StatusCode::OK, String::new()),
        Err(error) => {
            let error = anyhow::Error::new(error);
            tracing::error!(error = format!("{error:#}"), "what LiveKit told could not be recorded");
            (StatusCode::INTERNAL_SERVER_ERROR, "it could not be recorded: tell it again\n".to_owned())
        }
    }
}

fn refused(error: &WebhookError) -> (StatusCode, String) {
    tracing::warn!(%error, "a webhook is refused");
    let status = match error {
        WebhookError::Unsigned | WebhookError::Forged(_) | WebhookError::OtherBody => StatusCode::UNAUTHORIZED,
        _ => StatusCode::BAD_REQUEST,
    };
    (status, format!("{error}\n"))
}
