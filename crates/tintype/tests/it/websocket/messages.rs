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

/// Messages with pieces taken out, repeated and changed, always the same ones.
#[test]
fn no_frame_breaks_the_connection() {
    const SEEDS: [&str; 5] = [
        r#"{"id":1,"jsonrpc":"2.0","method":"query","params":{"path":"echo","input":"x"}}"#,
        r#"[{"id":"a","method":"mutation","params":{"path":"fire"}},{"id":2,"method":"subscription.stop"}]"#,
        r#"{"id":3,"method":"subscription","params":{"path":"sub.count","input":{"to":2},"lastEventId":"1"}}"#,
        r#"{"method":"connectionParams","data":{"token":"a"}}"#,
        r#"{"id":-1.5e3,"method":"query","params":{"path":"maybe","input":[{"a":[null,true,1e400]}]}}"#,
    ];
    const CHARACTERS: &[u8] = b"{}[]\\\",:0e-ntu";
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut random = move |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state % u64::try_from(below).unwrap()).unwrap()
    };
    for round in 0..5000 {
        let mut bytes = SEEDS[round % SEEDS.len()].as_bytes().to_vec();
        for _ in 0..=random(4) {
            let (from, to) = (random(bytes.len()), random(bytes.len()));
            let range = from.min(to)..from.max(to);
            match random(4) {
                0 => drop(bytes.drain(range)),
                1 => bytes.extend_from_within(range),
                2 => bytes[from] = CHARACTERS[random(CHARACTERS.len())],
                _ => bytes.swap(from, to),
            }
            if bytes.is_empty() {
                bytes.push(b' ');
            }
        }
        let text = String::from_utf8_lossy(&bytes);
        let uri = if round % 2 == 0 { "/" } else { "/?connectionParams=1" };
        let mut client = Client::at(uri);
        client.connection.receive_text(&text);
        client.connection.receive_text(&text);
        let messages = client.messages();
        assert!(messages.iter().all(|message| message.get("id").is_some()), "{text}: {messages:?}");
        client.connection.close();
        assert_eq!(client.probe.running(), 0, "{text}");
    }
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
