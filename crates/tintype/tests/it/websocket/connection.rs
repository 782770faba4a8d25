use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    task::{Wake, Waker},
};

use tintype::ErrorCode;

use super::*;

/// Refuses clients whose connection params ask for it, and those with a header that does.
fn guarded(request: http::request::Builder) -> Client {
    Client::with(request, WebSocketOptions::default(), |cx| {
        let fails = cx.headers().contains_key("x-fail")
            || cx.connection_params().is_some_and(|params| params.get("fail").is_some());
        if fails { Err(Failure::new(ErrorCode::Unauthorized, "context failed")) } else { Ok(()) }
    })
}

#[track_caller]
fn assert_refused(client: &mut Client, code: &str, text: &str) {
    let message = client.message();
    assert_eq!(error_of(&message), (Value::Null, code.to_owned(), None));
    assert_eq!(text_of(&message), text);
    // What comes after the failure is not answered any more.
    client.call(1, "query", "ping");
    client.connection.receive_text("PING");
    client.connection.receive_binary();
    assert_eq!(client.next(), Some(Some(WebSocketFrame::Close)));
    assert_eq!(client.next(), Some(None));
}

#[test]
fn the_first_frame_has_the_connection_params() {
    let mut client = Client::at("/any?a=b&connectionParams=1");
    client.send(json!({ "method": "connectionParams", "data": { "token": "bob" } }));
    client.call(1, "query", "params");

    assert_eq!(client.message(), data(1, json!({ "token": "bob" })));
}

#[test]
fn the_method_of_the_first_frame_does_not_matter_and_its_data_may_be_null() {
    for first in [json!({ "data": null }), json!({ "method": "query", "id": 7, "data": null })] {
        let mut client = Client::at("/?connectionParams=1");
        client.send(first);
        client.call(1, "query", "params");
        assert_eq!(client.message(), data(1, Value::Null));
    }
}

#[test]
fn pings_do_not_replace_connection_params() {
    let mut client = Client::at("/?connectionParams=1");
    assert!(client.connection.awaits_connection_params());
    client.connection.receive_text("PING");
    client.connection.receive_text("PONG");
    assert_eq!(client.text(), "PONG");
    assert!(client.connection.awaits_connection_params());

    client.send(json!({ "data": {} }));

    assert!(!client.connection.awaits_connection_params());
    client.call(1, "query", "params");
    assert_eq!(client.message(), data(1, json!({ "token": null })));
}

#[test]
fn only_the_value_1_announces_connection_params() {
    for uri in ["/", "/?connectionParams=true", "/?connectionParams=", "/?connectionParams=0&connectionParams=1"] {
        let mut client = Client::at(uri);
        client.call(1, "query", "params");
        assert_eq!(client.message(), data(1, Value::Null), "{uri}");
    }
}

#[test]
fn bad_connection_params_end_the_connection() {
    for (text, message) in [
        ("{", "Malformed TRPCConnectionParamsMessage"),
        ("[1]", "Malformed TRPCConnectionParamsMessage"),
        ("ping", "Malformed TRPCConnectionParamsMessage"),
        ("{}", "Invalid connection params shape"),
        (r#"{"data":{"a":1}}"#, "Invalid connection params shape"),
    ] {
        let mut client = Client::at("/?connectionParams=1");
        client.connection.receive_text(text);
        assert_refused(&mut client, "PARSE_ERROR", message);
    }
    let mut client = Client::at("/?connectionParams=1");
    client.connection.receive_binary();
    assert_refused(&mut client, "PARSE_ERROR", "Malformed TRPCConnectionParamsMessage");
}

#[test]
fn a_guard_that_refuses_ends_the_connection() {
    assert_refused(&mut guarded(Request::get("/").header("x-fail", "1")), "UNAUTHORIZED", "context failed");

    let mut client = guarded(Request::get("/?connectionParams=1"));
    client.send(json!({ "data": { "fail": "yes" } }));
    assert_refused(&mut client, "UNAUTHORIZED", "context failed");
}

#[test]
fn a_second_message_with_connection_params_is_malformed() {
    let mut client = Client::at("/?connectionParams=1");
    let params = json!({ "method": "connectionParams", "data": { "token": "x" } });
    client.send(params.clone());
    client.send(params);
    assert_eq!(error_of(&client.message()), (Value::Null, "PARSE_ERROR".to_owned(), None));
    client.call(1, "query", "params");
    assert_eq!(client.message(), data(1, json!({ "token": "x" })));
}

#[test]
fn a_connection_that_is_to_move_goes_on() {
    let mut client = Client::new();
    client.call(1, "subscription", "sub.silent");
    assert_eq!(client.message(), started(1));

    client.connection.notify_reconnect();

    assert_eq!(client.text(), r#"{"id":null,"method":"reconnect"}"#);
    client.connection.receive_text("PING");
    assert_eq!(client.text(), "PONG");
    client.stop(1);
    assert_eq!(client.message(), stopped(1));
}

#[test]
fn a_client_that_moves_gets_answers_and_no_events() {
    let mut client = Client::new();
    client.connection.notify_reconnect();
    client.connection.hold_events(true);
    assert_eq!(client.text(), r#"{"id":null,"method":"reconnect"}"#);

    client.call_with(1, "subscription", "sub.count", json!({ "to": 1 }));
    client.call(2, "query", "params");
    assert_eq!(client.messages(), [started(1), data(2, Value::Null)]);
    client.assert_silent();

    client.connection.hold_events(false);
    let event = json!({ "type": "data", "id": "1", "data": { "id": "1", "data": 1 } });
    assert_eq!(client.messages(), [json!({ "id": 1, "result": event }), stopped(1)]);
}

#[test]
fn closing_cancels_every_call_and_sends_nothing_but_the_close() {
    let mut client = Client::new();
    client.call(1, "query", "wait");
    client.call(2, "subscription", "sub.silent");
    assert_eq!(client.messages(), [started(2)]);

    client.connection.close();
    client.connection.close();
    client.connection.notify_reconnect();

    assert_eq!((client.probe.running(), client.probe.aborted()), (0, 2));
    assert_eq!(client.next(), Some(Some(WebSocketFrame::Close)));
    assert_eq!(client.next(), Some(None));
}

#[test]
fn a_frame_wakes_the_host_that_waits() {
    let mut client = Client::new();
    let (waker, wakes) = counting_waker();
    let mut task = std::task::Context::from_waker(&waker);
    assert!(client.connection.poll_next_unpin(&mut task).is_pending());

    client.call(1, "query", "ping");

    assert_eq!(wakes.load(Ordering::SeqCst), 1);
}

/// A waker that counts.
fn counting_waker() -> (Waker, Arc<AtomicUsize>) {
    struct Count(Arc<AtomicUsize>);
    impl Wake for Count {
        fn wake(self: Arc<Self>) {
            self.0.fetch_add(1, Ordering::SeqCst);
        }
    }
    let count = Arc::new(AtomicUsize::new(0));
    (Arc::new(Count(Arc::clone(&count))).into(), count)
}
