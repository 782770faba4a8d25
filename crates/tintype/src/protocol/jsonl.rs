//! A batch answered line by line, section 7 of the protocol: each call as soon as it is done, and its parts after it.

use std::{
    any::Any,
    collections::VecDeque,
    fmt,
    panic::AssertUnwindSafe,
    pin::Pin,
    sync::Arc,
    task::{Context as TaskContext, Poll, ready},
};

use bytes::Bytes;
use futures_core::Stream;
use futures_util::{
    FutureExt, StreamExt,
    future::BoxFuture,
    stream::{BoxStream, FuturesUnordered},
};
use tokio_util::sync::DropGuard;

use crate::{
    error::Failure,
    parts::{Encoded, Field, InParts, Part, Step},
    procedure::Answer,
};

/// The lines of one answer, each whole: a host may join them but not split or hold them back.
pub struct JsonLines {
    head: Option<Bytes>,
    /// Calls that wait for others to end, in their order.
    waiting: VecDeque<BoxFuture<'static, Done>>,
    running: FuturesUnordered<BoxFuture<'static, Done>>,
    /// Calls, without their parts, that are running.
    calls: usize,
    concurrent_calls: usize,
    ids: Ids,
    /// Cancels what the calls have spawned if the client goes away before the last line.
    abort: Option<DropGuard>,
}

/// Keeps a silent answer alive; it stands in front of the next line, where a parser skips it.
#[must_use]
pub fn lines_ping() -> Bytes {
    Bytes::from_static(b" ")
}

/// A call that is to be answered with lines.
pub(super) struct LineCall {
    /// The call; a value is written behind the buffer that it got from [`value_prefix`].
    pub(super) answer: BoxFuture<'static, Result<Answer, Failure>>,
    pub(super) describe: Arc<Describe>,
}

/// Writes the error object of a failure.
pub(super) type Describe = dyn Fn(&Failure) -> Vec<u8> + Send + Sync;

/// What has come to its end, for now.
enum Done {
    Call { id: u64, result: Result<Answer, Failure>, describe: Arc<Describe> },
    Promise { id: u64, result: Result<Encoded, Failure>, describe: Arc<Describe> },
    Iterable { id: u64, step: Option<Result<Step, Failure>>, rest: Values, describe: Arc<Describe> },
}

type Values = BoxStream<'static, Result<Step, Failure>>;

/// Numbers of the parts, in the order in which they are found.
struct Ids(u64);

impl Ids {
    fn next(&mut self) -> u64 {
        let id = self.0;
        self.0 += 1;
        id
    }
}

/// The beginning of the line with the value of call `index`.
pub(super) fn value_prefix(index: usize) -> Vec<u8> {
    format!("[{index},0,[[{{\"result\":{{\"data\":").into_bytes()
}

const VALUE_SUFFIX: &[u8] = b"}}]]]\n";

impl JsonLines {
    /// The lines of `calls`, of which `concurrent_calls` run at the same time.
    pub(super) fn new(calls: Vec<LineCall>, concurrent_calls: usize, abort: DropGuard) -> Self {
        let mut ids = Ids(0);
        let mut head = String::from("{");
        let mut waiting = VecDeque::with_capacity(calls.len());
        for LineCall { answer, describe } in calls {
            let id = ids.next();
            let comma = if id == 0 { "" } else { "," };
            head.push_str(&format!("{comma}\"{id}\":[[0],[null,0,{id}]]"));
            waiting.push_back(answer.map(move |result| Done::Call { id, result, describe }).boxed());
        }
        head.push_str("}\n");
        Self {
            head: Some(head.into()),
            waiting,
            running: FuturesUnordered::new(),
            calls: 0,
            concurrent_calls: concurrent_calls.max(1),
            ids,
            abort: Some(abort),
        }
    }

    fn start_waiting(&mut self) {
        while self.calls < self.concurrent_calls
            && let Some(call) = self.waiting.pop_front()
        {
            self.running.push(call);
            self.calls += 1;
        }
    }

    /// The lines for what is done; what it leads to begins to run.
    fn lines(&mut self, done: Done) -> Vec<u8> {
        match done {
            Done::Call { id, result, describe } => {
                self.calls -= 1;
                self.call(id, result, &describe)
            }
            Done::Promise { id, result: Ok(value), describe } => self.part_line(id, 0, value, &describe),
            Done::Promise { id, result: Err(failure), describe } => error_line(id, 1, &describe(&failure)),
            Done::Iterable { id, step: Some(Ok(Step::Item(value))), rest, describe } => {
                let line = self.part_line(id, 1, value, &describe);
                self.running.push(next(id, rest, describe));
                line
            }
            Done::Iterable { id, step: Some(Ok(Step::Return(value))), describe, .. } => {
                self.part_line(id, 0, value, &describe)
            }
            Done::Iterable { id, step: Some(Err(failure)), describe, .. } => error_line(id, 2, &describe(&failure)),
            Done::Iterable { id, step: None, describe, .. } => self.part_line(id, 0, Encoded::Nothing, &describe),
        }
    }

    fn call(&mut self, id: u64, result: Result<Answer, Failure>, describe: &Arc<Describe>) -> Vec<u8> {
        let value = match result {
            Ok(Answer::Value(mut line)) => {
                line.extend_from_slice(VALUE_SUFFIX);
                return line;
            }
            Ok(Answer::Nothing) => Encoded::Nothing,
            Ok(Answer::Parts(InParts(value))) => value,
            Ok(Answer::Events(_)) => {
                let failure = Failure::unexpected("a subscription cannot be answered with lines");
                return failed_call(id, &describe(&failure));
            }
            Err(failure) => return failed_call(id, &describe(&failure)),
        };
        // Only the direct fields of a value can come later, so the two envelopes around `data` are values of their own.
        let (result, data) = (self.ids.next(), self.ids.next());
        let mut lines = format!("[{id},0,[[{{\"result\":0}}],[\"result\",0,{result}]]]\n");
        let kind = if matches!(value, Encoded::Part(Part::Iterable(_))) { 1 } else { 0 };
        lines.push_str(&format!("[{result},0,[[{{\"data\":0}}],[\"data\",{kind},{data}]]]\n"));
        let mut lines = lines.into_bytes();
        match value {
            Encoded::Part(part) => self.run(data, part, describe),
            value => lines.extend(self.part_line(data, 0, value, describe)),
        }
        lines
    }

    /// `[id,status,<encoded value>]`.
    fn part_line(&mut self, id: u64, status: u8, value: Encoded, describe: &Arc<Describe>) -> Vec<u8> {
        let mut line = format!("[{id},{status},").into_bytes();
        self.write(&mut line, value, describe);
        line.extend_from_slice(b"]\n");
        line
    }

    /// `[[data], definition, definition, …]`, with `0` in the place of each part.
    fn write(&mut self, line: &mut Vec<u8>, value: Encoded, describe: &Arc<Describe>) {
        let define = |parts: &mut Self, part: Part, key: &str| {
            let id = parts.ids.next();
            let kind = if matches!(part, Part::Iterable(_)) { 1 } else { 0 };
            parts.run(id, part, describe);
            format!(",[{key},{kind},{id}]")
        };
        match value {
            Encoded::Nothing => line.extend_from_slice(b"[[]]"),
            Encoded::Json(json) => {
                line.extend_from_slice(b"[[");
                line.extend_from_slice(&json);
                line.extend_from_slice(b"]]");
            }
            Encoded::Part(part) => {
                let definition = define(self, part, "null");
                line.extend_from_slice(b"[[0]");
                line.extend_from_slice(definition.as_bytes());
                line.push(b']');
            }
            Encoded::Object(fields) => {
                let mut definitions = String::new();
                line.extend_from_slice(b"[[{");
                for (index, (name, field)) in fields.into_iter().enumerate() {
                    let name = serde_json::to_string(&name).expect("a string is JSON");
                    if index > 0 {
                        line.push(b',');
                    }
                    line.extend_from_slice(name.as_bytes());
                    line.push(b':');
                    match field {
                        Field::Json(json) => line.extend_from_slice(json.get().as_bytes()),
                        Field::Part(part) => {
                            line.push(b'0');
                            definitions.push_str(&define(self, part, &name));
                        }
                    }
                }
                line.extend_from_slice(b"}]");
                line.extend_from_slice(definitions.as_bytes());
                line.push(b']');
            }
        }
    }

    fn run(&mut self, id: u64, part: Part, describe: &Arc<Describe>) {
        let describe = Arc::clone(describe);
        self.running.push(match part {
            Part::Promise(value) => AssertUnwindSafe(value)
                .catch_unwind()
                .map(move |result| Done::Promise {
                    id,
                    result: result.unwrap_or_else(|panic| Err(panicked(&panic))),
                    describe,
                })
                .boxed(),
            Part::Iterable(values) => next(id, values, describe),
        });
    }
}

/// Waits for the next value of an iterable.
fn next(id: u64, mut values: Values, describe: Arc<Describe>) -> BoxFuture<'static, Done> {
    async move {
        let step = AssertUnwindSafe(values.next()).catch_unwind().await;
        let step = step.unwrap_or_else(|panic| Some(Err(panicked(&panic))));
        Done::Iterable { id, step, rest: values, describe }
    }
    .boxed()
}

/// The failure of something that panicked.
pub(super) fn panicked(panic: &Box<dyn Any + Send>) -> Failure {
    let message = panic
        .downcast_ref::<&str>()
        .map(|text| (*text).to_owned())
        .or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "no message".to_owned());
    Failure::unexpected(format!("the procedure panicked: {message}"))
}

/// A call that fails is fulfilled, with an envelope.
fn failed_call(id: u64, error: &[u8]) -> Vec<u8> {
    [format!("[{id},0,[[{{\"error\":").as_bytes(), error, b"}]]]\n"].concat()
}

fn error_line(id: u64, status: u8, error: &[u8]) -> Vec<u8> {
    [format!("[{id},{status},").as_bytes(), error, b"]\n"].concat()
}

impl Stream for JsonLines {
    type Item = Bytes;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut TaskContext<'_>) -> Poll<Option<Self::Item>> {
        if let Some(head) = self.head.take() {
            return Poll::Ready(Some(head));
        }
        self.start_waiting();
        match ready!(self.running.poll_next_unpin(cx)) {
            Some(done) => {
                let lines = self.lines(done);
                Poll::Ready(Some(lines.into()))
            }
            None => {
                // Everybody got their answer: what the calls have spawned may go on.
                if let Some(abort) = self.abort.take() {
                    abort.disarm();
                }
                Poll::Ready(None)
            }
        }
    }
}

impl fmt::Debug for JsonLines {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("JsonLines").field("running", &self.running.len()).finish_non_exhaustive()
    }
}
