//! What can be done with subscriptions loses nothing: not for a client that comes back, and not behind a gap.

use std::{sync::Arc, time::Duration};

use futures_util::{FutureExt, Stream, StreamExt, stream};
use http::Request;
use tintype::{
    Event, EventId, Failure, LastEventId, MemoryBroker, MemoryLimits, Subscription, Topic, TopicKey, Topics, Untracked,
    prelude::*,
    protocol::{EventFrames, Hooks, ProtocolOptions, Responder, ResponseBody},
};
use tokio::sync::Notify;

use crate::broker_suite::{Tick, begun, subscribe, take, ticks};

/// Longer than any test waits.
const LONG: Duration = Duration::from_secs(3600);

fn topics(backlog_events: usize) -> Topics {
    Topics::new(MemoryBroker::new(MemoryLimits { backlog_events, ..MemoryLimits::default() }))
}

fn topic(topics: &Topics, name: &str) -> Topic<Tick> {
    topics.topic(TopicKey::new("tenant", &[name]).unwrap())
}

async fn publish(topic: &Topic<Tick>, numbers: impl IntoIterator<Item = u32>) -> Vec<EventId> {
    let mut ids = Vec::new();
    for number in numbers {
        ids.push(topic.publish(&Tick::At(number)).await.unwrap());
    }
    ids
}

fn at(numbers: impl IntoIterator<Item = u32>) -> Vec<Tick> {
    numbers.into_iter().map(Tick::At).collect()
}

fn nonsense() -> Option<EventId> {
    Some(EventId::new("nonsense").unwrap())
}

/// The events that are there already.
async fn ready(events: impl Stream<Item = Result<Event<Tick>, Failure>>) -> Vec<Event<Tick>> {
    let mut events = Box::pin(events);
    let mut ready = Vec::new();
    while let Some(event) = events.next().now_or_never() {
        ready.push(event.unwrap().unwrap());
    }
    ready
}

#[tokio::test]
async fn a_mapped_event_keeps_its_id() {
    let topic = ticks(&topics(256));
    let ids = publish(&topic, 0..3).await;
    let resumed = subscribe(&topic.clone().resume_after(Some(ids[0].clone())));

    let mapped = resumed.map(|tick| match tick {
        Tick::At(number) => Tick::At(number * 10),
        other => other,
    });

    let expected = [(1, 10), (2, 20)].map(|(id, number)| Event { id: ids[id].clone(), data: Tick::At(number) });
    assert_eq!(ready(mapped.into_events()).await, expected);
}

#[tokio::test]
async fn a_gap_is_mapped_and_still_a_gap() {
    let topic = ticks(&topics(256)).resume_after(nonsense());

    let mapped = subscribe(&topic).map(|tick| if tick == Tick::Gap { Tick::Snapshot(7) } else { tick });

    assert_eq!(take(&mut Box::pin(mapped.filter(|_| false).into_events()), 1).await, [Tick::Snapshot(7)]);
}

#[tokio::test]
async fn a_filter_leaves_out_events_and_no_gap() {
    let topic = ticks(&topics(256)).resume_after(nonsense());
    let mut shown = Box::pin(subscribe(&topic).filter(|tick| matches!(tick, Tick::At(n) if n % 2 == 0)).into_events());

    assert_eq!(take(&mut shown, 1).await, [Tick::Gap]);
    publish(&topic, 1..=4).await;
    assert_eq!(take(&mut shown, 2).await, at([2, 4]));
}

#[subscription(state = Topics)]
async fn even(topics: State<Topics>, cursor: LastEventId) -> Result<Subscription<Tick>, Never> {
    let ticks = subscribe(&ticks(&topics.0).resume_after(cursor.0));
    Ok(ticks.filter(|tick| matches!(tick, Tick::At(n) if n % 2 == 0)))
}

#[subscription(state = Topics)]
async fn even_at_leisure(topics: State<Topics>, cursor: LastEventId) -> Result<Subscription<Tick>, Never> {
    Ok(even(topics, cursor).await?.debounce(LONG, LONG))
}

/// The event stream of a procedure, as far as to its beginning.
async fn frames(topics: &Topics, path: &str, cursor: Option<&str>) -> EventFrames {
    let routes = router! { [even, even_at_leisure] };
    let responder = Responder::new(routes, topics.clone(), ProtocolOptions::default(), Hooks::default()).unwrap();
    let mut request = Request::get(path);
    if let Some(cursor) = cursor {
        request = request.header("last-event-id", cursor);
    }
    let (head, ()) = request.body(()).unwrap().into_parts();
    let response = responder.respond(head, Box::pin(async { Ok(bytes::Bytes::new()) }), None).await;
    let ResponseBody::Events(mut frames) = response.into_body() else { panic!("expected events") };
    assert!(text(&mut frames).await.starts_with("event: connected"));
    frames
}

async fn text(frames: &mut EventFrames) -> String {
    let frame = tokio::time::timeout(Duration::from_secs(20), frames.next()).await.unwrap().unwrap();
    String::from_utf8(frame.to_vec()).unwrap()
}

#[tokio::test]
async fn a_client_that_is_shown_nothing_keeps_its_place_in_the_backlog() {
    let topics = topics(40);
    let topic = ticks(&topics);
    let mut unseen = frames(&topics, "/even", None).await;
    let beginning = text(&mut unseen).await;

    let ids = publish(&topic, (0..39).map(|n| n * 2 + 1)).await;

    let moved = text(&mut unseen).await;
    assert_eq!(moved, format!("id: {}\n\n", ids[31]));
    assert!(unseen.next().now_or_never().is_none());
    publish(&topic, (0..5).map(|n| n * 2)).await;
    let cursor = |frame: &str| frame.strip_prefix("id: ").unwrap().trim().to_owned();
    let mut resumed = frames(&topics, "/even", Some(&cursor(&moved))).await;
    assert!(text(&mut resumed).await.starts_with("data: {\"At\":0}\n"));
    let mut lost = frames(&topics, "/even", Some(&cursor(&beginning))).await;
    assert!(text(&mut lost).await.starts_with("data: \"Gap\"\n"), "its place is gone");
}

#[tokio::test]
async fn no_position_is_told_behind_an_event_that_is_held_back() {
    let topics = topics(256);
    let topic = ticks(&topics);
    let mut held = frames(&topics, "/evenAtLeisure", None).await;
    let beginning = text(&mut held).await;

    publish(&topic, [0]).await;
    publish(&topic, (0..40).map(|n| n * 2 + 1)).await;

    assert!(held.next().now_or_never().is_none());
    let cursor = beginning.strip_prefix("id: ").unwrap().trim();
    let mut resumed = frames(&topics, "/even", Some(cursor)).await;
    assert!(text(&mut resumed).await.starts_with("data: {\"At\":0}\n"));
}

#[tokio::test]
async fn only_the_latest_of_a_burst_is_shown() {
    let topic = ticks(&topics(256));
    let first = publish(&topic, [0]).await.remove(0);
    let calm = subscribe(&topic.clone().resume_after(Some(first))).debounce(Duration::from_millis(20), LONG);
    let mut calm = Box::pin(calm.into_events());

    let ids = publish(&topic, 1..=100).await;
    let shown = calm.next().await.unwrap().unwrap();
    assert_eq!(shown, Event { id: ids[99].clone(), data: Tick::At(100) });

    publish(&topic, [101]).await;
    assert_eq!(take(&mut calm, 1).await, at([101]));
}

#[tokio::test]
async fn a_stream_that_is_never_quiet_is_shown_in_time() {
    let busy = Subscription::untracked(stream::iter(0_u64..));
    let mut calm = Box::pin(busy.debounce(LONG, Duration::from_millis(20)).into_values());

    let shown = tokio::time::timeout(Duration::from_secs(20), calm.next()).await.unwrap().unwrap().unwrap();

    assert!(shown > 0, "the first was not the latest");
}

#[tokio::test]
async fn the_end_shows_what_is_held_back() {
    let ends = Subscription::untracked(stream::iter([1, 2, 3])).debounce(LONG, LONG);

    assert_eq!(ends.into_values().map(Result::unwrap).collect::<Vec<u32>>().await, [3]);
}

#[tokio::test]
async fn a_failure_shows_what_is_held_back_first() {
    let items = [Ok(1), Err(Failure::new(tintype::ErrorCode::Conflict, "broken"))];
    let items = items.map(|item| item.map_err(tintype::InternalError::from));
    let fails = Subscription::try_untracked(stream::iter(items)).debounce(LONG, LONG);

    let shown: Vec<_> = fails.into_values().map(|item: Result<u32, _>| item.ok()).collect().await;
    assert_eq!(shown, [Some(1), None]);
}

#[tokio::test]
async fn a_gap_is_not_held_back_and_comes_after_what_was() {
    let topics = topics(4);
    let topic = ticks(&topics);
    let first = publish(&topic, [0]).await.remove(0);
    let calm = subscribe(&topic.clone().resume_after(Some(first))).debounce(LONG, LONG);
    let mut calm = Box::pin(calm.into_events());
    publish(&topic, [1]).await;
    assert!(calm.next().now_or_never().is_none(), "it is held back");

    publish(&topic, 2..=20).await;

    assert_eq!(take(&mut calm, 2).await, [Tick::At(1), Tick::Gap]);
}

fn merged(topics: &Topics, cursor: Option<EventId>) -> Subscription<Tick> {
    let side = |name: &str| {
        let topic = topic(topics, name);
        move |cursor| subscribe(&topic.resume_after(cursor))
    };
    Subscription::merged(cursor, side("red"), |rest| Subscription::merged(rest, side("green"), side("blue")))
}

#[tokio::test]
async fn who_comes_back_to_merged_subscriptions_gets_the_rest_of_each() {
    let topics = topics(256);
    let mut live = Box::pin(merged(&topics, None).into_events());
    assert!(live.next().now_or_never().is_none());
    let (red, green, blue) = (topic(&topics, "red"), topic(&topics, "green"), topic(&topics, "blue"));
    for round in 0..5 {
        publish(&red, [round]).await;
        publish(&green, [100 + round, 200 + round]).await;
        publish(&blue, [300 + round]).await;
    }

    let seen = ready(live).await;

    let numbers = |events: &[Event<Tick>]| {
        let mut numbers: Vec<u32> = events
            .iter()
            .map(|event| match event.data {
                Tick::At(number) => number,
                ref other => panic!("{other:?}"),
            })
            .collect();
        numbers.sort_unstable();
        numbers
    };
    assert_eq!(seen.len(), 20);
    for (index, event) in seen.iter().enumerate() {
        let rest = ready(merged(&topics, Some(event.id.clone())).into_events()).await;
        assert_eq!(numbers(&rest), numbers(&seen[index + 1..]), "after {event:?}");
    }
}

#[tokio::test]
async fn a_cursor_of_something_else_is_a_gap_in_each_of_the_merged() {
    let mut lost = Box::pin(merged(&topics(256), nonsense()).into_events());

    assert_eq!(take(&mut lost, 3).await, [Tick::Gap, Tick::Gap, Tick::Gap]);
}

#[tokio::test]
async fn merged_subscriptions_tell_nothing_before_each_has_its_position() {
    let topics = topics(256);
    let (red, blue) = (topic(&topics, "red"), topic(&topics, "blue"));
    let loaded = Arc::new(Notify::new());
    let load = {
        let loaded = Arc::clone(&loaded);
        move || {
            let loaded = Arc::clone(&loaded);
            async move {
                loaded.notified().await;
                Ok::<_, Never>(Tick::Snapshot(1))
            }
        }
    };
    let merged = Subscription::merged(
        None,
        |cursor| subscribe(&red.clone().resume_after(cursor)),
        |cursor| blue.clone().resume_after(cursor).subscribe_or(load),
    );
    let mut merged = Box::pin(merged.into_events());
    assert!(merged.next().now_or_never().is_none());

    publish(&red, [1]).await;
    assert!(merged.next().now_or_never().is_none(), "who came back with its id would not have the snapshot");
    loaded.notify_one();

    let mut seen = take(&mut merged, 2).await;
    seen.sort_by_key(|tick| *tick == Tick::At(1));
    assert_eq!(seen, [Tick::Snapshot(1), Tick::At(1)]);
}

#[tokio::test]
async fn a_gap_passes_through_all_of_them() {
    let topics = topics(4);
    let topic = ticks(&topics);
    drop(begun(&topic).await);
    let side = |topic: Topic<Tick>| move |cursor| subscribe(&topic.resume_after(cursor)).filter(|_| false);
    let all = Subscription::merged(nonsense(), side(topic.clone()), side(topic)).debounce(LONG, LONG).filter(|_| false);

    assert_eq!(take(&mut Box::pin(all.into_events()), 2).await, [Tick::Gap, Tick::Gap]);
}

#[tokio::test]
async fn subscriptions_without_ids_are_merged_to_the_end_of_both() {
    let count = |numbers: std::ops::Range<u32>| -> Subscription<u32, Untracked> {
        Subscription::untracked(stream::iter(numbers))
    };

    let mut seen: Vec<u32> = count(0..3).merge(count(10..15)).into_values().map(Result::unwrap).collect().await;

    seen.sort_unstable();
    assert_eq!(seen, [0, 1, 2, 10, 11, 12, 13, 14]);
}

#[tokio::test]
async fn a_snapshot_of_a_known_moment_is_told_first_and_what_came_after_it_follows() {
    let topic = ticks(&topics(256));
    let ids = publish(&topic, 0..3).await;
    let snapshot = Event { id: ids[0].clone(), data: Tick::At(100) };

    let subscription = subscribe(&topic.clone().resume_after(Some(ids[0].clone()))).starting_with(snapshot.clone());
    let seen = ready(subscription.into_events()).await;
    // Who comes back with the id of the snapshot is where the snapshot was.
    let again = ready(subscribe(&topic.clone().resume_after(Some(seen[0].id.clone()))).into_events()).await;
    let unshown = subscribe(&topic.resume_after(Some(ids[0].clone()))).starting_with(snapshot.clone());
    let filtered = ready(unshown.filter(|_| false).into_events()).await;

    assert_eq!(seen[0], snapshot);
    assert_eq!(seen[1..].iter().map(|event| event.data.clone()).collect::<Vec<_>>(), at(1..3));
    assert_eq!(again, seen[1..]);
    assert_eq!(filtered, [snapshot]);
}
