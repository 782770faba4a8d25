//! The input of a request: read when the first call needs it, parsed once, shared by all of its calls.

use std::{
    collections::HashMap,
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

use bytes::Bytes;
use futures_util::future::BoxFuture;
use serde_json::value::RawValue;
use tokio::sync::OnceCell;

use crate::{
    error::{ErrorCode, Failure},
    input::{InputSource, syntax_error, too_large},
    procedure::ClientInput,
};

/// Reads the body of a request; it is polled only if a call needs its input.
pub type BodyFuture = BoxFuture<'static, Result<Bytes, Failure>>;

/// The failure with which a [`BodyFuture`] ends when the body is larger than the host accepts.
#[must_use]
pub fn body_too_large(limit_bytes: usize) -> Failure {
    too_large(limit_bytes)
}

/// The input of all calls of one request.
pub(super) struct RequestInput {
    // Taken out under a short lock by the one call that fills `parsed`.
    unread: Mutex<Option<Unread>>,
    is_batch: bool,
    parsed: OnceCell<Result<Parsed, Failure>>,
}

/// Where the JSON text is.
pub(super) enum Unread {
    Parameter(Option<String>),
    Body(BodyFuture),
}

enum Parsed {
    Single(Option<Bytes>),
    Batch(HashMap<String, Box<RawValue>>),
}

impl RequestInput {
    pub(super) fn new(unread: Unread, is_batch: bool) -> Self {
        Self { unread: Mutex::new(Some(unread)), is_batch, parsed: OnceCell::new() }
    }

    async fn get(&self) -> Result<&Parsed, Failure> {
        let parsed = self.parsed.get_or_init(async || {
            let unread = self.unread.lock().unwrap_or_else(PoisonError::into_inner).take();
            let text = match unread {
                // A call that was dropped while it read the body took the rest of it along.
                None => return Err(Failure::new(ErrorCode::ClientClosedRequest, "the body was not read to its end")),
                Some(Unread::Parameter(text)) => text.map(Bytes::from).unwrap_or_default(),
                Some(Unread::Body(body)) => body.await?,
            };
            let text = match text.strip_prefix(b"\xef\xbb\xbf") {
                Some(rest) => text.slice_ref(rest),
                None => text,
            };
            Parsed::of((!text.is_empty()).then_some(text), self.is_batch)
        });
        parsed.await.as_ref().map_err(Clone::clone)
    }
}

impl Parsed {
    fn of(text: Option<Bytes>, is_batch: bool) -> Result<Self, Failure> {
        match text {
            text if !is_batch => Ok(Self::Single(text)),
            None => Ok(Self::Batch(HashMap::new())),
            Some(text) => match serde_json::from_slice(&text) {
                Ok(inputs) => Ok(Self::Batch(inputs)),
                Err(error) if error.is_data() => {
                    Err(Failure::new(ErrorCode::BadRequest, "\"input\" needs to be an object when doing a batch call"))
                }
                Err(error) => Err(syntax_error(&error)),
            },
        }
    }
}

impl fmt::Debug for RequestInput {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RequestInput").field("is_batch", &self.is_batch).finish_non_exhaustive()
    }
}

/// The input of one call from the wire.
#[doc(hidden)]
#[derive(Debug)]
pub struct WireInput {
    pub(super) request: Arc<RequestInput>,
    pub(super) index: usize,
    /// The id after which a subscription resumes, to be merged into the input.
    pub(super) resume: Option<String>,
}

impl<I: ClientInput> InputSource<I> for WireInput {
    async fn read(self) -> Result<I, Failure> {
        let json = match self.request.get().await? {
            Parsed::Single(text) => text.as_deref(),
            Parsed::Batch(inputs) => inputs.get(&self.index.to_string()).map(|input| input.get().as_bytes()),
        };
        I::parse(json, self.resume.as_deref())
    }
}
