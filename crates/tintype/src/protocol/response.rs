use std::{fmt, net::SocketAddr, panic::AssertUnwindSafe, sync::Arc};

use bytes::Bytes;
use futures_util::{FutureExt, StreamExt, stream};
use http::{HeaderMap, HeaderValue, Method, Response, StatusCode, header, request::Parts};
use tokio_util::sync::CancellationToken;

use super::{
    batch,
    event::{EventCall, EventFrames},
    input::{BodyFuture, RequestInput, Unread, WireInput},
    request::{Plan, PlannedCall, plan},
};
use crate::{
    context::Context,
    error::{ErrorCode, Failure},
    procedure::{Answer, ErasedProcedure, ProcedureKind},
    router::{Router, RouterError},
};

/// Answers the requests of tRPC v11 clients with the procedures of a router.
///
/// Cheap to clone.
pub struct Responder<S>(Arc<Shared<S>>);

struct Shared<S> {
    router: Router<S>,
    state: S,
    options: ProtocolOptions,
    guard: Option<Guard<S>>,
}

type Guard<S> = Box<dyn Fn(&Context<S>) -> Result<(), Failure> + Send + Sync>;

/// What a host accepts from its clients.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ProtocolOptions {
    /// Whether several calls may share a request; on by default.
    pub allow_batching: bool,
    /// Most calls in one request, unknown ones included; 20 by default.
    pub max_batch_size: Option<usize>,
    /// Calls of one batch that run at the same time; 8 by default.
    pub concurrent_calls: usize,
    /// Longest path and query, in bytes; 8 KiB by default.
    pub url_bytes: Option<usize>,
    /// Whether queries and subscriptions may come by `POST`; off by default.
    ///
    /// Queries marked `sensitive` always come by `POST`.
    pub allow_method_override: bool,
    /// Tells clients to reconnect when a stream is silent for so long; off by default.
    ///
    /// The host must send pings more often.
    pub reconnect_after_inactivity_ms: Option<u64>,
}

impl Default for ProtocolOptions {
    fn default() -> Self {
        Self {
            allow_batching: true,
            max_batch_size: Some(20),
            concurrent_calls: 8,
            url_bytes: Some(8 * 1024),
            allow_method_override: false,
            reconnect_after_inactivity_ms: None,
        }
    }
}

/// The body of a response: whole, or frame by frame.
#[derive(Debug)]
pub enum ResponseBody {
    /// A JSON text.
    Full(Bytes),
    /// An event stream.
    Events(EventFrames),
}

/// One answer: its JSON and the status it stands for.
pub(super) struct Envelope {
    pub(super) json: Vec<u8>,
    pub(super) status: StatusCode,
    pub(super) allow: Option<&'static str>,
}

impl Envelope {
    fn failed(failure: &Failure, path: Option<&str>) -> Self {
        failure.log(path.unwrap_or_default());
        let mut json = b"{\"error\":".to_vec();
        serde_json::to_writer(&mut json, &failure.shape(path)).expect("strings, numbers and checked JSON");
        json.push(b'}');
        Self { json, status: failure.code().http_status(), allow: failure.allow() }
    }

    fn of(result: Result<Answer, Failure>, path: &str) -> Self {
        let json = match result {
            Ok(Answer::Value(mut json)) => {
                json.extend_from_slice(b"}}");
                json
            }
            Ok(Answer::Nothing) => b"{\"result\":{}}".to_vec(),
            Ok(Answer::Events(_)) => {
                let failure = Failure::new(ErrorCode::InternalServerError, "a stream cannot be a plain answer");
                return Self::failed(&failure, Some(path));
            }
            Err(failure) => return Self::failed(&failure, Some(path)),
        };
        Self { json, status: StatusCode::OK, allow: None }
    }
}

/// What comes before the value in the envelope of a successful call.
const RESULT_PREFIX: &[u8] = b"{\"result\":{\"data\":";

impl<S: Clone + Send + Sync + 'static> Responder<S> {
    /// A responder for `router`; `guard` is asked before any call of a request runs.
    ///
    /// # Errors
    ///
    /// The [`RouterError`] for which the router cannot be used.
    pub fn new(
        router: Router<S>,
        state: S,
        options: ProtocolOptions,
        guard: Option<Guard<S>>,
    ) -> Result<Self, RouterError> {
        router.check()?;
        Ok(Self(Arc::new(Shared { router, state, options, guard })))
    }

    /// Answers one request; the path of `head` is what follows the mount point.
    pub async fn respond(&self, head: Parts, body: BodyFuture, peer: Option<SocketAddr>) -> Response<ResponseBody> {
        if head.method == Method::HEAD {
            let mut response = Response::new(ResponseBody::Full(Bytes::new()));
            *response.status_mut() = StatusCode::NO_CONTENT;
            return response;
        }
        let Shared { router, options, .. } = &*self.0;
        let query = head.uri.query().unwrap_or_default();
        match plan(router, options, &head.method, head.uri.path(), query, &head.headers) {
            Ok(plan) => self.run(plan, head.method, head.headers, body, peer).await,
            Err(failure) => json_response(Envelope::failed(&failure, None), Vec::new()),
        }
    }

    async fn run(
        &self,
        plan: Plan<S>,
        method: Method,
        headers: HeaderMap,
        body: BodyFuture,
        peer: Option<SocketAddr>,
    ) -> Response<ResponseBody> {
        let resume = plan.query.resume_id(&headers);
        let abort = CancellationToken::new();
        let cx = Context::builder(self.0.state.clone())
            .headers(headers)
            .peer(peer)
            .kind(plan.kind)
            .last_event_id(resume.clone().or_else(|| plan.query.resume_id_of_input()))
            .abort(abort.clone())
            .build();
        let input = match method {
            Method::GET => Unread::Parameter(plan.query.input),
            _ => Unread::Body(body),
        };
        let request = Arc::new(RequestInput::new(input, plan.is_batch));
        let refused = self.0.guard.as_ref().and_then(|guard| guard(&cx).err());
        let several = plan.calls.len() > 1;
        let start = |(index, call): (usize, PlannedCall<S>)| {
            let cx = cx.clone();
            let checked = check_call(&self.0.options, &method, &call, plan.is_batch, several)
                .and_then(|procedure| refused.clone().map_or(Ok(procedure), Err));
            let input = WireInput { request: Arc::clone(&request), index, resume: None };
            (call.path, checked, input, cx)
        };

        if plan.kind == Some(ProcedureKind::Subscription) && !plan.is_batch {
            let call = plan.calls.into_iter().next().expect("a plan has at least one call");
            let (path, checked, input, cx) = start((0, call));
            let ends_of = cx.clone();
            let resume_id = resume.as_ref().map(|id| id.as_str().to_owned());
            return event_response(EventFrames::new(EventCall {
                start: execute(checked, cx, WireInput { resume, ..input }, Vec::new()).boxed(),
                path,
                ends: Box::new(move || ends_of.take_stream_ends()),
                resume_id,
                abort: abort.drop_guard(),
                reconnect_after_inactivity_ms: self.0.options.reconnect_after_inactivity_ms,
            }));
        }

        let abort = abort.drop_guard();
        let answer = |call| {
            let (path, checked, input, cx) = start(call);
            async move {
                let result = execute(checked, cx, input, RESULT_PREFIX.to_vec()).await;
                Envelope::of(result, &path)
            }
        };
        let mut calls = plan.calls.into_iter().enumerate();
        let envelope = if plan.is_batch {
            batch::join(stream::iter(calls).map(answer).buffered(self.0.options.concurrent_calls.max(1))).await
        } else {
            answer(calls.next().expect("a plan has at least one call")).await
        };
        // Everybody got their answer: what the calls have spawned may go on.
        abort.disarm();
        json_response(envelope, cx.request().set_cookie_headers())
    }
}

/// Steps a to c of the order of checks, for one call.
fn check_call<S>(
    options: &ProtocolOptions,
    method: &Method,
    call: &PlannedCall<S>,
    is_batch: bool,
    several: bool,
) -> Result<Arc<ErasedProcedure<S>>, Failure> {
    let path = &call.path;
    let Some(procedure) = &call.procedure else {
        let message = format!("No procedure found on path \"{path}\"");
        return Err(Failure::new(ErrorCode::NotFound, message));
    };
    let allowed = match procedure.info.kind {
        ProcedureKind::Mutation => "POST",
        _ if procedure.info.flags.sensitive => "POST",
        _ if options.allow_method_override => "GET, POST",
        _ => "GET",
    };
    if !allowed.split(", ").any(|name| name == method.as_str()) {
        let kind = procedure.info.kind;
        let message = format!("Unsupported {method}-request to {kind} procedure at path \"{path}\"");
        return Err(Failure::new(ErrorCode::MethodNotSupported, message).with_allow(allowed));
    }
    if is_batch && procedure.info.kind == ProcedureKind::Subscription {
        return Err(Failure::new(ErrorCode::BadRequest, "Cannot batch subscription calls"));
    }
    if several && procedure.info.flags.no_batch {
        let message = format!("procedure \"{path}\" cannot share a request with other calls: send it alone");
        return Err(Failure::new(ErrorCode::BadRequest, message));
    }
    Ok(Arc::clone(procedure))
}

/// Runs a call that passed its checks; a panic in it is its failure and nobody else's.
async fn execute<S: Clone + Send + Sync + 'static>(
    checked: Result<Arc<ErasedProcedure<S>>, Failure>,
    cx: Context<S>,
    input: WireInput,
    buffer: Vec<u8>,
) -> Result<Answer, Failure> {
    let procedure = checked?;
    match AssertUnwindSafe((procedure.call)(cx, input, buffer)).catch_unwind().await {
        Ok(result) => result,
        Err(panic) => {
            let message = panic
                .downcast_ref::<&str>()
                .map(|text| (*text).to_owned())
                .or_else(|| panic.downcast_ref::<String>().cloned())
                .unwrap_or_else(|| "no message".to_owned());
            Err(Failure::unexpected(format!("the procedure panicked: {message}")))
        }
    }
}

fn json_response(envelope: Envelope, cookies: Vec<HeaderValue>) -> Response<ResponseBody> {
    let mut response = Response::new(ResponseBody::Full(envelope.json.into()));
    *response.status_mut() = envelope.status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(header::VARY, HeaderValue::from_static("trpc-accept, accept"));
    if let Some(allow) = envelope.allow {
        headers.insert(header::ALLOW, HeaderValue::from_static(allow));
    }
    for cookie in cookies {
        headers.append(header::SET_COOKIE, cookie);
    }
    response
}

fn event_response(frames: EventFrames) -> Response<ResponseBody> {
    let mut response = Response::new(ResponseBody::Events(frames));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache, no-transform"));
    headers.insert("x-accel-buffering", HeaderValue::from_static("no"));
    headers.insert(header::VARY, HeaderValue::from_static("trpc-accept, accept"));
    response
}

impl<S> Clone for Responder<S> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<S> fmt::Debug for Responder<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Responder").field("router", &self.0.router).finish_non_exhaustive()
    }
}
