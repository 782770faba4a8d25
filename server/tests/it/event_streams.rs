use std::{
    convert::Infallible,
    net::{Ipv4Addr, SocketAddr},
    time::Duration,
};

use axum::{Router, body::Body, http::header, response::IntoResponse, routing::get};
use bytes::Bytes;
use futures_util::{StreamExt, stream};
use server::{ConnectionLimits, Drain};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::broadcast,
    task::JoinHandle,
    time::timeout,
};
use tokio_stream::wrappers::BroadcastStream;
use tokio_util::sync::CancellationToken;

/// A server with an event stream at `/events`, whose pieces the test sends, and a large answer at `/large`.
struct Server {
    address: SocketAddr,
    pieces: Option<broadcast::Sender<&'static str>>,
    /// Fires when a stream is dropped.
    dropped: CancellationToken,
    shutdown: CancellationToken,
    serving: JoinHandle<Drain>,
}

const LARGE_BYTES: usize = 8 * 1024 * 1024;

impl Server {
    async fn start() -> Self {
        let (sender, _) = broadcast::channel::<&str>(16);
        let dropped = CancellationToken::new();
        let events = {
            let (sender, dropped) = (sender.downgrade(), dropped.clone());
            move || {
                let guard = dropped.clone().drop_guard();
                let pieces = BroadcastStream::new(sender.upgrade().unwrap().subscribe());
                let pieces = pieces.map(move |piece| {
                    let _guard = &guard;
                    Ok::<_, Infallible>(Bytes::from_static(piece.unwrap().as_bytes()))
                });
                std::future::ready(([(header::CONTENT_TYPE, "text/event-stream")], Body::from_stream(pieces)))
            }
        };
        let large = || async { vec![b'x'; LARGE_BYTES].into_response() };
        let broken = || async {
            let pieces = stream::iter([Ok("one"), Err(std::io::Error::other("the body fails"))]);
            ([(header::CONTENT_TYPE, "text/event-stream")], Body::from_stream(pieces))
        };
        let app = Router::new()
            .route("/events", get(events))
            .route("/large", get(large).post(large))
            .route("/broken", get(broken));
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let shutdown = CancellationToken::new();
        let drain_time = Duration::from_secs(60);
        let serving =
            tokio::spawn(server::serve(listener, app, ConnectionLimits::default(), shutdown.clone(), drain_time));
        Self { address, pieces: Some(sender), dropped, shutdown, serving }
    }

    async fn connect(&self) -> Client {
        Client { socket: TcpStream::connect(self.address).await.unwrap(), read: Vec::new() }
    }

    /// Sends a piece to every stream, of which there is one.
    fn send(&self, piece: &'static str) {
        assert_eq!(self.pieces.as_ref().unwrap().send(piece).unwrap(), 1);
    }
}

struct Client {
    socket: TcpStream,
    /// What has been read and not been looked at.
    read: Vec<u8>,
}

impl Client {
    async fn ask(&mut self, path: &str) {
        self.write(&format!("GET {path} HTTP/1.1\r\nhost: a\r\n\r\n")).await;
    }

    async fn write(&mut self, text: &str) {
        self.socket.write_all(text.as_bytes()).await.unwrap();
    }

    /// Everything up to `end`, and with it.
    async fn until(&mut self, end: &str) -> String {
        loop {
            let found = self.read.windows(end.len()).position(|window| window == end.as_bytes());
            if let Some(index) = found {
                let rest = self.read.split_off(index + end.len());
                return String::from_utf8(std::mem::replace(&mut self.read, rest)).unwrap();
            }
            assert!(self.fill().await > 0, "the connection ended before {end:?}: {:?}", self.read);
        }
    }

    /// Everything to the end of the connection.
    async fn rest(&mut self) -> String {
        while self.fill().await > 0 {}
        String::from_utf8(std::mem::take(&mut self.read)).unwrap()
    }

    async fn fill(&mut self) -> usize {
        let reading = self.socket.read_buf(&mut self.read);
        timeout(Duration::from_secs(60), reading).await.expect("nothing comes").unwrap()
    }
}

#[tokio::test]
async fn pieces_arrive_one_by_one_until_the_stream_ends_and_the_connection_with_it() {
    let mut server = Server::start().await;
    let mut client = server.connect().await;
    client.ask("/events").await;

    let head = client.until("\r\n\r\n").await;
    assert!(head.starts_with("HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n"), "{head}");
    assert!(head.contains("\r\ntransfer-encoding: chunked\r\nconnection: close\r\n"), "{head}");
    assert_eq!(head.matches("\r\ndate: ").count(), 1, "{head}");
    server.send("data: 1\n\n");
    assert_eq!(client.until("\n\n\r\n").await, "9\r\ndata: 1\n\n\r\n");
    // A chunk without data would end the stream.
    server.send("");
    server.send("data: 2, which is a longer one\n\n");
    assert_eq!(client.until("\n\n\r\n").await, "20\r\ndata: 2, which is a longer one\n\n\r\n");
    server.pieces = None;
    assert_eq!(client.rest().await, "0\r\n\r\n");
}

#[tokio::test]
async fn a_stream_may_follow_other_answers() {
    let server = Server::start().await;
    let mut client = server.connect().await;
    client.ask("/nowhere").await;
    client.until("\r\n\r\n").await;

    client.ask("/events").await;

    client.until("content-type: text/event-stream\r\n").await;
    client.until("\r\n\r\n").await;
    server.send("data: 1\n\n");
    assert_eq!(client.until("\n\n\r\n").await, "9\r\ndata: 1\n\n\r\n");
}

#[tokio::test]
async fn a_stream_waits_for_what_was_answered_before_it() {
    let server = Server::start().await;
    let mut client = server.connect().await;
    // It is answered before its body is read, so the next request is read before the answer is out.
    let large = "POST /large HTTP/1.1\r\nhost: a\r\ncontent-length: 4\r\n\r\nbody";
    client.write(&format!("{large}GET /events HTTP/1.1\r\nhost: a\r\n\r\n")).await;
    // Time for the second answer to be there while the first is stuck.
    tokio::time::sleep(Duration::from_millis(300)).await;

    client.until("\r\n\r\n").await;
    let large = client.until("HTTP/1.1 200 OK").await;

    let body = large.strip_suffix("HTTP/1.1 200 OK").unwrap();
    assert_eq!(body.len(), LARGE_BYTES);
    assert!(body.bytes().all(|byte| byte == b'x'));
    client.until("content-type: text/event-stream\r\n").await;
}

#[tokio::test]
async fn a_stream_ends_with_its_client() {
    let server = Server::start().await;
    let mut client = server.connect().await;
    client.ask("/events").await;
    client.until("\r\n\r\n").await;
    // Nothing of this is answered, and it does no harm.
    client.ask("/large").await;
    server.send("data: 1\n\n");
    client.until("\n\n\r\n").await;
    assert!(!server.dropped.is_cancelled());

    drop(client);

    timeout(Duration::from_secs(60), server.dropped.cancelled()).await.expect("the stream goes on without a client");
}

#[tokio::test]
async fn a_stream_that_breaks_is_not_taken_for_a_whole_one() {
    let server = Server::start().await;
    let mut client = server.connect().await;
    client.ask("/broken").await;
    client.until("\r\n\r\n").await;

    assert_eq!(client.rest().await, "3\r\none\r\n");
}

#[tokio::test]
async fn a_client_of_http_1_0_gets_its_stream_without_chunks() {
    let mut server = Server::start().await;
    let mut client = server.connect().await;
    client.write("GET /events HTTP/1.0\r\n\r\n").await;
    let head = client.until("\r\n\r\n").await;
    assert!(head.starts_with("HTTP/1.0 200 OK\r\n") && !head.contains("transfer-encoding"), "{head}");

    server.send("data: 1\n\n");
    server.pieces = None;

    assert_eq!(client.rest().await, "data: 1\n\n");
}

#[tokio::test]
async fn a_server_that_stops_waits_for_its_streams() {
    let mut server = Server::start().await;
    let mut client = server.connect().await;
    client.ask("/events").await;
    client.until("\r\n\r\n").await;

    server.shutdown.cancel();
    tokio::time::sleep(Duration::from_millis(100)).await;
    server.send("data: last words\n\n");
    server.pieces = None;

    assert_eq!(client.rest().await, "12\r\ndata: last words\n\n\r\n0\r\n\r\n");
    assert_eq!(server.serving.await.unwrap(), Drain::Complete);
}
