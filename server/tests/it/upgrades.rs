use std::{net::Ipv4Addr, time::Duration};

use axum::{Router, body::Body, extract::Request, response::Response, routing::get};
use http::{StatusCode, header};
use hyper_util::rt::TokioIo;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};
use tokio_util::sync::CancellationToken;

/// Says back what it hears, on the connection itself.
async fn echo(request: Request) -> Response {
    tokio::spawn(async move {
        let mut socket = TokioIo::new(hyper::upgrade::on(request).await.unwrap());
        let mut heard = [0; 4];
        socket.read_exact(&mut heard).await.unwrap();
        socket.write_all(&heard).await.unwrap();
    });
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
    response.headers_mut().insert(header::CONNECTION, "upgrade".parse().unwrap());
    response.headers_mut().insert(header::UPGRADE, "echo".parse().unwrap());
    response
}

#[tokio::test]
async fn a_connection_can_be_upgraded() {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    let shutdown = CancellationToken::new();
    let app = Router::new().route("/", get(echo));
    let serving = tokio::spawn(server::serve(
        listener,
        app,
        server::ConnectionLimits::default(),
        shutdown.clone(),
        Duration::from_secs(5),
    ));

    let mut socket = TcpStream::connect(address).await.unwrap();
    socket.write_all(b"GET / HTTP/1.1\r\nhost: a\r\nconnection: upgrade\r\nupgrade: echo\r\n\r\n").await.unwrap();
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(socket.read_u8().await.unwrap());
    }
    socket.write_all(b"ping").await.unwrap();
    let mut heard = [0; 4];
    socket.read_exact(&mut heard).await.unwrap();

    assert!(head.starts_with(b"HTTP/1.1 101 "), "{}", String::from_utf8_lossy(&head));
    assert_eq!(&heard, b"ping");
    shutdown.cancel();
    serving.await.unwrap();
}
