//! Steps 1 to 9 of the order of checks: what is asked for, and whether it can be asked for like that.

use std::{borrow::Cow, sync::Arc};

use http::{HeaderMap, Method, header};
use percent_encoding::percent_decode_str;

use super::{body::ContentKind, options::ProtocolOptions, transformer::Transformer};
use crate::{
    connection_params::ConnectionParams,
    context::RequestInfo,
    error::{ErrorCode, Failure},
    event_id::EventId,
    procedure::{ErasedProcedure, ProcedureKind},
    router::Router,
    superjson,
};

/// A request that passed the checks which concern it as a whole.
pub(super) struct Plan<S> {
    pub(super) calls: Vec<PlannedCall<S>>,
    pub(super) is_batch: bool,
    pub(super) query: Query,
    pub(super) connection_params: Option<ConnectionParams>,
    pub(super) accepts_json_lines: bool,
    pub(super) content: ContentKind,
    /// The kind of the calls; `None` if no path is known.
    pub(super) kind: Option<ProcedureKind>,
}

/// One call of a request.
pub(super) struct PlannedCall<S> {
    pub(super) path: String,
    pub(super) procedure: Option<Arc<ErasedProcedure<S>>>,
}

/// The parameters of the URL that mean something; the first of a name wins.
#[derive(Debug, Default)]
pub(super) struct Query {
    pub(super) input: Option<String>,
    batch: bool,
    connection_params: Option<String>,
    last_event_id: Option<String>,
    last_event_id_header: Option<String>,
}

impl Query {
    fn parse(query: &str) -> Self {
        let mut parsed = Self::default();
        let mut batch = None;
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            let slot = match name.as_ref() {
                "input" => &mut parsed.input,
                "batch" => &mut batch,
                "connectionParams" => &mut parsed.connection_params,
                "lastEventId" => &mut parsed.last_event_id,
                "Last-Event-Id" => &mut parsed.last_event_id_header,
                _ => continue,
            };
            slot.get_or_insert_with(|| value.into_owned());
        }
        parsed.batch = batch.as_deref() == Some("1");
        parsed
    }

    /// The id after which a subscription resumes, in the protocol's order: header, then parameters.
    pub(super) fn resume_id(&self, headers: &HeaderMap) -> Option<EventId> {
        // Browsers write ids as UTF-8, which most headers may not have.
        let header = headers.get("last-event-id").and_then(|value| std::str::from_utf8(value.as_bytes()).ok());
        let id = header.or(self.last_event_id.as_deref()).or(self.last_event_id_header.as_deref())?;
        EventId::new(id).ok()
    }

    /// The id that a client put into the input when it made the connection anew.
    pub(super) fn resume_id_of_input(&self, transformer: Transformer) -> Option<EventId> {
        let input = self.input.as_deref()?;
        // As where the input itself is read.
        resume_id_in(input.strip_prefix('\u{feff}').unwrap_or(input), transformer)
    }
}

/// The field `lastEventId` of an input, if it is fit to be the id of an event.
pub(super) fn resume_id_in(input: &str, transformer: Transformer) -> Option<EventId> {
    #[derive(serde::Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Resume {
        last_event_id: EventId,
    }
    let json = match transformer {
        Transformer::Json => Cow::Borrowed(input.as_bytes()),
        Transformer::SuperJson => superjson::read(input.as_bytes()).ok()??,
    };
    serde_json::from_slice::<Resume>(&json).ok().map(|resume| resume.last_event_id)
}

/// Checks a request as a whole; `path` is what follows the mount point.
pub(super) fn plan<S: Clone + Send + Sync + 'static>(
    router: &Router<S>,
    options: &ProtocolOptions,
    method: &Method,
    path: &str,
    query: &str,
    headers: &HeaderMap,
) -> Result<Plan<S>, Failure> {
    if let Some(limit) = options.url_bytes
        && path.len() + query.len() > limit
    {
        return Err(Failure::new(
            ErrorCode::PayloadTooLarge,
            format!("the URL has {} bytes, the limit is {limit}: send smaller batches", path.len() + query.len()),
        ));
    }
    let path = decode_path(path)?;
    let path = match options.path_separator.as_str() {
        "" | "." => path,
        separator => path.replace(separator, "."),
    };
    let content = check_content_type(method, headers)?;
    let mut query = Query::parse(query);
    if content != ContentKind::Json {
        // Forms and plain bytes are one call, whatever the URL says.
        query.batch = false;
        query.connection_params = None;
    }
    let paths: Vec<&str> = if query.batch { path.split(',').collect() } else { vec![path.as_str()] };
    if query.batch && options.max_batch_size.is_some_and(|limit| paths.len() > limit) {
        return Err(Failure::new(ErrorCode::BadRequest, "Batch call exceeds maximum size"));
    }
    let calls: Vec<PlannedCall<S>> = paths
        .into_iter()
        .map(|path| PlannedCall { path: path.to_owned(), procedure: router.get(path).cloned() })
        .collect();
    let mut kinds: Vec<ProcedureKind> = Vec::new();
    for kind in calls.iter().filter_map(|call| Some(call.procedure.as_ref()?.info.kind)) {
        if !kinds.contains(&kind) {
            kinds.push(kind);
        }
    }
    if kinds.len() > 1 {
        let names: Vec<&str> = kinds.iter().map(|kind| kind.as_str()).collect();
        return Err(Failure::new(
            ErrorCode::BadRequest,
            format!("Cannot mix procedure types in call: {}", names.join(", ")),
        ));
    }
    let connection_params = match &query.connection_params {
        Some(params) => ConnectionParams::from_parameter(params)?,
        None => None,
    };
    if query.batch && !options.allow_batching {
        return Err(Failure::new(ErrorCode::BadRequest, "Batching is not enabled on the server"));
    }
    let accepts_json_lines = content == ContentKind::Json && accepts_json_lines(headers);
    if accepts_json_lines && !query.batch {
        let message = "Streaming requests must be batched (you can do a batch of 1)";
        return Err(Failure::new(ErrorCode::BadRequest, message));
    }
    let kind = kinds.first().copied();
    Ok(Plan { is_batch: query.batch, calls, query, connection_params, accepts_json_lines, content, kind })
}

impl<S> Plan<S> {
    pub(super) fn info(&self) -> RequestInfo {
        RequestInfo {
            kind: self.kind,
            is_batch: self.is_batch,
            accepts_json_lines: self.accepts_json_lines,
            paths: self.calls.iter().map(|call| call.path.clone()).collect(),
        }
    }
}

/// Whether the client asks for JSON lines: by `trpc-accept` alone or, without that header, by an item of `accept`.
fn accepts_json_lines(headers: &HeaderMap) -> bool {
    const JSON_LINES: &[u8] = b"application/jsonl";
    match headers.get("trpc-accept") {
        Some(value) => value == JSON_LINES,
        None => headers
            .get_all(header::ACCEPT)
            .iter()
            .flat_map(|value| value.as_bytes().split(|byte| *byte == b','))
            .any(|item| item.trim_ascii() == JSON_LINES),
    }
}

fn decode_path(path: &str) -> Result<String, Failure> {
    let path = path.strip_prefix('/').unwrap_or(path);
    // The reference takes one off the whole path and one off what is left without the mount point.
    let path = path.strip_suffix('/').unwrap_or(path);
    let path = path.strip_suffix('/').unwrap_or(path);
    match percent_decode_str(path).decode_utf8() {
        Ok(decoded) if !has_broken_escape(path) => Ok(decoded.into_owned()),
        _ => Err(Failure::new(ErrorCode::BadRequest, format!("Invalid URL-encoding in path \"{path}\""))),
    }
}

/// Whether a `%` is not followed by two hexadecimal digits, which the decoder would let pass.
fn has_broken_escape(path: &str) -> bool {
    path.as_bytes().iter().enumerate().any(|(index, byte)| {
        let digits = path.as_bytes().get(index + 1..index + 3);
        *byte == b'%' && !digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
    })
}

fn check_content_type(method: &Method, headers: &HeaderMap) -> Result<ContentKind, Failure> {
    match ContentKind::of(headers) {
        Some(ContentKind::Json) => Ok(ContentKind::Json),
        Some(kind) if method == Method::POST => Ok(kind),
        Some(kind) => {
            let message = format!("Only POST requests are supported for {} requests", kind.media_type());
            Err(Failure::new(ErrorCode::MethodNotSupported, message))
        }
        None if method == Method::GET => Ok(ContentKind::Json),
        None => Err(match headers.get(header::CONTENT_TYPE) {
            None => Failure::new(ErrorCode::UnsupportedMediaType, "Missing content-type header"),
            Some(value) => {
                // The missing closing quote is the reference's; clients may match the text.
                let message = format!("Unsupported content-type \"{}", String::from_utf8_lossy(value.as_bytes()));
                Failure::new(ErrorCode::UnsupportedMediaType, message)
            }
        }),
    }
}
