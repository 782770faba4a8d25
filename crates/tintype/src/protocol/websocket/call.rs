//! One call over a WebSocket, from its message to its last answer.

use std::{panic::AssertUnwindSafe, pin::pin, sync::Arc};

use futures_util::{
    FutureExt, StreamExt,
    future::{self, BoxFuture, Either},
    stream::{self, BoxStream},
};
use tokio_util::sync::{CancellationToken, DropGuard};

use super::{
    super::{
        call::execute,
        event::begun,
        hooks::ErrorInfo,
        input::{RequestInput, Unread, WireInput},
        jsonl::panicked,
        request::resume_id_in,
        shared::Shared,
        transformer::Transformer,
    },
    message::{CallRequest, MessageHead, RequestId},
};
use crate::{
    context::Context,
    error::{ErrorCode, Failure},
    event_id::EventId,
    parts::{InParts, settle},
    procedure::{Answer, ErasedProcedure, ProcedureKind},
    subscription::EncodedEvent,
    superjson::Places,
};

/// A call that was read and may run.
pub(super) struct Call<S> {
    pub(super) shared: Arc<Shared<S>>,
    /// The context of the connection.
    pub(super) cx: Context<S>,
    pub(super) head: MessageHead,
    pub(super) request: CallRequest,
    /// Whether other messages came in the same frame.
    pub(super) has_company: bool,
    /// Fires when nobody waits for the call any more.
    pub(super) abort: CancellationToken,
}

/// How far a call has come when it has run.
pub(super) enum Outcome {
    /// This is its answer.
    Answered(String),
    /// The subscription under this id could not begin, and this is why.
    Refused(RequestId, String),
    /// A subscription has begun.
    Began { started: String, events: BoxStream<'static, Step> },
    /// The client stopped it before it began.
    Stopped,
}

/// What comes next in a subscription.
pub(super) enum Step {
    /// An event.
    Event(String),
    /// The last messages, after which the id is free.
    End(RequestId, Vec<String>),
}

impl<S: Clone + Send + Sync + 'static> Call<S> {
    /// The call as far as to its answer or, for a subscription, to its stream of events.
    pub(super) fn run(self, id: RequestId) -> BoxFuture<'static, Outcome> {
        match self.request.kind {
            ProcedureKind::Subscription => {
                let abort = self.abort.clone();
                let call = async move {
                    // A stop wins over a beginning at the same moment: its id may have a new subscription already.
                    let (stop, begin) = (pin!(abort.cancelled()), pin!(self.subscribe(id)));
                    match future::select(stop, begin).await {
                        Either::Left(_) => Outcome::Stopped,
                        Either::Right((outcome, _)) => outcome,
                    }
                };
                call.boxed()
            }
            ProcedureKind::Query | ProcedureKind::Mutation => self.answer().boxed(),
        }
    }

    async fn answer(mut self) -> Outcome {
        let guard = self.abort.clone().drop_guard();
        let transformer = self.shared.options.transformer;
        let before = self.head.before_value();
        let (cx, result) = self.execute(transformer.prefix(|| before.clone())).await;
        let kind = self.request.kind;
        let text = format!("Cannot return an async iterable or observable from a {kind} procedure with WebSockets");
        let streams = Failure::new(ErrorCode::UnsupportedMediaType, text);
        let place = self.places().output;
        // With a transformer, only the value was written.
        let whole = |json: Vec<u8>| match transformer {
            Transformer::Json => MessageHead::value(json),
            _ => MessageHead::value(
                [before.as_slice(), &transformer.value(Some(&json), &place).unwrap_or(json)].concat(),
            ),
        };
        let answer = match result {
            Ok(Answer::Value(json)) => whole(json),
            Ok(Answer::Nothing) => match transformer.value(None, &place) {
                None => Ok(self.head.nothing()),
                Some(json) => MessageHead::value([before.as_slice(), &json].concat()),
            },
            // The message has no place for what comes later: it waits.
            Ok(Answer::Parts(InParts(value))) => {
                let settled = settle(value, transformer.prefix(|| before.clone()), &streams);
                let settled = AssertUnwindSafe(settled).catch_unwind().await;
                settled.unwrap_or_else(|panic| Err(panicked(&panic))).and_then(whole)
            }
            Ok(Answer::Events(_)) => Err(streams),
            Err(failure) => Err(failure),
        };
        // The client gets its answer: what the call has spawned may go on.
        guard.disarm();
        Outcome::Answered(answer.unwrap_or_else(|failure| self.error(&failure, &cx)))
    }

    async fn subscribe(mut self, id: RequestId) -> Outcome {
        let guard = self.abort.clone().drop_guard();
        let (cx, result) = self.execute(Vec::new()).await;
        let failure = match result {
            Ok(Answer::Events(events)) => {
                let events = begun(events, cx.take_stream_ends()).await;
                return Outcome::Began { started: self.head.started(), events: self.steps(id, cx, events, guard) };
            }
            Ok(_) => Failure::new(ErrorCode::InternalServerError, "a subscription answered with a value"),
            Err(failure) => failure,
        };
        Outcome::Refused(id, self.error(&failure, &cx))
    }

    /// Runs the procedure in a context of its own.
    async fn execute(&mut self, buffer: Vec<u8>) -> (Context<S>, Result<Answer, Failure>) {
        let transformer = self.shared.options.transformer;
        let CallRequest { kind, input, last_event_id, .. } = &mut self.request;
        let resumes = match last_event_id.as_deref() {
            _ if *kind != ProcedureKind::Subscription => None,
            Some(id) => EventId::new(id).ok(),
            None => input.as_deref().and_then(|input| resume_id_in(input, transformer)),
        };
        let cx = self.cx.for_call(*kind, resumes, self.abort.clone());
        let request = Arc::new(RequestInput::new(Unread::Parameter(input.take()), false).transformed(transformer, 1));
        let input = WireInput { request, index: 0, resume: last_event_id.take() };
        let result = execute(self.procedure(), cx.clone(), input, buffer).await;
        (cx, result)
    }

    /// What the transformer may say of the values of the procedure.
    fn places(&self) -> Places {
        self.shared.places(self.shared.router.get(&self.request.path).map(|procedure| &**procedure))
    }

    fn procedure(&self) -> Result<Arc<ErasedProcedure<S>>, Failure> {
        let CallRequest { kind, path, .. } = &self.request;
        let procedure = self.shared.router.get(path).filter(|procedure| procedure.info.kind == *kind);
        let Some(procedure) = procedure else {
            return Err(Failure::new(ErrorCode::NotFound, format!("No \"{kind}\"-procedure on path \"{path}\"")));
        };
        if self.has_company && procedure.info.flags.no_batch {
            let message = format!("procedure \"{path}\" cannot share a frame with other calls: send it alone");
            return Err(Failure::new(ErrorCode::BadRequest, message));
        }
        Ok(Arc::clone(procedure))
    }

    /// The message for a failure of this call.
    pub(super) fn error(&self, failure: &Failure, cx: &Context<S>) -> String {
        let CallRequest { kind, path, .. } = &self.request;
        let info = ErrorInfo { failure, path: Some(path), kind: Some(*kind), cx: Some(cx) };
        self.head.error_of(&self.shared, &info)
    }

    /// The messages of a subscription after it has started.
    fn steps(
        self,
        id: RequestId,
        cx: Context<S>,
        events: BoxStream<'static, Result<EncodedEvent, Failure>>,
        guard: DropGuard,
    ) -> BoxStream<'static, Step> {
        let stopped = self.abort.clone();
        let (transformer, place) = (self.shared.options.transformer, self.places().output);
        // An event without data is a position, for which WebSocket clients have no message.
        let events = events.filter(|event| {
            let has_data = event.as_ref().map_or(true, |event| event.json().is_some());
            std::future::ready(has_data)
        });
        // The state lives as long as the stream, and the guard with it.
        let state = Some((Box::pin(events), self, id, cx, guard, place));
        let steps = stream::unfold(state, move |state| async move {
            let (mut events, call, id, cx, guard, place) = state?;
            let event =
                events.next().await.map(|event| event.and_then(|event| call.head.event(&event, transformer, &place)));
            match event {
                Some(Ok(event)) => Some((Step::Event(event), Some((events, call, id, cx, guard, place)))),
                Some(Err(failure)) => {
                    let end = vec![call.error(&failure, &cx), call.head.stopped()];
                    Some((Step::End(id, end), None))
                }
                None => Some((Step::End(id, vec![call.head.stopped()]), None)),
            }
        });
        steps.take_until(stopped.cancelled_owned()).boxed()
    }
}

impl MessageHead {
    /// The message for a failure, as the application wants errors to look.
    pub(super) fn error_of<S: Clone + Send + Sync + 'static>(
        &self,
        shared: &Shared<S>,
        info: &ErrorInfo<'_, S>,
    ) -> String {
        self.error(&shared.described(info).0)
    }
}
