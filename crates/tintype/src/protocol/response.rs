use std::{fmt, net::SocketAddr, panic::AssertUnwindSafe, sync::Arc};

use bytes::Bytes;
use futures_util::{FutureExt, StreamExt, stream};
use http::{HeaderMap, HeaderValue, Method, Response, StatusCode, header, request::Parts};
use tokio_util::sync::CancellationToken;

use super::{
    batch,
    body::{ContentKind, RequestBody},
    event::{EventCall, EventFrames, Transform},
    hooks::{ErrorInfo, ErrorShape, Hooks, ResponseInfo},
    input::{RequestInput, Unread, WireInput},
    jsonl::{Errors, JsonLines, LineCall, panicked, value_prefix},
    request::{Plan, PlannedCall, plan},
    transformer::Transformer,
    websocket::WebSocketOptions,
};
use crate::{
    body::FormLimits,
    context::Context,
    error::{ErrorCode, Failure},
    parts::{InParts, settle},
    procedure::{Answer, ErasedProcedure, ProcedureKind},
    router::{Router, RouterError},
    superjson::{Place, Places},
};

/// Answers the requests of tRPC v11 clients with the procedures of a router.
///
/// Cheap to clone.
pub struct Responder<S>(pub(super) Arc<Shared<S>>);

pub(super) struct Shared<S> {
    pub(super) router: Router<S>,
    pub(super) state: S,
    pub(super) options: ProtocolOptions,
    pub(super) hooks: Hooks<S>,
}

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
    /// Whether subscriptions may come as event streams; on by default.
    pub event_streams: bool,
    /// What separates the segments of a path in URLs, beside the dot; `.` by default.
    pub path_separator: String,
    /// Whether errors carry their causes in `data.stack`; off by default, because causes are not for strangers.
    pub is_dev: bool,
    /// What one WebSocket may use.
    pub websocket: WebSocketOptions,
    /// What a form may have.
    pub form: FormLimits,
    /// How values are written; as plain JSON by default.
    pub transformer: Transformer,
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
            event_streams: true,
            path_separator: ".".to_owned(),
            is_dev: false,
            websocket: WebSocketOptions::default(),
            form: FormLimits::default(),
            transformer: Transformer::default(),
        }
    }
}

/// The body of a response: whole, or frame by frame.
#[derive(Debug)]
pub enum ResponseBody {
    /// A JSON text.
    Full(Bytes),
    /// JSON lines.
    Lines(JsonLines),
    /// An event stream.
    Events(EventFrames),
}

/// One answer: its JSON and the status it stands for.
pub(super) struct Envelope {
    pub(super) json: Vec<u8>,
    pub(super) status: StatusCode,
    pub(super) failure: Option<Failure>,
}

/// The protocol's message, which names the link that can receive streams.
const STREAM_IN_WHOLE_ANSWER: &str =
    "Cannot use stream-like response in non-streaming request - use httpBatchStreamLink";

/// What comes before the value in the envelope of a successful call.
const RESULT_PREFIX: &[u8] = b"{\"result\":{\"data\":";

impl<S: Clone + Send + Sync + 'static> Responder<S> {
    /// A responder for `router`.
    ///
    /// # Errors
    ///
    /// The [`RouterError`] for which the router cannot be used.
    pub fn new(router: Router<S>, state: S, options: ProtocolOptions, hooks: Hooks<S>) -> Result<Self, RouterError> {
        router.check()?;
        if options.transformer != Transformer::Json {
            router.derive_places();
        }
        Ok(Self(Arc::new(Shared { router, state, options, hooks })))
    }

    /// Answers one request; the path of `head` is what follows the mount point.
    pub async fn respond(
        &self,
        head: Parts,
        body: impl Into<RequestBody>,
        peer: Option<SocketAddr>,
    ) -> Response<ResponseBody> {
        if head.method == Method::HEAD {
            let mut response = Response::new(ResponseBody::Full(Bytes::new()));
            *response.status_mut() = StatusCode::NO_CONTENT;
            return response;
        }
        let Shared { router, options, .. } = &*self.0;
        let query = head.uri.query().unwrap_or_default();
        match plan(router, options, &head.method, head.uri.path(), query, &head.headers) {
            Ok(plan) => self.run(plan, head.method, head.headers, body.into(), peer).await,
            Err(failure) => {
                let info = ErrorInfo { failure: &failure, path: None, kind: None, cx: None };
                let envelope = self.0.failed(&info);
                let response = json_response(envelope.json, envelope.status, failure.allow(), Vec::new());
                self.0.with_meta(
                    response,
                    &ResponseInfo {
                        cx: None,
                        paths: &[],
                        kind: None,
                        errors: &[failure],
                        is_batch: None,
                        is_eager: false,
                    },
                )
            }
        }
    }

    async fn run(
        &self,
        mut plan: Plan<S>,
        method: Method,
        headers: HeaderMap,
        body: RequestBody,
        peer: Option<SocketAddr>,
    ) -> Response<ResponseBody> {
        let transformer = self.0.options.transformer;
        let resume = plan.query.resume_id(&headers);
        let abort = CancellationToken::new();
        let cx = Context::builder(self.0.state.clone())
            .headers(headers)
            .peer(peer)
            .request_info(plan.info())
            .connection_params(plan.connection_params.take())
            .last_event_id(resume.clone().or_else(|| plan.query.resume_id_of_input(transformer)))
            .abort(abort.clone())
            .build();
        let input = match plan.content {
            ContentKind::Json if method == Method::GET => Unread::Parameter(plan.query.input),
            ContentKind::Json => Unread::Body(body),
            ContentKind::Form => {
                let content_type = cx.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
                let content_type = content_type.unwrap_or_default().to_owned();
                Unread::Form { content_type, limits: self.0.options.form, body }
            }
            ContentKind::Bytes => Unread::Bytes(body),
        };
        let request = Arc::new(RequestInput::new(input, plan.is_batch).transformed(transformer, plan.calls.len()));
        let refused = self.0.hooks.guard.as_ref().and_then(|guard| guard(&cx).err());
        let several = plan.calls.len() > 1;
        let start = |(index, call): (usize, PlannedCall<S>)| {
            let cx = cx.clone();
            let checked = check_call(&self.0.options, &method, &call, plan.is_batch, several)
                .and_then(|procedure| refused.clone().map_or(Ok(procedure), Err));
            let input = WireInput { request: Arc::clone(&request), index, resume: None };
            (call.path, checked, input, cx)
        };

        let (kind, is_batch, accepts_json_lines) = (plan.kind, plan.is_batch, plan.accepts_json_lines);
        let paths: Vec<String> = match self.0.hooks.response_meta {
            Some(_) => plan.calls.iter().map(|call| call.path.clone()).collect(),
            None => Vec::new(),
        };
        let info =
            ResponseInfo { cx: Some(&cx), paths: &paths, kind, errors: &[], is_batch: Some(is_batch), is_eager: true };

        if kind == Some(ProcedureKind::Subscription) && !is_batch {
            let call = plan.calls.into_iter().next().expect("a plan has at least one call");
            let places = self.0.places(call.procedure.as_deref());
            let (path, checked, input, call_cx) = start((0, call));
            let allow = checked.as_ref().err().and_then(Failure::allow);
            let checked = checked.and_then(|procedure| {
                let off = "Missing experimental flag \"sseSubscriptions\"";
                let refusal = || Failure::new(ErrorCode::MethodNotSupported, off);
                self.0.options.event_streams.then_some(procedure).ok_or_else(refusal)
            });
            let shared = Arc::clone(&self.0);
            let (ends_of, described) = (call_cx.clone(), call_cx.clone());
            let resume_id = resume.as_ref().map(|id| id.as_str().to_owned());
            let frames = EventFrames::new(EventCall {
                start: execute(checked, call_cx, WireInput { resume: resume.map(String::from), ..input }, Vec::new())
                    .boxed(),
                describe: Box::new(move |failure| {
                    let info = ErrorInfo { failure, path: Some(&path), kind, cx: Some(&described) };
                    shared.described(&info).0
                }),
                transform: (transformer != Transformer::Json).then(|| -> Transform {
                    Box::new(move |json| transformer.value(Some(json), &places.output).unwrap_or_default())
                }),
                ends: Box::new(move || ends_of.take_stream_ends()),
                resume_id,
                abort: abort.drop_guard(),
                reconnect_after_inactivity_ms: self.0.options.reconnect_after_inactivity_ms,
            });
            return self.0.with_meta(with_allow(event_response(frames), allow), &info);
        }

        if accepts_json_lines {
            let mut allow = None;
            let calls = plan.calls.into_iter().enumerate().map(|(index, call)| {
                let kind = call.procedure.as_ref().map(|procedure| procedure.info.kind);
                let Places { output, error } = self.0.places(call.procedure.as_deref());
                let (path, checked, input, call_cx) = start((index, call));
                allow = allow.or_else(|| checked.as_ref().err()?.allow());
                let (shared, described) = (Arc::clone(&self.0), call_cx.clone());
                LineCall {
                    answer: execute(checked, call_cx, input, transformer.prefix(|| value_prefix(index))).boxed(),
                    output,
                    errors: Arc::new(Errors {
                        describe: Box::new(move |failure: &Failure| {
                            let info = ErrorInfo { failure, path: Some(&path), kind, cx: Some(&described) };
                            let mut json = Vec::new();
                            shared.describe(&info, &mut json);
                            json
                        }),
                        place: error,
                    }),
                }
            });
            let lines =
                JsonLines::new(calls.collect(), transformer, self.0.options.concurrent_calls, abort.drop_guard());
            return self.0.with_meta(with_allow(lines_response(lines), allow), &info);
        }

        let abort = abort.drop_guard();
        let answer = |call: (usize, PlannedCall<S>)| {
            let kind = call.1.procedure.as_ref().map(|procedure| procedure.info.kind);
            let places = self.0.places(call.1.procedure.as_deref());
            let (path, checked, input, call_cx) = start(call);
            let cx = &cx;
            async move {
                let prefix = || transformer.prefix(|| RESULT_PREFIX.to_vec());
                let result = execute(checked, call_cx, input, prefix()).await;
                // A client that gets one whole answer for one call is told that the request was wrong.
                let is_stream = matches!(&result, Ok(Answer::Parts(InParts(value))) if value.is_stream());
                let path = (is_batch || !is_stream).then_some(path.as_str());
                let result = match result {
                    Ok(Answer::Parts(_)) if is_stream => {
                        Err(Failure::new(ErrorCode::UnsupportedMediaType, STREAM_IN_WHOLE_ANSWER))
                    }
                    Ok(Answer::Parts(InParts(value))) => {
                        let streams = Failure::new(ErrorCode::UnsupportedMediaType, STREAM_IN_WHOLE_ANSWER);
                        let settled = AssertUnwindSafe(settle(value, prefix(), &streams)).catch_unwind().await;
                        settled.unwrap_or_else(|panic| Err(panicked(&panic))).map(Answer::Value)
                    }
                    result => result,
                };
                self.0.envelope(result, &places.output, path, kind, cx)
            }
        };
        let mut calls = plan.calls.into_iter().enumerate();
        let (json, status, failures) = if is_batch {
            let answers = stream::iter(calls).map(answer).buffered(self.0.options.concurrent_calls.max(1));
            batch::join(answers).await
        } else {
            let Envelope { json, status, failure } = answer(calls.next().expect("a plan has at least one call")).await;
            (json, status, Vec::from_iter(failure))
        };
        // Everybody got their answer: what the calls have spawned may go on.
        abort.disarm();
        let allow = failures.iter().find_map(Failure::allow);
        let response = json_response(json, status, allow, cx.request().set_cookie_headers());
        self.0.with_meta(response, &ResponseInfo { errors: &failures, is_eager: false, ..info })
    }
}

impl<S: Clone + Send + Sync + 'static> Shared<S> {
    /// The envelope of one call that is done.
    fn envelope(
        &self,
        result: Result<Answer, Failure>,
        output: &Place,
        path: Option<&str>,
        kind: Option<ProcedureKind>,
        cx: &Context<S>,
    ) -> Envelope {
        let transformer = self.options.transformer;
        let json = match result {
            Ok(Answer::Value(mut json)) if transformer == Transformer::Json => {
                json.extend_from_slice(b"}}");
                json
            }
            Ok(result @ (Answer::Value(_) | Answer::Nothing)) => {
                let json = if let Answer::Value(json) = &result { Some(json.as_slice()) } else { None };
                match transformer.value(json, output) {
                    Some(json) => [RESULT_PREFIX, &json, b"}}"].concat(),
                    None => b"{\"result\":{}}".to_vec(),
                }
            }
            Ok(Answer::Events(_) | Answer::Parts(_)) => {
                let failure = Failure::unexpected("a stream cannot be a whole answer");
                return self.failed(&ErrorInfo { failure: &failure, path, kind, cx: Some(cx) });
            }
            Err(failure) => {
                return self.failed(&ErrorInfo { failure: &failure, path, kind, cx: Some(cx) });
            }
        };
        Envelope { json, status: StatusCode::OK, failure: None }
    }

    /// The envelope of a failure.
    fn failed(&self, info: &ErrorInfo<'_, S>) -> Envelope {
        let (error, status) = self.described(info);
        let json = [b"{\"error\":", error.as_slice(), b"}"].concat();
        Envelope { json, status, failure: Some(info.failure.clone()) }
    }

    /// The error object of a failure, transformed, and the status it stands for.
    pub(super) fn described(&self, info: &ErrorInfo<'_, S>) -> (Vec<u8>, StatusCode) {
        let mut json = Vec::new();
        let status = self.describe(info, &mut json);
        if self.options.transformer == Transformer::Json {
            return (json, status);
        }
        let places = self.places(info.path.and_then(|path| self.router.get(path)).map(|procedure| &**procedure));
        (self.options.transformer.value(Some(&json), &places.error).unwrap_or(json), status)
    }

    /// What the transformer may say of the values of a procedure.
    pub(super) fn places(&self, procedure: Option<&ErasedProcedure<S>>) -> Places {
        match (self.options.transformer, procedure) {
            (Transformer::SuperJson, Some(procedure)) => procedure.places().clone(),
            _ => Places::default(),
        }
    }

    /// Writes the error object of a failure, logs what was unexpected, and says which status it stands for.
    pub(super) fn describe(&self, info: &ErrorInfo<'_, S>, json: &mut Vec<u8>) -> StatusCode {
        let ErrorInfo { failure, path, .. } = *info;
        failure.log(path.unwrap_or_default());
        let written = "strings, numbers and checked JSON";
        let status = failure.code().http_status();
        let formatter = self.hooks.error_formatter.as_ref();
        if formatter.is_none() && !self.options.is_dev {
            serde_json::to_writer(json, &failure.shape(path)).expect(written);
            return status;
        }
        let Ok(serde_json::Value::Object(mut data)) = serde_json::to_value(failure.data(path)) else {
            unreachable!("the data of an error is an object");
        };
        if self.options.is_dev {
            data.insert("stack".to_owned(), failure.stack().into());
        }
        let message = failure.message().to_owned();
        let mut shape = ErrorShape { message, code: failure.code().json_rpc_code(), data };
        if let Some(formatter) = formatter {
            formatter(&mut shape, info);
        }
        serde_json::to_writer(json, &shape).expect(written);
        let formatted = shape.data.get("httpStatus").and_then(serde_json::Value::as_u64);
        let formatted = formatted.and_then(|status| u16::try_from(status).ok());
        formatted.and_then(|status| StatusCode::from_u16(status).ok()).unwrap_or(status)
    }

    fn with_meta(&self, response: Response<ResponseBody>, info: &ResponseInfo<'_, S>) -> Response<ResponseBody> {
        let Some(hook) = &self.hooks.response_meta else { return response };
        let (mut head, body) = response.into_parts();
        hook(&mut head, info);
        Response::from_parts(head, body)
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
pub(super) async fn execute<S: Clone + Send + Sync + 'static>(
    checked: Result<Arc<ErasedProcedure<S>>, Failure>,
    cx: Context<S>,
    input: WireInput,
    buffer: Vec<u8>,
) -> Result<Answer, Failure> {
    let procedure = checked?;
    match AssertUnwindSafe((procedure.call)(cx, input, buffer)).catch_unwind().await {
        Ok(result) => result,
        Err(panic) => Err(panicked(&panic)),
    }
}

fn json_response(
    json: Vec<u8>,
    status: StatusCode,
    allow: Option<&'static str>,
    cookies: Vec<HeaderValue>,
) -> Response<ResponseBody> {
    let mut response = Response::new(ResponseBody::Full(json.into()));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(header::VARY, HeaderValue::from_static("trpc-accept, accept"));
    for cookie in cookies {
        headers.append(header::SET_COOKIE, cookie);
    }
    with_allow(response, allow)
}

/// Names the methods that would have been accepted, if that is why a call failed.
fn with_allow(mut response: Response<ResponseBody>, allow: Option<&'static str>) -> Response<ResponseBody> {
    if let Some(allow) = allow {
        response.headers_mut().insert(header::ALLOW, HeaderValue::from_static(allow));
    }
    response
}

fn lines_response(lines: JsonLines) -> Response<ResponseBody> {
    let mut response = Response::new(ResponseBody::Lines(lines));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(header::VARY, HeaderValue::from_static("trpc-accept, accept"));
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
