use std::{
    net::{Ipv4Addr, SocketAddr},
    time::Duration,
};

use axum::{Router, routing::get};
use server::ConnectionLimits;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    time::timeout,
};
use tokio_util::sync::CancellationToken;

/// Sends `pieces`, each after the one before has arrived, and returns the beginning of the answer.
async fn answer_to(pieces: &[&[u8]]) -> [u8; 9] {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let address: SocketAddr = listener.local_addr().unwrap();
    let app = Router::new().route("/", get(|| async { "hello" }).post(|| async { "hello" }));
    let serving = server::serve(listener, app, ConnectionLimits::default(), CancellationToken::new(), Duration::ZERO);
    tokio::spawn(serving);
    let mut socket = TcpStream::connect(address).await.unwrap();
    socket.set_nodelay(true).unwrap();
    for piece in pieces {
        socket.write_all(piece).await.unwrap();
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let mut answer = [0; 9];
    timeout(Duration::from_secs(60), socket.read_exact(&mut answer)).await.expect("no answer").unwrap();
    answer
}

#[tokio::test]
async fn http_1_and_http_2_share_the_port() {
    let http1 = answer_to(&[b"GET / HTTP/1.1\r\nhost: a\r\n\r\n"]).await;
    assert_eq!(&http1, b"HTTP/1.1 ");

    // An empty frame of settings; the server begins with its own, whose type is 4.
    let settings = b"\0\0\0\x04\0\0\0\0\0";
    let http2 = answer_to(&[b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", settings]).await;
    assert_eq!(http2[3], 4, "{http2:?}");
}

#[tokio::test]
async fn the_version_is_known_when_the_first_bytes_come_one_by_one() {
    let http1 = answer_to(&[b"P", b"OST / HTTP/1.1\r\nhost: a\r\ncontent-length: 0\r\n\r\n"]).await;
    assert_eq!(&http1, b"HTTP/1.1 ");

    let http2 = answer_to(&[b"PR", b"I * HTTP/2.0\r\n", b"\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0"]).await;
    assert_eq!(http2[3], 4, "{http2:?}");
}
