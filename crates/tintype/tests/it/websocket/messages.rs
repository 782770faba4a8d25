use super::*;

#[track_caller]
fn assert_malformed(client: &mut Client) {
    assert_eq!(error_of(&client.message()), (Value::Null, "PARSE_ERROR".to_owned(), None));
    client.assert_silent();
    client.call(9, "query", "ping");
    assert_eq!(client.message(), data(9, json!("pong")), "the connection goes on");
}

#[test]
fn a_malformed_frame_is_answered_once_and_runs_nothing() {
    let mut client = Client::new();
    for text in [
        "5",
        "\"x\"",
        "ping",
        "",
        "{",
        r#"{"id":1,"method":"nope","params":{"path":"ping"}}"#,
        r#"{"id":1,"params":{"path":"ping"}}"#,
        r#"{"method":"query","params":{"path":"ping"}}"#,
        r#"{"method":"connectionParams","data":{"a":"1"}}"#,
        r#"[{"id":1,"method":"query","params":{"path":"ping"}},{"id":3,"method":"nope"}]"#,
    ] {
        client.connection.receive_text(text);
        assert_malformed(&mut client);
    }
    client.connection.receive_binary();
    assert_malformed(&mut client);
}

#[test]
fn an_id_that_is_null_is_answered_with_null() {
    let mut client = Client::new();
    for method in ["query", "subscription.stop"] {
        client.call(Value::Null, method, "ping");
        let message = client.message();
        assert_eq!(error_of(&message), (Value::Null, "PARSE_ERROR".to_owned(), None));
        assert_eq!(text_of(&message), "`id` is required");
    }
    client.send(json!([
        { "id": null, "method": "query", "params": { "path": "ping" } },
        { "id": 1, "method": "query", "params": { "path": "ping" } },
    ]));
    let messages = client.messages();
    assert_eq!(messages.len(), 2, "the others of the frame run");
    assert_eq!(messages[1], data(1, json!("pong")));
}

#[test]
fn an_empty_array_asks_for_nothing() {
    let mut client = Client::new();
    client.send(json!([]));
    client.assert_silent();
}

#[test]
fn pings_are_answered_and_pongs_are_not() {
    let mut client = Client::new();
    client.connection.receive_text("PONG");
    client.assert_silent();
    client.connection.receive_text("PING");
    assert_eq!(client.text(), "PONG");
    client.assert_silent();
}

#[test]
fn ids_are_echoed_as_they_came() {
    let mut client = Client::new();
    for id in ["1", "-7", "1.50", "1e2", "\"1\"", "\"\"", "\"a\\u0062\\n\""] {
        let message = format!(r#"{{"id":{id},"method":"query","params":{{"path":"ping"}}}}"#);
        client.connection.receive_text(&message);
        assert_eq!(client.text(), format!(r#"{{"id":{id},"result":{{"type":"data","data":"pong"}}}}"#));
    }
}
