//! Batches that are answered line by line, and what compression makes of answers.

use std::{
    io::{Read, Write},
    time::Duration,
};

use bytes::Bytes;
use flate2::{read::GzDecoder, write};
use http::{HeaderMap, Request, StatusCode, header};
use http_body_util::BodyExt;
use hyper::body::Incoming;
use tintype_axum::Limits;

use crate::{
    client::{Body, Connection, Events, get, post},
    server::Server,
};

const HEAD_OF_TWO: &str = "{\"0\":[[0],[null,0,0]],\"1\":[[0],[null,0,1]]}\n";

fn by_lines(mut request: Request<Body>) -> Request<Body> {
    request.headers_mut().insert("trpc-accept", "application/jsonl".parse().unwrap());
    request
}

fn compressed(mut request: Request<Body>) -> Request<Body> {
    request.headers_mut().insert(header::ACCEPT_ENCODING, "gzip".parse().unwrap());
    request
}

/// An answer as it arrives.
struct Arriving {
    headers: HeaderMap,
    body: Incoming,
    connection: Connection,
}

impl Arriving {
    async fn to(server: &Server, request: Request<Body>) -> Self {
        let mut connection = Connection::open(server.address).await;
        let (head, body) = connection.send(request).await.into_parts();
        assert_eq!(head.status, StatusCode::OK);
        Self { headers: head.headers, body, connection }
    }

    async fn next(&mut self) -> Bytes {
        self.body.frame().await.unwrap().unwrap().into_data().unwrap()
    }

    /// Reads until the text is at least as long as `expected`.
    async fn read(&mut self, expected: &str) -> String {
        let mut text = String::new();
        while text.len() < expected.len() {
            text.push_str(std::str::from_utf8(&self.next().await).unwrap());
        }
        text
    }

    async fn all(self) -> Vec<u8> {
        self.body.collect().await.unwrap().to_bytes().to_vec()
    }
}

#[tokio::test]
async fn each_call_is_answered_while_others_run_and_closing_cancels_them() {
    let mut server = Server::start().await;
    let mut answer = Arriving::to(&server, by_lines(post("touch,hang?batch=1", "{}"))).await;
    assert_eq!(answer.headers[header::CONTENT_TYPE], "application/json");

    let expected = format!(
        "{HEAD_OF_TWO}[0,0,[[{{\"result\":0}}],[\"result\",0,2]]]\n[2,0,[[{{\"data\":0}}],[\"data\",0,3]]]\n[3,0,[[]]]\n"
    );
    assert_eq!(answer.read(&expected).await, expected);
    assert_eq!(server.report().await, "begun");

    drop((answer.body, answer.connection));
    let mut reports = [server.report().await, server.report().await];
    reports.sort_unstable();
    assert_eq!(reports, ["aborted", "dropped"]);
}

#[tokio::test]
async fn silence_is_filled_with_blanks() {
    let limits = Limits { ping_interval: Duration::from_millis(1), ..Limits::default() };
    let server = Server::start_limited(limits).await;
    let mut answer = Arriving::to(&server, by_lines(post("hang?batch=1", "{}"))).await;

    let head = "{\"0\":[[0],[null,0,0]]}\n";
    let expected = format!("{head}  ");
    assert_eq!(answer.read(&expected).await[..expected.len()], expected);
}

#[tokio::test]
async fn compression_reaches_the_last_byte_of_answers_and_lines() {
    let server = Server::start_compressed().await;
    let text = "a long text that is worth its compression ".repeat(50);
    let input = format!("%22{}%22", text.replace(' ', "%20"));
    let plain = Arriving::to(&server, get(&format!("echo?input={input}"))).await.all().await;

    let answer = Arriving::to(&server, compressed(get(&format!("echo?input={input}")))).await;
    assert_eq!(answer.headers[header::CONTENT_ENCODING], "gzip");
    let mut unpacked = Vec::new();
    GzDecoder::new(&*answer.all().await).read_to_end(&mut unpacked).unwrap();
    assert_eq!(unpacked, plain);

    let request = compressed(by_lines(get(&format!("echo,echo?batch=1&input=%7B%220%22:{input},%221%22:{input}%7D"))));
    let answer = Arriving::to(&server, request).await;
    assert_eq!(answer.headers[header::CONTENT_ENCODING], "gzip");
    let mut unpacked = String::new();
    GzDecoder::new(&*answer.all().await).read_to_string(&mut unpacked).unwrap();
    assert!(unpacked.starts_with(HEAD_OF_TWO), "{unpacked}");
    assert_eq!(unpacked.matches(&text).count(), 2);
    assert!(unpacked.ends_with("]]]\n"), "{unpacked}");
}

#[tokio::test]
async fn compressed_lines_do_not_wait_for_each_other() {
    let server = Server::start_compressed().await;
    let mut answer = Arriving::to(&server, compressed(by_lines(post("touch,hang?batch=1", "{}")))).await;

    let mut unpack = write::GzDecoder::new(Vec::new());
    while !unpack.get_ref().ends_with(b"[3,0,[[]]]\n") {
        unpack.write_all(&answer.next().await).unwrap();
        unpack.flush().unwrap();
    }
    assert!(unpack.get_ref().starts_with(HEAD_OF_TWO.as_bytes()));
}

#[tokio::test]
async fn event_streams_are_left_alone_by_compression() {
    let server = Server::start_compressed().await;

    let events = Events::open(server.address, compressed(get("events.count?input=2"))).await;

    assert_eq!(events.headers.get(header::CONTENT_ENCODING), None);
    assert_eq!(events.all().await.len(), 4);
}

#[tokio::test]
async fn events_are_sent_at_once_beside_compression() {
    let server = Server::start_compressed().await;

    // This stream has no end: what is read was not held back until there is more.
    let mut events = Events::open(server.address, compressed(get("events.watch"))).await;

    assert!(events.next().await.unwrap().starts_with("event: connected"));
    assert_eq!(events.next().await.as_deref(), Some("data: 1\nid: 1"));
}
