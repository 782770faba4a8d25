use bytes::Bytes;
use http::header;
use http_body_util::BodyExt;
use hyper::body::Incoming;
use serde_json::json;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::{
    account::Account,
    client::{full, open, query},
    process::Server,
};

async fn next_frame(body: &mut Incoming) -> Option<Bytes> {
    Some(body.frame().await?.unwrap().into_data().unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_told_to_stop_ends_its_streams_and_leaves_with_success() {
    let server = Server::start_with(&[("TINTYPE_STREAM_DRAIN_SECONDS", "1")]).await;
    let account = Account::register(server.address, "ada@example.com").await;
    let request = query("widgets.changed", None).header(header::COOKIE, &account.cookie).body(full(""));
    let mut events = open(server.address, request.unwrap()).await.into_body();
    assert!(next_frame(&mut events).await.unwrap().starts_with(b"event: connected"));
    account.mutate("widgets.create", &json!({ "name": "clock" })).await.data();

    server.terminate();

    // Without `event: return`: clients connect again, to another instance, and not all at once.
    let mut rest = Vec::new();
    while let Some(frame) = next_frame(&mut events).await {
        rest.extend_from_slice(&frame);
    }
    let rest = String::from_utf8(rest).unwrap();
    assert!(rest.contains(r#""kind":"created""#) && !rest.contains("event: return"), "{rest}");
    let last_words = rest.trim_end().lines().next_back().unwrap_or_default();
    let wait: u64 = last_words.strip_prefix("retry: ").unwrap_or_else(|| panic!("{rest}")).parse().unwrap();
    assert!((500..=5000).contains(&wait), "{wait}");
    let (status, log) = server.ended().await;
    assert!(status.success(), "{status}: {log}");
    assert!(!log.contains("cut off"), "{log}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_that_has_begun_is_answered_before_the_server_leaves() {
    let mut server = Server::start().await;
    let account = Account::register(server.address, "ada@example.com").await;
    let body = r#"{"name":"clock"}"#;
    let mut socket = TcpStream::connect(server.address).await.unwrap();
    let head = format!(
        "POST /trpc/widgets.create HTTP/1.1\r\nhost: {}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\
         cookie: {}\r\nexpect: 100-continue\r\n\r\n",
        server.address,
        body.len(),
        account.cookie,
    );
    socket.write_all(head.as_bytes()).await.unwrap();
    // The server asks for the body, so the call runs.
    let mut interim = [0; 25];
    socket.read_exact(&mut interim).await.unwrap();
    assert_eq!(&interim, b"HTTP/1.1 100 Continue\r\n\r\n");

    server.terminate();
    server.logged("stopping").await;
    socket.write_all(body.as_bytes()).await.unwrap();

    let mut answer = String::new();
    socket.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n") && answer.contains(r#""name":"clock""#), "{answer}");
    let db = server.db.clone();
    assert!(server.ended().await.0.success());
    assert_eq!(db.look("SELECT name AS value FROM widgets").await, ["clock"]);
}
