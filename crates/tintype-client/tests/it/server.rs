//! An axum application with the contract in it, on a free port, and a front that looks at every request.

use std::{
    collections::VecDeque,
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use axum::{
    body::Body,
    extract::{Request, State},
    middleware::{Next, from_fn_with_state},
    response::Response,
};
use http::{HeaderMap, Method, StatusCode, Uri, Version};
use tintype_axum::{RpcService, RpcServiceBuilder};
use tintype_client::{Backoff, Client, ClientBuilder, Reconnect, Retry};
use tokio::{
    net::TcpListener,
    sync::mpsc::{self, UnboundedReceiver},
};

use crate::{AppState, contract};

/// What the front knows of a request.
#[derive(Debug, Clone)]
pub(crate) struct Seen {
    pub(crate) method: Method,
    pub(crate) uri: Uri,
    pub(crate) version: Version,
    pub(crate) headers: HeaderMap,
}

/// Looks at requests, and answers some itself as a proxy would.
#[derive(Clone, Default)]
pub(crate) struct Front {
    seen: Arc<Mutex<Vec<Seen>>>,
    answers: Arc<Mutex<VecDeque<(StatusCode, HeaderMap)>>>,
}

impl Front {
    /// Answers the next request that nothing else is prepared for.
    pub(crate) fn prepare(&self, status: u16, headers: &[(&'static str, &str)]) {
        let headers = headers.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect();
        self.answers.lock().unwrap().push_back((StatusCode::from_u16(status).unwrap(), headers));
    }

    /// Every request so far.
    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }

    fn look(&self, request: &Request) -> Option<(StatusCode, HeaderMap)> {
        let (method, uri) = (request.method().clone(), request.uri().clone());
        let (version, headers) = (request.version(), request.headers().clone());
        self.seen.lock().unwrap().push(Seen { method, uri, version, headers });
        self.answers.lock().unwrap().pop_front()
    }
}

async fn front(State(front): State<Front>, request: Request, next: Next) -> Response {
    let Some((status, headers)) = front.look(&request) else { return next.run(request).await };
    let mut response = Response::new(Body::from("<html>not now</html>"));
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    response
}

pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    pub(crate) front: Front,
    pub(crate) state: AppState,
    /// What the procedures report.
    pub(crate) reports: UnboundedReceiver<&'static str>,
}

impl Server {
    pub(crate) async fn start() -> Self {
        Self::start_with(|service| service).await
    }

    pub(crate) async fn start_with(
        configure: impl FnOnce(RpcServiceBuilder<AppState>) -> RpcServiceBuilder<AppState>,
    ) -> Self {
        let (sender, reports) = mpsc::unbounded_channel();
        let state = AppState::new(sender);
        let service = configure(RpcService::builder(contract::router(), state.clone())).build().unwrap();
        let seen = Front::default();
        let app = axum::Router::new().nest_service("/api/trpc", service);
        let app = app.layer(from_fn_with_state(seen.clone(), front));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
        Self { address, front: seen, state, reports }
    }

    pub(crate) fn client(&self) -> Client {
        client(self.address)
    }

    /// The next report of a procedure.
    pub(crate) async fn report(&mut self) -> &'static str {
        self.reports.recv().await.unwrap()
    }
}

/// A client of whatever answers at `address`.
pub(crate) fn client(address: SocketAddr) -> Client {
    builder(address).build().unwrap()
}

/// The same, not yet built; it waits as briefly as it can.
pub(crate) fn builder(address: SocketAddr) -> ClientBuilder {
    let backoff = Backoff { first: std::time::Duration::from_millis(1), longest: std::time::Duration::from_millis(4) };
    Client::builder(format!("http://{address}/api/trpc"))
        .contract(&contract::router())
        .retry(Retry { backoff, ..Retry::default() })
        .reconnect(Reconnect { backoff, ..Reconnect::default() })
}
