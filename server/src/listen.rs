//! The accept loop: hyper with limits, because `axum::serve` waits for slow headers for ever.

use std::{convert::Infallible, sync::Arc, time::Duration};

use axum::{
    body::Body,
    extract::{ConnectInfo, Request},
    response::Response,
};
use hyper::{
    body::Incoming,
    server::conn::{http1, http2},
};
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    service::TowerToHyperService,
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::Semaphore,
    time::timeout,
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tower::{Service, ServiceExt};

use crate::{
    connection::{self, ConnectionLimits, Version},
    event_stream::EventStream,
    http_connection,
};

/// How the loop ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Drain {
    /// Every call was answered.
    Complete,
    /// Time ran out, and the rest was cut off.
    CutOff,
}

/// How long a client may take to send the head of a request.
const HEADER_TIME: Duration = Duration::from_secs(10);

/// Largest head of a request.
const HEADER_BYTES: usize = 16 * 1024;

/// Most headers of a request.
const HEADERS: usize = 64;

/// Answers connections until `shutdown` fires, then lets running calls finish for `drain_time`.
pub async fn serve<A>(
    listener: TcpListener,
    app: A,
    limits: ConnectionLimits,
    shutdown: CancellationToken,
    drain_time: Duration,
) -> Drain
where
    A: Service<Request, Response = Response, Error = Infallible, Future: Send> + Clone + Send + Unpin + 'static,
{
    // Shared, because every connection would keep its copy to its end.
    let protocols = Arc::new(Protocols::new());
    let connections = TaskTracker::new();
    let places = Arc::new(Semaphore::new(limits.connections.max(1)));
    loop {
        // A place first: what cannot be served waits in the kernel's queue.
        let accept = async {
            let place = Arc::clone(&places).acquire_owned().await.expect("the semaphore is never closed");
            (place, listener.accept().await)
        };
        let Some((place, accepted)) = shutdown.run_until_cancelled(accept).await else { break };
        let (socket, peer) = match accepted {
            Ok(connection) => connection,
            Err(error) => {
                // Out of file descriptors, most likely: without a pause this would be a busy loop.
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(Duration::from_millis(100)).await;
                continue;
            }
        };
        let app = app.clone().map_request(move |request: hyper::Request<Incoming>| {
            let mut request = request.map(Body::new);
            request.extensions_mut().insert(ConnectInfo(peer));
            request
        });
        let (protocols, limits, shutdown) = (Arc::clone(&protocols), limits.clone(), shutdown.clone());
        let tracker = connections.clone();
        connections.spawn(async move {
            match protocols.serve(socket, app, &limits, &shutdown).await {
                Ok(None) => drop(place),
                // A task of its own, because the memory of this one is made for much more.
                Ok(Some(stream)) => drop(tracker.spawn(async move {
                    if let Err(error) = stream.write().await {
                        tracing::debug!(%error, "an event stream ended early");
                    }
                    drop(place);
                })),
                Err(error) => tracing::debug!(%error, "a connection ended early"),
            }
        });
    }
    drop(listener);
    connections.close();
    match timeout(drain_time, connections.wait()).await {
        Ok(()) => Drain::Complete,
        Err(_) => Drain::CutOff,
    }
}

/// How connections are served.
struct Protocols {
    http1: http1::Builder,
    http2: http2::Builder<TokioExecutor>,
}

impl Protocols {
    fn new() -> Self {
        let mut http1 = http1::Builder::new();
        http1.timer(TokioTimer::new()).header_read_timeout(HEADER_TIME).max_buf_size(HEADER_BYTES).max_headers(HEADERS);
        let mut http2 = http2::Builder::new(TokioExecutor::new());
        http2
            .timer(TokioTimer::new())
            .max_concurrent_streams(128)
            .max_header_list_size(u32::try_from(HEADER_BYTES).expect("16 KiB fit"))
            .keep_alive_interval(Duration::from_secs(20));
        Self { http1, http2 }
    }

    /// Serves a connection to its end, or until it is one event stream.
    async fn serve<A>(
        &self,
        socket: TcpStream,
        app: A,
        limits: &ConnectionLimits,
        shutdown: &CancellationToken,
    ) -> hyper::Result<Option<EventStream>>
    where
        A: Service<hyper::Request<Incoming>, Response = Response, Error = Infallible, Future: Send>
            + Clone
            + Send
            + Unpin
            + 'static,
    {
        let version = shutdown.run_until_cancelled(timeout(HEADER_TIME, connection::version(&socket))).await;
        let Some(Ok(Some(version))) = version else { return Ok(None) };
        let socket = connection::bounded(socket, limits);
        match version {
            Version::Http1 => http_connection::serve(socket, app, &self.http1, shutdown).await,
            Version::Http2 => {
                let connection = self.http2.serve_connection(TokioIo::new(socket), TowerToHyperService::new(app));
                connection::drained(connection, shutdown, |connection| connection.graceful_shutdown())
                    .await
                    .map(|()| None)
            }
        }
    }
}
