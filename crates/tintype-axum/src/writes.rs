//! Turns frames into writes: joins what waits, keeps silent streams alive, and bounds their age.

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use futures_util::{
    Stream, StreamExt,
    future::{self, Either},
    stream,
};
use tintype::protocol::{EventFrames, JsonLines, lines_ping, ping_frame};
use tokio::time::{Instant, sleep, sleep_until};
use tokio_util::sync::CancellationToken;

use crate::Limits;

/// Frames that wait to be written are joined into one write, at most this many.
const FRAMES_PER_WRITE: usize = 64;

/// The writes of an event stream, which ends at its age and when `shutdown` fires.
pub(crate) fn events(
    frames: EventFrames,
    limits: &Limits,
    shutdown: CancellationToken,
) -> impl Stream<Item = Bytes> + Send + 'static {
    // Without `event: return` the end means "connect again", which is what an old stream should do.
    let aged = sleep_until(Instant::now() + limits.stream_age);
    with_pings(frames, limits.ping_interval, ping_frame()).take_until(aged).take_until(shutdown.cancelled_owned())
}

/// The writes of a batch that is answered line by line, which ends with its last call.
pub(crate) fn lines(lines: JsonLines, limits: &Limits) -> impl Stream<Item = Bytes> + Send + 'static {
    with_pings(lines, limits.ping_interval, lines_ping())
}

fn with_pings(
    frames: impl Stream<Item = Bytes> + Send + Unpin + 'static,
    interval: Duration,
    ping: Bytes,
) -> impl Stream<Item = Bytes> + Send + 'static {
    stream::unfold(frames.ready_chunks(FRAMES_PER_WRITE), move |mut frames| {
        let ping = ping.clone();
        async move {
            let silent = std::pin::pin!(sleep(interval));
            match future::select(frames.next(), silent).await {
                Either::Left((ready, _)) => ready.map(|ready| (join(ready), frames)),
                Either::Right(_) => Some((ping, frames)),
            }
        }
    })
}

fn join(mut frames: Vec<Bytes>) -> Bytes {
    if frames.len() == 1 {
        return frames.swap_remove(0);
    }
    let mut joined = BytesMut::with_capacity(frames.iter().map(Bytes::len).sum());
    for frame in frames {
        joined.extend_from_slice(&frame);
    }
    joined.freeze()
}
