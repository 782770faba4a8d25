use super::*;

fn batch(count: u32) -> Value {
    (1..=count).map(|id| json!({ "id": id, "method": "query", "params": { "path": "ping" } })).collect()
}

#[test]
fn a_batch_may_have_as_many_messages_as_the_limit_says() {
    let mut client = Client::limited(|options| options.max_batch_size = Some(2));
    client.send(batch(2));
    assert_eq!(client.messages().len(), 2);

    client.send(batch(3));

    let messages = client.messages();
    for (message, id) in messages.iter().zip(1..=3) {
        assert_eq!(error_of(message), (json!(id), "BAD_REQUEST".to_owned(), None));
        assert_eq!(text_of(message), "Batch call exceeds maximum size");
    }
    assert_eq!(messages.len(), 3, "nothing ran");
}

#[test]
fn a_batch_that_is_too_large_is_answered_once_if_nobody_in_it_waits() {
    let mut client = Client::limited(|options| options.max_batch_size = Some(1));
    client.send(json!([{ "id": 1, "method": "subscription.stop" }, 7]));

    let messages = client.messages();

    assert_eq!(messages.len(), 1);
    assert_eq!(error_of(&messages[0]), (Value::Null, "BAD_REQUEST".to_owned(), None));
}

#[test]
fn a_small_frame_does_not_cause_answers_without_end() {
    let mut client = Client::new();
    client.connection.receive_text(&format!("[{}]", vec![r#"{"id":1}"#; 100_000].join(",")));

    assert_eq!(client.messages().len(), 1000);
}

#[test]
fn one_message_is_no_batch() {
    let mut client = Client::limited(|options| options.max_batch_size = Some(0));
    client.call(1, "query", "ping");
    assert_eq!(client.message(), data(1, json!("pong")));
}

#[test]
fn calls_beyond_the_limit_wait_for_others_to_end() {
    let mut client = Client::limited(|options| options.concurrent_calls = 2);
    for id in 1..=3 {
        client.call(id, "query", "wait");
    }
    client.assert_silent();
    assert_eq!(client.probe.running(), 2);

    client.probe.gate.add_permits(3);

    assert_eq!(client.messages().len(), 3);
}

#[test]
fn calls_that_may_not_even_wait_are_refused() {
    let mut client = Client::limited(|options| {
        options.concurrent_calls = 1;
        options.waiting_calls = 1;
    });
    for id in 1..=3 {
        client.call(id, "query", "wait");
    }

    let messages = client.messages();

    assert_eq!(messages.len(), 1);
    assert_eq!(error_of(&messages[0]), (json!(3), "TOO_MANY_REQUESTS".to_owned(), Some("wait".to_owned())));
    client.probe.gate.add_permits(2);
    assert_eq!(client.messages(), [data(1, json!(1)), data(2, json!(1))]);
}

#[test]
fn inputs_that_wait_are_bounded() {
    let mut client = Client::limited(|options| {
        options.concurrent_calls = 1;
        options.waiting_bytes = 1000;
    });
    let large = json!("x".repeat(600));
    client.call(1, "query", "wait");
    client.call_with(2, "query", "echo", large.clone());
    client.call_with(3, "query", "echo", large.clone());

    let refused = client.message();
    assert_eq!(error_of(&refused), (json!(3), "TOO_MANY_REQUESTS".to_owned(), Some("echo".to_owned())));
    client.probe.gate.add_permits(1);
    assert_eq!(client.messages(), [data(1, json!(1)), data(2, large.clone())]);
    client.call_with(4, "query", "echo", large.clone());
    assert_eq!(client.message(), data(4, large), "there is room again");
}

#[test]
fn subscriptions_are_bounded_and_their_end_makes_room() {
    let mut client = Client::limited(|options| options.subscriptions = 2);
    for id in 1..=3 {
        client.call(id, "subscription", "sub.silent");
    }
    let messages = client.messages();
    let refused = messages.iter().find(|message| message.get("error").is_some()).unwrap();
    assert_eq!(error_of(refused), (json!(3), "TOO_MANY_REQUESTS".to_owned(), Some("sub.silent".to_owned())));
    assert_eq!(messages.len(), 3);

    client.stop(1);
    client.call(3, "subscription", "sub.raw");

    assert_eq!(client.messages(), [stopped(1), started(3), data(3, Value::Null), stopped(3)]);
    client.call(4, "subscription", "sub.silent");
    assert_eq!(client.message(), started(4));
}

#[test]
fn a_subscription_waits_for_a_client_that_does_not_read() {
    let mut client = Client::limited(|options| options.queued_frames = 4);
    client.call(1, "subscription", "sub.forever");
    // The host is busy writing: calls go on, and frames pile up only as far as allowed.
    std::future::poll_fn(|task| {
        for _ in 0..10 {
            client.connection.poll_calls(task);
        }
        std::task::Poll::Ready(())
    })
    .now_or_never();
    assert!(!client.connection.accepts_frames());

    let mut queued = 0;
    while client.connection.next_queued().is_some() {
        queued += 1;
    }

    assert_eq!(queued, 4);
    assert!(client.connection.accepts_frames());
    assert_eq!(client.message(), data(1, json!(3)), "nothing was left out");
}

#[test]
fn a_client_that_does_not_read_is_not_read_from() {
    let mut client = Client::limited(|options| options.queued_bytes = 100);
    assert!(client.connection.accepts_frames());
    client.call_with(1, "query", "echo", json!("x".repeat(100)));
    std::future::poll_fn(|task| {
        client.connection.poll_calls(task);
        std::task::Poll::Ready(())
    })
    .now_or_never();
    assert!(!client.connection.accepts_frames());

    client.message();

    assert!(client.connection.accepts_frames());
}

#[test]
fn a_busy_subscription_does_not_keep_calls_from_their_answers() {
    let mut client = Client::new();
    client.call(1, "subscription", "sub.forever");
    client.message();
    client.call(2, "query", "ping");

    let position = (0..1000).find(|_| client.message()["id"] == 2);

    assert!(position.is_some());
}
