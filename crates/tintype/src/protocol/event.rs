//! Subscriptions as an event stream, section 8 of the protocol.

use std::{
    fmt,
    panic::AssertUnwindSafe,
    pin::Pin,
    task::{Context as TaskContext, Poll},
};

use bytes::Bytes;
use futures_core::Stream;
use futures_util::{
    FutureExt, StreamExt,
    future::{self, BoxFuture, Either},
    stream::{self, BoxStream},
};
use tokio_util::sync::DropGuard;

use super::{jsonl::panicked, one_line::put_on_one_line};
use crate::{
    error::{ErrorCode, Failure},
    event_id::EventId,
    procedure::Answer,
    subscription::{EncodedEvent, ErasedEvents},
};

/// The frames of one event stream, each whole: a host may join them but not split or hold them back.
pub struct EventFrames(BoxStream<'static, Bytes>);

/// The frame that keeps an idle stream alive.
#[must_use]
pub fn ping_frame() -> Bytes {
    // The empty `data` line is needed: without it a browser does not dispatch the event.
    Bytes::from_static(b"event: ping\ndata: \n\n")
}

/// Writes the error object for a failure.
pub(super) type Describe = Box<dyn Fn(&Failure) -> Vec<u8> + Send + Sync>;

/// Transforms the value of an event.
pub(super) type Transform = Box<dyn Fn(&[u8]) -> Vec<u8> + Send + Sync>;

/// Everything that happens after the head of the response.
pub(super) struct EventCall {
    /// Writes the error object of a failure of the call.
    pub(super) describe: Describe,
    /// Transforms the value of an event, if anything is done to it.
    pub(super) transform: Option<Transform>,
    /// The call, as far as to its stream of events.
    pub(super) start: BoxFuture<'static, Result<Answer, Failure>>,
    /// Ends the stream early; asked for once the call has begun.
    pub(super) ends: Box<dyn FnOnce() -> Vec<BoxFuture<'static, Failure>> + Send>,
    /// The id with which the client came.
    pub(super) resume_id: Option<EventId>,
    /// Cancels what the call has spawned when the stream is dropped.
    pub(super) abort: DropGuard,
    /// Client options, sent in the first event.
    pub(super) reconnect_after_inactivity_ms: Option<u64>,
}

impl EventFrames {
    pub(super) fn new(call: EventCall) -> Self {
        let connected = match call.reconnect_after_inactivity_ms {
            Some(ms) => format!("event: connected\ndata: {{\"reconnectAfterInactivityMs\":{ms}}}\n\n"),
            None => "event: connected\ndata: {}\n\n".to_owned(),
        };
        let connected = stream::once(future::ready(Bytes::from(connected)));
        let frames = run(call).map(|frames| connected.chain(frames)).flatten_stream();
        // Fused: whoever carries a body may poll it once more after its end.
        Self(frames.fuse().boxed())
    }
}

/// The frames after `connected`, from the moment when nothing that follows can be missed.
async fn run(call: EventCall) -> BoxStream<'static, Bytes> {
    let EventCall { describe, transform, start, ends, resume_id, abort, .. } = call;
    let answer = start.await;
    let events = match answer {
        Ok(Answer::Events(events)) => begun(events, ends()).await,
        Ok(Answer::Value(_) | Answer::Nothing | Answer::Parts(_)) => {
            let failure = Failure::new(ErrorCode::InternalServerError, "a subscription answered with a value");
            stream::once(future::ready(Err(failure))).boxed()
        }
        Err(failure) => stream::once(future::ready(Err(failure))).boxed(),
    };
    // The state lives as long as the stream, and the guard with it.
    let state = Some((events, resume_id, abort, describe, transform));
    let frames = stream::unfold(state, move |state| async move {
        let (mut events, mut last_id, abort, describe, transform) = state?;
        match events.next().await {
            None => Some((Bytes::from_static(b"event: return\ndata: \n\n"), None)),
            Some(Ok(event)) => {
                let frame = value_frame(&event, transform.as_ref(), &mut last_id);
                Some((frame, Some((events, last_id, abort, describe, transform))))
            }
            Some(Err(failure)) => Some((failure_frame(describe(&failure)), None)),
        }
    });
    frames.boxed()
}

/// The `events`, with their `ends`, once they have told their position: what happens from then on is among them.
///
/// Events that tell none are taken to have begun.
pub(crate) async fn begun(
    events: ErasedEvents,
    ends: Vec<BoxFuture<'static, Failure>>,
) -> BoxStream<'static, Result<EncodedEvent, Failure>> {
    if !events.tells_position() {
        return with_ends(events, ends);
    }
    let mut events = with_ends(events, ends).fuse();
    let first = events.next().await;
    stream::iter(first).chain(events).boxed()
}

/// Ends `events` with the failure of the first of `ends` that resolves, or with a panic of the procedure.
pub(crate) fn with_ends(
    events: ErasedEvents,
    ends: Vec<BoxFuture<'static, Failure>>,
) -> BoxStream<'static, Result<EncodedEvent, Failure>> {
    let events = AssertUnwindSafe(events).catch_unwind();
    let events = events.map(|event| event.unwrap_or_else(|panic| Err(panicked(&panic))));
    if ends.is_empty() {
        return events.boxed();
    }
    let ends = ends.into_iter().map(|end| {
        let end = AssertUnwindSafe(end).catch_unwind();
        end.map(|failure| failure.unwrap_or_else(|panic| panicked(&panic))).boxed()
    });
    let state = (events, Some(future::select_all(ends)));
    let events = stream::unfold(state, |(mut events, ends)| async move {
        match future::select(ends?, events.next()).await {
            Either::Left(((failure, _, _), _)) => Some((Err(failure), (events, None))),
            Either::Right((event, ends)) => Some((event?, (events, Some(ends)))),
        }
    });
    events.boxed()
}

fn value_frame(event: &EncodedEvent, transform: Option<&Transform>, last_id: &mut Option<EventId>) -> Bytes {
    if let (Some(frame), None) = (event.shared_frame(), transform) {
        *last_id = event.id().cloned();
        return frame.clone();
    }
    let json = event.json();
    let mut frame = Vec::with_capacity(json.map_or(0, <[u8]>::len) + 64);
    if let Some(json) = json {
        frame.extend_from_slice(b"data: ");
        match transform {
            Some(transform) => frame.extend_from_slice(&transform(json)),
            None => frame.extend_from_slice(json),
        }
        put_on_one_line(&mut frame);
        frame.push(b'\n');
    }
    match (event.id(), last_id.as_ref()) {
        (Some(id), _) => {
            frame.extend_from_slice(format!("id: {id}\n\n").as_bytes());
            *last_id = Some(id.clone());
        }
        // A browser gives an event without an id the last one it saw: clear it, and put it back afterwards.
        (None, Some(last)) => {
            frame.extend_from_slice(format!("id: \n\nevent: restore-id\ndata: \nid: {last}\n\n").as_bytes());
        }
        (None, None) => frame.push(b'\n'),
    }
    frame.into()
}

fn failure_frame(mut error: Vec<u8>) -> Bytes {
    put_on_one_line(&mut error);
    [b"event: serialized-error\ndata: ", error.as_slice(), b"\n\n"].concat().into()
}

impl Stream for EventFrames {
    type Item = Bytes;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut TaskContext<'_>) -> Poll<Option<Self::Item>> {
        self.0.poll_next_unpin(cx)
    }
}

impl fmt::Debug for EventFrames {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EventFrames").finish_non_exhaustive()
    }
}
