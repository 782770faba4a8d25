//! The input of a request: read when the first call needs it, parsed once, shared by all of its calls.

use std::{
    borrow::Cow,
    collections::HashMap,
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

use bytes::Bytes;
use serde::de::IgnoredAny;
use serde_json::value::RawValue;
use tokio::sync::OnceCell;

use super::{
    body::{ContentKind, RequestBody},
    transformer::Transformer,
};
use crate::{
    body::{ByteStream, FormEntries, FormLimits},
    error::{ErrorCode, Failure, ProcedureError, ValidationIssue},
    input::{InputSource, syntax_error, too_large},
    procedure::ClientInput,
    superjson,
};

/// The failure with which a [`RequestBody`] ends when the body is larger than the host accepts.
#[must_use]
pub fn body_too_large(limit_bytes: usize) -> Failure {
    too_large(limit_bytes)
}

/// The input of all calls of one request.
pub(super) struct RequestInput {
    // Taken out under a short lock by the one call that fills `parsed`.
    unread: Mutex<Option<Unread>>,
    is_batch: bool,
    transformer: Transformer,
    /// How many calls there are.
    calls: usize,
    parsed: OnceCell<Result<Parsed, Failure>>,
}

/// Where the input is.
pub(super) enum Unread {
    Parameter(Option<String>),
    Body(RequestBody),
    Form { content_type: String, limits: FormLimits, body: RequestBody },
    Bytes(RequestBody),
}

impl Unread {
    fn kind(&self) -> ContentKind {
        match self {
            Self::Parameter(_) | Self::Body(_) => ContentKind::Json,
            Self::Form { .. } => ContentKind::Form,
            Self::Bytes(_) => ContentKind::Bytes,
        }
    }
}

enum Parsed {
    Single(Option<Bytes>),
    Batch(HashMap<String, Box<RawValue>>),
    /// By the index of the call.
    Restored(Vec<Option<Bytes>>),
}

impl RequestInput {
    pub(super) fn new(unread: Unread, is_batch: bool) -> Self {
        let unread = Mutex::new(Some(unread));
        Self { unread, is_batch, transformer: Transformer::Json, calls: 1, parsed: OnceCell::new() }
    }

    /// Says what was done to the inputs of the request's `calls`.
    pub(super) fn transformed(self, transformer: Transformer, calls: usize) -> Self {
        Self { transformer, calls, ..self }
    }

    async fn get(&self) -> Result<&Parsed, Failure> {
        let parsed = self.parsed.get_or_init(async || {
            let text = match self.take()? {
                Unread::Parameter(text) => text.map(Bytes::from).unwrap_or_default(),
                Unread::Body(body) => body.whole().await?,
                other => return Err(wrong_kind(ContentKind::Json, other.kind())),
            };
            let text = match text.strip_prefix(b"\xef\xbb\xbf") {
                Some(rest) => text.slice_ref(rest),
                None => text,
            };
            let parsed = Parsed::of((!text.is_empty()).then_some(text), self.is_batch)?;
            match self.transformer {
                Transformer::Json => Ok(parsed),
                Transformer::SuperJson => parsed.restored(self.calls),
            }
        });
        parsed.await.as_ref().map_err(Clone::clone)
    }

    fn take(&self) -> Result<Unread, Failure> {
        let unread = self.unread.lock().unwrap_or_else(PoisonError::into_inner).take();
        // A call that was dropped while it read the body took the rest of it along.
        unread.ok_or_else(|| Failure::new(ErrorCode::ClientClosedRequest, "the body was not read to its end"))
    }
}

/// The failure of a call that came with a body of another kind than its procedure reads.
fn wrong_kind(expected: ContentKind, got: ContentKind) -> Failure {
    let message = format!("this procedure takes {}, not {}", expected.media_type(), got.media_type());
    Failure::validation(vec![ValidationIssue::of_input("invalid_type", message)])
}

impl Parsed {
    fn of(text: Option<Bytes>, is_batch: bool) -> Result<Self, Failure> {
        match text {
            text if !is_batch => Ok(Self::Single(text)),
            None => Ok(Self::Batch(HashMap::new())),
            Some(text) => match serde_json::from_slice(&text) {
                Ok(inputs) => Ok(Self::Batch(inputs)),
                // What is no object may be no JSON either, which is the first thing to say.
                Err(error) if error.is_data() && serde_json::from_slice::<IgnoredAny>(&text).is_ok() => {
                    Err(Failure::new(ErrorCode::BadRequest, "\"input\" needs to be an object when doing a batch call"))
                }
                Err(error) => Err(syntax_error(&error)),
            },
        }
    }
}

impl Parsed {
    /// The inputs as they were before superjson; one that cannot be restored fails every call that reads its input.
    fn restored(self, calls: usize) -> Result<Self, Failure> {
        let restore = |text: Bytes| {
            Ok(match superjson::read(&text)? {
                Some(Cow::Borrowed(json)) => Some(text.slice_ref(json)),
                Some(Cow::Owned(json)) => Some(json.into()),
                None => None,
            })
        };
        Ok(match self {
            Self::Single(Some(text)) => Self::Single(restore(text)?),
            Self::Batch(mut inputs) => {
                let input = |index: usize| inputs.remove(&index.to_string());
                let texts = (0..calls)
                    .map(input)
                    .map(|input| input.map(|input| Bytes::from(String::from(Box::<str>::from(input)))));
                Self::Restored(texts.map(|text| text.map_or(Ok(None), restore)).collect::<Result<_, Failure>>()?)
            }
            parsed => parsed,
        })
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
        I::read(self).await
    }
}

impl WireInput {
    /// The JSON of this call's input; `None` if the client sent none.
    pub(crate) async fn json(&self) -> Result<Option<&[u8]>, Failure> {
        Ok(match self.request.get().await? {
            Parsed::Single(text) => text.as_deref(),
            Parsed::Batch(inputs) => inputs.get(&self.index.to_string()).map(|input| input.get().as_bytes()),
            Parsed::Restored(inputs) => inputs.get(self.index).and_then(Option::as_deref),
        })
    }

    /// The id after which a subscription resumes.
    pub(crate) fn resume(&self) -> Option<&str> {
        self.resume.as_deref()
    }

    pub(crate) fn into_form(self) -> Result<FormEntries, Failure> {
        match self.request.take()? {
            Unread::Form { content_type, limits, body } => {
                FormEntries::new(&content_type, body.into_pieces(), limits).map_err(ProcedureError::into_failure)
            }
            other => Err(wrong_kind(ContentKind::Form, other.kind())),
        }
    }

    pub(crate) fn into_bytes(self) -> Result<ByteStream, Failure> {
        match self.request.take()? {
            Unread::Bytes(body) => Ok(body.into_pieces()),
            other => Err(wrong_kind(ContentKind::Bytes, other.kind())),
        }
    }
}
