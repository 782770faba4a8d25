//! Forms and plain bytes over real sockets.

use std::time::Duration;

use bytes::Bytes;
use futures_util::{StreamExt, stream};
use http::{Request, StatusCode, header};
use tintype_axum::Limits;

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
