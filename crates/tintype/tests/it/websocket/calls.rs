use super::*;

#[test]
fn queries_and_mutations_are_answered() {
    let mut client = Client::new();
    client.call(1, "query", "ping");
    client.call("a", "mutation", "fire");
    client.call(1.5, "query", "nothing");
    client.call_with(2, "query", "echo", json!("hello"));

    let mut messages = client.messages();
    messages.sort_by_key(|message| message["id"].to_string());

    let fired = json!({ "id": "a", "result": { "type": "data" } });
    assert_eq!(messages, [fired, data(1, json!("pong")), data(1.5, Value::Null), data(2, json!("hello"))]);
}

#[test]
fn json_rpc_is_named_in_answers_if_the_client_names_it() {
    let mut client = Client::new();
    for path in ["ping", "nope"] {
        client.send(json!({ "id": 1, "jsonrpc": "2.0", "method": "query", "params": { "path": path } }));
        assert_eq!(client.message()["jsonrpc"], "2.0");
    }
    client.send(json!({ "id": 1, "jsonrpc": "2.0", "method": "subscription", "params": { "path": "sub.raw" } }));
    assert!(client.messages().iter().all(|message| message["jsonrpc"] == "2.0"));
    client.call(1, "query", "ping");
    assert_eq!(client.message().get("jsonrpc"), None);
}

#[test]
fn absent_input_is_not_null() {
    let mut client = Client::new();
    client.call(1, "query", "echo");
    client.call_with(2, "query", "echo", Value::Null);

    let absent = client.message();
    assert_eq!(error_of(&absent), (json!(1), "BAD_REQUEST".to_owned(), Some("echo".to_owned())));
    assert_ne!(text_of(&absent), text_of(&client.message()));
}

#[test]
fn a_method_has_to_be_that_of_the_procedure() {
    let mut client = Client::new();
    for (method, path) in [
        ("query", "nope"),
        ("query", "fire"),
        ("query", "sub.raw"),
        ("mutation", "ping"),
        ("subscription", "ping"),
        ("subscription", "sub.nope"),
        ("query", "ping,ping"),
        ("query", ""),
        ("query", "__proto__"),
    ] {
        client.call(1, method, path);
        let message = client.message();
        assert_eq!(error_of(&message), (json!(1), "NOT_FOUND".to_owned(), Some(path.to_owned())));
        assert_eq!(text_of(&message), format!("No \"{method}\"-procedure on path \"{path}\""));
    }
    client.assert_silent();
}

#[test]
fn errors_have_their_code_and_path() {
    let mut client = Client::new();
    client.call(1, "query", "refused");
    client.call_with(2, "query", "echo", json!(5));

    let refused = client.message();
    assert_eq!(error_of(&refused), (json!(1), "FORBIDDEN".to_owned(), Some("refused".to_owned())));
    assert_eq!(refused["error"]["data"]["error"]["kind"], "Forbidden");
    assert_eq!(error_of(&client.message()), (json!(2), "BAD_REQUEST".to_owned(), Some("echo".to_owned())));
}

#[test]
fn a_panic_is_the_failure_of_its_call_alone() {
    let mut client = Client::new();
    client.send(json!([
        { "id": 1, "method": "query", "params": { "path": "panics" } },
        { "id": 2, "method": "subscription", "params": { "path": "sub.bursts" } },
        { "id": 3, "method": "query", "params": { "path": "ping" } },
    ]));

    let messages = client.messages();

    let of = |id: u32| messages.iter().filter(move |message| message["id"] == id).collect::<Vec<_>>();
    assert_eq!(error_of(of(1)[0]).1, "INTERNAL_SERVER_ERROR");
    assert_eq!(of(3), [&data(3, json!("pong"))]);
    assert_eq!(of(2)[..2], [&started(2), &data(2, json!(1))]);
    assert_eq!(error_of(of(2)[2]).1, "INTERNAL_SERVER_ERROR");
    assert_eq!(of(2)[3], &stopped(2));
}

#[test]
fn a_query_that_streams_is_refused() {
    let mut client = Client::new();
    client.call(1, "query", "items");

    let message = client.message();
    assert_eq!(error_of(&message), (json!(1), "UNSUPPORTED_MEDIA_TYPE".to_owned(), Some("items".to_owned())));
    assert_eq!(
        text_of(&message),
        "Cannot return an async iterable or observable from a query procedure with WebSockets"
    );
}

#[test]
fn calls_are_answered_as_they_complete_whatever_their_order() {
    let mut client = Client::new();
    client.send(json!([
        { "id": 1, "method": "query", "params": { "path": "wait" } },
        { "id": 2, "method": "mutation", "params": { "path": "fire" } },
    ]));
    assert_eq!(client.messages(), [json!({ "id": 2, "result": { "type": "data" } })]);

    client.probe.gate.add_permits(1);

    assert_eq!(client.message(), data(1, json!(1)));
    assert_eq!(client.probe.aborted(), 0, "what an answered call has spawned may go on");
}

#[test]
fn an_id_may_be_used_again_and_a_call_may_share_that_of_a_subscription() {
    let mut client = Client::new();
    client.call(1, "subscription", "sub.silent");
    assert_eq!(client.message(), started(1));
    client.call(1, "query", "ping");
    assert_eq!(client.message(), data(1, json!("pong")));
    client.call(1, "query", "ping");
    assert_eq!(client.message(), data(1, json!("pong")));
}

#[test]
fn every_call_looks_its_caller_up_anew() {
    let mut client = Client::new();
    client.call(1, "query", "lookUp");
    client.call(2, "query", "lookUp");
    assert_eq!(client.messages().len(), 2);

    assert_eq!(client.probe.look_ups.load(std::sync::atomic::Ordering::SeqCst), 2);
}

#[test]
fn a_procedure_marked_no_batch_has_a_frame_of_its_own() {
    let mut client = Client::new();
    let alone = json!({ "id": 1, "method": "mutation", "params": { "path": "alone" } });
    client.send(json!([alone]));
    assert_eq!(client.message(), json!({ "id": 1, "result": { "type": "data" } }));

    client.send(json!([alone, { "id": 2, "method": "query", "params": { "path": "ping" } }]));

    let messages = client.messages();
    assert_eq!(messages.iter().filter(|message| message.get("error").is_some()).count(), 1);
}

#[test]
fn dropping_the_connection_cancels_every_call() {
    let mut client = Client::new();
    client.call(1, "query", "wait");
    client.call(2, "subscription", "sub.silent");
    client.call(3, "subscription", "sub.late");
    client.messages();
    let Client { connection, probe } = client;
    assert_eq!(probe.running(), 3);

    drop(connection);

    assert_eq!((probe.running(), probe.aborted()), (0, 3));
}
