use http::StatusCode;
use tintype::{ErrorCode, Failure};
use tintype_axum::SameOrigin;

use crate::{
    client::{Events, get, post, send},
    server::Server,
};

#[tokio::test]
async fn a_guard_refuses_every_call_with_its_reason() {
    let refuse = |_: &_| Err(Failure::new(ErrorCode::Forbidden, "closed on Sundays"));
    let server = Server::start_with(|service| service.guard(refuse)).await;

    let call = send(server.address, post("touch", "")).await;
    let batch = send(server.address, get("address,echo?batch=1")).await;
    let stream = Events::open(server.address, get("events.count?input=1")).await.all().await;

    assert_eq!(call.status, StatusCode::FORBIDDEN);
    assert_eq!(call.json()["error"]["message"], "closed on Sundays");
    assert_eq!(batch.status, StatusCode::FORBIDDEN);
    for call in batch.json().as_array().unwrap() {
        assert_eq!(call["error"]["message"], "closed on Sundays");
    }
    assert_eq!(stream.len(), 2);
    assert!(
        stream[1].starts_with("event: serialized-error\n") && stream[1].contains("closed on Sundays"),
        "{stream:?}"
    );
}

#[tokio::test]
async fn a_guard_is_not_asked_about_what_does_not_exist() {
    let refuse = |_: &_| Err(Failure::new(ErrorCode::Forbidden, "closed on Sundays"));
    let server = Server::start_with(|service| service.guard(refuse)).await;

    assert_eq!(send(server.address, get("missing")).await.status, StatusCode::NOT_FOUND);
    assert_eq!(send(server.address, get("touch")).await.status, StatusCode::METHOD_NOT_ALLOWED);
}

#[tokio::test]
async fn the_server_may_be_called_by_its_own_pages_only() {
    let origins = SameOrigin::new();
    let server = Server::start_with(|service| service.guard(move |cx| origins.check(cx))).await;
    let from = async |origin: &str| {
        let mut request = post("touch", "");
        request.headers_mut().insert("origin", origin.parse().unwrap());
        send(server.address, request).await
    };

    assert_eq!(from(&format!("http://{}", server.address)).await.status, StatusCode::OK);
    let refused = from("https://evil.example").await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert!(refused.text.contains("https://evil.example"), "{}", refused.text);
}
