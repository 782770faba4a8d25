use super::*;

fn tracked(id: u32, event: &str, value: Value) -> Value {
    json!({ "id": id, "result": { "type": "data", "id": event, "data": { "id": event, "data": value } } })
}

#[test]
fn a_subscription_starts_sends_and_stops() {
    let mut client = Client::new();
    client.call_with(1, "subscription", "sub.count", json!({ "to": 2 }));

    let messages = client.messages();

    assert_eq!(messages, [started(1), tracked(1, "1", json!(1)), tracked(1, "2", json!(2)), stopped(1)]);
}

#[test]
fn nothing_is_missed_after_a_subscription_has_started() {
    let mut client = Client::new();
    let said = client.probe.said();
    client.call(1, "subscription", "sub.heard");

    assert_eq!(client.messages(), Vec::<Value>::new(), "it has not begun to listen");
    client.probe.gate.add_permits(1);
    assert_eq!(client.message(), started(1));
    let id = said.publish(&7).now_or_never().unwrap().unwrap();

    let event = json!({ "id": id.as_str(), "data": 7 });
    assert_eq!(client.message(), json!({ "id": 1, "result": { "type": "data", "id": id.as_str(), "data": event } }));
}

#[test]
fn values_without_an_id_are_bare() {
    let mut client = Client::new();
    client.call(1, "subscription", "sub.mixed");

    assert_eq!(client.messages(), [started(1), data(1, json!(1)), tracked(1, "a\"b", json!(2)), stopped(1)]);
}

#[test]
fn the_last_event_id_becomes_a_field_of_the_input() {
    let mut client = Client::new();
    let mut resume = |path: &str, input: Option<Value>, last: &str| {
        let mut params = json!({ "path": path, "lastEventId": last });
        if let Some(input) = input {
            params["input"] = input;
        }
        client.send(json!({ "id": 1, "method": "subscription", "params": params }));
        client.messages().swap_remove(1)["result"]["data"].clone()
    };

    assert_eq!(resume("sub.count", Some(json!({ "to": 5 })), "4"), json!({ "id": "5", "data": 5 }));
    assert_eq!(resume("sub.count", Some(json!({ "to": 5, "lastEventId": "1" })), "4")["id"], "5");
    assert_eq!(resume("sub.raw", None, "x"), json!({ "lastEventId": "x" }));
    assert_eq!(resume("sub.raw", Some(Value::Null), "x"), json!({ "lastEventId": "x" }));
    assert_eq!(resume("sub.raw", Some(json!({ "a": 1 })), ""), json!({ "a": 1, "lastEventId": "" }));
    assert_eq!(resume("sub.raw", Some(json!([1])), "x"), json!([1]));
}

#[test]
fn the_last_event_id_may_come_within_the_input() {
    let mut client = Client::new();
    client.call_with(1, "subscription", "sub.count", json!({ "to": 5, "lastEventId": "4" }));

    assert_eq!(client.messages()[1], tracked(1, "5", json!(5)));
}

#[test]
fn what_cannot_begin_is_an_error_and_nothing_more() {
    let mut client = Client::new();
    client.call(1, "subscription", "sub.forbidden");
    client.call_with(2, "subscription", "sub.count", json!({ "to": "x" }));

    let messages = client.messages();

    assert_eq!(messages.len(), 2, "{messages:?}");
    assert_eq!(error_of(&messages[0]), (json!(1), "FORBIDDEN".to_owned(), Some("sub.forbidden".to_owned())));
    assert_eq!(error_of(&messages[1]), (json!(2), "BAD_REQUEST".to_owned(), Some("sub.count".to_owned())));
    client.call(1, "subscription", "sub.mixed");
    assert_eq!(client.message(), started(1), "the id is free again");
}

#[test]
fn a_stream_that_fails_is_an_error_and_then_stopped() {
    let mut client = Client::new();
    client.call(1, "subscription", "sub.breaks");

    let messages = client.messages();

    assert_eq!(messages[..2], [started(1), data(1, json!(1))]);
    assert_eq!(error_of(&messages[2]), (json!(1), "FORBIDDEN".to_owned(), Some("sub.breaks".to_owned())));
    assert_eq!(messages[3..], [stopped(1)]);
}

#[test]
fn a_stop_is_answered_at_once_and_cancels_the_procedure() {
    let mut client = Client::new();
    client.call(1, "subscription", "sub.silent");
    assert_eq!(client.messages(), [started(1)]);
    assert_eq!(client.probe.running(), 1);

    client.stop(1);

    assert_eq!(client.messages(), [stopped(1)]);
    assert_eq!((client.probe.running(), client.probe.aborted()), (0, 1));
    client.stop(1);
    client.assert_silent();
}

#[test]
fn a_stop_ends_what_has_not_begun() {
    let mut client = Client::new();
    client.call(1, "subscription", "sub.late");
    client.assert_silent();
    assert_eq!(client.probe.running(), 1);

    client.stop(1);

    assert_eq!(client.messages(), [stopped(1)]);
    assert_eq!((client.probe.running(), client.probe.aborted()), (0, 1));
}

#[test]
fn a_stop_wins_over_a_beginning_at_the_same_moment() {
    let mut client = Client::new();
    client.call(1, "subscription", "sub.late");
    client.assert_silent();

    client.stop(1);
    client.probe.gate.add_permits(1);

    assert_eq!(client.messages(), [stopped(1)]);
}

#[test]
fn a_stop_may_come_in_the_same_frame_and_frees_the_id_after_it() {
    let mut client = Client::new();
    client.send(json!([
        { "id": 1, "method": "subscription", "params": { "path": "sub.forever" } },
        { "id": 1, "method": "subscription.stop" },
        { "id": 1, "method": "subscription", "params": { "path": "sub.raw" } },
    ]));

    let messages = client.messages();
    assert_eq!(text_of(&messages[0]), "Duplicate id 1");
    assert_eq!(messages[1..], [stopped(1)]);
    assert_eq!(client.probe.running(), 0);
    client.call(1, "subscription", "sub.raw");
    assert_eq!(client.message(), started(1));
}

#[test]
fn an_id_in_use_is_refused_and_its_subscription_goes_on() {
    let mut client = Client::new();
    client.call(1, "subscription", "sub.silent");
    assert_eq!(client.message(), started(1));
    for path in ["sub.raw", "sub.nope"] {
        client.call(1, "subscription", path);
        let message = client.message();
        assert_eq!(error_of(&message), (json!(1), "BAD_REQUEST".to_owned(), Some(path.to_owned())));
        assert_eq!(text_of(&message), "Duplicate id 1");
    }

    client.probe.gate.add_permits(1);

    assert_eq!(client.message(), data(1, json!(0)));
}

#[test]
fn the_same_id_twice_in_one_frame_is_used_by_the_first() {
    let mut client = Client::new();
    let subscribe = json!({ "id": "a", "method": "subscription", "params": { "path": "sub.silent" } });
    client.send(json!([subscribe, subscribe]));

    let messages = client.messages();

    assert_eq!(text_of(&messages[0]), "Duplicate id a");
    assert_eq!(messages[1..], [started("a")]);
    assert_eq!(client.probe.running(), 1);
}

#[test]
fn a_number_and_the_equal_text_are_two_ids() {
    let mut client = Client::new();
    client.call(1, "subscription", "sub.silent");
    client.call("1", "subscription", "sub.silent");
    assert_eq!(client.messages(), [started(1), started("1")]);

    client.stop("1");

    assert_eq!(client.messages(), [stopped("1")]);
    assert_eq!(client.probe.running(), 1);
}

#[test]
fn a_stop_of_nothing_is_not_answered() {
    let mut client = Client::new();
    client.stop(99);
    client.assert_silent();
}

#[test]
fn a_right_that_ends_ends_its_subscription() {
    let mut client = Client::new();
    client.call(1, "subscription", "sub.revocable");
    assert_eq!(client.messages(), [started(1)]);

    client.probe.gate.add_permits(1);

    let messages = client.messages();
    assert_eq!(text_of(&messages[0]), "the session has ended");
    assert_eq!(messages[1..], [stopped(1)]);
}
