//! Turns frames into writes: joins what waits, keeps silent streams alive, and bounds their age.

use std::{
    sync::{Arc, OnceLock},
    time::Duration,
};

use bytes::{Bytes, BytesMut};
use futures_util::{
    Stream, StreamExt,
    future::{self, Either},
    stream,
};
use tintype::protocol::{EventFrames, JsonLines, lines_ping, ping_frame};
use tokio::time::{Instant, sleep, sleep_until};
use tokio_util::sync::CancellationToken;

use crate::{Limits, spread};

/// Frames that wait to be written are joined into one write, at most this many.
const FRAMES_PER_WRITE: usize = 64;

/// The writes of an event stream, which ends at its age and some time after `shutdown` fires.
///
/// Its last words at a shutdown are when the client should connect again.
pub(crate) fn events(
    frames: EventFrames,
    limits: &Limits,
    shutdown: CancellationToken,
) -> impl Stream<Item = Bytes> + Send + 'static {
    // Without `event: return` the end means "connect again", which is what an old stream should do.
    let aged = sleep_until(Instant::now() + limits.stream_age);
    // Who comes when it has begun already must not stay until the others are gone.
    let drain_time = if shutdown.is_cancelled() { Duration::ZERO } else { spread::within(limits.drain_time) };
    let last_words = Arc::new(OnceLock::new());
    let said = Arc::clone(&last_words);
    let drained = async move {
        shutdown.cancelled_owned().await;
        sleep(drain_time).await;
        last_words.get_or_init(spread::retry_frame);
    };
    let writes = with_pings(frames, limits.ping_interval, ping_frame()).take_until(aged).take_until(drained);
    writes.chain(stream::once(async move { said.get().cloned() }).filter_map(future::ready))
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
