//! WebSockets: the upgrade of a request, and one task per connection.

mod clock;
mod driver;
mod handle;
mod limits;

use std::{net::SocketAddr, sync::Arc};

use axum::extract::{FromRequestParts, WebSocketUpgrade};
use bytes::Bytes;
use http::{HeaderValue, Method, Response, StatusCode, header, request::Parts};
use tintype::protocol::Responder;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

use self::driver::Driver;
pub use self::{
    handle::WebSockets,
    limits::{KeepAlive, WebSocketLimits},
};
use crate::{Limits, http_body::RpcBody, spread};

/// Buffers of one connection, which an idle one keeps.
const BUFFER_BYTES: usize = 8 * 1024;

/// What is needed to accept WebSockets.
#[derive(Debug)]
pub(crate) struct Acceptor {
    limits: Arc<WebSocketLimits>,
    places: Arc<Semaphore>,
}

impl Acceptor {
    pub(crate) fn new(limits: WebSocketLimits) -> Self {
        let places = limits.connections.min(Semaphore::MAX_PERMITS);
        Self { limits: Arc::new(limits), places: Arc::new(Semaphore::new(places)) }
    }

    /// Answers a request for a WebSocket; what follows runs in a task that ends with the connection.
    pub(crate) async fn accept<S: Clone + Send + Sync + 'static>(
        &self,
        responder: Responder<S>,
        websockets: &WebSockets,
        mut head: Parts,
        peer: Option<SocketAddr>,
        Limits { stream_age, drain_time, .. }: &Limits,
        shutdown: CancellationToken,
    ) -> Response<RpcBody> {
        let upgrade = match WebSocketUpgrade::from_request_parts(&mut head, &()).await {
            Ok(upgrade) => upgrade,
            Err(rejection) => return refusal(rejection.status(), rejection.body_text()),
        };
        if shutdown.is_cancelled() {
            return refusal(StatusCode::SERVICE_UNAVAILABLE, "the server is going away".to_owned());
        }
        let Ok(place) = Arc::clone(&self.places).try_acquire_owned() else {
            return refusal(StatusCode::SERVICE_UNAVAILABLE, "the server has as many WebSockets as it may".to_owned());
        };
        let (limits, age) = (Arc::clone(&self.limits), *stream_age);
        let drain_time = spread::within(*drain_time);
        let signals = websockets.listen();
        let upgrade = upgrade
            .max_message_size(limits.message_bytes)
            .max_frame_size(limits.message_bytes)
            .read_buffer_size(BUFFER_BYTES)
            .write_buffer_size(BUFFER_BYTES);
        let response = upgrade.on_upgrade(async move |socket| {
            let connection = responder.connect(head, peer);
            Driver { socket, connection, limits, age, drain_time, _place: place, signals, shutdown }.run().await;
        });
        response.map(|_| RpcBody::full(Bytes::new()))
    }
}

/// Says whether a request asks for a WebSocket, be it in the right form or not.
pub(crate) fn is_asked_for(head: &Parts) -> bool {
    let upgrades = head.headers.get_all(header::UPGRADE).iter();
    let mut protocols = upgrades.filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(','));
    match head.method {
        Method::GET => protocols.any(|protocol| protocol.trim().eq_ignore_ascii_case("websocket")),
        // Over HTTP/2; nothing else comes by this method.
        Method::CONNECT => true,
        _ => false,
    }
}

fn refusal(status: StatusCode, text: String) -> Response<RpcBody> {
    let mut response = Response::new(RpcBody::full(text.into()));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    response
}
