use std::time::Duration;

use bytes::Bytes;
use futures_util::{StreamExt, stream};
use http::StatusCode;
use tintype_axum::Limits;

use crate::{
    client::{chunked, get, post, post_body, send},
    server::Server,
};

fn name_of(size: usize) -> String {
    // `{"name":""}` takes 11 bytes.
    format!(r#"{{"name":"{}"}}"#, "x".repeat(size - 11))
}

#[tokio::test]
async fn a_body_may_have_as_many_bytes_as_the_limit_says() {
    let server = Server::start_limited(Limits { body_bytes: 1024, ..Limits::default() }).await;

    assert_eq!(send(server.address, post("name", name_of(1024))).await.status, StatusCode::OK);
    let larger = send(server.address, post("name", name_of(1025))).await;

    assert_eq!(larger.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(larger.json()["error"]["data"]["code"], "PAYLOAD_TOO_LARGE");
}

#[tokio::test]
async fn a_body_without_a_length_has_the_same_limit() {
    let server = Server::start_limited(Limits { body_bytes: 1024, ..Limits::default() }).await;
    let in_chunks = |body: String| {
        let chunks: Vec<Bytes> = body.as_bytes().chunks(100).map(Bytes::copy_from_slice).collect();
        post_body("name", chunked(stream::iter(chunks)))
    };

    assert_eq!(send(server.address, in_chunks(name_of(1024))).await.status, StatusCode::OK);
    assert_eq!(send(server.address, in_chunks(name_of(1025))).await.status, StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn a_body_without_an_end_is_refused_at_the_limit() {
    let server = Server::start_limited(Limits { body_bytes: 1024, ..Limits::default() }).await;
    let endless = stream::repeat(Bytes::from_static(&[b' '; 100]));

    let answer = send(server.address, post_body("name", chunked(endless))).await;

    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn a_body_that_never_comes_is_given_up() {
    let server = Server::start_limited(Limits { body_time: Duration::from_millis(1), ..Limits::default() }).await;
    let silent = stream::once(async { Bytes::from_static(b"{") }).chain(stream::pending());

    let answer = send(server.address, post_body("name", chunked(silent))).await;

    assert_eq!(answer.status, StatusCode::REQUEST_TIMEOUT);
    assert_eq!(answer.json()["error"]["data"]["code"], "TIMEOUT");
}

#[tokio::test]
async fn a_batch_may_have_as_many_calls_as_the_limit_says() {
    let server = Server::start_limited(Limits { batch_calls: 3, ..Limits::default() }).await;

    let three = send(server.address, get("address,address,missing?batch=1")).await;
    let four = send(server.address, get("address,address,missing,missing?batch=1")).await;

    assert_eq!(three.json().as_array().unwrap().len(), 3);
    assert_eq!(four.status, StatusCode::BAD_REQUEST);
    assert_eq!(four.json()["error"]["message"], "Batch call exceeds maximum size");
}

#[tokio::test]
async fn a_url_may_have_as_many_bytes_as_the_limit_says() {
    let server = Server::start_limited(Limits { url_bytes: 100, ..Limits::default() }).await;
    // The path `/echo` and `input=%22%22` take 17 bytes.
    let url_of = |size: usize| format!("echo?input=%22{}%22", "x".repeat(size - 17));

    assert_eq!(send(server.address, get(&url_of(100))).await.status, StatusCode::OK);
    let longer = send(server.address, get(&url_of(101))).await;

    // The protocol has no code of its own for it.
    assert_eq!(longer.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(longer.json()["error"]["message"].as_str().unwrap().contains("the limit is 100"), "{}", longer.text);
}
