//! A client that shows everything: status, headers, body.

use std::net::SocketAddr;

use bytes::Bytes;
use http::{HeaderMap, Method, Request, Response, StatusCode, header};
use http_body_util::{BodyExt, Either, Full, StreamBody};
use hyper::body::{Frame, Incoming};
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::net::TcpStream;

/// A body that is sent with its length, or in chunks without it.
pub(crate) type Body = Either<Full<Bytes>, StreamBody<Chunks>>;
type Chunks = futures_util::stream::Iter<std::vec::IntoIter<Result<Frame<Bytes>, std::convert::Infallible>>>;

/// An answer, read to its end.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {:?}", self.text))
    }

    /// The data of a call that succeeded.
    #[track_caller]
    pub(crate) fn data(&self) -> Value {
        assert_eq!(self.status, StatusCode::OK, "{}", self.text);
        self.json()["result"]["data"].clone()
    }

    pub(crate) fn header(&self, name: impl header::AsHeaderName) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }
}

pub(crate) fn full(body: impl Into<Bytes>) -> Body {
    Either::Left(Full::new(body.into()))
}

pub(crate) fn chunked(chunks: impl IntoIterator<Item = Bytes>) -> Body {
    let frames: Vec<_> = chunks.into_iter().map(|chunk| Ok(Frame::data(chunk))).collect();
    Either::Right(StreamBody::new(futures_util::stream::iter(frames)))
}

/// Sends one request on a connection of its own; the body of the response is still to be read.
pub(crate) async fn open(address: SocketAddr, mut request: Request<Body>) -> Response<Incoming> {
    request.headers_mut().entry(header::HOST).or_insert(address.to_string().parse().unwrap());
    let socket = TcpStream::connect(address).await.unwrap();
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(socket)).await.unwrap();
    tokio::spawn(connection);
    sender.send_request(request).await.unwrap()
}

/// Sends one request and reads its answer.
pub(crate) async fn send(address: SocketAddr, request: Request<Body>) -> Answer {
    let (head, body) = open(address, request).await.into_parts();
    let text = String::from_utf8(body.collect().await.unwrap().to_bytes().to_vec()).unwrap();
    Answer { status: head.status, headers: head.headers, text }
}

/// A query with its input in the URL.
pub(crate) fn query(path: &str, input: Option<&Value>) -> http::request::Builder {
    let encoded = input.map(|input| {
        let text = input.to_string();
        text.bytes().map(|byte| format!("%{byte:02X}")).collect::<String>()
    });
    match encoded {
        Some(input) => Request::get(format!("/trpc/{path}?input={input}")),
        None => Request::get(format!("/trpc/{path}")),
    }
}

/// A mutation, still without its body.
pub(crate) fn mutation(path: &str) -> http::request::Builder {
    Request::builder()
        .method(Method::POST)
        .uri(format!("/trpc/{path}"))
        .header(header::CONTENT_TYPE, "application/json")
}
