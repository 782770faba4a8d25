use std::{collections::BTreeSet, time::Duration};

use http::header;
use tintype_axum::Limits;
use tokio_util::sync::CancellationToken;

use crate::{
    client::{Events, get, post, send},
    server::Server,
};

const PING: &str = "event: ping\ndata: ";
const RETURN: &str = "event: return\ndata: ";

fn number(n: u32) -> String {
    format!("data: {n}\nid: {n}")
}

#[tokio::test]
async fn a_subscription_connects_sends_its_events_and_returns() {
    let server = Server::start().await;

    let events = Events::open(server.address, get("events.count?input=2")).await;

    assert_eq!(events.headers[header::CONTENT_TYPE], "text/event-stream");
    assert_eq!(events.headers[header::CACHE_CONTROL], "no-cache, no-transform");
    assert_eq!(events.headers["x-accel-buffering"], "no");
    let connected = "event: connected\ndata: {\"reconnectAfterInactivityMs\":40000}".to_owned();
    assert_eq!(events.all().await, [connected, number(1), number(2), RETURN.to_owned()]);
}

#[tokio::test]
async fn many_events_arrive_whole_and_in_order() {
    let server = Server::start().await;

    let frames = Events::open(server.address, get("events.count?input=5000")).await.all().await;

    assert_eq!(frames[1..5001], (1..=5000).map(number).collect::<Vec<_>>());
    assert_eq!(frames.len(), 5002);
}

#[tokio::test]
async fn a_subscription_resumes_after_the_last_event_of_the_client() {
    let server = Server::start().await;
    let mut by_header = get("events.count?input=3");
    by_header.headers_mut().insert("last-event-id", "2".parse().unwrap());

    for request in [by_header, get("events.count?input=3&lastEventId=2"), get("events.count?input=3&Last-Event-Id=2")] {
        let frames = Events::open(server.address, request).await.all().await;
        assert_eq!(frames[1..], [number(3), RETURN.to_owned()]);
    }
}

#[tokio::test]
async fn a_silent_stream_is_kept_alive_with_pings() {
    let limits = Limits { ping_interval: Duration::from_millis(1), ..Limits::default() };
    let server = Server::start_limited(limits).await;

    let mut events = Events::open(server.address, get("events.watch")).await;
    events.next().await.unwrap();
    // A ping may come before the first event.
    while events.next().await.unwrap() == PING {}

    for _ in 0..3 {
        assert_eq!(events.next().await.as_deref(), Some(PING));
    }
}

#[tokio::test]
async fn an_old_stream_ends_so_that_the_client_connects_again() {
    let server = Server::start_limited(Limits { stream_age: Duration::from_millis(1), ..Limits::default() }).await;

    let frames = Events::open(server.address, get("events.watch")).await.all().await;

    assert!(!frames.contains(&RETURN.to_owned()), "{frames:?}");
}

/// A server whose streams end within `drain_time` after a shutdown.
async fn draining(drain_time: Duration) -> (Server, CancellationToken) {
    let shutdown = CancellationToken::new();
    let limits = Limits { drain_time, ..Limits::default() };
    let server = Server::start_with(|service| service.limits(limits).shutdown(shutdown.clone())).await;
    (server, shutdown)
}

async fn watch(server: &Server) -> Events {
    let mut events = Events::open(server.address, get("events.watch")).await;
    assert!(events.next().await.unwrap().starts_with("event: connected"));
    assert_eq!(events.next().await, Some(number(1)));
    events
}

/// What the last words of a stream ask for.
fn retry_ms(frame: &str) -> u64 {
    frame.strip_prefix("retry: ").unwrap_or_else(|| panic!("no last words, but {frame:?}")).parse().unwrap()
}

#[tokio::test]
async fn a_shutdown_ends_the_streams_and_no_call() {
    let (server, shutdown) = draining(Duration::from_millis(10)).await;
    let mut events = watch(&server).await;

    shutdown.cancel();

    let wait = retry_ms(&events.next().await.unwrap());
    assert!((500..=5000).contains(&wait), "{wait}");
    assert_eq!(events.next().await, None, "without `event: return` clients connect elsewhere and resume");
    assert_eq!(send(server.address, post("name", r#"{"name":"clock"}"#)).await.status, 200);
}

#[tokio::test]
async fn a_shutdown_does_not_send_all_clients_away_at_once() {
    let (server, shutdown) = draining(Duration::from_secs(2)).await;
    let mut streams = Vec::new();
    for _ in 0..30 {
        streams.push(watch(&server).await);
    }

    shutdown.cancel();

    let began = std::time::Instant::now();
    let ended = streams.into_iter().map(|mut events| async move {
        let wait = retry_ms(&events.next().await.unwrap());
        (began.elapsed().as_millis(), wait)
    });
    let ended = futures_util::future::join_all(ended).await;
    let moments: BTreeSet<_> = ended.iter().map(|(at, _)| at).collect();
    let waits: BTreeSet<_> = ended.iter().map(|(_, wait)| wait).collect();
    assert!(moments.len() > 5, "they ended together: {moments:?}");
    assert!(waits.len() > 5, "they come back together: {waits:?}");
}

#[tokio::test]
async fn a_stream_that_begins_during_a_shutdown_ends_at_once() {
    let (server, shutdown) = draining(Duration::from_secs(3600)).await;
    shutdown.cancel();

    let frames = Events::open(server.address, get("events.watch")).await.all().await;

    retry_ms(frames.last().unwrap());
}

#[tokio::test]
async fn a_stream_that_is_complete_asks_for_no_other() {
    let (server, shutdown) = draining(Duration::ZERO).await;
    let complete = Events::open(server.address, get("events.count?input=1")).await;

    let frames = complete.all().await;
    shutdown.cancel();

    assert_eq!(frames.last().map(String::as_str), Some(RETURN));
}

#[tokio::test]
async fn a_subscription_in_a_batch_is_refused() {
    let server = Server::start().await;

    let answer = send(server.address, get("events.count?batch=1&input=%7B%220%22%3A1%7D")).await;

    assert_eq!(answer.status, 400);
    assert_eq!(answer.json()[0]["error"]["message"], "Cannot batch subscription calls");
}

#[tokio::test]
async fn a_stream_that_cannot_begin_says_why_in_an_event() {
    let server = Server::start().await;

    let frames = Events::open(server.address, get("events.count?input=%22x%22")).await.all().await;

    assert_eq!(frames.len(), 2, "{frames:?}");
    assert!(frames[1].starts_with("event: serialized-error\ndata: {"), "{frames:?}");
    assert!(frames[1].contains("\"BAD_REQUEST\"") && frames[1].contains("\"events.count\""), "{frames:?}");
}
