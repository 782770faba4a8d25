use std::{
    fmt,
    pin::Pin,
    task::{Context, Poll},
};

use bytes::Bytes;
use futures_core::Stream;
use futures_util::{
    StreamExt, future,
    stream::{self, BoxStream},
};

use crate::error::Failure;

/// Bytes as they arrive: the input of a procedure that takes a file and nothing else.
///
/// Clients send a `Blob`, a `File` or a `Uint8Array`; only `httpLink` can.
/// A piece that fails ends the stream: the client went away, or sent more than the host accepts.
///
/// ```
/// use futures_util::TryStreamExt;
/// use tintype::{ByteStream, Failure, mutation};
///
/// /// How many bytes the file has.
/// #[mutation(state = ())]
/// pub async fn measure(input: ByteStream) -> Result<usize, Failure> {
///     input.try_fold(0, async |sum, bytes| Ok(sum + bytes.len())).await
/// }
/// ```
pub struct ByteStream(BoxStream<'static, Result<Bytes, Failure>>);

impl ByteStream {
    /// Bytes from anywhere, for a caller in the same process.
    pub fn new(bytes: impl Stream<Item = Result<Bytes, Failure>> + Send + 'static) -> Self {
        // Fused: a procedure may ask once more after the end.
        Self(bytes.fuse().boxed())
    }

    /// All of the bytes at once.
    ///
    /// They are as many as the host accepts: see the limits of the host.
    ///
    /// # Errors
    ///
    /// The failure that ended the stream early.
    pub async fn collect(mut self) -> Result<Bytes, Failure> {
        let Some(first) = self.0.next().await.transpose()? else { return Ok(Bytes::new()) };
        let Some(second) = self.0.next().await.transpose()? else { return Ok(first) };
        let mut whole = [first, second].concat();
        while let Some(more) = self.0.next().await.transpose()? {
            whole.extend_from_slice(&more);
        }
        Ok(whole.into())
    }
}

impl From<Bytes> for ByteStream {
    fn from(bytes: Bytes) -> Self {
        Self::new(stream::once(future::ready(Ok(bytes))))
    }
}

impl Stream for ByteStream {
    type Item = Result<Bytes, Failure>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.poll_next_unpin(cx)
    }
}

impl fmt::Debug for ByteStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ByteStream").finish_non_exhaustive()
    }
}
