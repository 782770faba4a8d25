use std::{
    convert::Infallible,
    fmt,
    pin::Pin,
    task::{Context, Poll},
};

use bytes::Bytes;
use futures_util::{StreamExt, stream::BoxStream};
use http_body::{Body, Frame, SizeHint};
use http_body_util::Full;

/// The body of a response: a whole JSON text, or a stream of events or lines.
pub struct RpcBody(Kind);

enum Kind {
    Full(Full<Bytes>),
    Stream(BoxStream<'static, Bytes>),
}

impl RpcBody {
    pub(crate) fn full(json: Bytes) -> Self {
        Self(Kind::Full(Full::new(json)))
    }

    /// `writes` may be polled once more after its end, as layers around the service do.
    pub(crate) fn stream(writes: impl futures_util::Stream<Item = Bytes> + Send + 'static) -> Self {
        Self(Kind::Stream(writes.boxed()))
    }
}

impl Body for RpcBody {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Self::Data>, Self::Error>>> {
        match &mut self.0 {
            Kind::Full(body) => Pin::new(body).poll_frame(cx),
            Kind::Stream(frames) => frames.poll_next_unpin(cx).map(|frame| frame.map(|bytes| Ok(Frame::data(bytes)))),
        }
    }

    fn is_end_stream(&self) -> bool {
        match &self.0 {
            Kind::Full(body) => body.is_end_stream(),
            Kind::Stream(_) => false,
        }
    }

    fn size_hint(&self) -> SizeHint {
        match &self.0 {
            Kind::Full(body) => body.size_hint(),
            Kind::Stream(_) => SizeHint::default(),
        }
    }
}

impl fmt::Debug for RpcBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RpcBody").finish_non_exhaustive()
    }
}
