//! A client that shows everything: status, headers, body, frames.

use std::{convert::Infallible, net::SocketAddr};

use bytes::Bytes;
use futures_util::{StreamExt, stream::BoxStream};
use http::{HeaderMap, Request, StatusCode, header};
use http_body_util::{BodyExt, Either, Full, StreamBody};
use hyper::{
    body::{Frame, Incoming},
    client::conn::http1::{self, SendRequest},
};
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::net::TcpStream;

/// A body that is sent with its length, or in chunks without it.
pub(crate) type Body = Either<Full<Bytes>, StreamBody<BoxStream<'static, Result<Frame<Bytes>, Infallible>>>>;

pub(crate) fn full(body: impl Into<Bytes>) -> Body {
    Either::Left(Full::new(body.into()))
}

pub(crate) fn chunked(chunks: impl futures_util::Stream<Item = Bytes> + Send + 'static) -> Body {
    Either::Right(StreamBody::new(chunks.map(|chunk| Ok(Frame::data(chunk))).boxed()))
}

pub(crate) fn get(path: &str) -> Request<Body> {
    Request::get(format!("/trpc/{path}")).body(full("")).unwrap()
}

pub(crate) fn post(path: &str, body: impl Into<Bytes>) -> Request<Body> {
    post_body(path, full(body))
}

pub(crate) fn post_body(path: &str, body: Body) -> Request<Body> {
    let request = Request::post(format!("/trpc/{path}")).header(header::CONTENT_TYPE, "application/json");
    request.body(body).unwrap()
}

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
}

/// One connection to a server; dropping it closes the socket.
pub(crate) struct Connection {
    sender: SendRequest<Body>,
    host: String,
    driver: tokio::task::JoinHandle<()>,
}

impl Connection {
    pub(crate) async fn open(address: SocketAddr) -> Self {
        let socket = TcpStream::connect(address).await.unwrap();
        let (sender, connection) = http1::handshake(TokioIo::new(socket)).await.unwrap();
        let driver = tokio::spawn(async move {
            // A test that ends closes it early.
            let _ = connection.await;
        });
        Self { sender, host: address.to_string(), driver }
    }

    pub(crate) async fn send(&mut self, mut request: Request<Body>) -> http::Response<Incoming> {
        request.headers_mut().insert(header::HOST, self.host.parse().unwrap());
        self.sender.send_request(request).await.unwrap()
    }

    /// Begins a request whose answer nobody waits for.
    pub(crate) fn begin(&mut self, mut request: Request<Body>) {
        request.headers_mut().insert(header::HOST, self.host.parse().unwrap());
        tokio::spawn(self.sender.send_request(request));
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.driver.abort();
    }
}

/// Sends one request on a connection of its own.
pub(crate) async fn send(address: SocketAddr, request: Request<Body>) -> Answer {
    let mut connection = Connection::open(address).await;
    let (head, body) = connection.send(request).await.into_parts();
    let text = String::from_utf8(body.collect().await.unwrap().to_bytes().to_vec()).unwrap();
    Answer { status: head.status, headers: head.headers, text }
}

/// An event stream, frame by frame.
pub(crate) struct Events {
    pub(crate) headers: HeaderMap,
    body: Incoming,
    rest: String,
    _connection: Connection,
}

impl Events {
    pub(crate) async fn open(address: SocketAddr, request: Request<Body>) -> Self {
        let mut connection = Connection::open(address).await;
        let (head, body) = connection.send(request).await.into_parts();
        assert_eq!(head.status, StatusCode::OK);
        Self { headers: head.headers, body, rest: String::new(), _connection: connection }
    }

    /// The next frame without its empty line; `None` after the last.
    pub(crate) async fn next(&mut self) -> Option<String> {
        loop {
            if let Some((frame, rest)) = self.rest.split_once("\n\n") {
                let (frame, rest) = (frame.to_owned(), rest.to_owned());
                self.rest = rest;
                return Some(frame);
            }
            let Some(read) = self.body.frame().await else {
                assert_eq!(self.rest, "", "the stream ended inside a frame");
                return None;
            };
            self.rest.push_str(std::str::from_utf8(&read.unwrap().into_data().unwrap()).unwrap());
        }
    }

    /// Every frame to the end of the stream.
    pub(crate) async fn all(mut self) -> Vec<String> {
        let mut frames = Vec::new();
        while let Some(frame) = self.next().await {
            frames.push(frame);
        }
        frames
    }
}
