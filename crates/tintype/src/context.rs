use std::{
    any::{Any, TypeId},
    borrow::Cow,
    collections::HashMap,
    fmt,
    future::Future,
    net::SocketAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use cookie::{Cookie, CookieJar};
use futures_util::future::BoxFuture;
use http::{HeaderMap, HeaderName, HeaderValue};
use percent_encoding::percent_decode_str;
use tokio::sync::OnceCell;
use tokio_util::sync::CancellationToken;

use crate::{connection_params::ConnectionParams, error::Failure, event_id::EventId, procedure::ProcedureKind};

/// What one call can reach: the application's state and the request it came with.
///
/// Procedures do not take a context; they take what [`FromContext`] makes of it.
/// The calls of a batch have one request between them, so what an extractor looks up with [`Context::shared`] is
/// looked up once.
pub struct Context<S> {
    state: S,
    request: Arc<Request>,
}

/// Builds an argument of a procedure from the context of the call.
///
/// An extractor is the access check: a type that can only be made for a signed-in caller cannot be forgotten.
/// Extractors run in the order of the arguments, and before the input is read.
///
/// ```
/// use tintype::{Context, ErrorCode, Failure, FromContext};
///
/// #[derive(Clone)]
/// struct AppState { api_key: String }
///
/// /// Proof that the caller knows the key.
/// struct Trusted;
///
/// impl FromContext<AppState> for Trusted {
///     async fn from_context(cx: &Context<AppState>) -> Result<Self, Failure> {
///         match cx.headers().get("x-api-key") {
///             Some(key) if key == cx.state().api_key.as_str() => Ok(Self),
///             _ => Err(Failure::new(ErrorCode::Unauthorized, "send the key in the header x-api-key")),
///         }
///     }
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "a procedure cannot take `{Self}` from its context",
    label = "this argument does not implement `FromContext<{S}>`",
    note = "the argument that comes from the client must be named `input`",
    note = "every other argument is an extractor: implement `FromContext<{S}>` for it"
)]
pub trait FromContext<S>: Sized + Send {
    /// Makes the argument or refuses the call.
    ///
    /// # Errors
    ///
    /// The [`Failure`] that answers the call.
    fn from_context(cx: &Context<S>) -> impl Future<Output = Result<Self, Failure>> + Send;
}

/// A part of the state that extractors of this crate need, such as [`Topics`](crate::Topics).
///
/// It is to the state what axum's `FromRef` is to axum's.
#[diagnostic::on_unimplemented(
    message = "the state `{S}` does not provide `{Self}`",
    note = "implement `FromState<{S}> for {Self}`: usually the clone of a field"
)]
pub trait FromState<S> {
    /// The part of `state`.
    fn from_state(state: &S) -> Self;
}

impl<S: Clone> FromState<S> for S {
    fn from_state(state: &S) -> Self {
        state.clone()
    }
}

/// What a request asks for, as far as it is known before any of its calls runs.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct RequestInfo {
    /// The kind of the calls; `None` if no path is known, over WebSocket, and in process.
    pub kind: Option<ProcedureKind>,
    /// Whether the client asked for a batch, be it of a single call.
    pub is_batch: bool,
    /// Whether the client asked for answers as JSON lines.
    pub accepts_json_lines: bool,
    /// The paths of the calls, unknown ones included; empty over WebSocket and in process.
    pub paths: Vec<String>,
}

/// One request: a single call, or a batch of them.
pub(crate) struct Request {
    headers: Arc<HeaderMap>,
    peer: Option<SocketAddr>,
    connection_params: Option<Arc<ConnectionParams>>,
    last_event_id: Option<EventId>,
    kind: Option<ProcedureKind>,
    info: RequestInfo,
    abort: CancellationToken,
    // Short sections without an `.await`.
    cookies: Mutex<Option<CookieJar>>,
    shared: Mutex<HashMap<TypeId, Arc<dyn Any + Send + Sync>>>,
    stream_ends: Mutex<Vec<BoxFuture<'static, Failure>>>,
}

impl<S> Context<S> {
    /// Starts a context outside any server: for tests, and for services that call the router in process.
    ///
    /// ```
    /// use tintype::Context;
    ///
    /// let cx = Context::builder(()).header("cookie", "session=abc").build();
    /// assert_eq!(cx.headers()["cookie"], "session=abc");
    /// ```
    pub fn builder(state: S) -> ContextBuilder<S> {
        ContextBuilder {
            state,
            headers: HeaderMap::new(),
            peer: None,
            connection_params: None,
            last_event_id: None,
            kind: None,
            info: RequestInfo::default(),
            abort: CancellationToken::new(),
        }
    }

    /// The application's state.
    pub fn state(&self) -> &S {
        &self.state
    }

    /// The headers of the request.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.request.headers
    }

    /// The address of the client, if the host knows it.
    ///
    /// It is the peer of the connection: behind a proxy, that is the proxy.
    #[must_use]
    pub fn peer(&self) -> Option<SocketAddr> {
        self.request.peer
    }

    /// What the client said about itself when it connected; `None` if it said nothing.
    #[must_use]
    pub fn connection_params(&self) -> Option<&ConnectionParams> {
        self.request.connection_params.as_deref()
    }

    /// What the request asks for.
    #[must_use]
    pub fn request_info(&self) -> &RequestInfo {
        &self.request.info
    }

    /// The last event the client has, if it resumes a subscription.
    #[must_use]
    pub fn last_event_id(&self) -> Option<&EventId> {
        self.request.last_event_id.as_ref()
    }

    /// The kind of the call, if the host knows it.
    #[must_use]
    pub fn kind(&self) -> Option<ProcedureKind> {
        self.request.kind
    }

    /// Fires when nobody waits for this call any more.
    ///
    /// The call itself is dropped then; the token is for work it has spawned.
    #[must_use]
    pub fn abort(&self) -> &CancellationToken {
        &self.request.abort
    }

    /// Looks something up once per request, whichever of its calls asks first.
    ///
    /// The result is found again by its type, a refusal included.
    ///
    /// # Errors
    ///
    /// What `look_up` failed with.
    pub async fn shared<T, Fut>(&self, look_up: impl FnOnce() -> Fut + Send) -> Result<T, Failure>
    where
        T: Clone + Send + Sync + 'static,
        Fut: Future<Output = Result<T, Failure>> + Send,
    {
        let cell = {
            let mut shared = locked(&self.request.shared);
            let cell =
                shared.entry(TypeId::of::<T>()).or_insert_with(|| Arc::new(OnceCell::<Result<T, Failure>>::new()));
            Arc::clone(cell)
        };
        let cell = cell.downcast_ref::<OnceCell<Result<T, Failure>>>().expect("keyed by the type it holds");
        cell.get_or_init(look_up).await.clone()
    }

    /// Ends the subscriptions of this request with a failure as soon as `end` resolves.
    ///
    /// An extractor that proves a right calls it so that the right's end, such as a revoked session, ends the stream.
    /// For queries and mutations it does nothing.
    pub fn end_streams_when(&self, end: impl Future<Output = Failure> + Send + 'static) {
        locked(&self.request.stream_ends).push(Box::pin(end));
    }

    /// The context of one call over a connection whose context is `self`.
    ///
    /// What extractors look up is looked up anew: a connection outlives the rights of who opened it.
    pub(crate) fn for_call(&self, kind: ProcedureKind, last_event_id: Option<EventId>, abort: CancellationToken) -> Self
    where
        S: Clone,
    {
        let Request { headers, peer, connection_params, info, .. } = &*self.request;
        let request = Request {
            headers: Arc::clone(headers),
            peer: *peer,
            connection_params: connection_params.clone(),
            last_event_id,
            kind: Some(kind),
            info: info.clone(),
            abort,
            cookies: Mutex::new(None),
            shared: Mutex::new(HashMap::new()),
            stream_ends: Mutex::new(Vec::new()),
        };
        Self { state: self.state.clone(), request: Arc::new(request) }
    }

    pub(crate) fn take_stream_ends(&self) -> Vec<BoxFuture<'static, Failure>> {
        std::mem::take(&mut locked(&self.request.stream_ends))
    }

    pub(crate) fn request(&self) -> &Arc<Request> {
        &self.request
    }
}

impl Request {
    /// Reads or changes the cookies; the jar is parsed on first use.
    pub(crate) fn with_cookies<R>(&self, act: impl FnOnce(&mut CookieJar) -> R) -> R {
        let mut cookies = locked(&self.cookies);
        act(cookies.get_or_insert_with(|| parse_cookies(&self.headers)))
    }

    /// The `Set-Cookie` headers that the calls of this request asked for.
    pub(crate) fn set_cookie_headers(&self) -> Vec<HeaderValue> {
        match &*locked(&self.cookies) {
            None => Vec::new(),
            Some(jar) => {
                jar.delta().filter_map(|cookie| HeaderValue::from_str(&cookie.encoded().to_string()).ok()).collect()
            }
        }
    }
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request").field("peer", &self.peer).finish_non_exhaustive()
    }
}

fn parse_cookies(headers: &HeaderMap) -> CookieJar {
    let mut jar = CookieJar::new();
    for header in headers.get_all(http::header::COOKIE).iter().filter_map(|value| value.to_str().ok()) {
        for cookie in Cookie::split_parse(header).flatten() {
            let Ok(value) = percent_decode_str(cookie.value()).decode_utf8() else { continue };
            jar.add_original(Cookie::new(cookie_name(cookie.name()).into_owned(), value.into_owned()));
        }
    }
    jar
}

/// The name under which a cookie was set, decoded only if this is how it would have been encoded.
///
/// Browsers let nobody but the host set a cookie whose name begins with `__Host-`, and do not decode: to them
/// `%5F%5FHost-` is any name, which a neighbouring host may use.
fn cookie_name(sent: &str) -> Cow<'_, str> {
    match percent_decode_str(sent).decode_utf8() {
        Ok(decoded) if Cookie::new(&*decoded, "").encoded().to_string().strip_suffix('=') == Some(sent) => decoded,
        _ => Cow::Borrowed(sent),
    }
}

/// A panic while one of these locks is held leaves the value whole: nothing under them panics half-way.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl<S: Clone> Clone for Context<S> {
    fn clone(&self) -> Self {
        Self { state: self.state.clone(), request: Arc::clone(&self.request) }
    }
}

impl<S> fmt::Debug for Context<S> {
    // Headers and cookies hold secrets, so they are not printed.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Context").field("peer", &self.request.peer).finish_non_exhaustive()
    }
}

/// Collects what a [`Context`] consists of.
pub struct ContextBuilder<S> {
    state: S,
    headers: HeaderMap,
    peer: Option<SocketAddr>,
    connection_params: Option<ConnectionParams>,
    last_event_id: Option<EventId>,
    kind: Option<ProcedureKind>,
    info: RequestInfo,
    abort: CancellationToken,
}

impl<S> ContextBuilder<S> {
    /// Adds one header.
    ///
    /// # Panics
    ///
    /// If `name` or `value` is not fit for a header; use [`ContextBuilder::headers`] for text from outside.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        let name = HeaderName::try_from(name).expect("a header name");
        let value = HeaderValue::try_from(value).expect("a header value");
        self.headers.append(name, value);
        self
    }

    /// Takes all headers of a request.
    #[must_use]
    pub fn headers(mut self, headers: HeaderMap) -> Self {
        self.headers = headers;
        self
    }

    /// Says who is at the other end of the connection.
    #[must_use]
    pub fn peer(mut self, peer: Option<SocketAddr>) -> Self {
        self.peer = peer;
        self
    }

    /// Says what the client said about itself when it connected.
    #[must_use]
    pub fn connection_params(mut self, params: Option<ConnectionParams>) -> Self {
        self.connection_params = params;
        self
    }

    /// Says what the request asks for.
    #[must_use]
    pub fn request_info(mut self, info: RequestInfo) -> Self {
        self.kind = info.kind;
        self.info = info;
        self
    }

    /// Says after which event a subscription resumes.
    #[must_use]
    pub fn last_event_id(mut self, id: Option<EventId>) -> Self {
        self.last_event_id = id;
        self
    }

    /// Says of which kind the calls of the request are.
    #[must_use]
    pub fn kind(mut self, kind: Option<ProcedureKind>) -> Self {
        self.kind = kind;
        self
    }

    /// Takes the token that fires when the caller goes away.
    #[must_use]
    pub fn abort(mut self, abort: CancellationToken) -> Self {
        self.abort = abort;
        self
    }

    /// The context.
    #[must_use]
    pub fn build(self) -> Context<S> {
        Context {
            state: self.state,
            request: Arc::new(Request {
                headers: Arc::new(self.headers),
                peer: self.peer,
                connection_params: self.connection_params.map(Arc::new),
                last_event_id: self.last_event_id,
                kind: self.kind,
                info: self.info,
                abort: self.abort,
                cookies: Mutex::new(None),
                shared: Mutex::new(HashMap::new()),
                stream_ends: Mutex::new(Vec::new()),
            }),
        }
    }
}

impl<S> fmt::Debug for ContextBuilder<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ContextBuilder").field("peer", &self.peer).finish_non_exhaustive()
    }
}
