//! Whatever answers, the error says who was called, where, and what is wrong.

use std::error::Error;

use http::StatusCode;
use tintype::ErrorCode;
use tintype_client::{ClientError, Limits, Problem, TransportError};

use crate::{
    canned::{Canned, open_ended, whole},
    contract::{echo, put, touch},
    server::{Server, builder, client},
};

/// The error of `widgets.put`, called at a server that gives this answer.
async fn put_fails(answer: Vec<u8>) -> TransportError {
    let canned = Canned::always(answer).await;
    let client = builder(canned.address).limits(Limits { answer_bytes: 1000, ..Limits::default() }).build().unwrap();
    let error = client.call::<put>(7).await.unwrap_err();
    let ClientError::Transport(error) = error else { panic!("{error:?}") };
    assert_eq!(error.procedure(), "widgets.put");
    assert_eq!(error.url(), format!("http://{}/api/trpc/widgets.put", canned.address));
    assert!(error.to_string().starts_with(&format!("widgets.put at {}: ", error.url())), "{error}");
    error
}

#[tokio::test]
async fn a_page_is_no_answer() {
    let error = put_fails(whole("200 OK", "text/html", "<!doctype html><title>Welcome</title>")).await;

    let Problem::Answer { excerpt, .. } = error.problem() else { panic!("{error:?}") };
    assert_eq!(excerpt, "<!doctype html><title>Welcome</title>");
    assert_eq!(error.code(), ErrorCode::BadGateway);
    assert_eq!(error.source().unwrap().to_string(), "expected value at line 1 column 1");
}

#[tokio::test]
async fn the_status_of_a_proxy_is_told() {
    for (status, code) in [
        ("502 Bad Gateway", ErrorCode::BadGateway),
        ("503 Service Unavailable", ErrorCode::ServiceUnavailable),
        ("504 Gateway Timeout", ErrorCode::GatewayTimeout),
        ("429 Too Many Requests", ErrorCode::TooManyRequests),
        ("404 Not Found", ErrorCode::BadGateway),
        ("302 Found", ErrorCode::BadGateway),
    ] {
        let body = format!("<h1>{status}</h1>{}", "x".repeat(900));
        let error = put_fails(whole(status, "text/html", &body)).await;

        let Problem::Status { status: told, excerpt } = error.problem() else { panic!("{error:?}") };
        assert!(status.starts_with(told.as_str()) && excerpt.starts_with("<h1>") && excerpt.len() == 200, "{error:?}");
        assert_eq!(error.code(), code, "{status}");
    }
}

#[tokio::test]
async fn what_is_not_quite_the_protocol_is_no_answer() {
    for body in [
        "",
        "{",
        "null",
        "7",
        "[]",
        "{}",
        r#"{"result":7}"#,
        r#"{"result":{"data":7}"#,
        r#"{"result":{"data":7}} 8"#,
        r#"{"result":{"data":7},"error":{"message":"m","code":-32603}}"#,
        r#"{"error":7}"#,
        r#"{"error":{"code":-32603}}"#,
        r#"[{"result":{"data":7}}]"#,
    ] {
        let error = put_fails(whole("200 OK", "application/json", body)).await;
        assert!(matches!(error.problem(), Problem::Answer { .. }), "{body}: {error:?}");
    }
    let error = put_fails(whole("500 Internal Server Error", "application/json", r#"{"result":{"data":7}}"#)).await;
    assert!(matches!(error.problem(), Problem::Status { status: StatusCode::INTERNAL_SERVER_ERROR, .. }), "{error:?}");
}

#[tokio::test]
async fn an_answer_that_breaks_off_is_interrupted() {
    let mut answer = whole("200 OK", "application/json", r#"{"result":{"data":7}}"#);
    answer.truncate(answer.len() - 1);

    let error = put_fails(answer).await;

    assert!(matches!(error.problem(), Problem::Interrupted(_)), "{error:?}");
    let error = put_fails(b"HTTP/1.1 200 OK\r\ncontent-".to_vec()).await;
    assert!(matches!(error.problem(), Problem::Interrupted(_)), "{error:?}");
    let error = put_fails(b"SSH-2.0-OpenSSH_9.9\r\n".to_vec()).await;
    assert!(matches!(error.problem(), Problem::Interrupted(_)), "{error:?}");
}

#[tokio::test]
async fn an_output_of_another_type_is_told_from_a_bad_answer() {
    for body in
        [r#"{"result":{"data":"7"}}"#, r#"{"result":{"data":-7}}"#, r#"{"result":{}}"#, r#"{"result":{"data":null}}"#]
    {
        let error = put_fails(whole("200 OK", "application/json", body)).await;
        let Problem::Output(source) = error.problem() else { panic!("{body}: {error:?}") };
        assert!(source.to_string().contains("u32"), "{source}");
    }
}

#[tokio::test]
async fn an_answer_may_be_as_large_as_the_limit_and_no_larger() {
    let body = |spaces: usize| format!("{}{{\"result\":{{}}}}", " ".repeat(spaces));
    let fits = body(1000 - 13);
    assert_eq!(fits.len(), 1000);
    for answer in [whole("200 OK", "application/json", &fits), open_ended("application/json", &fits)] {
        let canned = Canned::always(answer).await;
        let limits = Limits { answer_bytes: 1000, ..Limits::default() };
        builder(canned.address).limits(limits).build().unwrap().call::<touch>(()).await.unwrap();
    }

    let over = body(1000 - 12);
    for answer in [whole("200 OK", "application/json", &over), open_ended("application/json", &over)] {
        let error = put_fails(answer).await;
        assert!(matches!(error.problem(), Problem::AnswerTooLarge { limit: 1000 }), "{error:?}");
        assert!(error.to_string().contains("1000 bytes: raise `Limits::answer_bytes`"), "{error}");
    }
}

#[tokio::test]
async fn an_answer_that_never_ends_is_read_up_to_the_limit() {
    let chunk = format!("1000\r\n{}\r\n", "x".repeat(0x1000));
    let endless = format!("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n{}", chunk.repeat(100));

    let error = put_fails(endless.into_bytes()).await;

    assert!(matches!(error.problem(), Problem::AnswerTooLarge { limit: 1000 }), "{error:?}");
}

#[tokio::test]
async fn an_answer_of_a_megabyte_is_well_within_the_default_limit() {
    let server = Server::start_with(|service| service.allow_method_override(true)).await;
    let client = builder(server.address).method_override(true).build().unwrap();

    assert_eq!(client.call::<echo>("x".repeat(1_000_000)).await.unwrap().len(), 1_000_000);
}

#[tokio::test]
async fn a_server_that_is_away_cannot_be_reached() {
    let address = {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.local_addr().unwrap()
    };

    let error = client(address).call::<put>(7).await.unwrap_err();

    let ClientError::Transport(error) = error else { panic!("{error:?}") };
    assert!(matches!(error.problem(), Problem::Connect(_)), "{error:?}");
    assert_eq!(error.code(), ErrorCode::ServiceUnavailable);
    assert_eq!(
        error.to_string(),
        format!("widgets.put at http://{address}/api/trpc/widgets.put: the server cannot be reached")
    );
}

#[tokio::test]
async fn the_causes_of_an_error_do_not_tell_the_input() {
    let canned = Canned::always("").await;

    let error = client(canned.address).call::<echo>("private".to_owned()).await.unwrap_err();

    let mut told = vec![error.to_string(), format!("{error:?}")];
    let mut source = error.source();
    while let Some(cause) = source {
        told.push(format!("{cause} {cause:?}"));
        source = cause.source();
    }
    assert!(told.len() > 2 && !told.iter().any(|text| text.contains("private")), "{told:?}");
}
