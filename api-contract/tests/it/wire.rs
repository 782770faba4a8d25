//! The same procedures as clients reach them: requests, envelopes and event streams, without a socket.

use std::net::IpAddr;

use api_contract::{AppState, router};
use bytes::Bytes;
use futures_util::{FutureExt, StreamExt, stream};
use http::{HeaderMap, Request, StatusCode, header};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;
use tintype::{
    ProcedureKind,
    protocol::{EventFrames, Hooks, ProtocolOptions, RequestBody, Responder, ResponseBody},
};

use crate::app::App;

/// Somebody with a browser.
#[derive(Clone)]
pub(crate) struct Wire {
    responder: Responder<AppState>,
    headers: HeaderMap,
    address: Option<IpAddr>,
}

/// An answer, read to its end.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) json: Value,
}

impl Answer {
    /// The data of the error: code, path, typed error.
    pub(crate) fn error(&self) -> &Value {
        &self.json["error"]["data"]
    }
}

impl Wire {
    /// A browser without cookies, at no address.
    pub(crate) fn new(app: &App) -> Self {
        let responder =
            Responder::new(router(), app.state.clone(), ProtocolOptions::default(), Hooks::default()).unwrap();
        Self { responder, headers: HeaderMap::new(), address: None }
    }

    pub(crate) fn header(mut self, name: &'static str, value: &str) -> Self {
        self.headers.insert(name, value.parse().unwrap());
        self
    }

    pub(crate) fn address(mut self, address: [u8; 4]) -> Self {
        self.address = Some(address.into());
        self
    }

    /// Sends one request; a query string belongs to `path`.
    async fn respond(&self, kind: ProcedureKind, path: &str, input: Option<&Value>) -> http::Response<ResponseBody> {
        let (uri, body) = match (kind, input) {
            (ProcedureKind::Mutation, input) => (format!("/{path}"), input.map(Value::to_string)),
            (_, None) => (format!("/{path}"), None),
            (_, Some(input)) => {
                let mark = if path.contains('?') { '&' } else { '?' };
                (format!("/{path}{mark}input={}", utf8_percent_encode(&input.to_string(), NON_ALPHANUMERIC)), None)
            }
        };
        let mut request = match kind {
            ProcedureKind::Mutation => Request::post(uri).header(header::CONTENT_TYPE, "application/json"),
            _ => Request::get(uri),
        };
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        let (head, ()) = request.body(()).unwrap().into_parts();
        let body = Bytes::from(body.unwrap_or_default());
        self.responder.respond(head, async move { Ok(body) }.boxed(), self.address.map(|ip| (ip, 7).into())).await
    }

    /// Calls a query or a mutation.
    pub(crate) async fn call(&self, kind: ProcedureKind, path: &str, input: Option<&Value>) -> Answer {
        let (head, body) = self.respond(kind, path, input).await.into_parts();
        let ResponseBody::Full(body) = body else { panic!("{path} answered with a stream") };
        Answer { status: head.status, headers: head.headers, json: serde_json::from_slice(&body).unwrap() }
    }

    pub(crate) async fn query(&self, path: &str, input: Option<&Value>) -> Answer {
        self.call(ProcedureKind::Query, path, input).await
    }

    pub(crate) async fn mutate(&self, path: &str, input: &Value) -> Answer {
        self.call(ProcedureKind::Mutation, path, Some(input)).await
    }

    /// Calls a mutation that takes a form: text fields, and then a file.
    pub(crate) async fn form(&self, path: &str, fields: &Value, file: &[u8]) -> Answer {
        let mut body = Vec::new();
        for (name, value) in fields.as_object().unwrap() {
            let value = value.as_str().unwrap();
            let field = format!("--edge\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
            body.extend_from_slice(field.as_bytes());
        }
        body.extend_from_slice(b"--edge\r\ncontent-disposition: form-data; name=\"file\"; filename=\"file\"\r\n\r\n");
        body.extend_from_slice(file);
        body.extend_from_slice(b"\r\n--edge--\r\n");
        let mut request =
            Request::post(format!("/{path}")).header(header::CONTENT_TYPE, "multipart/form-data; boundary=edge");
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        let (head, ()) = request.body(()).unwrap().into_parts();
        let pieces = RequestBody::pieces(stream::once(async move { Ok(Bytes::from(body)) }));
        let (head, body) = self.responder.respond(head, pieces, None).await.into_parts();
        let ResponseBody::Full(body) = body else { panic!("{path} answered with a stream") };
        Answer { status: head.status, headers: head.headers, json: serde_json::from_slice(&body).unwrap() }
    }

    /// Opens a stream and reads as far as it is connected.
    pub(crate) async fn subscribe(&self, path: &str, input: Option<&Value>) -> Frames {
        let ResponseBody::Events(frames) = self.respond(ProcedureKind::Subscription, path, input).await.into_body()
        else {
            panic!("{path} answered without a stream")
        };
        let mut frames = Frames(frames);
        assert!(frames.next().await.unwrap().starts_with("event: connected\n"));
        frames
    }
}

/// The rest of an event stream.
pub(crate) struct Frames(EventFrames);

impl Frames {
    pub(crate) async fn next(&mut self) -> Option<String> {
        let frame = self.0.next().await?;
        Some(String::from_utf8(frame.to_vec()).unwrap())
    }

    /// Reads the frame that tells the client its position, and returns the id in it.
    pub(crate) async fn position(&mut self) -> String {
        let frame = self.next().await.unwrap();
        frame.strip_prefix("id: ").unwrap_or_else(|| panic!("no position: {frame:?}")).trim().to_owned()
    }

    /// The data and the id of the next event.
    pub(crate) async fn event(&mut self) -> (Value, String) {
        let frame = self.next().await.unwrap();
        let (data, id) = frame.trim_end().split_once('\n').unwrap();
        let data = serde_json::from_str(data.strip_prefix("data: ").unwrap_or_else(|| panic!("{frame:?}")));
        (data.unwrap(), id.strip_prefix("id: ").unwrap().to_owned())
    }

    /// The code with which the stream ends, and nothing before.
    pub(crate) async fn failure(&mut self) -> String {
        let frame = self.next().await.unwrap();
        let shape = frame.strip_prefix("event: serialized-error\ndata: ").unwrap_or_else(|| panic!("{frame:?}"));
        self.last_words(shape).await
    }

    /// The code in the error with which the stream ends, and has ended.
    pub(crate) async fn last_words(&mut self, shape: &str) -> String {
        let shape: Value = serde_json::from_str(shape).unwrap();
        assert_eq!(self.next().await, None);
        shape["data"]["code"].as_str().unwrap().to_owned()
    }

    /// The same, after whatever comes before the end.
    pub(crate) async fn failure_after_events(&mut self) -> String {
        loop {
            let frame = self.next().await.expect("the stream ends with a failure");
            if let Some(shape) = frame.strip_prefix("event: serialized-error\ndata: ") {
                return self.last_words(shape).await;
            }
        }
    }

    /// Whether nothing has arrived.
    pub(crate) fn is_silent(&mut self) -> bool {
        self.0.next().now_or_never().is_none()
    }
}
