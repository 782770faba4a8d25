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

/// A type of the browser, by the name that TypeScript has for it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct BrowserType(pub(crate) &'static str);

impl BrowserType {
    fn describe(name: &'static str) -> DataType {
        DataType::Reference(Reference::opaque(Self(name)))
    }
}

#[diagnostic::do_not_recommend]
impl ClientInput for ByteStream {
    async fn read(input: WireInput) -> Result<Self, Failure> {
        input.into_bytes()
    }

    fn describe(_: &mut Types) -> DataType {
        BrowserType::describe("Blob | Uint8Array")
    }
}

#[diagnostic::do_not_recommend]
impl ClientInput for FormEntries {
    async fn read(input: WireInput) -> Result<Self, Failure> {
        input.into_form()
    }

    fn describe(_: &mut Types) -> DataType {
        BrowserType::describe("FormData")
    }
}

#[diagnostic::do_not_recommend]
impl<T: DeserializeOwned + Send + 'static> ClientInput for Form<T> {
    async fn read(input: WireInput) -> Result<Self, Failure> {
        input.into_form()?.into_form().await
    }

    fn describe(_: &mut Types) -> DataType {
        BrowserType::describe("FormData")
    }
}
