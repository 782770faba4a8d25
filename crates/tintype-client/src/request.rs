//! What is sent for a call: the path of its procedure, its method, its input.

use std::{any::TypeId, collections::HashMap};

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;
use tintype::{EventId, Procedure, ProcedureInfo, ProcedureKind};
use url::Url;

use crate::{Problem, TransportError, absent::is_none};

/// Where requests go, and in which form.
pub(crate) struct Target {
    pub(crate) base: Url,
    pub(crate) paths: Paths,
    pub(crate) url_bytes: usize,
    pub(crate) method_override: bool,
}

/// The path of every procedure of the contract.
pub(crate) struct Paths(pub(crate) HashMap<TypeId, String>);

/// A call, ready to be sent as often as it takes.
pub(crate) struct Request {
    pub(crate) procedure: String,
    pub(crate) method: Method,
    pub(crate) url: Url,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Option<Bytes>,
    pub(crate) is_repeatable: bool,
}

/// What a segment of a path may hold as it is.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

impl Target {
    /// The request for a call of `P`, with `headers` beside its own.
    pub(crate) fn request<P>(&self, input: &P::Input, headers: &HeaderMap) -> Result<Request, TransportError>
    where
        P: Procedure<Input: Serialize>,
    {
        let info = P::INFO;
        let base = || self.base.to_string();
        let Some(path) = self.paths.0.get(&TypeId::of::<P>()) else {
            return Err(TransportError::new(info.name, base(), Problem::NotInContract(info.source)));
        };
        let input = match info.has_input.then(|| serde_json::to_vec(input)).transpose() {
            Ok(json) => json.filter(|json| json != b"null" || !is_none(input)),
            Err(error) => return Err(TransportError::new(path, base(), Problem::Input(error))),
        };
        self.erased_request(&info, path, input, headers)
    }

    fn erased_request(
        &self,
        info: &ProcedureInfo,
        path: &str,
        input: Option<Vec<u8>>,
        headers: &HeaderMap,
    ) -> Result<Request, TransportError> {
        let mut url = self.base.clone();
        let mount = url.path().trim_end_matches('/');
        url.set_path(&format!("{mount}/{}", utf8_percent_encode(path, SEGMENT)));
        let mut method = match info.kind {
            ProcedureKind::Mutation => Method::POST,
            ProcedureKind::Query | ProcedureKind::Subscription if info.flags.sensitive => Method::POST,
            ProcedureKind::Query | ProcedureKind::Subscription => Method::GET,
        };
        let mut body = None;
        if method == Method::GET
            && let Some(input) = &input
        {
            let query: String = form_urlencoded::byte_serialize(input).collect();
            let bytes = url.path().len() + "?input=".len() + query.len();
            if bytes <= self.url_bytes {
                url.set_query(Some(&format!("input={query}")));
            } else if self.method_override {
                method = Method::POST;
            } else {
                let problem = Problem::UrlTooLong { bytes, limit: self.url_bytes };
                return Err(TransportError::new(path, url, problem));
            }
        }
        let mut headers = headers.clone();
        if method == Method::POST {
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
            body = Some(Bytes::from(input.unwrap_or_default()));
        }
        let accept = match info.kind {
            ProcedureKind::Subscription => "text/event-stream",
            ProcedureKind::Query | ProcedureKind::Mutation => "application/json",
        };
        headers.insert(header::ACCEPT, HeaderValue::from_static(accept));
        let is_repeatable = info.kind != ProcedureKind::Mutation || info.flags.idempotent;
        Ok(Request { procedure: path.to_owned(), method, url, headers, body, is_repeatable })
    }
}

const LAST_EVENT_ID: HeaderName = HeaderName::from_static("last-event-id");

impl Request {
    /// Names the event after which a subscription resumes, or none.
    pub(crate) fn resume_after(&mut self, id: Option<&EventId>) {
        self.headers.remove(LAST_EVENT_ID);
        let input = self.url.query().map(|query| query.split('&').next().unwrap_or_default().to_owned());
        let input = input.filter(|input| input.starts_with("input="));
        self.url.set_query(input.as_deref());
        let Some(id) = id else { return };
        match HeaderValue::from_str(id.as_str()) {
            Ok(value) if value.to_str().is_ok() => {
                self.headers.insert(LAST_EVENT_ID, value);
            }
            // Headers are ASCII, and ids are not always.
            _ => {
                self.url.query_pairs_mut().append_pair("lastEventId", id.as_str());
            }
        }
    }

    pub(crate) fn failed(&self, problem: Problem) -> TransportError {
        let mut url = self.url.clone();
        url.set_query(None);
        TransportError::new(&self.procedure, url, problem)
    }
}
