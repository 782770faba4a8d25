//! Notices a client that goes away in the middle of a body that nobody reads.
//!
//! A connection tells of its end only to who reads from it, so a call that does not need its input would run on.

use std::{
    future::Future,
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Poll},
};

use bytes::{Bytes, BytesMut};
use http_body::{Body, Frame};

/// How much of a body is kept for who may still read it; more is not looked at.
const KEPT_BYTES: usize = 16 * 1024;

/// A body that a call may read, and that is watched until then.
pub(crate) struct Unread<B>(Arc<Mutex<Option<Kept<B>>>>);

/// Resolves when the client has gone away. Does nothing once the body is read.
pub(crate) struct ClientGone<B>(Arc<Mutex<Option<Kept<B>>>>);

/// What has arrived of a body, and the rest of it.
pub(crate) struct Kept<B> {
    arrived: BytesMut,
    /// `None` after its end.
    rest: Option<Pin<Box<B>>>,
}

/// Splits `body` into what a call takes and what is awaited beside the call.
pub(crate) fn watched<B: Body<Data = Bytes>>(body: B) -> (Unread<B>, ClientGone<B>) {
    let rest = (!body.is_end_stream()).then(|| Box::pin(body));
    // Short sections: nothing under the lock waits.
    let kept = Arc::new(Mutex::new(Some(Kept { arrived: BytesMut::new(), rest })));
    (Unread(Arc::clone(&kept)), ClientGone(kept))
}

impl<B> Unread<B> {
    /// The body, to be read from its beginning.
    pub(crate) fn take(self) -> Kept<B> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        kept.unwrap_or_else(|| Kept { arrived: BytesMut::new(), rest: None })
    }
}

impl<B: Body<Data = Bytes>> Future for ClientGone<B> {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(Kept { arrived, rest }) = &mut *kept else { return Poll::Pending };
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
                Poll::Ready(Some(Err(_))) => return Poll::Ready(()),
                Poll::Ready(None) => *rest = None,
                Poll::Pending => return Poll::Pending,
            }
        }
        Poll::Pending
    }
}

impl<B: Body<Data = Bytes>> Body for Kept<B> {
    type Data = Bytes;
    type Error = B::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Self::Data>, Self::Error>>> {
        if !self.arrived.is_empty() {
            return Poll::Ready(Some(Ok(Frame::data(self.arrived.split().freeze()))));
        }
        match &mut self.rest {
            Some(body) => body.as_mut().poll_frame(cx),
            None => Poll::Ready(None),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::task::Waker;

    use futures_util::stream;
    use http_body_util::{BodyExt, StreamBody};

    use super::*;

    type Piece = Result<Frame<Bytes>, &'static str>;

    fn body(pieces: Vec<Piece>) -> impl Body<Data = Bytes, Error = &'static str> {
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
        let (unread, mut gone) = watched(body(vec![piece("a"), piece("b")]));

        assert!(poll(&mut gone).is_pending());

        assert_eq!(unread.take().collect().await.unwrap().to_bytes(), "ab");
        assert!(poll(&mut gone).is_pending(), "the body is somebody else's now");
    }

    #[tokio::test]
    async fn no_more_is_kept_than_the_limit() {
        let large = || Ok(Frame::data(Bytes::from(vec![b'x'; KEPT_BYTES])));
        let (unread, mut gone) = watched(body(vec![large(), Err("gone")]));

        assert!(poll(&mut gone).is_pending(), "what comes after it is not looked at");
        assert_eq!(unread.take().collect().await.unwrap_err(), "gone");
    }

    #[test]
    fn a_body_that_breaks_off_says_that_the_client_has_gone() {
        let (_unread, mut gone) = watched(body(vec![piece("a"), Err("gone")]));

        assert!(poll(&mut gone).is_ready());
    }
}
