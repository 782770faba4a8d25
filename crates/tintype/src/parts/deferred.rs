use std::{
    fmt,
    future::{Future, IntoFuture},
    sync::{Mutex, PoisonError},
};

use futures_util::{FutureExt, future::BoxFuture};
use serde::{Serialize, Serializer};
use specta::{Type, Types, datatype::DataType};

use super::encode::{Part, encode, serialize_part};
use crate::error::{Failure, ProcedureError};

/// A value that comes later than the answer it belongs to.
///
/// It is a direct field of what a query or mutation returns, or the whole of it.
/// A client with `httpBatchStreamLink` receives the rest at once and a promise in its place; TypeScript sees
/// `Promise<T>`.
/// Other HTTP links cannot receive such a field and are told so; over a WebSocket the answer waits for it.
///
/// ```
/// use serde::Serialize;
/// use tintype::{Deferred, prelude::*};
///
/// #[derive(Serialize, Type)]
/// struct Report {
///     title: String,
///     pages: Deferred<u32>,
/// }
///
/// /// A report whose pages are counted while the client shows its title.
/// #[query(state = ())]
/// async fn report() -> Result<Report, Never> {
///     Ok(Report { title: "Costs".to_owned(), pages: Deferred::new(async { 12 }) })
/// }
/// ```
pub struct Deferred<T> {
    // Taken out under a short lock when it is sent.
    value: Mutex<Option<BoxFuture<'static, Result<T, Failure>>>>,
}

impl<T: 'static> Deferred<T> {
    /// A value that cannot fail.
    pub fn new(value: impl Future<Output = T> + Send + 'static) -> Self {
        Self::from_result(value.map(Ok))
    }

    /// A value that may fail: the client's promise is rejected then, with the error's code and message.
    pub fn try_new<E: ProcedureError>(value: impl Future<Output = Result<T, E>> + Send + 'static) -> Self {
        Self::from_result(value.map(|value| value.map_err(E::into_failure)))
    }

    fn from_result(value: impl Future<Output = Result<T, Failure>> + Send + 'static) -> Self {
        Self { value: Mutex::new(Some(value.boxed())) }
    }
}

impl<T> Deferred<T> {
    fn take(&self) -> Option<BoxFuture<'static, Result<T, Failure>>> {
        self.value.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

/// A caller in the same process waits for the value.
impl<T: Send + 'static> IntoFuture for Deferred<T> {
    type Output = Result<T, Failure>;
    type IntoFuture = BoxFuture<'static, Result<T, Failure>>;

    fn into_future(self) -> Self::IntoFuture {
        self.take().expect("it is sent or awaited, and both take it")
    }
}

impl<T: Serialize + Send + 'static> Serialize for Deferred<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let part = self.take().map(|value| Part::Promise(async move { encode(&value.await?, Vec::new()) }.boxed()));
        serialize_part(part, serializer)
    }
}

impl<T: Type> Type for Deferred<T> {
    fn definition(types: &mut Types) -> DataType {
        described::Deferred::<T>::definition(types)
    }
}

/// What specta sees; the generator writes `Promise<T>` for it.
mod described {
    use specta::Type;

    /// A value that comes later.
    #[derive(Type)]
    #[specta(crate = specta)]
    #[allow(dead_code)]
    pub(super) struct Deferred<T>(T);
}

impl<T> fmt::Debug for Deferred<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Deferred").finish_non_exhaustive()
    }
}
