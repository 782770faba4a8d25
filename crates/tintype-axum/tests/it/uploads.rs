//! Forms and plain bytes over real sockets.

use std::time::Duration;

use bytes::Bytes;
use futures_util::{StreamExt, stream};
use http::{Request, StatusCode, header};
use tintype_axum::Limits;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

use crate::{
    client::{Body, chunked, full, post_body, send},
    server::Server,
};

fn upload(path: &str, content_type: &'static str, body: Body) -> Request<Body> {
    let mut request = post_body(path, body);
    request.headers_mut().insert(header::CONTENT_TYPE, header::HeaderValue::from_static(content_type));
    request
}

fn octets(body: Body) -> Request<Body> {
    upload("measure", "application/octet-stream", body)
}

fn form(content: &str) -> Request<Body> {
    let body = format!(
        "--edge\r\nContent-Disposition: form-data; name=\"title\"\r\n\r\nx\r\n\
         --edge\r\nContent-Disposition: form-data; name=\"file\"; filename=\"f\"\r\n\r\n{content}\r\n--edge--\r\n"
    );
    upload("files", "multipart/form-data; boundary=edge", full(body))
}

#[tokio::test]
async fn uploads_have_a_limit_of_their_own() {
    let limits = Limits { body_bytes: 10, upload_bytes: 100_000, ..Limits::default() };
    let server = Server::start_limited(limits).await;
    let pieces = |count: usize| chunked(stream::iter(vec![Bytes::from_static(&[7; 1000]); count]));

    let answer = send(server.address, octets(pieces(100))).await;
    assert_eq!(answer.json()["result"]["data"], 100_000);
    let answer = send(server.address, octets(pieces(101))).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(answer.json()["error"]["data"]["path"], "measure");
    let answer = send(server.address, octets(chunked(stream::repeat(Bytes::from_static(&[7; 1000]))))).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn who_is_refused_while_sending_reads_why_and_goes_on() {
    let server = Server::start_limited(Limits { upload_bytes: 1_000, ..Limits::default() }).await;
    let mut socket = TcpStream::connect(server.address).await.unwrap();
    let head = "POST /trpc/measure HTTP/1.1\r\nhost: x\r\ncontent-type: application/octet-stream\r\n\
                content-length: 3000000\r\n\r\n";
    let request = [head.as_bytes(), &vec![7; 3_000_000]].concat();

    // The answer comes long before the end of the body, and clients read it after that.
    for _ in 0..5 {
        socket.write_all(&request).await.unwrap();
        let answer = read_answer(&mut socket).await;
        assert!(answer.starts_with("HTTP/1.1 413") && answer.contains("PAYLOAD_TOO_LARGE"), "{answer}");
    }
}

#[tokio::test]
async fn a_refused_body_without_an_end_is_cut_off() {
    let hour = Duration::from_secs(3_600);
    let limits = Limits { upload_bytes: 1_000, unread_bytes: 100_000, unread_time: hour, ..Limits::default() };
    let server = Server::start_limited(limits).await;
    let mut socket = TcpStream::connect(server.address).await.unwrap();
    let head = "POST /trpc/measure HTTP/1.1\r\nhost: x\r\ncontent-type: application/octet-stream\r\n\
                content-length: 999999999999\r\n\r\n";
    socket.write_all(head.as_bytes()).await.unwrap();

    let sending = async { while socket.write_all(&[7; 64 * 1024]).await.is_ok() {} };

    timeout(Duration::from_secs(60), sending).await.expect("the connection ends");
}

#[tokio::test]
async fn a_refused_body_that_does_not_go_on_is_cut_off() {
    let limits = Limits { upload_bytes: 1_000, unread_time: Duration::from_millis(50), ..Limits::default() };
    let server = Server::start_limited(limits).await;
    let mut socket = TcpStream::connect(server.address).await.unwrap();
    let head = "POST /trpc/measure HTTP/1.1\r\nhost: x\r\ncontent-type: application/octet-stream\r\n\
                content-length: 1000000\r\n\r\n";
    socket.write_all(&[head.as_bytes(), &[7; 2_000]].concat()).await.unwrap();

    let mut answer = String::new();
    let reading = timeout(Duration::from_secs(60), socket.read_to_string(&mut answer));

    reading.await.expect("the connection ends").unwrap();
    assert!(answer.starts_with("HTTP/1.1 413"), "{answer}");
}

/// The next answer of a connection, which says its length.
async fn read_answer(socket: &mut TcpStream) -> String {
    let mut answer = String::new();
    loop {
        let mut bytes = [0; 4_096];
        let read = socket.read(&mut bytes).await.unwrap();
        assert!(read > 0, "the connection ends after {answer:?}");
        answer.push_str(str::from_utf8(&bytes[..read]).unwrap());
        let Some((head, body)) = answer.split_once("\r\n\r\n") else { continue };
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).unwrap();
        if body.len() == length.parse::<usize>().unwrap() {
            return answer;
        }
    }
}

#[tokio::test]
async fn a_form_arrives_with_its_files() {
    let mut limits = Limits::default();
    limits.form.file_bytes = 50_000;
    let server = Server::start_limited(limits).await;

    let answer = send(server.address, form(&"x".repeat(50_000))).await;
    assert_eq!(answer.json()["result"]["data"], "x: file 50000");
    let answer = send(server.address, form(&"x".repeat(50_001))).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(answer.json()["error"]["data"]["error"]["kind"], "entryTooLarge");
}

#[tokio::test]
async fn a_client_that_falls_silent_is_given_up() {
    let limits = Limits { upload_silence: Duration::from_millis(1), ..Limits::default() };
    let server = Server::start_limited(limits).await;
    let silent = stream::once(async { Bytes::from_static(b"x") }).chain(stream::pending());

    let answer = send(server.address, octets(chunked(silent))).await;

    assert_eq!(answer.status, StatusCode::REQUEST_TIMEOUT);
    assert_eq!(answer.json()["error"]["data"]["code"], "TIMEOUT");

    let silent = stream::once(async { Bytes::from_static(b"--edge\r\n") }).chain(stream::pending());
    let answer = send(server.address, upload("files", "multipart/form-data; boundary=edge", chunked(silent))).await;
    assert_eq!(answer.json()["error"]["data"]["code"], "TIMEOUT");
}
