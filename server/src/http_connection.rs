//! A connection of HTTP/1: hyper's, until one of its answers is an event stream.

use std::{
    convert::Infallible,
    future::{self, Future, poll_fn},
    pin::{Pin, pin},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::Poll,
};

use axum::{
    http::{HeaderValue, Method, Version, header},
    response::Response,
};
use futures_util::{FutureExt, future::BoxFuture};
use hyper::{
    body::{Body as _, Incoming},
    server::conn::http1::Builder,
    service::service_fn,
};
use hyper_util::rt::TokioIo;
use tokio::io::AsyncWriteExt;
use tokio_util::sync::CancellationToken;
use tower::{Service, ServiceExt};

use crate::{
    connection::{BoundedSocket, drained},
    event_stream::EventStream,
};

/// Answers the requests of a connection until it ends, or until one of them asks for an event stream, which then has
/// the socket for itself.
///
/// `shutdown` lets the call that runs finish.
pub(crate) async fn serve<A>(
    socket: BoundedSocket,
    app: A,
    builder: &Builder,
    shutdown: &CancellationToken,
) -> hyper::Result<Option<EventStream>>
where
    A: Service<hyper::Request<Incoming>, Response = Response, Error = Infallible, Future: Send>
        + Clone
        + Send
        + Unpin
        + 'static,
{
    let exchange = Arc::new(Exchange::default());
    let socket = TokioIo::new(socket);
    let service = {
        let exchange = Arc::clone(&exchange);
        service_fn(move |request| answer(app.clone(), request, Arc::clone(&exchange)))
    };
    let mut connection = builder.serve_connection(socket, service);
    let mut stopping = pin!(shutdown.cancelled().fuse());
    let next = poll_fn(|cx| {
        if stopping.as_mut().poll(cx).is_ready() {
            Pin::new(&mut connection).graceful_shutdown();
        }
        match connection.poll_without_shutdown(cx) {
            Poll::Ready(ended) => Poll::Ready(ended.map(|()| Next::End)),
            Poll::Pending => exchange.next().map(Ok),
        }
    });
    match next.await? {
        Next::End => {
            let mut socket = connection.into_parts().io.into_inner();
            if let Err(error) = socket.shutdown().await {
                tracing::debug!(%error, "a connection could not be closed in order");
            }
            Ok(None)
        }
        Next::Upgrades => {
            let connection = connection.with_upgrades();
            drained(connection, shutdown, |connection| connection.graceful_shutdown()).await.map(|()| None)
        }
        Next::Stream(response) => {
            let socket = connection.into_parts().io.into_inner();
            Ok(Some(EventStream { socket, response }))
        }
    }
}

/// One answer, for hyper to write; an event stream is left at `exchange` instead, and hyper waits for ever.
fn answer<A>(
    app: A,
    request: hyper::Request<Incoming>,
    exchange: Arc<Exchange>,
) -> BoxFuture<'static, Result<Response, Infallible>>
where
    A: Service<hyper::Request<Incoming>, Response = Response, Error = Infallible, Future: Send> + Send + 'static,
{
    let may_stream =
        request.method() == Method::GET && request.version() == Version::HTTP_11 && request.body().is_end_stream();
    let may_upgrade = request.headers().contains_key(header::UPGRADE);
    async move {
        if may_upgrade {
            exchange.upgradable().await;
        }
        let response = app.oneshot(request).await?;
        if may_stream && !may_upgrade && is_event_stream(&response) {
            exchange.leave(response);
            return future::pending().await;
        }
        Ok(response)
    }
    .boxed()
}

fn is_event_stream(response: &Response) -> bool {
    let content_type = response.headers().get(header::CONTENT_TYPE).map(HeaderValue::as_bytes);
    response.status().is_success() && content_type.is_some_and(|value| value.starts_with(b"text/event-stream"))
}

/// What the answers of a connection and the one who drives it tell each other.
#[derive(Default)]
struct Exchange(Mutex<State>);

#[derive(Default)]
struct State {
    /// The answer that is an event stream.
    stream: Option<Response>,
    upgrades: Upgrades,
}

#[derive(Default, Clone, Copy, PartialEq, Eq)]
enum Upgrades {
    #[default]
    Unasked,
    Asked,
    Granted,
}

/// How a connection goes on.
enum Next {
    End,
    /// As one that may become something else than HTTP.
    Upgrades,
    Stream(Response),
}

impl Exchange {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn leave(&self, response: Response) {
        self.state().stream = Some(response);
    }

    /// Waits until the connection may be upgraded, which hyper must know before it sees the answer.
    async fn upgradable(&self) {
        // Whoever grants it polls the connection anew, and with it this.
        poll_fn(|_| {
            let mut state = self.state();
            if state.upgrades == Upgrades::Granted {
                return Poll::Ready(());
            }
            state.upgrades = Upgrades::Asked;
            Poll::Pending
        })
        .await;
    }

    /// What becomes of the connection, now that hyper waits.
    ///
    /// It has then written every earlier answer: it reads no request before that.
    fn next(&self) -> Poll<Next> {
        let mut state = self.state();
        if state.upgrades == Upgrades::Asked {
            state.upgrades = Upgrades::Granted;
            return Poll::Ready(Next::Upgrades);
        }
        match state.stream.take() {
            Some(response) => Poll::Ready(Next::Stream(response)),
            None => Poll::Pending,
        }
    }
}
