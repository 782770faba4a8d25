//! The body of a request, as a host hands it over.

use std::{fmt, future::Future, pin::Pin};

use bytes::Bytes;
use futures_util::{FutureExt, Stream, future::BoxFuture, stream};
use http::{HeaderMap, header};

use crate::{body::ByteStream, error::Failure};

/// Reads the body of a request; it is polled only if a call needs its input.
pub type BodyFuture = BoxFuture<'static, Result<Bytes, Failure>>;

/// The body of a request: a future of all of it, or a stream of its pieces.
///
/// Either is polled only if a call needs its input.
/// A host decides by [`is_streamed`]: JSON is read as a whole, a form or plain bytes piece by piece.
pub struct RequestBody(Source);

enum Source {
    Whole(BodyFuture),
    Pieces(ByteStream),
}

/// Whether a request with these headers has a body of which procedures read piece by piece.
#[must_use]
pub fn is_streamed(headers: &HeaderMap) -> bool {
    matches!(ContentKind::of(headers), Some(ContentKind::Form | ContentKind::Bytes))
}

/// What a body is, by its content type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ContentKind {
    Json,
    Form,
    Bytes,
}

impl ContentKind {
    pub(super) fn of(headers: &HeaderMap) -> Option<Self> {
        let value = headers.get(header::CONTENT_TYPE)?.as_bytes();
        let media_type = value.split(|byte| *byte == b';').next().unwrap_or_default().trim_ascii();
        [Self::Json, Self::Form, Self::Bytes]
            .into_iter()
            .find(|kind| media_type.eq_ignore_ascii_case(kind.media_type().as_bytes()))
    }

    pub(super) fn media_type(self) -> &'static str {
        match self {
            Self::Json => "application/json",
            Self::Form => "multipart/form-data",
            Self::Bytes => "application/octet-stream",
        }
    }
}

impl RequestBody {
    /// A body that arrives piece by piece.
    pub fn pieces(body: impl Stream<Item = Result<Bytes, Failure>> + Send + 'static) -> Self {
        Self(Source::Pieces(ByteStream::new(body)))
    }

    pub(super) fn whole(self) -> BodyFuture {
        match self.0 {
            Source::Whole(body) => body,
            Source::Pieces(pieces) => pieces.collect().boxed(),
        }
    }

    pub(super) fn into_pieces(self) -> ByteStream {
        match self.0 {
            Source::Whole(body) => ByteStream::new(stream::once(body)),
            Source::Pieces(pieces) => pieces,
        }
    }
}

impl<F: Future<Output = Result<Bytes, Failure>> + Send + ?Sized + 'static> From<Pin<Box<F>>> for RequestBody {
    fn from(body: Pin<Box<F>>) -> Self {
        Self(Source::Whole(body.boxed()))
    }
}

impl fmt::Debug for RequestBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RequestBody").finish_non_exhaustive()
    }
}
