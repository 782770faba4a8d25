//! What does not fit into a URL.

use http::Method;
use tintype_client::{ClientError, Limits, Problem};

use crate::{
    contract::{echo, maybe, unlisted},
    server::{Server, builder},
};

#[tokio::test]
async fn a_query_too_long_for_a_url_is_an_error_that_says_the_fix() {
    let server = Server::start().await;

    let error = server.client().call::<echo>("x".repeat(9000)).await.unwrap_err();

    let ClientError::Transport(transport) = &error else { panic!("{error:?}") };
    assert!(matches!(transport.problem(), Problem::UrlTooLong { bytes: 9027, limit: 8192 }), "{error:?}");
    let expected = format!("echo at http://{}/api/trpc/echo: path and query would have 9027 bytes", server.address);
    assert!(error.to_string().starts_with(&expected) && error.to_string().contains("method_override"), "{error}");
    assert!(server.front.seen().is_empty());
}

#[tokio::test]
async fn a_query_too_long_for_a_url_goes_by_post_where_the_server_takes_it() {
    let server = Server::start_with(|service| service.allow_method_override(true)).await;
    let client = builder(server.address).method_override(true).build().unwrap();

    for length in [8165, 8166, 9000] {
        assert_eq!(client.call::<echo>("x".repeat(length)).await.unwrap().len(), length);
    }

    let methods: Vec<Method> = server.front.seen().into_iter().map(|seen| seen.method).collect();
    assert_eq!(methods, [Method::GET, Method::POST, Method::POST]);
}

#[tokio::test]
async fn the_limit_of_urls_can_be_set() {
    let server = Server::start_with(|service| service.allow_method_override(true)).await;
    let limits = Limits { url_bytes: 40, ..Limits::default() };
    let client = builder(server.address).method_override(true).limits(limits).build().unwrap();

    for text in ["short", "a text of some length"] {
        assert_eq!(client.call::<echo>(text.to_owned()).await.unwrap(), text);
    }

    let methods: Vec<Method> = server.front.seen().into_iter().map(|seen| seen.method).collect();
    assert_eq!(methods, [Method::GET, Method::POST]);
}

#[tokio::test]
async fn a_procedure_that_is_not_in_the_router_is_an_error_before_anything_is_sent() {
    let server = Server::start().await;

    let error = server.client().call::<unlisted>(()).await.unwrap_err();

    let ClientError::Transport(transport) = &error else { panic!("{error:?}") };
    assert!(matches!(transport.problem(), Problem::NotInContract(source) if source.file.ends_with("contract.rs")));
    assert!(error.to_string().starts_with("unlisted at http://"), "{error}");
    assert!(error.to_string().contains("ClientBuilder::contract"), "{error}");
    assert!(server.front.seen().is_empty());
}

#[tokio::test]
async fn no_input_is_told_from_an_input_that_is_null() {
    let server = Server::start().await;
    let client = server.client();

    assert_eq!(client.call::<maybe>(None).await.unwrap(), "none");
    assert_eq!(client.call::<maybe>(Some(None)).await.unwrap(), "null");
    assert_eq!(client.call::<maybe>(Some(Some(7))).await.unwrap(), "7");

    let seen: Vec<String> = server.front.seen().into_iter().map(|seen| seen.uri.to_string()).collect();
    assert_eq!(seen, ["/api/trpc/maybe", "/api/trpc/maybe?input=null", "/api/trpc/maybe?input=7"]);
}
