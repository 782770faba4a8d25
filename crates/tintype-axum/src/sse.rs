//! Keeps event streams alive, bounded in age, and cheap to write.

use bytes::{Bytes, BytesMut};
use futures_util::{
    Stream, StreamExt,
    future::{self, Either},
    stream,
};
use tintype::protocol::{EventFrames, ping_frame};
use tokio::time::{Instant, sleep, sleep_until};
use tokio_util::sync::CancellationToken;

use crate::Limits;

/// Frames that wait to be written are joined into one write, at most this many.
const FRAMES_PER_WRITE: usize = 64;

/// Adds pings, ends the stream at its age, and joins waiting frames.
pub(crate) fn writes(
    frames: EventFrames,
    limits: &Limits,
    shutdown: CancellationToken,
) -> impl Stream<Item = Bytes> + Send + 'static {
    let ping_interval = limits.ping_interval;
    let end = Instant::now() + limits.stream_age;
    let writes = stream::unfold(frames.ready_chunks(FRAMES_PER_WRITE), move |mut frames| async move {
        // Without `event: return` the end means "connect again", which is what an old stream should do.
        let aged = std::pin::pin!(sleep_until(end));
        let silent = std::pin::pin!(sleep(ping_interval));
        let ready = match future::select(frames.next(), future::select(silent, aged)).await {
            Either::Left((ready, _)) => ready,
            Either::Right((Either::Left(_), _)) => return Some((ping_frame(), frames)),
            Either::Right((Either::Right(_), _)) => return None,
        };
        ready.map(|ready| (join(ready), frames))
    });
    writes.take_until(shutdown.cancelled_owned())
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
