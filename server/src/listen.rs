//! The accept loop: hyper with limits, because `axum::serve` waits for slow headers for ever.

use std::{convert::Infallible, net::SocketAddr, sync::Arc, time::Duration};

use axum::{
    body::Body,
    extract::{ConnectInfo, Request},
    response::Response,
};
use hyper::body::Incoming;
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::{conn::auto::Builder, graceful::GracefulShutdown},
};
use tokio::{net::TcpListener, sync::Semaphore, time::timeout};
use tokio_util::sync::CancellationToken;
use tower::{Service, ServiceExt};

use crate::connection::{self, ConnectionLimits, Version};

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
    A: Service<Request, Response = Response, Error = Infallible, Future: Send> + Clone + Send + 'static,
{
    let mut builder = Builder::new(TokioExecutor::new());
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADER_TIME)
        .max_buf_size(HEADER_BYTES)
        .max_headers(HEADERS);
    builder
        .http2()
        .timer(TokioTimer::new())
        .max_concurrent_streams(128)
        .max_header_list_size(u32::try_from(HEADER_BYTES).expect("16 KiB fit"))
        .keep_alive_interval(Duration::from_secs(20));
    // Shared, because every connection would keep its copy to its end.
    let builders = Arc::new((builder.clone().http1_only(), builder.http2_only()));
    let graceful = GracefulShutdown::new();
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
        let (builders, watcher) = (Arc::clone(&builders), graceful.watcher());
        let service = hyper_service(app.clone(), peer);
        let (limits, shutdown) = (limits.clone(), shutdown.clone());
        tokio::spawn(async move {
            let _place = place;
            let version = shutdown.run_until_cancelled(timeout(HEADER_TIME, connection::version(&socket))).await;
            let Some(Ok(Some(version))) = version else { return };
            let builder = match version {
                Version::Http1 => &builders.0,
                Version::Http2 => &builders.1,
            };
            let socket = TokioIo::new(connection::bounded(socket, &limits));
            // An upgraded connection, such as a WebSocket, is counted by whoever upgraded it.
            let connection = builder.serve_connection_with_upgrades(socket, service).into_owned();
            if let Err(error) = watcher.watch(connection).await {
                tracing::debug!(%error, "a connection ended early");
            }
        });
    }
    drop(listener);
    match tokio::time::timeout(drain_time, graceful.shutdown()).await {
        Ok(()) => Drain::Complete,
        Err(_) => Drain::CutOff,
    }
}

fn hyper_service<A>(
    app: A,
    peer: SocketAddr,
) -> impl hyper::service::Service<
    hyper::Request<Incoming>,
    Response = Response,
    Error = Infallible,
    Future = impl Future<Output = Result<Response, Infallible>> + Send,
> + Clone
where
    A: Service<Request, Response = Response, Error = Infallible, Future: Send> + Clone + Send + 'static,
{
    hyper::service::service_fn(move |request: hyper::Request<Incoming>| {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(ConnectInfo(peer));
        app.clone().oneshot(request)
    })
}
