use std::{convert::Infallible, fmt};

use serde::{
    Deserialize, Deserializer,
    de::{self, DeserializeOwned},
};
use specta::{Type, Types, datatype::DataType};

use super::{BoxError, ErrorCode, Failure};

/// The error enum of a procedure: typed on the wire, with a code per variant.
///
/// Derive it; the derive needs `Serialize`, [`Type`](specta::Type) and `Display` (thiserror) beside it.
/// A variant marked `#[internal]` holds an unexpected error: the client sees an id, the log sees the error.
///
/// ```
/// use serde::Serialize;
/// use tintype::{ProcedureError, Type, specta};
///
/// #[derive(Debug, thiserror::Error, Serialize, Type, ProcedureError)]
/// #[serde(tag = "kind", rename_all = "camelCase")]
/// enum WidgetError {
///     #[error("no widget {id} in this workspace")]
///     #[code(NOT_FOUND)]
///     NotFound { id: u32 },
///     #[error("the widgets could not be read")]
///     #[internal]
///     #[serde(skip)]
///     Storage(#[from] std::io::Error),
/// }
///
/// let failure = WidgetError::NotFound { id: 7 }.into_failure();
/// assert_eq!(failure.error_json(), Some(r#"{"kind":"notFound","id":7}"#));
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not the error of a procedure",
    label = "this type does not implement `ProcedureError`",
    note = "derive it: `#[derive(Debug, thiserror::Error, Serialize, Type, ProcedureError)]`",
    note = "use `Never` if the procedure cannot fail, `InternalError` if every failure is unexpected"
)]
pub trait ProcedureError: Send + Sync + 'static {
    /// The failure that answers the call.
    fn into_failure(self) -> Failure;

    /// The code of this error, which decides the HTTP status.
    fn code(&self) -> ErrorCode;

    /// The type of `data.error`, or `None` if no client ever sees one.
    fn wire_type(types: &mut Types) -> Option<DataType>;
}

/// The error of a procedure that cannot fail.
///
/// TypeScript sees `never`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Never {}

impl ProcedureError for Never {
    fn into_failure(self) -> Failure {
        match self {}
    }

    fn code(&self) -> ErrorCode {
        match *self {}
    }

    fn wire_type(_: &mut Types) -> Option<DataType> {
        None
    }
}

impl fmt::Display for Never {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {}
    }
}

impl std::error::Error for Never {}

impl From<Infallible> for Never {
    fn from(never: Infallible) -> Self {
        match never {}
    }
}

/// An unexpected error: the client sees an id, the log sees the error.
///
/// `?` makes one from any error, so a procedure that has nothing to say to its caller but "not now" returns
/// `Result<Output, InternalError>`.
pub struct InternalError(BoxError);

impl InternalError {
    /// Wraps any error.
    #[must_use]
    pub fn new(source: impl Into<BoxError>) -> Self {
        Self(source.into())
    }
}

impl<E: std::error::Error + Send + Sync + 'static> From<E> for InternalError {
    fn from(error: E) -> Self {
        Self(error.into())
    }
}

impl From<InternalError> for BoxError {
    fn from(error: InternalError) -> Self {
        error.0
    }
}

impl ProcedureError for InternalError {
    fn into_failure(self) -> Failure {
        Failure::unexpected(self.0)
    }

    fn code(&self) -> ErrorCode {
        ErrorCode::InternalServerError
    }

    fn wire_type(_: &mut Types) -> Option<DataType> {
        None
    }
}

impl fmt::Debug for InternalError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Display for InternalError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

// For a procedure that only passes on what refused it: TypeScript sees `never`.
#[diagnostic::do_not_recommend]
impl ProcedureError for Failure {
    fn into_failure(self) -> Failure {
        self
    }

    fn code(&self) -> ErrorCode {
        Self::code(self)
    }

    fn wire_type(_: &mut Types) -> Option<DataType> {
        None
    }
}

// No server sends one of these in `data.error`, so a client has nothing to read them from.
macro_rules! never_received {
    ($($error:ty),*) => {$(
        impl<'de> Deserialize<'de> for $error {
            /// Fails: no server sends one.
            fn deserialize<D: Deserializer<'de>>(_: D) -> Result<Self, D::Error> {
                Err(de::Error::custom(concat!("the error of the procedure is `", stringify!($error), "`, which is never sent")))
            }
        }
    )*};
}

never_received!(Never, InternalError, Failure);

/// Why a call failed: the procedure's own error, or everything around it.
#[derive(Debug)]
pub enum CallError<E> {
    /// The procedure ran and returned its error.
    Procedure(E),
    /// The procedure did not run, or failed in a way it does not name: a refused extractor, invalid input.
    Failure(Failure),
}

impl<E: ProcedureError> CallError<E> {
    /// The code that a client would see.
    pub fn code(&self) -> ErrorCode {
        match self {
            Self::Procedure(error) => error.code(),
            Self::Failure(failure) => failure.code(),
        }
    }

    /// The failure that answers the call.
    pub fn into_failure(self) -> Failure {
        match self {
            Self::Procedure(error) => error.into_failure(),
            Self::Failure(failure) => failure,
        }
    }
}

impl<E: DeserializeOwned> CallError<E> {
    /// The procedure's own error if `failure` carries one that `E` can hold, else `failure` as it is.
    ///
    /// It is how a client sees a failure: errors that are not sent, and those that only a newer server knows, keep
    /// their code, their message and their id for the log.
    #[must_use]
    pub fn of_failure(failure: Failure) -> Self {
        match failure.error_json().map(serde_json::from_str) {
            Some(Ok(error)) => Self::Procedure(error),
            Some(Err(_)) | None => Self::Failure(failure),
        }
    }
}

impl<E> From<Failure> for CallError<E> {
    fn from(failure: Failure) -> Self {
        Self::Failure(failure)
    }
}

impl<E: fmt::Display> fmt::Display for CallError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Procedure(error) => error.fmt(f),
            Self::Failure(failure) => failure.fmt(f),
        }
    }
}

impl<E: fmt::Debug + fmt::Display> std::error::Error for CallError<E> {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Procedure(_) => None,
            Self::Failure(failure) => failure.source(),
        }
    }
}

/// The wire type of a derived error; called by the derive, so that its bound names the missing derive.
#[doc(hidden)]
pub fn wire_type_of<E: Type>(types: &mut Types) -> Option<DataType> {
    Some(E::definition(types))
}
