//! Requests with mistakes, over real sockets: whatever came of them, nothing of it is left.

use std::{net::SocketAddr, time::Duration};

use tintype_axum::WebSocketLimits;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    runtime::Handle,
    task::yield_now,
    time::timeout,
};

use crate::{
    client::{get, send},
    server::Server,
};

/// What a client says before it stops sending.
const REQUESTS: &[&str] = &[
    "nonsense\r\n\r\n",
    "GET /trpc/echo?input=%22x HTTP/1.1\r\nhost: x\r\n\r\n",
    "GET /trpc/%ff%zz HTTP/1.1\r\nhost: x\r\n\r\n",
    "GET /trpc/echo,hang,nope?batch=1&input=[ HTTP/1.1\r\nhost: x\r\ntrpc-accept: application/jsonl\r\n\r\n",
    "GET /trpc/events.watch?connectionParams=7 HTTP/1.1\r\nhost: x\r\n\r\n",
    "GET /trpc/events.watch?input=%7B&lastEventId=%00 HTTP/1.1\r\nhost: x\r\nlast-event-id: \t\r\n\r\n",
    "GET /trpc/events.count?input=%22x%22 HTTP/1.1\r\nhost: x\r\n\r\n",
    "POST /trpc/hang HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 9\r\n\r\n{",
    "POST /trpc/name,hang?batch=1 HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 3\r\n\r\n{\"0",
    "POST /trpc/name HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\nZ\r\n",
    "POST /trpc/measure HTTP/1.1\r\nhost: x\r\ncontent-type: application/octet-stream\r\ncontent-length: 5\r\n\r\n12",
    "POST /trpc/files HTTP/1.1\r\nhost: x\r\ncontent-type: multipart/form-data; boundary=y\r\ncontent-length: 9\r\n\r\n--y\r\nCont",
];

/// Frames of a client on a WebSocket, after which it stops sending.
const FRAMES: &[&[&str]] = &[
    &["{", "[", "[{}]", "\"\"", "PING", "{\"id\":{}}"],
    &[r#"{"id":1,"method":"subscription","params":{"path":"events.watch"}}"#, "{", r#"{"id":1,"method":"query"}"#],
    &[r#"[{"id":1,"method":"mutation","params":{"path":"hang"}},{"id":2,"method":"subscription.stop"}]"#, "]"],
    &[r#"{"id":null,"method":"subscription","params":{"path":"events.watch"}}"#],
];

const UPGRADE: &str = "GET /trpc HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: websocket\r\n\
    sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";

/// A text frame with a mask that changes nothing.
fn text_frame(text: &str) -> Vec<u8> {
    let length = u8::try_from(text.len()).unwrap();
    let head = if length < 126 { vec![0x81, 0x80 | length] } else { vec![0x81, 0xfe, 0, length] };
    [&head, &[0; 4][..], text.as_bytes()].concat()
}

/// Sends bytes, stops sending, and reads what comes until the server closes.
async fn say(address: SocketAddr, bytes: &[u8]) {
    let mut socket = TcpStream::connect(address).await.unwrap();
    socket.write_all(bytes).await.unwrap();
    socket.shutdown().await.unwrap();
    // The end may come as a reset.
    let _ = socket.read_to_end(&mut Vec::new()).await;
}

#[tokio::test]
async fn malformed_requests_leave_no_task_and_no_subscription_behind() {
    let mut server = Server::start_with(|service| service.websocket(WebSocketLimits::default())).await;
    let tasks = Handle::current().metrics();
    let before = tasks.num_alive_tasks();
    let websockets = FRAMES.iter().map(|frames| {
        let frames: Vec<u8> = frames.iter().flat_map(|text| text_frame(text)).collect();
        [UPGRADE.as_bytes(), &frames].concat()
    });
    let spoken: Vec<Vec<u8>> = REQUESTS.iter().map(|request| request.as_bytes().to_vec()).chain(websockets).collect();

    let all = async {
        for bytes in &spoken {
            say(server.address, bytes).await;
        }
        server.websockets.closed().await;
        while tasks.num_alive_tasks() > before {
            yield_now().await;
        }
    };
    timeout(Duration::from_secs(60), all).await.expect("something is left behind");

    let mut reports = Vec::new();
    while let Ok(report) = server.reports.try_recv() {
        reports.push(report);
    }
    let count = |name: &str| reports.iter().filter(|report| **report == name).count();
    assert!(count("begun") > 0, "some of it runs: {reports:?}");
    assert_eq!((count("dropped"), count("aborted")), (count("begun"), count("begun")));
    assert_eq!(send(server.address, get("echo?input=%22x%22")).await.status, 200, "the server goes on");
}
