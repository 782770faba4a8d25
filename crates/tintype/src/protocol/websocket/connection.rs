use std::{
    collections::{HashMap, VecDeque},
    fmt,
    net::SocketAddr,
    pin::Pin,
    sync::Arc,
    task::{Context as TaskContext, Poll, Waker},
};

use futures_core::Stream;
use futures_util::{
    StreamExt,
    future::BoxFuture,
    stream::{BoxStream, FuturesUnordered, SelectAll},
};
use http::request::Parts;
use tokio_util::sync::CancellationToken;

use super::{
    super::{hooks::ErrorInfo, jsonl::caught, response::Responder, shared::Shared},
    call::{Call, Outcome, Step},
    message::{self, CallRequest, Message, MessageHead, Messages, Request, RequestId},
    options::WebSocketOptions,
    outbox::{Outbox, WebSocketFrame},
};
use crate::{
    connection_params::ConnectionParams,
    context::{Context, ContextBuilder},
    error::{ErrorCode, Failure},
    procedure::ProcedureKind,
};

/// One client on a WebSocket.
///
/// Frames of the client go in through [`receive_text`](Self::receive_text) and
/// [`receive_binary`](Self::receive_binary); frames for it come out of the stream, whose end is the end of the
/// connection.
/// Calls run while the stream is polled. Dropping the connection cancels them.
///
/// ```
/// use futures_util::StreamExt;
/// use tintype::{
///     prelude::*,
///     protocol::{Hooks, ProtocolOptions, Responder, WebSocketFrame},
/// };
///
/// /// Says that the server is there.
/// #[query(state = ())]
/// pub async fn ping() -> Result<String, Never> {
///     Ok("pong".to_owned())
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let responder = Responder::new(router! { [ping] }, (), ProtocolOptions::default(), Hooks::default())?;
/// let (head, ()) = http::Request::get("/trpc").body(())?.into_parts();
/// let mut connection = responder.connect(head, None);
///
/// connection.receive_text(r#"{"id":1,"method":"query","params":{"path":"ping"}}"#);
///
/// let answer = r#"{"id":1,"result":{"type":"data","data":"pong"}}"#;
/// assert_eq!(connection.next().await, Some(WebSocketFrame::Text(answer.to_owned())));
/// # Ok(())
/// # }
/// ```
pub struct WebSocketConnection<S> {
    shared: Arc<Shared<S>>,
    stage: Stage<S>,
    outbox: Outbox,
    running: FuturesUnordered<BoxFuture<'static, Outcome>>,
    waiting: VecDeque<Waiting>,
    waiting_bytes: usize,
    /// Subscriptions that wait, start or run.
    subscriptions: HashMap<RequestId, Subscribed>,
    events: SelectAll<BoxStream<'static, Step>>,
    /// Whether events wait though there is room for them.
    holds_events: bool,
    /// Wakes the host for what a frame of the client has begun.
    waker: Option<Waker>,
}

enum Stage<S> {
    /// The first frame has the connection params, with which the context is complete.
    AwaitsParams(Box<ContextBuilder<S>>),
    Open(Context<S>),
    Closed,
}

struct Waiting {
    call: BoxFuture<'static, Outcome>,
    bytes: usize,
}

struct Subscribed {
    head: MessageHead,
    abort: CancellationToken,
}

impl<S: Clone + Send + Sync + 'static> Responder<S> {
    /// Begins to serve a WebSocket; `head` is that of the request with which the client asked for it.
    ///
    /// The guard is asked once per connection, as soon as the connection params are known.
    #[must_use]
    pub fn connect(&self, head: Parts, peer: Option<SocketAddr>) -> WebSocketConnection<S> {
        let query = head.uri.query().unwrap_or_default();
        let mut params = form_urlencoded::parse(query.as_bytes()).filter(|(name, _)| name == "connectionParams");
        let announces_params = params.next().is_some_and(|(_, value)| value == "1");
        let cx = Context::builder(self.0.state.clone()).headers(head.headers).peer(peer);
        let mut connection = WebSocketConnection {
            shared: Arc::clone(&self.0),
            stage: Stage::Closed,
            outbox: Outbox::default(),
            running: FuturesUnordered::new(),
            waiting: VecDeque::new(),
            waiting_bytes: 0,
            subscriptions: HashMap::new(),
            events: SelectAll::new(),
            holds_events: false,
            waker: None,
        };
        if announces_params {
            connection.stage = Stage::AwaitsParams(Box::new(cx));
        } else {
            connection.open(cx, Ok(None));
        }
        connection
    }
}

impl<S: Clone + Send + Sync + 'static> WebSocketConnection<S> {
    /// What a side sends to see whether the other is there.
    pub const PING: &str = "PING";

    /// The answer to [`PING`](Self::PING).
    pub const PONG: &str = "PONG";

    /// Takes a text frame of the client.
    pub fn receive_text(&mut self, text: &str) {
        match (text, &self.stage) {
            (Self::PONG, _) | (_, Stage::Closed) => {}
            (Self::PING, _) => self.outbox.push(Self::PONG.to_owned()),
            (_, Stage::AwaitsParams(_)) => self.complete(message::read_connection_params(text)),
            (_, Stage::Open(cx)) => {
                let cx = cx.clone();
                match message::read(text, self.options().max_batch_size) {
                    Ok(Messages::Run(messages)) => self.begin_all(&cx, messages),
                    Ok(Messages::TooMany(heads)) => self.refuse_all(&cx, heads),
                    Err(failure) => self.fail(&MessageHead::NONE, &failure, Some(&cx)),
                }
            }
        }
        self.wake();
    }

    /// Takes a binary frame of the client, which is a mistake: the protocol has none.
    pub fn receive_binary(&mut self) {
        match &self.stage {
            Stage::Closed => {}
            Stage::AwaitsParams(_) => self.complete(Err(message::malformed_params())),
            Stage::Open(cx) => {
                let cx = cx.clone();
                let failure = Failure::new(ErrorCode::ParseError, "a binary frame: send JSON as text");
                self.fail(&MessageHead::NONE, &failure, Some(&cx));
            }
        }
        self.wake();
    }

    /// Says whether there is room for what another frame of the client may cause.
    ///
    /// Where there is none, a host does not read on: the client has to read first.
    #[must_use]
    pub fn accepts_frames(&self) -> bool {
        self.outbox.has_room(self.options())
    }

    /// Says whether the client has announced connection params and not sent them yet; nothing runs before.
    #[must_use]
    pub fn awaits_connection_params(&self) -> bool {
        matches!(self.stage, Stage::AwaitsParams(_))
    }

    /// Asks the client to connect anew, here or elsewhere, and to move its subscriptions there.
    ///
    /// This connection goes on until the client closes it.
    /// A host should [hold events](Self::hold_events) meanwhile.
    pub fn notify_reconnect(&mut self) {
        if !matches!(self.stage, Stage::Closed) {
            self.outbox.push(r#"{"id":null,"method":"reconnect"}"#.to_owned());
            self.wake();
        }
    }

    /// Says whether events of subscriptions wait, and with them the ends of subscriptions; calls are answered all the
    /// same.
    ///
    /// For the time in which a client moves: it resumes on its new connection after the last event that it has when it
    /// asks there, and whatever comes on the old one after that would come twice.
    pub fn hold_events(&mut self, hold: bool) {
        self.holds_events = hold;
        self.wake();
    }

    /// Asks the client whether it is there; any frame of it is an answer.
    pub fn send_ping(&mut self) {
        if !matches!(self.stage, Stage::Closed) {
            self.outbox.push(Self::PING.to_owned());
            self.wake();
        }
    }

    /// Cancels every call, and closes the connection.
    pub fn close(&mut self) {
        if matches!(self.stage, Stage::Closed) {
            return;
        }
        self.stage = Stage::Closed;
        self.running = FuturesUnordered::new();
        self.waiting.clear();
        self.subscriptions.clear();
        self.events = SelectAll::new();
        self.outbox.push_close();
        self.wake();
    }

    /// Takes a frame that already waits to be sent, so that a host can write several at once.
    pub fn next_queued(&mut self) -> Option<WebSocketFrame> {
        self.outbox.pop()
    }

    /// Lets calls go on without taking a frame, while the host is busy writing.
    pub fn poll_calls(&mut self, task: &mut TaskContext<'_>) {
        self.waker = Some(task.waker().clone());
        self.run_calls(task);
        while !self.holds_events && self.outbox.has_room(self.options()) {
            match self.events.poll_next_unpin(task) {
                Poll::Ready(Some(Step::Event(event))) => self.outbox.push(event),
                Poll::Ready(Some(Step::End(id, messages))) => {
                    self.subscriptions.remove(&id);
                    messages.into_iter().for_each(|message| self.outbox.push(message));
                }
                Poll::Ready(None) | Poll::Pending => break,
            }
        }
    }

    fn run_calls(&mut self, task: &mut TaskContext<'_>) {
        loop {
            while self.has_place()
                && let Some(Waiting { call, bytes }) = self.waiting.pop_front()
            {
                self.waiting_bytes -= bytes;
                self.running.push(call);
            }
            match self.running.poll_next_unpin(task) {
                Poll::Ready(Some(Outcome::Answered(answer))) => self.outbox.push(answer),
                Poll::Ready(Some(Outcome::Refused(id, error))) => {
                    self.subscriptions.remove(&id);
                    self.outbox.push(error);
                }
                Poll::Ready(Some(Outcome::Began { started, events })) => {
                    self.outbox.push(started);
                    self.events.push(events);
                }
                Poll::Ready(Some(Outcome::Stopped)) => {}
                Poll::Ready(None) | Poll::Pending => return,
            }
        }
    }

    fn complete(&mut self, params: Result<Option<ConnectionParams>, Failure>) {
        if let Stage::AwaitsParams(cx) = std::mem::replace(&mut self.stage, Stage::Closed) {
            self.open(*cx, params);
        }
    }

    /// Creates the context; a failure is told once, and ends the connection.
    fn open(&mut self, cx: ContextBuilder<S>, params: Result<Option<ConnectionParams>, Failure>) {
        let (failure, cx) = match params {
            Ok(params) => {
                let cx = cx.connection_params(params).build();
                match self.shared.hooks.guard.as_ref().map_or(Ok(()), |guard| caught(|| guard(&cx)).flatten()) {
                    Ok(()) => {
                        self.stage = Stage::Open(cx);
                        return;
                    }
                    Err(failure) => (failure, Some(cx)),
                }
            }
            Err(failure) => (failure, None),
        };
        self.fail(&MessageHead::NONE, &failure, cx.as_ref());
        self.stage = Stage::Closed;
        self.outbox.push_close();
    }

    fn begin_all(&mut self, cx: &Context<S>, messages: Vec<Message>) {
        let has_company = messages.len() > 1;
        let mut stopped = Vec::new();
        for Message { head, request } in messages {
            match (head.id.clone(), request) {
                (None, _) => self.fail(&head, &Failure::new(ErrorCode::ParseError, "`id` is required"), Some(cx)),
                (Some(id), Request::Stop) => {
                    if let Some(Subscribed { abort, .. }) = self.subscriptions.get(&id) {
                        abort.cancel();
                        stopped.push(id);
                    }
                }
                (Some(id), Request::Call(request)) => self.begin(cx, id, head, request, has_company),
            }
        }
        // As at the reference, an id is free again after the frame with the stop.
        for Subscribed { head, .. } in stopped.iter().filter_map(|id| self.subscriptions.remove(id)) {
            self.outbox.push(head.stopped());
        }
    }

    fn begin(&mut self, cx: &Context<S>, id: RequestId, head: MessageHead, request: CallRequest, has_company: bool) {
        let bytes = request.input.as_ref().map_or(0, String::len) + request.path.len();
        let kind = request.kind;
        let abort = CancellationToken::new();
        let call = Call {
            shared: Arc::clone(&self.shared),
            cx: cx.clone(),
            head: head.clone(),
            request,
            has_company,
            abort: abort.clone(),
        };
        if let Err(failure) = self.admit(&id, kind, bytes) {
            self.outbox.push(call.error(&failure, cx));
            return;
        }
        if kind == ProcedureKind::Subscription {
            self.subscriptions.insert(id.clone(), Subscribed { head, abort });
        }
        if self.has_place() {
            self.running.push(call.run(id));
        } else {
            self.waiting_bytes += bytes;
            self.waiting.push_back(Waiting { call: call.run(id), bytes });
        }
    }

    fn admit(&self, id: &RequestId, kind: ProcedureKind, bytes: usize) -> Result<(), Failure> {
        let options = self.options();
        if kind == ProcedureKind::Subscription {
            if self.subscriptions.contains_key(id) {
                return Err(Failure::new(ErrorCode::BadRequest, format!("Duplicate id {id}")));
            }
            if self.subscriptions.len() >= options.subscriptions {
                let limit = options.subscriptions;
                let message = format!("a connection may have {limit} subscriptions: stop one first");
                return Err(Failure::new(ErrorCode::TooManyRequests, message));
            }
        }
        let is_full = self.waiting.len() >= options.waiting_calls || self.waiting_bytes + bytes > options.waiting_bytes;
        if !self.has_place() && is_full {
            let message = "too many calls of this connection wait: wait for answers before sending more";
            return Err(Failure::new(ErrorCode::TooManyRequests, message));
        }
        Ok(())
    }

    /// Whether another call may run.
    fn has_place(&self) -> bool {
        self.running.len() < self.options().concurrent_calls.max(1)
    }

    fn refuse_all(&mut self, cx: &Context<S>, mut heads: Vec<MessageHead>) {
        let failure = Failure::new(ErrorCode::BadRequest, "Batch call exceeds maximum size");
        if heads.is_empty() {
            heads.push(MessageHead::NONE);
        }
        for head in heads {
            self.fail(&head, &failure, Some(cx));
        }
    }

    /// Tells a failure that belongs to no procedure.
    fn fail(&mut self, head: &MessageHead, failure: &Failure, cx: Option<&Context<S>>) {
        let info = ErrorInfo { failure, path: None, kind: None, cx };
        self.outbox.push(head.error_of(&self.shared, &info));
    }

    fn options(&self) -> &WebSocketOptions {
        &self.shared.options.websocket
    }

    fn wake(&mut self) {
        if let Some(waker) = self.waker.take() {
            waker.wake();
        }
    }
}

impl<S: Clone + Send + Sync + 'static> Stream for WebSocketConnection<S> {
    type Item = WebSocketFrame;

    fn poll_next(mut self: Pin<&mut Self>, task: &mut TaskContext<'_>) -> Poll<Option<Self::Item>> {
        self.poll_calls(task);
        match self.outbox.pop() {
            Some(frame) => Poll::Ready(Some(frame)),
            None if matches!(self.stage, Stage::Closed) => Poll::Ready(None),
            None => Poll::Pending,
        }
    }
}

// Nothing in it is pinned in place.
impl<S> Unpin for WebSocketConnection<S> {}

impl<S> fmt::Debug for WebSocketConnection<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WebSocketConnection")
            .field("running", &self.running.len())
            .field("waiting", &self.waiting.len())
            .field("subscriptions", &self.subscriptions.len())
            .finish_non_exhaustive()
    }
}
