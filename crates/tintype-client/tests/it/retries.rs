//! How often a call is tried, counted by the server.

use std::time::{Duration, SystemTime};

use tintype::ErrorCode;
use tintype_client::{ClientError, Problem, Retry, Timeouts};

use crate::{
    canned::{Canned, Piece, whole},
    contract::{echo, put, touch},
    proxy::{Proxy, Then},
    server::{Server, builder},
};

const SEVEN: &str = r#"{"result":{"data":7}}"#;

#[tokio::test]
async fn queries_and_idempotent_mutations_are_tried_again_when_the_server_says_not_now() {
    for status in [429, 502, 503, 504] {
        let server = Server::start().await;
        for _ in 0..4 {
            server.front.prepare(status, &[]);
        }
        let client = server.client();

        let error = client.call::<put>(7).await.unwrap_err();
        let ClientError::Transport(error) = error else { panic!("{error:?}") };
        assert!(
            matches!(error.problem(), Problem::Status { status: told, .. } if told.as_u16() == status),
            "{error:?}"
        );
        assert_eq!(server.front.seen().len(), 3, "{status}");
        assert_eq!(client.call::<echo>("x".to_owned()).await.unwrap(), "x");
        assert_eq!(server.front.seen().len(), 5, "{status}");
    }
}

#[tokio::test]
async fn other_mutations_are_tried_once() {
    let server = Server::start().await;
    server.front.prepare(503, &[]);

    let error = server.client().call::<touch>(()).await.unwrap_err();

    assert_eq!(error.code(), ErrorCode::ServiceUnavailable);
    assert_eq!(server.front.seen().len(), 1);
}

#[tokio::test]
async fn other_statuses_are_not_tried_again() {
    for status in [400, 401, 404, 408, 500, 501] {
        let server = Server::start().await;
        server.front.prepare(status, &[]);
        server.client().call::<put>(7).await.unwrap_err();
        assert_eq!(server.front.seen().len(), 1, "{status}");
    }
}

#[tokio::test]
async fn a_broken_connection_is_tried_again() {
    let server = Server::start().await;
    // In turn: before the first byte, in the head, in the body.
    let proxy = Proxy::start(server.address, Then::Cut, |n| [Some(0), Some(20), None].get(n).copied().flatten()).await;
    let client = builder(proxy.address).build().unwrap();

    assert_eq!(client.call::<put>(7).await.unwrap(), 7);
    assert_eq!(proxy.connections(), 3);

    let whole_answer = whole("200 OK", "application/json", SEVEN);
    let cut = whole_answer[..whole_answer.len() - 2].to_vec();
    let canned = Canned::start(vec![vec![Piece::Bytes(cut)], vec![Piece::Bytes(whole_answer)]]).await;
    assert_eq!(builder(canned.address).build().unwrap().call::<put>(1).await.unwrap(), 7);
    assert_eq!(canned.requests(), 2);
}

#[tokio::test]
async fn a_broken_connection_ends_other_mutations() {
    let canned = Canned::always("").await;

    let error = builder(canned.address).build().unwrap().call::<touch>(()).await.unwrap_err();

    let ClientError::Transport(error) = error else { panic!("{error:?}") };
    assert!(matches!(error.problem(), Problem::Interrupted(_)), "{error:?}");
    assert_eq!(canned.requests(), 1);
}

#[tokio::test]
async fn how_often_calls_are_tried_can_be_set() {
    for retries in [0, 1, 5] {
        let canned = Canned::always(whole("503 Service Unavailable", "text/plain", "later")).await;
        let backoff = tintype_client::Backoff { first: Duration::ZERO, longest: Duration::ZERO };
        let client = builder(canned.address).retry(Retry { retries, backoff }).build().unwrap();
        client.call::<put>(7).await.unwrap_err();
        assert_eq!(canned.requests(), usize::try_from(retries + 1).unwrap());
    }
}

#[tokio::test]
async fn a_server_that_asks_for_patience_gets_it() {
    let server = Server::start().await;
    server.front.prepare(429, &[("retry-after", "0")]);
    server.front.prepare(503, &[("retry-after", &httpdate::fmt_http_date(SystemTime::UNIX_EPOCH))]);

    // With the waits of this client there would be no answer today.
    let hours = Duration::from_secs(5 * 3600);
    let backoff = tintype_client::Backoff { first: hours, longest: hours };
    let client = builder(server.address).timeouts(Timeouts { call: None, ..Timeouts::default() });
    let client = client.retry(Retry { retries: 2, backoff }).build().unwrap();

    assert_eq!(client.call::<put>(7).await.unwrap(), 7);
    assert_eq!(server.front.seen().len(), 3);
}

#[tokio::test]
async fn a_server_that_asks_for_too_much_patience_is_not_tried_again() {
    let server = Server::start().await;
    server.front.prepare(429, &[("retry-after", "6")]);

    let client = builder(server.address).retry(Retry::default()).build().unwrap();
    let error = client.call::<put>(7).await.unwrap_err();

    assert_eq!(error.code(), ErrorCode::TooManyRequests);
    assert_eq!(server.front.seen().len(), 1);
}

#[tokio::test]
async fn a_wait_that_ends_after_the_time_for_the_call_is_not_begun() {
    let server = Server::start().await;
    server.front.prepare(503, &[]);
    let hour = Duration::from_secs(3600);
    let backoff = tintype_client::Backoff { first: hour, longest: hour };

    let client = builder(server.address).retry(Retry { retries: 2, backoff }).build().unwrap();
    let error = client.call::<put>(7).await.unwrap_err();

    assert_eq!(error.code(), ErrorCode::ServiceUnavailable, "and not a timeout: {error:?}");
    assert_eq!(server.front.seen().len(), 1);
}

#[tokio::test]
async fn a_typed_error_that_says_not_now_is_the_answer_after_the_last_try() {
    let body = r#"{"error":{"message":"m","code":-32029,"data":{"code":"TOO_MANY_REQUESTS","httpStatus":429}}}"#;
    let canned = Canned::always(whole("429 Too Many Requests", "application/json", body)).await;

    let error = builder(canned.address).build().unwrap().call::<put>(7).await.unwrap_err();

    let ClientError::Failure(failure) = error else { panic!("{error:?}") };
    assert_eq!((failure.code(), failure.message()), (ErrorCode::TooManyRequests, "m"));
    assert_eq!(canned.requests(), 3);
}
