//! Several calls in one request: run side by side, answered in order.

use futures_util::{Stream, StreamExt};
use http::StatusCode;

use super::shared::Envelope;
use crate::error::Failure;

/// Joins the envelopes of a batch into an array; its status is the one they share, or 207.
pub(super) async fn join(envelopes: impl Stream<Item = Envelope>) -> (Vec<u8>, StatusCode, Vec<Failure>) {
    let mut envelopes = std::pin::pin!(envelopes);
    let mut json = vec![b'['];
    let mut shared: Option<StatusCode> = None;
    let mut failures = Vec::new();
    while let Some(envelope) = envelopes.next().await {
        if shared.is_some() {
            json.push(b',');
        }
        json.extend_from_slice(&envelope.json);
        shared = match shared {
            Some(status) if status != envelope.status => Some(StatusCode::MULTI_STATUS),
            _ => Some(envelope.status),
        };
        failures.extend(envelope.failure);
    }
    json.push(b']');
    (json, shared.unwrap_or(StatusCode::OK), failures)
}
