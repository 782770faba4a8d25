use std::{fmt, net::SocketAddr, panic::AssertUnwindSafe, sync::Arc};

use bytes::Bytes;
use futures_util::{FutureExt, StreamExt, stream};
use http::{Method, Response, StatusCode, header, request::Parts};
use tokio_util::sync::{CancellationToken, DropGuard};

use super::{
    batch,
    body::{ContentKind, RequestBody},
    call::{self, execute},
    event::{EventCall, EventFrames, Transform},
    head::{event_response, json_response, lines_response, with_allow},
    hooks::{ErrorInfo, Hooks, ResponseInfo},
    input::{RequestInput, Unread, WireInput},
    jsonl::{Errors, JsonLines, LineCall, caught, panicked, value_prefix},
    options::ProtocolOptions,
    request::{Plan, PlannedCall, plan},
    shared::{Envelope, RESULT_PREFIX, Shared},
    transformer::Transformer,
};
use crate::{
    context::Context,
    error::{ErrorCode, Failure},
    event_id::EventId,
    parts::{InParts, settle},
    procedure::{Answer, ErasedProcedure, ProcedureKind},
    router::{Router, RouterError},
    superjson::Places,
};

/// Answers the requests of tRPC v11 clients with the procedures of a router.
///
/// Cheap to clone.
pub struct Responder<S>(pub(super) Arc<Shared<S>>);

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

/// The protocol's message, which names the link that can receive streams.
const STREAM_IN_WHOLE_ANSWER: &str =
    "Cannot use stream-like response in non-streaming request - use httpBatchStreamLink";

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
            Ok(plan) => self.run(plan, head, body.into(), peer).await,
            Err(failure) => self.refuse(failure),
        }
    }

    /// Answers a request that is wrong as a whole.
    fn refuse(&self, failure: Failure) -> Response<ResponseBody> {
        let envelope = self.0.failed(&ErrorInfo { failure: &failure, path: None, kind: None, cx: None });
        let response = json_response(envelope.json, envelope.status, failure.allow(), Vec::new());
        let errors = &[failure];
        let info = ResponseInfo { cx: None, paths: &[], kind: None, errors, is_batch: None, is_eager: false };
        self.0.with_meta(response, &info)
    }

    async fn run(
        &self,
        mut plan: Plan<S>,
        head: Parts,
        body: RequestBody,
        peer: Option<SocketAddr>,
    ) -> Response<ResponseBody> {
        let Shared { state, options, hooks, .. } = &*self.0;
        let transformer = options.transformer;
        let resume = plan.query.resume_id(&head.headers);
        let abort = CancellationToken::new();
        let cx = Context::builder(state.clone())
            .headers(head.headers)
            .peer(peer)
            .request_info(plan.info())
            .connection_params(plan.connection_params.take())
            .last_event_id(resume.clone().or_else(|| plan.query.resume_id_of_input(transformer)))
            .abort(abort.clone())
            .build();
        let abort = abort.drop_guard();
        let input = match plan.content {
            ContentKind::Json if head.method == Method::GET => Unread::Parameter(plan.query.input),
            ContentKind::Json => Unread::Body(body),
            ContentKind::Form => {
                let content_type = cx.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
                let content_type = content_type.unwrap_or_default().to_owned();
                Unread::Form { content_type, limits: options.form, body }
            }
            ContentKind::Bytes => Unread::Bytes(body),
        };
        let running = Running {
            shared: &self.0,
            input: Arc::new(RequestInput::new(input, plan.is_batch).transformed(transformer, plan.calls.len())),
            refused: hooks.guard.as_ref().and_then(|guard| caught(|| guard(&cx)).flatten().err()),
            method: head.method,
            is_batch: plan.is_batch,
            several: plan.calls.len() > 1,
            cx: &cx,
        };
        let paths: Vec<String> = match hooks.response_meta {
            Some(_) => plan.calls.iter().map(|call| call.path.clone()).collect(),
            None => Vec::new(),
        };
        let is_stream = plan.kind == Some(ProcedureKind::Subscription) && !plan.is_batch;
        let is_eager = is_stream || plan.accepts_json_lines;
        let (response, errors) = if is_stream {
            let call = plan.calls.into_iter().next().expect("a plan has at least one call");
            (running.events(call, resume, abort), Vec::new())
        } else if plan.accepts_json_lines {
            (running.lines(plan.calls, abort), Vec::new())
        } else {
            running.whole(plan.calls, abort).await
        };
        let (cx, is_batch) = (Some(&cx), Some(plan.is_batch));
        let info = ResponseInfo { cx, paths: &paths, kind: plan.kind, errors: &errors, is_batch, is_eager };
        self.0.with_meta(response, &info)
    }
}

/// A request that passed the checks of a whole, whose calls can run.
struct Running<'a, S> {
    shared: &'a Arc<Shared<S>>,
    cx: &'a Context<S>,
    method: Method,
    input: Arc<RequestInput>,
    /// Why the guard refuses the request.
    refused: Option<Failure>,
    is_batch: bool,
    several: bool,
}

/// A call that is about to run.
struct Call<S> {
    path: String,
    kind: Option<ProcedureKind>,
    places: Places,
    checked: Result<Arc<ErasedProcedure<S>>, Failure>,
    input: WireInput,
    cx: Context<S>,
}

impl<S: Clone + Send + Sync + 'static> Running<'_, S> {
    fn call(&self, index: usize, call: PlannedCall<S>) -> Call<S> {
        let checked = call::check(&self.shared.options, &self.method, &call, self.is_batch, self.several)
            .and_then(|procedure| self.refused.clone().map_or(Ok(procedure), Err));
        Call {
            kind: call.procedure.as_ref().map(|procedure| procedure.info.kind),
            places: self.shared.places(call.procedure.as_deref()),
            path: call.path,
            checked,
            input: WireInput { request: Arc::clone(&self.input), index, resume: None },
            cx: self.cx.clone(),
        }
    }

    /// A subscription, as an event stream.
    fn events(&self, call: PlannedCall<S>, resume: Option<EventId>, abort: DropGuard) -> Response<ResponseBody> {
        let options = &self.shared.options;
        let Call { path, kind, places, checked, input, cx } = self.call(0, call);
        let allow = checked.as_ref().err().and_then(Failure::allow);
        let transformer = options.transformer;
        let (shared, ends_of, described) = (Arc::clone(self.shared), cx.clone(), cx.clone());
        let is_on = options.event_streams;
        // As late as the reference: whoever may not call it, or sends a wrong input, is told that first.
        let switched_on = move |answer| {
            let off = || Failure::new(ErrorCode::MethodNotSupported, "Missing experimental flag \"sseSubscriptions\"");
            if is_on { Ok(answer) } else { Err(off()) }
        };
        let resume_id = resume.clone();
        let input = WireInput { resume: resume.map(String::from), ..input };
        let frames = EventFrames::new(EventCall {
            start: execute(checked, cx, input, Vec::new()).map(move |answer| answer.and_then(switched_on)).boxed(),
            describe: Box::new(move |failure| {
                shared.described(&ErrorInfo { failure, path: Some(&path), kind, cx: Some(&described) }).0
            }),
            transform: (transformer != Transformer::Json).then(|| -> Transform {
                Box::new(move |json| transformer.value(Some(json), &places.output).unwrap_or_default())
            }),
            ends: Box::new(move || ends_of.take_stream_ends()),
            resume_id,
            abort,
            reconnect_after_inactivity_ms: options.reconnect_after_inactivity_ms,
        });
        with_allow(event_response(frames), allow)
    }

    /// A batch, line by line.
    fn lines(&self, calls: Vec<PlannedCall<S>>, abort: DropGuard) -> Response<ResponseBody> {
        let options = &self.shared.options;
        let transformer = options.transformer;
        let mut allow = None;
        let calls = calls.into_iter().enumerate().map(|(index, call)| {
            let Call { path, kind, places, checked, input, cx } = self.call(index, call);
            allow = allow.or_else(|| checked.as_ref().err()?.allow());
            let (shared, described) = (Arc::clone(self.shared), cx.clone());
            let describe = move |failure: &Failure| {
                let mut json = Vec::new();
                shared.describe(&ErrorInfo { failure, path: Some(&path), kind, cx: Some(&described) }, &mut json);
                json
            };
            LineCall {
                answer: execute(checked, cx, input, transformer.prefix(|| value_prefix(index))).boxed(),
                output: places.output,
                errors: Arc::new(Errors { describe: Box::new(describe), place: places.error }),
            }
        });
        let lines = JsonLines::new(calls.collect(), transformer, options.concurrent_calls, abort);
        with_allow(lines_response(lines), allow)
    }

    /// A call or a batch, answered when everything is done; with why calls failed.
    async fn whole(&self, calls: Vec<PlannedCall<S>>, abort: DropGuard) -> (Response<ResponseBody>, Vec<Failure>) {
        let mut answers = calls.into_iter().enumerate().map(|(index, call)| self.whole_call(self.call(index, call)));
        let (json, status, failures) = if self.is_batch {
            batch::join(stream::iter(answers).buffered(self.shared.options.concurrent_calls.max(1))).await
        } else {
            let Envelope { json, status, failure } = answers.next().expect("a plan has at least one call").await;
            (json, status, Vec::from_iter(failure))
        };
        // Everybody got their answer: what the calls have spawned may go on.
        abort.disarm();
        let allow = failures.iter().find_map(Failure::allow);
        (json_response(json, status, allow, self.cx.request().set_cookie_headers()), failures)
    }

    async fn whole_call(&self, call: Call<S>) -> Envelope {
        let Call { path, kind, places, checked, input, cx } = call;
        let prefix = || self.shared.options.transformer.prefix(|| RESULT_PREFIX.to_vec());
        let result = execute(checked, cx, input, prefix()).await;
        let stream = || Failure::new(ErrorCode::UnsupportedMediaType, STREAM_IN_WHOLE_ANSWER);
        // A client that gets one whole answer for one call is told that the request was wrong.
        let is_stream = matches!(&result, Ok(Answer::Parts(InParts(value))) if value.is_stream());
        let path = (self.is_batch || !is_stream).then_some(path.as_str());
        let result = match result {
            Ok(Answer::Parts(_)) if is_stream => Err(stream()),
            Ok(Answer::Parts(InParts(value))) => {
                let settled = AssertUnwindSafe(settle(value, prefix(), &stream())).catch_unwind().await;
                settled.unwrap_or_else(|panic| Err(panicked(&panic))).map(Answer::Value)
            }
            result => result,
        };
        self.shared.envelope(result, &places.output, path, kind, self.cx)
    }
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
