use std::{fmt, sync::Arc};

use serde::{Serialize, Serializer, ser::SerializeStruct};
use serde_json::value::RawValue;
use uuid::Uuid;

use super::{ErrorCode, ValidationIssue};

/// Any error that can cross a thread.
pub type BoxError = Box<dyn std::error::Error + Send + Sync + 'static>;

/// Why a call ended without an output, in the form in which it is answered.
///
/// Extractors return it to refuse a call; the framework makes it from a procedure's typed error, from input that
/// does not fit, and from anything unexpected.
/// Cloning is cheap: a result that the calls of a batch share is shared with its failure.
///
/// ```
/// use tintype::{ErrorCode, Failure};
///
/// let failure = Failure::new(ErrorCode::Unauthorized, "sign in first");
/// assert_eq!(failure.code(), ErrorCode::Unauthorized);
/// ```
#[derive(Clone)]
pub struct Failure(Arc<Details>);

#[derive(Clone)]
pub(super) struct Details {
    pub(super) code: ErrorCode,
    pub(super) message: String,
    pub(super) error: Option<Arc<RawValue>>,
    pub(super) validation: Vec<ValidationIssue>,
    allow: Option<&'static str>,
    pub(super) unexpected: Option<Unexpected>,
}

#[derive(Clone)]
pub(super) struct Unexpected {
    pub(super) log_id: Uuid,
    /// What failed, unless it failed in another process, whose log has it.
    pub(super) source: Option<Arc<BoxError>>,
}

impl Failure {
    /// A failure the client may read, with a code and a message for a person.
    #[must_use]
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self(Arc::new(Details {
            code,
            message: message.into(),
            error: None,
            validation: Vec::new(),
            allow: None,
            unexpected: None,
        }))
    }

    /// A failure nobody planned for.
    ///
    /// The client sees `INTERNAL_SERVER_ERROR` with an id; the log has the same id beside `source` and its causes.
    #[must_use]
    pub fn unexpected(source: impl Into<BoxError>) -> Self {
        Self::hidden(ErrorCode::InternalServerError, source)
    }

    /// A failure whose code the client may know and whose cause it may not, such as that of a service behind this one.
    ///
    /// As with [`Failure::unexpected`], the client sees an id and the log has the same id beside `source`.
    #[must_use]
    pub fn hidden(code: ErrorCode, source: impl Into<BoxError>) -> Self {
        let log_id = Uuid::now_v7();
        Self::new(code, format!("something failed on the server: look for {log_id} in its log")).edit(|details| {
            details.unexpected = Some(Unexpected { log_id, source: Some(Arc::new(source.into())) });
        })
    }

    /// A failure that carries a typed error, which clients find in `data.error`.
    pub fn typed<E: Serialize + ?Sized>(code: ErrorCode, message: impl Into<String>, error: &E) -> Self {
        match serde_json::value::to_raw_value(error) {
            Ok(error) => Self::new(code, message).edit(|details| details.error = Some(error.into())),
            Err(source) => Self::unexpected(source),
        }
    }

    /// Input that breaks its rules, as `BAD_REQUEST` with every issue in `data.validation`.
    #[must_use]
    pub fn validation(issues: Vec<ValidationIssue>) -> Self {
        let list: Vec<String> = issues.iter().map(describe).collect();
        Self::new(ErrorCode::BadRequest, format!("invalid input: {}", list.join("; ")))
            .edit(|details| details.validation = issues)
    }

    /// Names the methods that would have been accepted, for the `Allow` header of a 405.
    #[must_use]
    pub(crate) fn with_allow(self, methods: &'static str) -> Self {
        self.edit(|details| details.allow = Some(methods))
    }

    /// The code of this failure.
    #[must_use]
    pub fn code(&self) -> ErrorCode {
        self.0.code
    }

    /// The message that the client reads.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// What is wrong with the input, if that is why the call failed.
    #[must_use]
    pub fn validation_issues(&self) -> &[ValidationIssue] {
        &self.0.validation
    }

    /// The typed error as JSON, if a procedure's own error ended the call.
    #[must_use]
    pub fn error_json(&self) -> Option<&str> {
        self.0.error.as_deref().map(RawValue::get)
    }

    /// The id that client and log share, if this failure was unexpected.
    #[must_use]
    pub fn log_id(&self) -> Option<Uuid> {
        self.0.unexpected.as_ref().map(|unexpected| unexpected.log_id)
    }

    pub(crate) fn allow(&self) -> Option<&'static str> {
        self.0.allow
    }

    /// Writes an unexpected failure into the log, once per call that meets it.
    ///
    /// One that was received from another server is in the log of that server.
    pub(crate) fn log(&self, path: &str) {
        if let Some(Unexpected { log_id, source: Some(source) }) = &self.0.unexpected {
            tracing::error!(%log_id, procedure = path, error = %Chain(source.as_ref().as_ref()), "call failed unexpectedly");
        }
    }

    /// The `data` of the error object.
    pub(crate) fn data<'a>(&'a self, path: Option<&'a str>) -> impl Serialize + 'a {
        Data { failure: &self.0, path }
    }

    /// The error object of the protocol, for the call at `path` or, without one, for the request as a whole.
    pub(crate) fn shape<'a>(&'a self, path: Option<&'a str>) -> WireShape<'a> {
        WireShape { failure: &self.0, path }
    }

    /// The error with its causes, one per line, for a developer.
    pub(crate) fn stack(&self) -> String {
        let mut stack = self.to_string();
        let mut source = std::error::Error::source(self);
        while let Some(error) = source {
            stack.push_str(&format!("\n    caused by: {error}"));
            source = error.source();
        }
        stack
    }

    pub(super) fn edit(mut self, change: impl FnOnce(&mut Details)) -> Self {
        change(Arc::make_mut(&mut self.0));
        self
    }
}

fn describe(issue: &ValidationIssue) -> String {
    use super::PathSegment::{Index, Key};
    let mut text = String::new();
    for segment in &issue.path {
        match segment {
            Key(key) if text.is_empty() => text.push_str(key),
            Key(key) => text.extend([".", key]),
            Index(index) => text.push_str(&format!("[{index}]")),
        }
    }
    if text.is_empty() { issue.message.clone() } else { format!("{text}: {}", issue.message) }
}

impl fmt::Debug for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let details = &self.0;
        let mut output = f.debug_struct("Failure");
        output.field("code", &details.code).field("message", &details.message);
        if let Some(Unexpected { source: Some(source), .. }) = &details.unexpected {
            output.field("source", source);
        }
        output.finish_non_exhaustive()
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)
    }
}

impl std::error::Error for Failure {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        let source = self.0.unexpected.as_ref()?.source.as_ref()?;
        Some(source.as_ref().as_ref())
    }
}

/// Prints an error with its causes on one line.
struct Chain<'a>(&'a (dyn std::error::Error + 'static));

impl fmt::Display for Chain<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)?;
        let mut source = self.0.source();
        while let Some(error) = source {
            write!(f, ": {error}")?;
            source = error.source();
        }
        Ok(())
    }
}

/// `{ message, code, data: { code, httpStatus, path?, error?, validation?, logId? } }`, section 5.1 of the protocol.
pub(crate) struct WireShape<'a> {
    failure: &'a Details,
    path: Option<&'a str>,
}

impl Serialize for WireShape<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut shape = serializer.serialize_struct("WireShape", 3)?;
        shape.serialize_field("message", &self.failure.message)?;
        shape.serialize_field("code", &self.failure.code.json_rpc_code())?;
        shape.serialize_field("data", &Data { failure: self.failure, path: self.path })?;
        shape.end()
    }
}

struct Data<'a> {
    failure: &'a Details,
    path: Option<&'a str>,
}

impl Serialize for Data<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { failure, path } = self;
        let mut data = serializer.serialize_struct("ErrorData", 6)?;
        data.serialize_field("code", failure.code.key())?;
        data.serialize_field("httpStatus", &failure.code.http_status().as_u16())?;
        if let Some(path) = path {
            data.serialize_field("path", path)?;
        }
        if let Some(error) = &failure.error {
            data.serialize_field("error", error.as_ref())?;
        }
        if !failure.validation.is_empty() {
            data.serialize_field("validation", &failure.validation)?;
        }
        if let Some(unexpected) = &failure.unexpected {
            data.serialize_field("logId", &unexpected.log_id)?;
        }
        data.end()
    }
}
