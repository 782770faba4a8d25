use std::{
    fmt,
    future::Future,
    sync::{Mutex, PoisonError},
};

use futures_util::{
    FutureExt, Stream, StreamExt, future,
    stream::{self, BoxStream},
};
use serde::{Serialize, Serializer};
use specta::{Type, Types, datatype::DataType};

use super::encode::{Part, Step, encode, serialize_part};
use crate::error::{Failure, ProcedureError};

/// Values that come one after the other, as the answer of a query or mutation or as a direct field of it.
///
/// A client with `httpBatchStreamLink` iterates over them as they come; TypeScript sees `AsyncIterable<T, R, void>`.
/// Other links cannot receive them.
/// `R` is what comes at the end, nothing by default.
///
/// ```
/// use futures_util::stream;
/// use tintype::{Streamed, prelude::*};
///
/// /// Counts down.
/// #[query(state = ())]
/// async fn countdown(input: u32) -> Result<Streamed<u32>, Never> {
///     Ok(Streamed::new(stream::iter((1..=input).rev())))
/// }
/// ```
pub struct Streamed<T, R = ()> {
    // Taken out under a short lock when it is sent.
    pieces: Mutex<Option<Pieces<T, R>>>,
}

type Pieces<T, R> = BoxStream<'static, Result<Piece<T, R>, Failure>>;

enum Piece<T, R> {
    Item(T),
    Return(R),
}

impl<T: Send + 'static> Streamed<T> {
    /// Values that cannot fail.
    pub fn new(values: impl Stream<Item = T> + Send + 'static) -> Self {
        Self::with_return(values, future::ready(()))
    }

    /// Values one of which may fail: it is the last then, and the client's loop throws.
    pub fn try_new<E: ProcedureError>(values: impl Stream<Item = Result<T, E>> + Send + 'static) -> Self {
        Self::try_with_return(values, future::ready(Ok(())))
    }
}

impl<T: Send + 'static, R: Send + 'static> Streamed<T, R> {
    /// Values that cannot fail, and what comes at their end.
    pub fn with_return(
        values: impl Stream<Item = T> + Send + 'static,
        last: impl Future<Output = R> + Send + 'static,
    ) -> Self {
        Self::from_pieces(
            values.map(|value| Ok(Piece::Item(value))).chain(stream::once(last.map(Piece::Return).map(Ok))),
        )
    }

    /// Values that may fail, and what comes at their end.
    pub fn try_with_return<E: ProcedureError>(
        values: impl Stream<Item = Result<T, E>> + Send + 'static,
        last: impl Future<Output = Result<R, E>> + Send + 'static,
    ) -> Self {
        let values = values.map(|value| value.map(Piece::Item).map_err(E::into_failure));
        Self::from_pieces(values.chain(stream::once(last.map(|last| last.map(Piece::Return).map_err(E::into_failure)))))
    }

    fn from_pieces(pieces: impl Stream<Item = Result<Piece<T, R>, Failure>> + Send + 'static) -> Self {
        Self { pieces: Mutex::new(Some(pieces.boxed())) }
    }

    /// The values, for a caller in the same process.
    pub fn into_values(self) -> impl Stream<Item = Result<T, Failure>> + Send + 'static {
        let pieces = self.take().into_iter();
        stream::iter(pieces).flatten().filter_map(|piece| {
            future::ready(match piece {
                Ok(Piece::Item(value)) => Some(Ok(value)),
                Ok(Piece::Return(_)) => None,
                Err(failure) => Some(Err(failure)),
            })
        })
    }
}

impl<T, R> Streamed<T, R> {
    fn take(&self) -> Option<Pieces<T, R>> {
        self.pieces.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

impl<T: Serialize + Send + 'static, R: Serialize + Send + 'static> Serialize for Streamed<T, R> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let encoded = |piece: Result<Piece<T, R>, Failure>| match piece? {
            Piece::Item(value) => Ok(Step::Item(encode(&value, Vec::new())?)),
            Piece::Return(value) => Ok(Step::Return(encode(&value, Vec::new())?)),
        };
        let part = self.take().map(|pieces| Part::Iterable(pieces.map(encoded).boxed()));
        serialize_part(part, serializer)
    }
}

impl<T: Type, R: Type> Type for Streamed<T, R> {
    fn definition(types: &mut Types) -> DataType {
        described::Streamed::<T, R>::definition(types)
    }
}

/// What specta sees; the generator writes `AsyncIterable<T, R, void>` for it.
mod described {
    use specta::Type;

    /// Values that come one after the other.
    #[derive(Type)]
    #[specta(crate = specta)]
    #[allow(dead_code)]
    pub(super) struct Streamed<T, R>(T, R);
}

impl<T, R> fmt::Debug for Streamed<T, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Streamed").finish_non_exhaustive()
    }
}
