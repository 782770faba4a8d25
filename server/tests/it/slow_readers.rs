use std::{
    net::{Ipv4Addr, SocketAddr},
    time::Duration,
};

use axum::{Router, body::Body, http::header, routing::get};
use bytes::Bytes;
use futures_util::stream;
use server::ConnectionLimits;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    time::{Instant, sleep, timeout},
};
use tokio_util::sync::CancellationToken;

const STALL_TIME: Duration = Duration::from_secs(2);

/// Serves a body without an end, of this type; the token fires when the body is dropped.
async fn serve_endless_body(content_type: &'static str) -> (SocketAddr, CancellationToken) {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    let dropped = CancellationToken::new();
    let guarded = dropped.clone();
    let endless = move || {
        let guard = guarded.clone().drop_guard();
        let chunks = stream::unfold(guard, |guard| async {
            Some((Ok::<_, std::io::Error>(Bytes::from_static(&[b'x'; 8 * 1024])), guard))
        });
        std::future::ready(([(header::CONTENT_TYPE, content_type)], Body::from_stream(chunks)))
    };
    let app = Router::new().route("/", get(endless));
    let limits =
        ConnectionLimits { stall_time: STALL_TIME, send_buffer_bytes: 16 * 1024, ..ConnectionLimits::default() };
    tokio::spawn(server::serve(listener, app, limits, CancellationToken::new(), Duration::ZERO));
    (address, dropped)
}

async fn ask(address: SocketAddr) -> TcpStream {
    let mut socket = TcpStream::connect(address).await.unwrap();
    socket.write_all(b"GET / HTTP/1.1\r\nhost: a\r\n\r\n").await.unwrap();
    socket
}

#[tokio::test]
async fn the_connection_of_a_client_that_stops_reading_is_closed() {
    for content_type in ["text/plain", "text/event-stream"] {
        let (address, dropped) = serve_endless_body(content_type).await;

        let _socket = ask(address).await;

        let ended = timeout(Duration::from_secs(60), dropped.cancelled()).await;
        ended.unwrap_or_else(|_| panic!("nobody takes the {content_type}, and it goes on"));
    }
}

#[tokio::test]
async fn a_client_that_reads_slowly_keeps_its_connection() {
    let (address, dropped) = serve_endless_body("text/event-stream").await;
    let mut socket = ask(address).await;
    let mut chunk = vec![0; 256 * 1024];

    // Much more is there at any time than it takes.
    let slow_until = Instant::now() + 3 * STALL_TIME;
    while Instant::now() < slow_until {
        assert!(socket.read(&mut chunk).await.unwrap() > 0);
        sleep(STALL_TIME / 20).await;
    }

    assert!(!dropped.is_cancelled());
    assert!(socket.read(&mut chunk).await.unwrap() > 0);
}
