//! What becomes of a body that nobody reads to its end.
//!
//! A connection tells of its end only to who reads from it, so a call that does not need its input would run on after
//! its client has gone.
//! And a client that is still sending when its connection closes may never see the answer, so what is left of a body is
//! read after it, within limits.

use std::{
    future::Future,
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Poll},
    time::Duration,
};

use bytes::{Bytes, BytesMut};
use http_body::{Body, Frame};
use http_body_util::BodyExt;
use tokio::{runtime::Handle, time::timeout};

use crate::Limits;

/// How much of a body is kept for who may still read it; more is not looked at.
const KEPT_BYTES: usize = 16 * 1024;

/// A body that a call may read, and that is watched until then.
pub(crate) struct Unread<B: Sendable>(Arc<Mutex<Option<Kept<B>>>>);

/// Resolves when the client has gone away. Does nothing once the body is read.
pub(crate) struct ClientGone<B: Sendable>(Arc<Mutex<Option<Kept<B>>>>);

/// What has arrived of a body, and the rest of it.
pub(crate) struct Kept<B: Sendable> {
    arrived: BytesMut,
    /// `None` after its end.
    rest: Option<Pin<Box<B>>>,
    leftover: Leftover,
}

/// A body that another task can read.
pub(crate) trait Sendable: Body<Data = Bytes> + Send + 'static {}

impl<B: Body<Data = Bytes> + Send + 'static> Sendable for B {}

/// How much of a body is read after the answer, and for how long.
#[derive(Debug, Clone, Copy)]
struct Leftover {
    bytes: usize,
    time: Duration,
}

/// Splits `body` into what a call takes and what is awaited beside the call.
pub(crate) fn watched<B: Sendable>(body: B, limits: &Limits) -> (Unread<B>, ClientGone<B>) {
    let leftover = Leftover { bytes: limits.unread_bytes, time: limits.unread_time };
    let rest = (!body.is_end_stream()).then(|| Box::pin(body));
    // Short sections: nothing under the lock waits.
    let kept = Arc::new(Mutex::new(Some(Kept { arrived: BytesMut::new(), rest, leftover })));
    (Unread(Arc::clone(&kept)), ClientGone(kept))
}

impl<B: Sendable> Unread<B> {
    /// The body, to be read from its beginning.
    pub(crate) fn take(self) -> Kept<B> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        kept.expect("a body is taken once, because that takes its handle")
    }
}

impl<B: Sendable> Drop for Kept<B> {
    fn drop(&mut self) {
        if let Some(rest) = self.rest.take()
            && let Ok(runtime) = Handle::try_current()
        {
            runtime.spawn(read_away(rest, self.leftover));
        }
    }
}

async fn read_away<B: Sendable>(mut body: Pin<Box<B>>, Leftover { bytes, time }: Leftover) {
    let mut left = bytes;
    let reading = async {
        while let Some(Ok(frame)) = body.frame().await {
            let read = frame.data_ref().map_or(0, Bytes::len);
            let Some(still) = left.checked_sub(read) else { return };
            left = still;
        }
    };
    // What takes longer is cut off.
    let _ = timeout(time, reading).await;
}

impl<B: Sendable> Future for ClientGone<B> {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(Kept { arrived, rest, .. }) = &mut *kept else { return Poll::Pending };
        while let Some(body) = rest
            && arrived.len() < KEPT_BYTES
        {
            match body.as_mut().poll_frame(cx) {
                Poll::Ready(Some(Ok(frame))) => {
                    // What is no data is a trailer, which means nothing to the protocol.
                    if let Ok(bytes) = frame.into_data() {
                        arrived.extend_from_slice(&bytes);
                    }
                }
                Poll::Ready(Some(Err(_))) => {
                    *rest = None;
                    return Poll::Ready(());
                }
                Poll::Ready(None) => *rest = None,
                Poll::Pending => return Poll::Pending,
            }
        }
        Poll::Pending
    }
}

impl<B: Sendable> Body for Kept<B> {
    type Data = Bytes;
    type Error = B::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Self::Data>, Self::Error>>> {
        if !self.arrived.is_empty() {
            return Poll::Ready(Some(Ok(Frame::data(self.arrived.split().freeze()))));
        }
        let Some(body) = &mut self.rest else { return Poll::Ready(None) };
        let frame = body.as_mut().poll_frame(cx);
        if matches!(frame, Poll::Ready(None | Some(Err(_)))) {
            self.rest = None;
        }
        frame
    }
}

#[cfg(test)]
mod tests {
    use std::task::Waker;

    use futures_util::stream;
    use http_body_util::{BodyExt, StreamBody};

    use super::*;

    type Piece = Result<Frame<Bytes>, &'static str>;

    fn body(pieces: Vec<Piece>) -> impl Sendable<Error = &'static str> {
        StreamBody::new(stream::iter(pieces))
    }

    fn piece(text: &'static str) -> Piece {
        Ok(Frame::data(Bytes::from_static(text.as_bytes())))
    }

    fn poll(gone: &mut (impl Future<Output = ()> + Unpin)) -> Poll<()> {
        Pin::new(gone).poll(&mut Context::from_waker(Waker::noop()))
    }

    #[tokio::test]
    async fn what_has_arrived_is_read_later() {
        let (unread, mut gone) = watched(body(vec![piece("a"), piece("b")]), &Limits::default());

        assert!(poll(&mut gone).is_pending());

        assert_eq!(unread.take().collect().await.unwrap().to_bytes(), "ab");
        assert!(poll(&mut gone).is_pending(), "the body is somebody else's now");
    }

    #[tokio::test]
    async fn no_more_is_kept_than_the_limit() {
        let large = || Ok(Frame::data(Bytes::from(vec![b'x'; KEPT_BYTES])));
        let (unread, mut gone) = watched(body(vec![large(), Err("gone")]), &Limits::default());

        assert!(poll(&mut gone).is_pending(), "what comes after it is not looked at");
        assert_eq!(unread.take().collect().await.unwrap_err(), "gone");
    }

    #[test]
    fn a_body_that_breaks_off_says_that_the_client_has_gone() {
        let (_unread, mut gone) = watched(body(vec![piece("a"), Err("gone")]), &Limits::default());

        assert!(poll(&mut gone).is_ready());
    }
}
