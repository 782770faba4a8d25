//! What an application may decide about the answers to its clients.

use std::fmt;

use http::response;
use serde::Serialize;
use serde_json::{Map, Value};

use crate::{context::Context, error::Failure, procedure::ProcedureKind};

/// Closures that a [`Responder`](super::Responder) asks; none is set by default.
pub struct Hooks<S> {
    /// Asked before any call of a request runs; its failure answers each call that exists and came by the right method.
    pub guard: Option<Guard<S>>,
    /// Edits every error object before it is sent, those of the request as a whole and of streams included.
    pub error_formatter: Option<ErrorFormatter<S>>,
    /// Edits status and headers of every answer, once.
    pub response_meta: Option<ResponseMeta<S>>,
}

/// See [`Hooks::guard`].
pub type Guard<S> = Box<dyn Fn(&Context<S>) -> Result<(), Failure> + Send + Sync>;

/// See [`Hooks::error_formatter`].
pub type ErrorFormatter<S> = Box<dyn Fn(&mut ErrorShape, &ErrorInfo<'_, S>) + Send + Sync>;

/// See [`Hooks::response_meta`].
pub type ResponseMeta<S> = Box<dyn Fn(&mut response::Parts, &ResponseInfo<'_, S>) + Send + Sync>;

/// The error object of the protocol: what clients find in `error.shape`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ErrorShape {
    /// The message of the client's error. It must stay a string.
    pub message: String,
    /// The JSON-RPC number of the code, by which clients decide whether to try again. It must stay a number.
    pub code: i32,
    /// What clients find in `error.data`: `code`, `httpStatus`, and where they apply `path`, `error`, `validation`,
    /// `logId` and `stack`.
    ///
    /// A number in `httpStatus` decides the status of the answer.
    pub data: Map<String, Value>,
}

/// What an [`ErrorFormatter`] may look at.
pub struct ErrorInfo<'a, S> {
    /// Why the call failed.
    pub failure: &'a Failure,
    /// Path of the call; `None` if the request as a whole failed.
    pub path: Option<&'a str>,
    /// Kind of the procedure, if it is known.
    pub kind: Option<ProcedureKind>,
    /// The context of the call; `None` if the request failed before there was one.
    pub cx: Option<&'a Context<S>>,
}

/// What a [`ResponseMeta`] may look at.
pub struct ResponseInfo<'a, S> {
    /// The context of the calls; `None` if the request failed before there was one.
    pub cx: Option<&'a Context<S>>,
    /// The paths of the calls; empty if the request as a whole failed.
    pub paths: &'a [String],
    /// Kind of the first procedure that is known.
    pub kind: Option<ProcedureKind>,
    /// Why calls failed, as far as that is known already.
    pub errors: &'a [Failure],
    /// Whether it is a batch; `None` if the request as a whole failed.
    pub is_batch: Option<bool>,
    /// Whether the answer is sent before the calls are done: a stream of lines or of events.
    pub is_eager: bool,
}

impl<S> Default for Hooks<S> {
    fn default() -> Self {
        Self { guard: None, error_formatter: None, response_meta: None }
    }
}

impl<S> fmt::Debug for Hooks<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hooks")
            .field("guard", &self.guard.is_some())
            .field("error_formatter", &self.error_formatter.is_some())
            .field("response_meta", &self.response_meta.is_some())
            .finish()
    }
}

impl<S> fmt::Debug for ErrorInfo<'_, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { failure, path, kind, .. } = self;
        f.debug_struct("ErrorInfo").field("failure", failure).field("path", path).field("kind", kind).finish()
    }
}

impl<S> fmt::Debug for ResponseInfo<'_, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { paths, kind, errors, is_batch, is_eager, .. } = self;
        f.debug_struct("ResponseInfo")
            .field("paths", paths)
            .field("kind", kind)
            .field("errors", errors)
            .field("is_batch", is_batch)
            .field("is_eager", is_eager)
            .finish()
    }
}
