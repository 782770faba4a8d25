//! Several calls in one request: run side by side, answered in order.

use futures_util::{Stream, StreamExt};
use http::StatusCode;

use super::response::Envelope;

/// Joins the envelopes of a batch into an array; its status is the one they share, or 207.
pub(super) async fn join(envelopes: impl Stream<Item = Envelope>) -> Envelope {
    let mut envelopes = std::pin::pin!(envelopes);
    let mut joined: Option<Envelope> = None;
    while let Some(envelope) = envelopes.next().await {
        match &mut joined {
            None => {
                let mut json = Vec::with_capacity(envelope.json.len() + 2);
                json.push(b'[');
                json.extend_from_slice(&envelope.json);
                joined = Some(Envelope { json, status: envelope.status, allow: None });
            }
            Some(joined) => {
                joined.json.push(b',');
                joined.json.extend_from_slice(&envelope.json);
                if joined.status != envelope.status {
                    joined.status = StatusCode::MULTI_STATUS;
                }
            }
        }
    }
    let mut joined = joined.unwrap_or(Envelope { json: vec![b'['], status: StatusCode::OK, allow: None });
    joined.json.push(b']');
    joined
}
