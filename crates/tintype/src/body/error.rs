use serde::Serialize;
use specta::Type;

use crate::error::{ErrorCode, Failure, ProcedureError, wire_type_of};

/// Why a form could not be read to its end.
///
/// It is the error of a procedure, so `?` passes it on to the client: as the error type itself, or as a variant of
/// one with `#[from]`.
#[derive(Debug, thiserror::Error, Serialize, Type)]
#[serde(tag = "kind", rename_all = "camelCase")]
#[non_exhaustive]
pub enum FormError {
    /// The body is no `multipart/form-data`.
    #[error("the form cannot be read: {reason}")]
    Malformed {
        /// What is wrong with it.
        reason: String,
    },
    /// The form has more entries than the host accepts.
    #[error("the form has more than {limit} entries: send fewer")]
    TooManyEntries {
        /// Most entries in one form.
        limit: u32,
    },
    /// An entry is larger than the host accepts.
    #[error("the entry {name:?} has more than {limit} bytes: send a smaller one")]
    EntryTooLarge {
        /// Name of the entry.
        name: String,
        /// Most bytes in an entry of its sort.
        limit: u32,
    },
    /// The body is larger than the host accepts.
    #[error("the form is too large: send a smaller one")]
    TooLarge,
    /// Nothing arrived for longer than the host waits.
    #[error("the form arrived too slowly: send it faster")]
    TooSlow,
    /// The client went away, or stopped sending.
    #[error("the form did not arrive completely")]
    Incomplete,
}

#[diagnostic::do_not_recommend]
impl ProcedureError for FormError {
    fn into_failure(self) -> Failure {
        Failure::typed(self.code(), self.to_string(), &self)
    }

    fn code(&self) -> ErrorCode {
        match self {
            Self::Malformed { .. } => ErrorCode::BadRequest,
            Self::TooManyEntries { .. } | Self::EntryTooLarge { .. } | Self::TooLarge => ErrorCode::PayloadTooLarge,
            Self::TooSlow => ErrorCode::Timeout,
            Self::Incomplete => ErrorCode::ClientClosedRequest,
        }
    }

    fn wire_type(types: &mut specta::Types) -> Option<specta::datatype::DataType> {
        wire_type_of::<Self>(types)
    }
}

impl FormError {
    pub(super) fn from_multer(error: &multer::Error) -> Self {
        match error {
            multer::Error::StreamReadFailed(source) => match source.downcast_ref::<Failure>() {
                Some(failure) if failure.code() == ErrorCode::PayloadTooLarge => Self::TooLarge,
                Some(failure) if failure.code() == ErrorCode::Timeout => Self::TooSlow,
                _ => Self::Incomplete,
            },
            error => Self::Malformed { reason: error.to_string() },
        }
    }
}
