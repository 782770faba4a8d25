use http::{Request, StatusCode, header};
use serde_json::{Value, json};
use tintype::{Router, RouterError, router};
use tintype_axum::RpcService;

use crate::{
    AppState,
    client::{Connection, full, get, post, send},
    procedures,
    server::Server,
};

#[tokio::test]
async fn a_query_is_called_by_get_and_a_mutation_by_post() {
    let server = Server::start().await;

    let query = send(server.address, get("echo?input=%22h%C3%A4%22")).await;
    let mutation = send(server.address, post("name", r#"{"name":"clock"}"#)).await;
    let nothing = send(server.address, post("touch", "")).await;

    assert_eq!((query.status, query.json()), (StatusCode::OK, json!({ "result": { "data": "hä" } })));
    assert_eq!(query.headers[header::CONTENT_TYPE], "application/json");
    assert_eq!((mutation.status, mutation.json()), (StatusCode::OK, json!({ "result": { "data": "clock" } })));
    assert_eq!(nothing.json(), json!({ "result": {} }));
}

#[tokio::test]
async fn one_connection_carries_call_after_call() {
    let server = Server::start().await;
    let mut connection = Connection::open(server.address).await;

    for status in [200, 404, 200] {
        let path = if status == 200 { "address" } else { "missing" };
        let response = connection.send(get(path)).await;
        assert_eq!(response.status(), status);
        http_body_util::BodyExt::collect(response).await.unwrap();
    }
}

#[tokio::test]
async fn the_peer_of_the_connection_is_known() {
    let server = Server::start().await;

    let answer = send(server.address, get("address")).await.json();

    assert!(answer["result"]["data"].as_str().unwrap().starts_with("127.0.0.1:"), "{answer}");
}

#[tokio::test]
async fn other_routes_of_the_application_are_left_alone() {
    let server = Server::start().await;

    let answer = send(server.address, Request::get("/about").body(full("")).unwrap()).await;

    assert_eq!(answer.text, "about");
}

/// Requests that cannot be answered, each with status, code and a part of the message.
#[tokio::test]
async fn bad_requests_get_the_right_status_and_code() {
    let server = Server::start().await;
    let no_type = Request::post("/trpc/name").body(full("{}")).unwrap();
    let cases = [
        (get("missing"), 404, "NOT_FOUND", "\"missing\""),
        (get(""), 404, "NOT_FOUND", "\"\""),
        (get("name"), 405, "METHOD_NOT_SUPPORTED", "\"name\""),
        (post("echo", "\"x\""), 405, "METHOD_NOT_SUPPORTED", "\"echo\""),
        (post("name", r#"{"name":"#), 400, "BAD_REQUEST", "EOF"),
        (post("name", "7"), 400, "BAD_REQUEST", "integer `7`"),
        (post("name", ""), 400, "BAD_REQUEST", "none was sent"),
        (post("name", r#"{"name":7}"#), 400, "BAD_REQUEST", "name: invalid type"),
        (post("name", r#"{"name":"taken"}"#), 409, "CONFLICT", "\"taken\""),
        (no_type, 415, "UNSUPPORTED_MEDIA_TYPE", "content-type"),
        (get("%E0%A4%A"), 400, "BAD_REQUEST", "%E0%A4%A"),
    ];
    for (request, status, code, names) in cases {
        let asked = format!("{} {}", request.method(), request.uri());
        let answer = send(server.address, request).await;

        let error = &answer.json()["error"];
        assert_eq!(answer.status, status, "{asked}: {error}");
        assert_eq!(error["data"]["code"], code, "{asked}");
        assert_eq!(error["data"]["httpStatus"], status, "{asked}");
        assert!(error["message"].as_str().unwrap().contains(names), "{asked} should name {names}: {error}");
    }
}

#[tokio::test]
async fn a_wrong_method_is_told_the_right_one() {
    let server = Server::start().await;

    assert_eq!(send(server.address, get("name")).await.headers[header::ALLOW], "POST");
    assert_eq!(send(server.address, post("echo", "")).await.headers[header::ALLOW], "GET");
}

#[tokio::test]
async fn a_head_request_is_answered_without_a_call() {
    let server = Server::start().await;

    let answer = send(server.address, Request::head("/trpc/echo").body(full("")).unwrap()).await;

    assert_eq!((answer.status, answer.text.as_str()), (StatusCode::NO_CONTENT, ""));
}

#[tokio::test]
async fn a_batch_is_answered_in_its_order() {
    let server = Server::start().await;
    let input = "%7B%220%22%3A%22a%22%2C%221%22%3A%22b%22%2C%222%22%3A%22c%22%7D";

    let answer = send(server.address, get(&format!("echo,echo,echo?batch=1&input={input}"))).await;

    assert_eq!(answer.status, StatusCode::OK);
    let data: Vec<Value> =
        answer.json().as_array().unwrap().iter().map(|call| call["result"]["data"].clone()).collect();
    assert_eq!(data, ["a", "b", "c"]);
}

#[tokio::test]
async fn a_batch_with_different_outcomes_is_207_and_one_with_the_same_has_their_status() {
    let server = Server::start().await;
    let names = r#"{"0":{"name":"clock"},"1":{"name":"taken"},"2":{"name":7}}"#;

    let mixed = send(server.address, post("name,name,name,missing?batch=1", names)).await;
    let failed = send(server.address, get("missing,gone?batch=1")).await;

    assert_eq!(mixed.status, StatusCode::MULTI_STATUS);
    let json = mixed.json();
    assert_eq!(json[0], json!({ "result": { "data": "clock" } }));
    assert_eq!(json[1]["error"]["data"]["error"], json!({ "kind": "taken", "name": "taken" }));
    assert_eq!(json[2]["error"]["data"]["validation"][0]["path"], json!(["name"]));
    assert_eq!(json[3]["error"]["data"]["code"], "NOT_FOUND");
    assert_eq!(json.as_array().unwrap().len(), 4);
    assert_eq!(failed.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_procedure_marked_no_batch_shares_its_request_with_no_other() {
    let server = Server::start().await;

    let together = send(server.address, post("alone,touch?batch=1", "{}")).await;
    let alone = send(server.address, post("alone?batch=1", "{}")).await;

    assert_eq!(together.status, StatusCode::MULTI_STATUS);
    assert_eq!(together.json()[0]["error"]["data"]["code"], "BAD_REQUEST");
    assert_eq!(together.json()[1], json!({ "result": {} }));
    assert_eq!(alone.json(), json!([{ "result": { "data": 1 } }]));
}

#[tokio::test]
async fn batching_can_be_switched_off() {
    let server = Server::start_with(|service| service.allow_batching(false)).await;

    let batch = send(server.address, post("touch?batch=1", "{}")).await;

    assert_eq!(
        (batch.status, send(server.address, post("touch", "")).await.status),
        (400.try_into().unwrap(), StatusCode::OK)
    );
    assert_eq!(batch.json()["error"]["message"], "Batching is not enabled on the server");
}

#[tokio::test]
async fn queries_come_by_post_where_that_is_allowed() {
    let server = Server::start_with(|service| service.allow_method_override(true)).await;

    assert_eq!(send(server.address, post("echo", "\"x\"")).await.json()["result"]["data"], "x");
    assert_eq!(send(server.address, get("echo?input=%22x%22")).await.json()["result"]["data"], "x");
    assert_eq!(send(server.address, get("name")).await.status, StatusCode::METHOD_NOT_ALLOWED);
}

#[tokio::test]
async fn a_contradictory_router_is_refused_at_the_start() {
    let (reports, _) = tokio::sync::mpsc::unbounded_channel();
    let twice: Router<AppState> = router! { [procedures::echo, procedures::echo] };

    let error = RpcService::builder(twice, AppState { reports }).build().unwrap_err();

    assert!(matches!(&error, RouterError::Duplicate { path, .. } if path == "echo"), "{error}");
}

#[tokio::test]
async fn one_slash_at_each_end_of_a_path_is_dropped_and_no_more() {
    let server = Server::start().await;

    for (path, status) in [("touch", 200), ("touch/", 200), ("/touch", 404), ("//touch", 404)] {
        let answer = send(server.address, post(path, "")).await;
        assert_eq!(answer.status, status, "{path}: {}", answer.text);
    }
    let answer = send(server.address, post("/touch?batch=1", "{}")).await;
    assert_eq!(answer.json()[0]["error"]["data"]["path"], "/touch");
}

#[tokio::test]
async fn a_client_of_a_contract_that_is_broken_hears_that_it_is_outdated() {
    let server = Server::start_with(|service| service.outdated_contracts(["0123456789abcdef"])).await;

    for (hash, expected) in [("0123456789abcdef", Some("outdated")), ("fedcba9876543210", None)] {
        let mut request = post("touch", "");
        request.headers_mut().insert("tintype-contract", hash.parse().unwrap());
        let answer = send(server.address, request).await;
        assert_eq!(answer.status, 200);
        assert_eq!(answer.headers.get("tintype-contract").map(|value| value.to_str().unwrap()), expected);
    }
}
