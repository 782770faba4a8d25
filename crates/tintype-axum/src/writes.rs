//! Turns frames into writes: joins what waits, keeps silent streams alive, and bounds their age.

use std::{
    future::Future,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use bytes::{Bytes, BytesMut};
use futures_util::{Stream, StreamExt};
use tintype::protocol::{EventFrames, JsonLines, lines_ping, ping_frame};
use tokio::time::{Instant, Sleep, sleep_until};
use tokio_util::sync::{CancellationToken, WaitForCancellationFutureOwned};

use crate::{Limits, spread};

/// Frames that wait are joined into one write, at most this many.
const FRAMES_PER_WRITE: usize = 64;

/// A write to which no further frame is joined: it is what a client that stops reading may keep for itself, beside
/// frames that it shares with others.
const WRITE_BYTES: usize = 16 * 1024;

/// The writes of an event stream, which ends at its age and some time after `shutdown` fires.
///
/// Its last words at a shutdown are when the client should connect again.
pub(crate) fn events(
    frames: EventFrames,
    limits: &Limits,
    shutdown: CancellationToken,
) -> impl Stream<Item = Bytes> + Send + 'static {
    // Without `event: return` the end means "connect again", which is what an old stream should do.
    let ends = Instant::now() + limits.stream_age;
    let mut writes = Writes::new(frames, limits.ping_interval, ping_frame(), Some(ends));
    // Who comes when it has begun already must not stay until the others are gone.
    writes.drain_time = if shutdown.is_cancelled() { Duration::ZERO } else { spread::within(limits.drain_time) };
    writes.shutdown = Some(Box::pin(shutdown.cancelled_owned()));
    writes
}

/// The writes of a batch that is answered line by line, which ends with its last call.
pub(crate) fn lines(lines: JsonLines, limits: &Limits) -> impl Stream<Item = Bytes> + Send + 'static {
    Writes::new(lines, limits.ping_interval, lines_ping(), None)
}

struct Writes<F> {
    /// `None` after the end.
    frames: Option<F>,
    ping: Bytes,
    ping_interval: Duration,
    last_write: Instant,
    /// When the stream is over, whatever is still to come.
    ends: Option<Instant>,
    /// What is said then.
    last_words: Option<Bytes>,
    /// `None` once it has fired.
    shutdown: Option<Pin<Box<WaitForCancellationFutureOwned>>>,
    /// How long the stream goes on for after a shutdown.
    drain_time: Duration,
    /// Fires when a ping may be due, or the end; a write does not move it, because that costs more than a look later.
    alarm: Pin<Box<Sleep>>,
}

impl<F: Stream<Item = Bytes> + Unpin> Writes<F> {
    fn new(frames: F, ping_interval: Duration, ping: Bytes, ends: Option<Instant>) -> Self {
        let now = Instant::now();
        let ping_due = now + ping_interval;
        let alarm = Box::pin(sleep_until(ends.map_or(ping_due, |ends| ends.min(ping_due))));
        Self {
            frames: Some(frames),
            ping,
            ping_interval,
            last_write: now,
            ends,
            last_words: None,
            shutdown: None,
            drain_time: Duration::ZERO,
            alarm,
        }
    }

    /// Brings the end forward when the shutdown fires.
    fn hear_of_shutdown(&mut self, now: Instant, cx: &mut Context<'_>) {
        if !self.shutdown.as_mut().is_some_and(|shutdown| shutdown.as_mut().poll(cx).is_ready()) {
            return;
        }
        self.shutdown = None;
        let drained = now + self.drain_time;
        if self.ends.is_none_or(|ends| drained < ends) {
            self.ends = Some(drained);
            self.last_words = Some(spread::retry_frame());
            if drained < self.alarm.deadline() {
                self.alarm.as_mut().reset(drained);
            }
        }
    }

    fn is_over(&self, now: Instant) -> bool {
        self.ends.is_some_and(|ends| ends <= now)
    }

    /// Ends the stream with its last words, if it has any.
    fn end(&mut self) -> Poll<Option<Bytes>> {
        self.frames = None;
        Poll::Ready(self.last_words.take())
    }

    /// Everything that is ready, as one write.
    fn ready(&mut self, cx: &mut Context<'_>) -> Option<Bytes> {
        let mut next = |frames: &mut Option<F>| match frames.as_mut()?.poll_next_unpin(cx) {
            Poll::Ready(Some(frame)) => Some(frame),
            Poll::Ready(None) => {
                *frames = None;
                None
            }
            Poll::Pending => None,
        };
        let first = next(&mut self.frames)?;
        if first.len() >= WRITE_BYTES {
            return Some(first);
        }
        // A single frame is passed on as it is, shared by everybody who receives it.
        let Some(second) = next(&mut self.frames) else { return Some(first) };
        let mut joined = BytesMut::with_capacity(2 * (first.len() + second.len()));
        joined.extend_from_slice(&first);
        joined.extend_from_slice(&second);
        for _ in 2..FRAMES_PER_WRITE {
            if joined.len() >= WRITE_BYTES {
                break;
            }
            let Some(frame) = next(&mut self.frames) else { break };
            joined.extend_from_slice(&frame);
        }
        Some(joined.freeze())
    }
}

impl<F: Stream<Item = Bytes> + Unpin> Stream for Writes<F> {
    type Item = Bytes;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Bytes>> {
        let writes = &mut *self;
        let now = Instant::now();
        if writes.frames.is_none() {
            return Poll::Ready(None);
        }
        writes.hear_of_shutdown(now, cx);
        if writes.is_over(now) {
            return writes.end();
        }
        if let Some(write) = writes.ready(cx) {
            writes.last_write = now;
            return Poll::Ready(Some(write));
        }
        if writes.frames.is_none() {
            return Poll::Ready(None);
        }
        while writes.alarm.as_mut().poll(cx).is_ready() {
            let now = Instant::now();
            if writes.is_over(now) {
                return writes.end();
            }
            let ping_due = writes.last_write + writes.ping_interval;
            let is_silent = ping_due <= now;
            let next = if is_silent { now + writes.ping_interval } else { ping_due };
            writes.alarm.as_mut().reset(writes.ends.map_or(next, |ends| ends.min(next)));
            if is_silent {
                writes.last_write = now;
                return Poll::Ready(Some(writes.ping.clone()));
            }
        }
        Poll::Pending
    }
}

#[cfg(test)]
mod tests {
    use futures_util::stream;
    use tokio::sync::mpsc;
    use tokio_stream::wrappers::UnboundedReceiverStream;

    use super::*;

    fn writes(frames: impl Stream<Item = Bytes> + Unpin) -> Writes<impl Stream<Item = Bytes> + Unpin> {
        Writes::new(frames, Duration::from_secs(15), Bytes::from_static(b"ping"), None)
    }

    fn frames(count: usize, bytes: usize) -> impl Stream<Item = Bytes> + Unpin {
        stream::iter((0..count).map(move |_| Bytes::from(vec![b'x'; bytes])))
    }

    async fn lengths(frames: impl Stream<Item = Bytes> + Unpin) -> Vec<usize> {
        writes(frames).map(|write| write.len()).collect().await
    }

    #[tokio::test]
    async fn what_waits_is_one_write_up_to_a_number_of_frames_and_a_size() {
        assert_eq!(lengths(frames(64, 10)).await, [640]);
        assert_eq!(lengths(frames(130, 10)).await, [640, 640, 20]);
        assert_eq!(lengths(frames(5, 10_000)).await, [20_000, 20_000, 10_000]);
        assert_eq!(lengths(frames(2, 60_000)).await, [60_000, 60_000]);
    }

    #[tokio::test]
    async fn a_single_frame_is_passed_on_without_a_copy() {
        let frame = Bytes::from(vec![b'x'; 100]);

        let write = writes(stream::iter([frame.clone()])).next().await.unwrap();

        assert_eq!(write.as_ptr(), frame.as_ptr());
    }

    #[tokio::test(start_paused = true)]
    async fn a_ping_comes_after_a_silence_since_the_last_write() {
        let (sender, receiver) = mpsc::unbounded_channel();
        let mut writes = writes(UnboundedReceiverStream::new(receiver));
        let started = Instant::now();
        tokio::spawn(async move {
            tokio::time::sleep(Duration::from_secs(10)).await;
            sender.send(Bytes::from_static(b"event")).unwrap();
            tokio::time::sleep(Duration::from_secs(36)).await;
        });

        let mut seen = Vec::new();
        while let Some(write) = writes.next().await {
            seen.push((started.elapsed().as_secs(), write));
        }

        let ping = || Bytes::from_static(b"ping");
        assert_eq!(seen, [(10, Bytes::from_static(b"event")), (25, ping()), (40, ping())]);
    }

    #[tokio::test(start_paused = true)]
    async fn a_stream_ends_at_its_age_whether_it_is_silent_or_busy() {
        let started = Instant::now();
        let ends = Some(started + Duration::from_secs(40));
        let mut silent = Writes::new(stream::pending(), Duration::from_secs(15), Bytes::from_static(b"ping"), ends);
        assert_eq!(silent.by_ref().count().await, 2);
        assert_eq!(started.elapsed().as_secs(), 40);
        assert!(silent.next().await.is_none(), "it may be polled once more");

        let mut busy = writes(stream::repeat(Bytes::from_static(b"event")));
        busy.ends = Some(Instant::now());
        assert!(busy.next().await.is_none());
    }

    #[tokio::test(start_paused = true)]
    async fn a_shutdown_ends_a_stream_after_its_time_with_last_words() {
        let shutdown = CancellationToken::new();
        let mut writes = writes(stream::pending());
        writes.shutdown = Some(Box::pin(shutdown.clone().cancelled_owned()));
        writes.drain_time = Duration::from_secs(7);
        let started = Instant::now();
        shutdown.cancel();

        let last_words = writes.next().await.unwrap();

        assert!(last_words.starts_with(b"retry: "), "{last_words:?}");
        assert_eq!(started.elapsed().as_secs(), 7);
        assert!(writes.next().await.is_none());
    }
}
