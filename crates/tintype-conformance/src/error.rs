use serde_json::Value;
use tintype::{
    ErrorCode, Failure, ProcedureError,
    specta::{Types, datatype::DataType},
};

/// An error of any code and text, as the router's inputs ask for it.
///
/// An application has an enum with a code per variant instead; here the code comes from the client.
#[derive(Debug)]
pub(crate) struct AppError {
    code: ErrorCode,
    message: String,
    data: Option<Value>,
}

impl AppError {
    pub(crate) fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), data: None }
    }

    /// The error of the procedures that fail because their input says so.
    pub(crate) fn asked_for(code: ErrorCode) -> Self {
        Self::new(code, format!("failed with {code}"))
    }

    /// Adds what only the application knows.
    pub(crate) fn with_data(self, data: Value) -> Self {
        Self { data: Some(data), ..self }
    }
}

impl ProcedureError for AppError {
    fn into_failure(self) -> Failure {
        match self.data {
            Some(data) => Failure::typed(self.code, self.message, &data),
            None => Failure::new(self.code, self.message),
        }
    }

    fn code(&self) -> ErrorCode {
        self.code
    }

    fn wire_type(_: &mut Types) -> Option<DataType> {
        None
    }
}
