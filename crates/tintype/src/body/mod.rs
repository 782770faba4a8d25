//! Inputs that are no JSON: forms with files, and plain bytes.
//!
//! Both arrive piece by piece while the procedure runs, so a large file is never held in memory by the framework.

mod bytes;
mod error;
mod fields;
mod form;

use serde::de::DeserializeOwned;
use specta::{
    Types,
    datatype::{DataType, Reference},
};

use crate::{error::Failure, procedure::ClientInput, protocol::WireInput};

pub use self::{
    bytes::ByteStream,
    error::FormError,
    form::{Form, FormEntries, FormEntry, FormLimits},
};

/// A body that is no JSON, as specta sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum BrowserType {
    FormData,
    Bytes,
}

impl BrowserType {
    fn describe(self) -> DataType {
        DataType::Reference(Reference::opaque(self))
    }
}

#[diagnostic::do_not_recommend]
impl ClientInput for ByteStream {
    async fn read(input: WireInput) -> Result<Self, Failure> {
        input.into_bytes()
    }

    fn describe(_: &mut Types) -> DataType {
        BrowserType::Bytes.describe()
    }
}

#[diagnostic::do_not_recommend]
impl ClientInput for FormEntries {
    async fn read(input: WireInput) -> Result<Self, Failure> {
        input.into_form()
    }

    fn describe(_: &mut Types) -> DataType {
        BrowserType::FormData.describe()
    }
}

#[diagnostic::do_not_recommend]
impl<T: DeserializeOwned + Send + 'static> ClientInput for Form<T> {
    async fn read(input: WireInput) -> Result<Self, Failure> {
        input.into_form()?.into_form().await
    }

    fn describe(_: &mut Types) -> DataType {
        BrowserType::FormData.describe()
    }
}
