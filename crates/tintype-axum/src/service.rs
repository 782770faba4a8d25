use std::{
    convert::Infallible,
    fmt,
    net::SocketAddr,
    pin::pin,
    task::{Context as TaskContext, Poll},
};

use axum::extract::{ConnectInfo, NestedPath, OriginalUri};
use bytes::Bytes;
use futures_util::{
    FutureExt,
    future::{self, BoxFuture, Either},
};
use http::{HeaderValue, Request, Response, Uri, header, request, response};
use tintype::{
    BoxError, Context, ErrorCode, Failure, Router, RouterError,
    protocol::{ErrorInfo, ErrorShape, Hooks, ProtocolOptions, Responder, ResponseBody, ResponseInfo, Transformer},
};
use tokio_util::sync::CancellationToken;
use tower_service::Service;

use crate::{
    Limits, WebSocketLimits, WebSockets,
    http_body::RpcBody,
    outdated::{self, Outdated},
    request_body, unread_body,
    websocket::{self, Acceptor},
    writes,
};

/// A tower service that answers tRPC clients with the procedures of a router.
///
/// Mount it with `nest_service`: it expects the path without the mount point.
/// The peer address comes from axum's `ConnectInfo`, if the application serves with it.
pub struct RpcService<S> {
    responder: Responder<S>,
    limits: std::sync::Arc<Limits>,
    shutdown: CancellationToken,
    websockets: WebSockets,
    acceptor: Option<std::sync::Arc<Acceptor>>,
    outdated: Outdated,
}

/// Collects what an [`RpcService`] consists of.
pub struct RpcServiceBuilder<S> {
    router: Router<S>,
    state: S,
    limits: Limits,
    allow_batching: bool,
    allow_method_override: bool,
    path_separator: String,
    is_dev: bool,
    event_streams: bool,
    transformer: Transformer,
    hooks: Hooks<S>,
    shutdown: CancellationToken,
    websocket: Option<WebSocketLimits>,
    outdated: Outdated,
}

impl<S: Clone + Send + Sync + 'static> RpcService<S> {
    /// Starts a service for `router`; every call gets a clone of `state`.
    pub fn builder(router: Router<S>, state: S) -> RpcServiceBuilder<S> {
        RpcServiceBuilder {
            router,
            state,
            limits: Limits::default(),
            allow_batching: true,
            allow_method_override: false,
            path_separator: ".".to_owned(),
            is_dev: false,
            event_streams: true,
            transformer: Transformer::default(),
            hooks: Hooks::default(),
            shutdown: CancellationToken::new(),
            websocket: None,
            outdated: Outdated::default(),
        }
    }

    /// Every WebSocket of this service and its clones.
    #[must_use]
    pub fn websockets(&self) -> WebSockets {
        self.websockets.clone()
    }

    async fn answer<B>(self, request: Request<B>) -> Response<RpcBody>
    where
        B: http_body::Body<Data = Bytes> + Send + 'static,
        B::Error: Into<BoxError>,
    {
        let (mut head, body) = request.into_parts();
        restore_slashes(&mut head);
        if asks_for_events(&head) {
            detach(&mut head);
        }
        let peer = head.extensions.get::<ConnectInfo<SocketAddr>>().map(|peer| peer.0);
        let (body, client_gone) = unread_body::watched(body, &self.limits);
        let body = request_body::read(&head.headers, body, self.limits.clone());
        let Self { responder, limits, shutdown, websockets, acceptor, outdated } = self;
        let is_outdated = outdated.contains(&head.headers);
        if let Some(acceptor) = acceptor.filter(|_| websocket::is_asked_for(&head)) {
            return acceptor.accept(responder, &websockets, head, peer, &limits, shutdown).await;
        }
        let responding = pin!(responder.respond(head, body, peer));
        let response = match future::select(responding, client_gone).await {
            Either::Left((response, _)) => response,
            // Nobody reads the answer; what matters is that the call is dropped.
            Either::Right(_) => return gone(),
        };
        let mut response = response.map(|body| match body {
            ResponseBody::Full(json) => RpcBody::full(json),
            ResponseBody::Events(frames) => RpcBody::stream(writes::events(frames, &limits, shutdown)),
            ResponseBody::Lines(lines) => RpcBody::stream(writes::lines(lines, &limits)),
        });
        if is_outdated {
            response.headers_mut().insert(outdated::HEADER, outdated::OUTDATED);
        }
        response
    }
}

fn gone() -> Response<RpcBody> {
    let mut response = Response::new(RpcBody::full(Bytes::new()));
    *response.status_mut() = ErrorCode::ClientClosedRequest.http_status();
    response
}

impl<S: Clone + Send + Sync + 'static> RpcServiceBuilder<S> {
    /// Replaces the default [`Limits`].
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Says whether several calls may share a request; they may by default.
    #[must_use]
    pub fn allow_batching(mut self, allow: bool) -> Self {
        self.allow_batching = allow;
        self
    }

    /// Says whether queries and subscriptions may come by `POST`; they may not by default.
    #[must_use]
    pub fn allow_method_override(mut self, allow: bool) -> Self {
        self.allow_method_override = allow;
        self
    }

    /// Asks `guard` before any call of a request runs, for example [`SameOrigin`](crate::SameOrigin).
    ///
    /// Its failure answers every call of the request that exists and came by the right method.
    #[must_use]
    pub fn guard(mut self, guard: impl Fn(&Context<S>) -> Result<(), Failure> + Send + Sync + 'static) -> Self {
        self.hooks.guard = Some(Box::new(guard));
        self
    }

    /// Edits every error object before it is sent: adds to its `data`, replaces its message.
    ///
    /// A number in `data.httpStatus` decides the status of the answer.
    ///
    /// ```
    /// # use tintype::{ErrorCode, prelude::*};
    /// # use tintype_axum::RpcService;
    /// # #[query(state = ())]
    /// # pub async fn ping() -> Result<(), Never> { Ok(()) }
    /// let service = RpcService::builder(router! { [ping] }, ())
    ///     .error_formatter(|shape, info| {
    ///         if info.failure.code() == ErrorCode::Unauthorized {
    ///             shape.data.insert("signIn".to_owned(), "/login".into());
    ///         }
    ///     })
    ///     .build();
    /// ```
    #[must_use]
    pub fn error_formatter(
        mut self,
        formatter: impl Fn(&mut ErrorShape, &ErrorInfo<'_, S>) + Send + Sync + 'static,
    ) -> Self {
        self.hooks.error_formatter = Some(Box::new(formatter));
        self
    }

    /// Edits status and headers of every answer, for example to let caches keep what is public.
    ///
    /// Streams begin before their calls are done, so `info.is_eager` says whether errors can be known.
    #[must_use]
    pub fn response_meta(
        mut self,
        edit: impl Fn(&mut response::Parts, &ResponseInfo<'_, S>) + Send + Sync + 'static,
    ) -> Self {
        self.hooks.response_meta = Some(Box::new(edit));
        self
    }

    /// Separates the segments of a path in URLs by something else than a dot, as the client's option of this name.
    #[must_use]
    pub fn path_separator(mut self, separator: impl Into<String>) -> Self {
        self.path_separator = separator.into();
        self
    }

    /// Says whether errors carry their causes in `data.stack`; only a developer should see them.
    #[must_use]
    pub fn dev(mut self, is_dev: bool) -> Self {
        self.is_dev = is_dev;
        self
    }

    /// Says whether subscriptions may come as event streams; they may by default.
    #[must_use]
    pub fn event_streams(mut self, allow: bool) -> Self {
        self.event_streams = allow;
        self
    }

    /// Names contracts that this one breaks, by their hashes: who was built against one of them should be loaded again.
    ///
    /// `@tintype/client` sends the hash of its contract in the header `tintype-contract`; the answer then has the same
    /// header with the text `outdated`, and the client says so to the application.
    #[must_use]
    pub fn outdated_contracts(mut self, hashes: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.outdated = hashes.into_iter().map(Into::into).collect();
        self
    }

    /// Serves WebSockets too, under every path of the service; they are off by default.
    ///
    /// Any page on the web may open a WebSocket, and a browser sends its cookies along: a server that knows callers by
    /// their cookies needs a [`guard`](Self::guard), for example [`SameOrigin`](crate::SameOrigin).
    /// The guard is asked once per connection, extractors for each call.
    ///
    /// The server has to serve connections with upgrades, as `axum::serve` does.
    #[must_use]
    pub fn websocket(mut self, limits: WebSocketLimits) -> Self {
        self.websocket = Some(limits);
        self
    }

    /// Says how values are written; the links of all clients must name the same transformer.
    ///
    /// ```
    /// # use tintype::{prelude::*, protocol::Transformer};
    /// # use tintype_axum::RpcService;
    /// # #[query(state = ())]
    /// # pub async fn ping() -> Result<(), Never> { Ok(()) }
    /// let service = RpcService::builder(router! { [ping] }, ()).transformer(Transformer::SuperJson).build();
    /// ```
    #[must_use]
    pub fn transformer(mut self, transformer: Transformer) -> Self {
        self.transformer = transformer;
        self
    }

    /// Ends open streams when `shutdown` fires, so that their clients connect to another instance and resume there.
    ///
    /// Each ends at a random moment within [`Limits::drain_time`], and its last words ask the client to wait between
    /// half a second and five before it connects.
    /// Clients on WebSockets are asked to move, at such a moment too, and are closed after [`WebSocketLimits::grace`].
    #[must_use]
    pub fn shutdown(mut self, shutdown: CancellationToken) -> Self {
        self.shutdown = shutdown;
        self
    }

    /// The service.
    ///
    /// # Errors
    ///
    /// The [`RouterError`] for which the router cannot be used.
    pub fn build(self) -> Result<RpcService<S>, RouterError> {
        let mut options = ProtocolOptions::default();
        options.allow_batching = self.allow_batching;
        options.allow_method_override = self.allow_method_override;
        options.max_batch_size = Some(self.limits.batch_calls);
        options.form = self.limits.form;
        options.concurrent_calls = self.limits.concurrent_calls;
        options.url_bytes = Some(self.limits.url_bytes);
        options.reconnect_after_inactivity_ms = u64::try_from(self.limits.reconnect_after_inactivity.as_millis()).ok();
        options.path_separator = self.path_separator;
        options.is_dev = self.is_dev;
        options.event_streams = self.event_streams;
        options.transformer = self.transformer;
        let acceptor = self.websocket.map(|limits| {
            options.websocket = limits.options();
            std::sync::Arc::new(Acceptor::new(limits))
        });
        let responder = Responder::new(self.router, self.state, options, self.hooks)?;
        let limits = self.limits.into();
        Ok(RpcService {
            responder,
            limits,
            shutdown: self.shutdown,
            websockets: WebSockets::new(),
            acceptor,
            outdated: self.outdated,
        })
    }
}

/// Gives a path below a mount point back the slash that `axum::Router::nest_service` drops from `//`.
///
/// To the protocol `//ping` is the procedure `/ping`, which does not exist.
fn restore_slashes(head: &mut request::Parts) {
    let (Some(OriginalUri(uri)), Some(mount)) = (head.extensions.get(), head.extensions.get::<NestedPath>()) else {
        return;
    };
    let Some(path) = uri.path().strip_prefix(mount.as_str()).filter(|path| path.starts_with("//")) else { return };
    let query = uri.query().map(|query| format!("?{query}")).unwrap_or_default();
    if let Ok(uri) = Uri::try_from(format!("{path}{query}")) {
        head.uri = uri;
    }
}

fn asks_for_events(head: &request::Parts) -> bool {
    let accept = head.headers.get(header::ACCEPT).and_then(|accept| accept.to_str().ok());
    accept.is_some_and(|accept| accept.contains("text/event-stream"))
}

/// Copies what the head shares with the buffer from which it was read, 8 KiB that a stream would hold to its end.
fn detach(head: &mut request::Parts) {
    for value in head.headers.values_mut() {
        if let Ok(mut copy) = HeaderValue::from_bytes(value.as_bytes()) {
            copy.set_sensitive(value.is_sensitive());
            *value = copy;
        }
    }
    let copy = |uri: &Uri| Uri::try_from(uri.to_string()).unwrap_or_default();
    head.uri = copy(&head.uri);
    if let Some(OriginalUri(uri)) = head.extensions.get_mut() {
        *uri = copy(uri);
    }
}

impl<S, B> Service<Request<B>> for RpcService<S>
where
    S: Clone + Send + Sync + 'static,
    B: http_body::Body<Data = Bytes> + Send + 'static,
    B::Error: Into<BoxError>,
{
    type Response = Response<RpcBody>;
    type Error = Infallible;
    type Future = BoxFuture<'static, Result<Self::Response, Self::Error>>;

    fn poll_ready(&mut self, _: &mut TaskContext<'_>) -> Poll<Result<(), Self::Error>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        self.clone().answer(request).map(Ok).boxed()
    }
}

impl<S> Clone for RpcService<S> {
    fn clone(&self) -> Self {
        Self {
            responder: self.responder.clone(),
            limits: self.limits.clone(),
            shutdown: self.shutdown.clone(),
            websockets: self.websockets.clone(),
            acceptor: self.acceptor.clone(),
            outdated: self.outdated.clone(),
        }
    }
}

impl<S> fmt::Debug for RpcService<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RpcService").field("responder", &self.responder).field("limits", &self.limits).finish()
    }
}

impl<S> fmt::Debug for RpcServiceBuilder<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RpcServiceBuilder").field("limits", &self.limits).finish_non_exhaustive()
    }
}
