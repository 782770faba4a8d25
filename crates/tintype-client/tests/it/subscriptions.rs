use std::time::Duration;

use futures_util::{StreamExt, TryStreamExt};
use http::Method;
use tintype::{ErrorCode, Event, EventId};
use tintype_axum::Limits as ServerLimits;
use tintype_client::{ClientError, Limits, Problem, Reconnect, Timeouts};
use tokio_util::sync::CancellationToken;

use crate::{
    canned::{Canned, Piece, open_ended, whole},
    contract::{
        Note, Rename, RenameError, add_note, count, countdown, fail_later, letters, notes, some_numbered, watch,
    },
    proxy::{Proxy, Then},
    server::{Server, builder, client},
};

fn id(n: u32) -> EventId {
    EventId::new(n.to_string()).unwrap()
}

fn numbered(numbers: impl IntoIterator<Item = u32>) -> Vec<Event<u32>> {
    numbers.into_iter().map(|n| Event { id: id(n), data: n }).collect()
}

#[tokio::test]
async fn events_arrive_with_their_ids_until_the_subscription_is_complete() {
    let server = Server::start().await;

    let events: Vec<Event<u32>> = server.client().subscribe::<count>(5000).try_collect().await.unwrap();

    assert_eq!(events, numbered(1..=5000));
    assert_eq!(server.front.seen().len(), 1);
}

#[tokio::test]
async fn events_without_ids_are_bare_values_and_others_say_which_have_one() {
    let server = Server::start().await;

    let bare: Vec<u32> = server.client().subscribe::<countdown>(3).try_collect().await.unwrap();
    assert_eq!(bare, [2, 1, 0]);
    let mixed: Vec<(Option<EventId>, u32)> =
        server.client().subscribe::<some_numbered>(()).try_collect().await.unwrap();
    assert_eq!(mixed, [(None, 1), (Some(id(2)), 2), (None, 3), (Some(id(4)), 4), (None, 5)]);
}

#[tokio::test]
async fn a_subscription_begins_after_the_event_that_the_client_names() {
    let server = Server::start().await;
    let client = server.client().with_last_event_id(id(3));

    let events: Vec<Event<u32>> = client.subscribe::<count>(5).try_collect().await.unwrap();

    assert_eq!(events, numbered([4, 5]));
}

#[tokio::test]
async fn every_event_arrives_once_however_often_the_connection_is_cut() {
    let server = Server::start().await;
    let proxy = Proxy::start(server.address, Then::Cut, |n| Some(400 + n * 131 % 97)).await;

    let events: Vec<Event<u32>> = client(proxy.address).subscribe::<count>(500).try_collect().await.unwrap();

    assert_eq!(events, numbered(1..=500));
    assert!(proxy.connections() > 20, "{} connections", proxy.connections());
}

#[tokio::test]
async fn every_event_of_a_topic_arrives_once_however_often_the_connection_is_cut() {
    let server = Server::start().await;
    let proxy = Proxy::start(server.address, Then::Cut, |n| Some(700 + n * 131 % 97)).await;
    let publisher = server.client().with_bearer("red").unwrap();
    let mut events = client(proxy.address).with_bearer("red").unwrap().subscribe::<notes>(());

    // What is published before the subscription is there is not part of it: it is published until one event came.
    let first = tokio::select! {
        event = events.next() => event.unwrap().unwrap().data,
        () = async {
            loop {
                publisher.call::<add_note>("0".to_owned()).await.unwrap();
            }
        } => unreachable!(),
    };
    assert_eq!(first, Note::Added { text: "0".to_owned() });
    for n in 1..=100 {
        publisher.call::<add_note>(n.to_string()).await.unwrap();
    }
    let mut seen = Vec::new();
    while seen.last() != Some(&"100".to_owned()) {
        match events.next().await.unwrap().unwrap().data {
            Note::Added { text } => seen.push(text),
            Note::Gap => panic!("a gap after {seen:?}"),
        }
    }
    seen.retain(|text| text != "0");

    assert_eq!(seen, (1..=100).map(|n| n.to_string()).collect::<Vec<_>>());
    assert!(proxy.connections() > 5, "{} connections", proxy.connections());
}

#[tokio::test]
async fn ids_that_no_header_can_carry_resume_too() {
    let server = Server::start().await;
    let proxy = Proxy::start(server.address, Then::Cut, |_| Some(800)).await;

    let events: Vec<Event<String>> = client(proxy.address).subscribe::<letters>(()).try_collect().await.unwrap();

    let ids: Vec<&str> = events.iter().map(|event| event.id.as_str()).collect();
    assert_eq!(ids, ["α", "β", "γ", "δ & ε"]);
    assert!(
        events.iter().all(|event| event.data.strip_suffix(&"x".repeat(400)) == Some(event.id.as_str())),
        "{events:?}"
    );
    assert!(proxy.connections() > 2, "{} connections", proxy.connections());
}

#[tokio::test]
async fn a_silent_connection_is_given_up_and_the_subscription_resumes() {
    let inactivity = Duration::from_millis(100);
    let limits = ServerLimits { reconnect_after_inactivity: inactivity, ..ServerLimits::default() };
    let server = Server::start_with(|service| service.limits(limits)).await;
    let proxy = Proxy::start(server.address, Then::Silence, |n| (n < 2).then_some(420)).await;

    let events: Vec<Event<u32>> = client(proxy.address).subscribe::<count>(50).try_collect().await.unwrap();

    assert_eq!(events, numbered(1..=50));
    assert_eq!(proxy.connections(), 3);
}

#[tokio::test]
async fn pings_keep_a_connection() {
    let options = "event: connected\ndata: {\"reconnectAfterInactivityMs\":1000}\n\n";
    let mut pieces = vec![Piece::Bytes(open_ended("text/event-stream", options))];
    for _ in 0..24 {
        pieces.push(Piece::Rest(Duration::from_millis(50)));
        pieces.push(Piece::Bytes(b"event: ping\ndata: \n\n".to_vec()));
    }
    pieces.push(Piece::Bytes(b"data: 7\nid: 7\n\nevent: return\ndata: \n\n".to_vec()));
    let canned = Canned::start(vec![pieces]).await;

    let events: Vec<Event<u32>> = client(canned.address).subscribe::<count>(1).try_collect().await.unwrap();

    assert_eq!(events, numbered([7]));
    assert_eq!(canned.requests(), 1);
}

#[tokio::test]
async fn a_server_that_names_no_silence_leaves_it_to_the_client() {
    let connected = Piece::Bytes(open_ended("text/event-stream", "event: connected\ndata: {}\n\n"));
    let complete = Piece::Bytes(open_ended("text/event-stream", "event: return\ndata: \n\n"));
    let canned = Canned::start(vec![vec![connected, Piece::Silence], vec![complete]]).await;
    let timeouts = Timeouts { inactivity: Some(Duration::from_millis(20)), ..Timeouts::default() };

    let events = builder(canned.address).timeouts(timeouts).build().unwrap().subscribe::<count>(1);

    assert_eq!(events.try_collect::<Vec<_>>().await.unwrap(), []);
    assert_eq!(canned.requests(), 2);
}

#[tokio::test]
async fn an_old_stream_ends_and_goes_on_elsewhere() {
    let shutdown = CancellationToken::new();
    let mut server = Server::start_with(|service| service.shutdown(shutdown.clone())).await;
    let mut events = server.client().subscribe::<watch>(());
    assert_eq!(events.next().await.unwrap().unwrap().data, 1);
    assert_eq!(server.report().await, "begun");

    shutdown.cancel();

    // The server that is shutting down ends each stream at once: the client tries again and then says why it gives up.
    let error = events.next().await.unwrap().unwrap_err();
    let ClientError::Transport(error) = error else { panic!("{error:?}") };
    assert!(matches!(error.problem(), Problem::Ended), "{error:?}");
    assert_eq!(error.procedure(), "events.numbers.watch");
    assert_eq!(server.front.seen().len(), 11, "the first connection, and ten tries");
    assert!(server.front.seen()[1..].iter().all(|seen| seen.headers["last-event-id"] == "1"));
    assert!(events.next().await.is_none(), "an error is the last item");
}

#[tokio::test]
async fn how_often_a_subscription_connects_again_can_be_set() {
    let answer = open_ended("text/event-stream", "event: connected\ndata: {}\n\n");
    for tries in [0, 1, 4] {
        let canned = Canned::always(answer.clone()).await;
        let reconnect = Reconnect { tries: Some(tries), ..Reconnect::default() };
        let backoff = tintype_client::Backoff { first: Duration::ZERO, longest: Duration::from_secs(60) };
        let builder = builder(canned.address).reconnect(Reconnect { backoff, ..reconnect });
        let mut events = builder.build().unwrap().subscribe::<count>(1);
        events.next().await.unwrap().unwrap_err();
        assert_eq!(canned.requests(), usize::try_from(tries + 1).unwrap());
    }
}

#[tokio::test]
async fn a_subscription_that_cannot_be_opened_is_tried_like_a_query() {
    let server = Server::start().await;
    server.front.prepare(503, &[("retry-after", "0")]);
    server.front.prepare(502, &[]);

    let events: Vec<Event<u32>> = server.client().subscribe::<count>(2).try_collect().await.unwrap();
    assert_eq!(events, numbered([1, 2]));
    for _ in 0..3 {
        server.front.prepare(503, &[]);
    }
    let error = server.client().subscribe::<count>(2).next().await.unwrap().unwrap_err();

    assert_eq!(error.code(), ErrorCode::ServiceUnavailable);
    assert_eq!(server.front.seen().len(), 6);
}

#[tokio::test]
async fn typed_errors_end_a_subscription() {
    let server = Server::start().await;
    let client = server.client().with_bearer("red").unwrap();

    let mut events = client.subscribe::<fail_later>(Rename::to("later"));
    assert_eq!(events.next().await.unwrap().unwrap(), 1);
    assert_eq!(events.next().await.unwrap().unwrap(), 2);
    let error = events.next().await.unwrap().unwrap_err();
    assert!(
        matches!(&error, ClientError::Procedure(RenameError::NameTaken { new_name }) if new_name == "later"),
        "{error:?}"
    );
    assert!(events.next().await.is_none());

    let error = client.subscribe::<fail_later>(Rename::to("at once")).next().await.unwrap().unwrap_err();
    assert!(matches!(error, ClientError::Procedure(RenameError::TooOften { seconds: 1 })), "{error:?}");
    let error = client.subscribe::<fail_later>(Rename::to("")).next().await.unwrap().unwrap_err();
    assert_eq!(
        (error.code(), error.to_string()),
        (ErrorCode::BadRequest, "invalid input: newName: must not be empty".into())
    );
    let error = server.client().subscribe::<fail_later>(Rename::to("x")).next().await.unwrap().unwrap_err();
    assert_eq!((error.code(), error.to_string()), (ErrorCode::Unauthorized, "send the token red".into()));
    assert_eq!(server.front.seen().len(), 4, "none of these is tried again");
}

#[tokio::test]
async fn failures_of_the_server_are_tried_again_and_then_reported() {
    let failed = "event: connected\ndata: {}\n\nevent: serialized-error\ndata: {\"message\":\"m\",\"code\":-32603,\"data\":{\"code\":\"BAD_GATEWAY\"}}\n\n";
    let event = "event: connected\ndata: {}\n\ndata: 7\nid: 7\n\nevent: return\ndata: \n\n";
    let answer = |body| vec![Piece::Bytes(open_ended("text/event-stream", body))];
    let canned = Canned::start(vec![answer(failed), answer(failed), answer(event), answer(failed)]).await;

    let events: Vec<Event<u32>> = client(canned.address).subscribe::<count>(1).try_collect().await.unwrap();
    assert_eq!(events, numbered([7]));
    let error = client(canned.address).subscribe::<count>(1).next().await.unwrap().unwrap_err();

    let ClientError::Failure(failure) = error else { panic!("{error:?}") };
    assert_eq!((failure.code(), failure.message()), (ErrorCode::BadGateway, "m"));
    assert_eq!(canned.requests(), 6);
}

#[tokio::test]
async fn a_path_that_the_server_does_not_know_ends_a_subscription() {
    let body = r#"{"error":{"message":"No procedure found on path \"x\"","code":-32004,"data":{"code":"NOT_FOUND"}}}"#;
    let canned = Canned::always(whole("404 Not Found", "application/json", body)).await;

    let error = client(canned.address).subscribe::<count>(1).next().await.unwrap().unwrap_err();

    assert!(matches!(&error, ClientError::Failure(failure) if failure.code() == ErrorCode::NotFound), "{error:?}");
    assert_eq!(canned.requests(), 1);
}

/// The problem of a subscription whose server gives this answer, and how many events came before it.
async fn problem(answer: Vec<u8>) -> (usize, String) {
    let canned = Canned::always(answer).await;
    let limits = Limits { event_bytes: 100, ..Limits::default() };
    let mut events = builder(canned.address).limits(limits).build().unwrap().subscribe::<count>(1);
    let mut before = 0;
    let error = loop {
        match events.next().await.unwrap() {
            Ok(_) => before += 1,
            Err(error) => break error,
        }
    };
    assert!(events.next().await.is_none() && canned.requests() == 1);
    let ClientError::Transport(error) = error else { panic!("{error:?}") };
    let url = format!("events.numbers.count at http://{}/api/trpc/events.numbers.count: ", canned.address);
    (before, error.to_string().strip_prefix(&url).unwrap_or_else(|| panic!("{error}")).to_owned())
}

#[tokio::test]
async fn what_is_no_stream_of_events_is_told() {
    let page = problem(whole("200 OK", "text/html; charset=utf-8", "<html></html>")).await;
    assert_eq!(page, (0, "the answer is not a stream of events but \"text/html; charset=utf-8\"".to_owned()));
    let page = problem(whole("403 Forbidden", "text/html", "<html></html>")).await;
    assert_eq!(
        page,
        (0, "the answer has status 403 Forbidden and is not from a procedure: \"<html></html>\"".to_owned())
    );
}

#[tokio::test]
async fn what_is_no_event_of_the_subscription_ends_it() {
    let stream = |body: &str| open_ended("text/event-stream", body);
    let wrong = (1, "the subscription sent something that is not one of its events".to_owned());

    assert_eq!(problem(stream("id: 1\ndata: 1\n\nid: 2\ndata: \"2\"\n\n")).await, wrong);
    assert_eq!(problem(stream("id: 1\ndata: 1\n\nid: 2\ndata: {\n\n")).await, wrong);
    assert_eq!(problem(stream("id: 1\ndata: 1\n\nid: \ndata: 2\n\n")).await, wrong, "every event has an id");
    let (before, text) = problem(stream("event: serialized-error\ndata: sorry\n\n")).await;
    assert_eq!((before, text.as_str()), (0, "the answer is not one of the protocol: \"sorry\""));
}

#[tokio::test]
async fn an_event_that_is_too_large_comes_after_those_before_it() {
    let body = format!("id: 1\ndata: 1\n\nid: 2\ndata: {}\n\n", " ".repeat(100));

    let (before, text) = problem(open_ended("text/event-stream", &body)).await;

    assert_eq!(
        (before, text.as_str()),
        (1, "an event has more than 100 bytes: raise `Limits::event_bytes` if that is right")
    );
}

#[tokio::test]
async fn an_input_too_long_for_a_url_goes_by_post_where_the_server_takes_it() {
    let server = Server::start_with(|service| service.allow_method_override(true)).await;
    let long = Rename { tags: Some(vec!["x".repeat(9000)]), ..Rename::to("later") };

    let client = builder(server.address).bearer("red").build().unwrap();
    let error = client.subscribe::<fail_later>(long.clone()).next().await.unwrap().unwrap_err();
    assert!(matches!(&error, ClientError::Transport(error) if matches!(error.problem(), Problem::UrlTooLong { .. })));
    let client = builder(server.address).bearer("red").method_override(true).build().unwrap();
    assert_eq!(client.subscribe::<fail_later>(long).next().await.unwrap().unwrap(), 1);

    assert_eq!(server.front.seen().iter().map(|seen| &seen.method).collect::<Vec<_>>(), [Method::POST]);
}
