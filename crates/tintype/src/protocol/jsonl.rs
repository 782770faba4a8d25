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

use super::{
    event::Describe,
    one_line::put_on_one_line,
    transformer::{Text, Transformer},
};
use crate::{
    error::Failure,
    parts::{Encoded, Field, InParts, Part, Step},
    procedure::Answer,
    superjson::Place,
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
    transformer: Transformer,
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
    /// What its value is.
    pub(super) output: Place,
    pub(super) errors: Arc<Errors>,
}

/// How a call tells of its failures.
pub(super) struct Errors {
    /// Writes the error object of a failure.
    pub(super) describe: Describe,
    /// What the error object is.
    pub(super) place: Place,
}

/// What has come to its end, for now.
enum Done {
    Call { to: Recipient, result: Result<Answer, Failure> },
    Promise { to: Recipient, result: Result<Encoded, Failure> },
    Iterable { to: Recipient, step: Option<Result<Step, Failure>>, rest: Values },
}

/// Who waits for something at the client's side, and what it is.
struct Recipient {
    id: u64,
    place: Place,
    errors: Arc<Errors>,
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
    pub(super) fn new(
        calls: Vec<LineCall>,
        transformer: Transformer,
        concurrent_calls: usize,
        abort: DropGuard,
    ) -> Self {
        let mut ids = Ids(0);
        let mut head = Text::new(transformer);
        head.push("{");
        let mut waiting = VecDeque::with_capacity(calls.len());
        for LineCall { answer, output, errors } in calls {
            let id = ids.next();
            let comma = if id == 0 { "" } else { "," };
            head.push(&format!("{comma}\"{id}\":[[0],[null,0,{id}]]"));
            let to = Recipient { id, place: output, errors };
            waiting.push_back(answer.map(move |result| Done::Call { to, result }).boxed());
        }
        head.push("}");
        Self {
            head: Some(line(head).into()),
            waiting,
            running: FuturesUnordered::new(),
            calls: 0,
            concurrent_calls: concurrent_calls.max(1),
            ids,
            transformer,
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
            Done::Call { to, result } => {
                self.calls -= 1;
                self.call(to, result)
            }
            Done::Promise { to, result: Ok(value) } => self.part_line(&to, 0, value, &to.place),
            Done::Promise { to, result: Err(failure) } => self.error_line(&to, 1, &failure),
            Done::Iterable { to, step: Some(Ok(Step::Item(value))), rest } => {
                let line = self.part_line(&to, 1, value, &to.place.item());
                self.running.push(next(to, rest));
                line
            }
            Done::Iterable { to, step: Some(Ok(Step::Return(value))), .. } => {
                self.part_line(&to, 0, value, &to.place.end())
            }
            Done::Iterable { to, step: Some(Err(failure)), .. } => self.error_line(&to, 2, &failure),
            Done::Iterable { to, step: None, .. } => self.part_line(&to, 0, Encoded::Nothing, &Place::default()),
        }
    }

    fn call(&mut self, to: Recipient, result: Result<Answer, Failure>) -> Vec<u8> {
        let id = to.id;
        let value = match result {
            Ok(Answer::Value(mut line)) if self.transformer == Transformer::Json => {
                put_on_one_line(&mut line);
                line.extend_from_slice(VALUE_SUFFIX);
                return line;
            }
            Ok(Answer::Value(json)) => {
                let mut text = Text::new(self.transformer);
                text.push(&format!("[{id},0,[[{{\"result\":{{\"data\":"));
                text.value(&["2", "0", "0", "result", "data"], &json, &to.place);
                text.push("}}]]]");
                return line(text);
            }
            Ok(Answer::Nothing) => Encoded::Nothing,
            Ok(Answer::Parts(InParts(value))) => value,
            Ok(Answer::Events(_)) => {
                let failure = Failure::unexpected("a subscription cannot be answered with lines");
                return self.failed_call(&to, &failure);
            }
            Err(failure) => return self.failed_call(&to, &failure),
        };
        // Only the direct fields of a value can come later, so the two envelopes around `data` are values of their own.
        let (result, data) = (self.ids.next(), self.ids.next());
        let kind = if matches!(value, Encoded::Part(Part::Iterable(_))) { 1 } else { 0 };
        let mut lines = self.plain_line(&format!("[{id},0,[[{{\"result\":0}}],[\"result\",0,{result}]]]"));
        lines.extend(self.plain_line(&format!("[{result},0,[[{{\"data\":0}}],[\"data\",{kind},{data}]]]")));
        let to = Recipient { id: data, ..to };
        match value {
            Encoded::Part(part) => self.run(to, part),
            value => lines.extend(self.part_line(&to, 0, value, &to.place)),
        }
        lines
    }

    /// `[id,status,<encoded value>]`.
    fn part_line(&mut self, to: &Recipient, status: u8, value: Encoded, place: &Place) -> Vec<u8> {
        let mut text = Text::new(self.transformer);
        text.push(&format!("[{},{status},", to.id));
        self.write(&mut text, value, place, &to.errors);
        text.push("]");
        line(text)
    }

    fn plain_line(&self, json: &str) -> Vec<u8> {
        let mut text = Text::new(self.transformer);
        text.push(json);
        line(text)
    }

    /// A call that fails is fulfilled, with an envelope.
    fn failed_call(&self, to: &Recipient, failure: &Failure) -> Vec<u8> {
        let mut text = Text::new(self.transformer);
        text.push(&format!("[{},0,[[{{\"error\":", to.id));
        text.value(&["2", "0", "0", "error"], &(to.errors.describe)(failure), &to.errors.place);
        text.push("}]]]");
        line(text)
    }

    fn error_line(&self, to: &Recipient, status: u8, failure: &Failure) -> Vec<u8> {
        let mut text = Text::new(self.transformer);
        text.push(&format!("[{},{status},", to.id));
        text.value(&["2"], &(to.errors.describe)(failure), &to.errors.place);
        text.push("]");
        line(text)
    }

    /// `[[data], definition, definition, …]`, with `0` in the place of each part.
    fn write(&mut self, text: &mut Text, value: Encoded, place: &Place, errors: &Arc<Errors>) {
        let define = |parts: &mut Self, part: Part, key: &str, place: Place| {
            let id = parts.ids.next();
            let kind = if matches!(part, Part::Iterable(_)) { 1 } else { 0 };
            parts.run(Recipient { id, place, errors: Arc::clone(errors) }, part);
            format!(",[{key},{kind},{id}]")
        };
        match value {
            Encoded::Nothing => text.push("[[]]"),
            Encoded::Json(json) => {
                text.push("[[");
                text.value(&["2", "0", "0"], &json, place);
                text.push("]]");
            }
            Encoded::Part(part) => {
                let definition = define(self, part, "null", place.clone());
                text.push("[[0]");
                text.push(&definition);
                text.push("]");
            }
            Encoded::Object(fields) => {
                let mut definitions = String::new();
                text.push("[[{");
                for (index, (key, field)) in fields.into_iter().enumerate() {
                    let name = serde_json::to_string(&key).expect("a string is JSON");
                    if index > 0 {
                        text.push(",");
                    }
                    text.push(&name);
                    text.push(":");
                    let place = place.field(&key);
                    match field {
                        Field::Json(json) => text.value(&["2", "0", "0", &key], json.get().as_bytes(), &place),
                        Field::Part(part) => {
                            text.push("0");
                            definitions.push_str(&define(self, part, &name, place));
                        }
                    }
                }
                text.push("}]");
                text.push(&definitions);
                text.push("]");
            }
        }
    }

    fn run(&mut self, to: Recipient, part: Part) {
        self.running.push(match part {
            Part::Promise(value) => AssertUnwindSafe(value)
                .catch_unwind()
                .map(move |result| Done::Promise { to, result: result.unwrap_or_else(|panic| Err(panicked(&panic))) })
                .boxed(),
            Part::Iterable(values) => next(to, values),
        });
    }
}

/// A text as a line.
fn line(text: Text) -> Vec<u8> {
    let mut line = text.finish();
    put_on_one_line(&mut line);
    line.push(b'\n');
    line
}

/// Waits for the next value of an iterable.
fn next(to: Recipient, mut values: Values) -> BoxFuture<'static, Done> {
    async move {
        let step = AssertUnwindSafe(values.next()).catch_unwind().await;
        let step = step.unwrap_or_else(|panic| Some(Err(panicked(&panic))));
        Done::Iterable { to, step, rest: values }
    }
    .boxed()
}

/// The failure of something that panicked.
pub(crate) fn panicked(panic: &Box<dyn Any + Send>) -> Failure {
    let message = panic
        .downcast_ref::<&str>()
        .map(|text| (*text).to_owned())
        .or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "no message".to_owned());
    Failure::unexpected(format!("the procedure panicked: {message}"))
}

/// Calls what an application gave us; a panic in it is a failure.
pub(super) fn caught<T>(call: impl FnOnce() -> T) -> Result<T, Failure> {
    std::panic::catch_unwind(AssertUnwindSafe(call)).map_err(|panic| panicked(&panic))
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
