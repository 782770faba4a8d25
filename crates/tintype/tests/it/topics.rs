//! Promises of a topic: nothing lost silently, nothing twice, in order.

use futures_util::{Stream, StreamExt};
use serde::{Deserialize, Serialize};
use tintype::{
    BrokerError, Event, EventId, Failure, MemoryBroker, MemoryLimits, Never, Subscription, Topic, TopicKey, Topics,
    Type, specta,
};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
enum Tick {
    At(u32),
    Gap,
    Snapshot(u32),
}

fn topic(limits: MemoryLimits) -> Topic<Tick> {
    Topics::new(MemoryBroker::new(limits)).topic(TopicKey::new("tenant", &["ticks"]).unwrap())
}

fn subscribe(topic: &Topic<Tick>) -> Subscription<Tick> {
    topic.subscribe_with_gap(|| Tick::Gap)
}

async fn take(events: &mut (impl Stream<Item = Result<Event<Tick>, Failure>> + Unpin), count: usize) -> Vec<Tick> {
    events.take(count).map(|event| event.unwrap().data).collect().await
}

#[tokio::test]
async fn subscribers_see_what_is_published_after_them_in_order() {
    let topic = topic(MemoryLimits::default());
    topic.publish(&Tick::At(0)).await.unwrap();
    let mut encoded = Box::pin(subscribe(&topic).into_events());
    // The subscription begins when it is first polled.
    assert!(futures_util::poll!(encoded.next()).is_pending());

    for n in 1..=3 {
        topic.publish(&Tick::At(n)).await.unwrap();
    }

    assert_eq!(take(&mut encoded, 3).await, [Tick::At(1), Tick::At(2), Tick::At(3)]);
}

#[tokio::test]
async fn a_cursor_replays_what_came_after_it_once() {
    let topic = topic(MemoryLimits::default());
    let mut ids: Vec<EventId> = Vec::new();
    for n in 0..4 {
        ids.push(topic.publish(&Tick::At(n)).await.unwrap());
    }
    let mut resumed = Box::pin(subscribe(&topic.clone().resume_after(Some(ids[1].clone()))).into_events());

    assert_eq!(take(&mut resumed, 2).await, [Tick::At(2), Tick::At(3)]);
    topic.publish(&Tick::At(4)).await.unwrap();
    assert_eq!(take(&mut resumed, 1).await, [Tick::At(4)]);
}

#[tokio::test]
async fn a_cursor_that_left_the_backlog_is_a_gap_and_the_stream_goes_on() {
    let topic = topic(MemoryLimits { backlog_events: 2, ..MemoryLimits::default() });
    let first = topic.publish(&Tick::At(0)).await.unwrap();
    for n in 1..5 {
        topic.publish(&Tick::At(n)).await.unwrap();
    }
    let mut resumed = Box::pin(subscribe(&topic.clone().resume_after(Some(first))).into_events());

    assert_eq!(take(&mut resumed, 1).await, [Tick::Gap]);
    topic.publish(&Tick::At(5)).await.unwrap();
    assert_eq!(take(&mut resumed, 1).await, [Tick::At(5)]);
}

#[tokio::test]
async fn a_cursor_of_another_topic_is_a_gap() {
    let topics = Topics::in_process();
    let red: Topic<Tick> = topics.topic(TopicKey::new("red", &["ticks"]).unwrap());
    let blue: Topic<Tick> = topics.topic(TopicKey::new("blue", &["ticks"]).unwrap());
    let of_red = red.publish(&Tick::At(1)).await.unwrap();
    blue.publish(&Tick::At(2)).await.unwrap();

    let mut resumed = Box::pin(subscribe(&blue.resume_after(Some(of_red))).into_events());

    assert_eq!(take(&mut resumed, 1).await, [Tick::Gap]);
}

#[tokio::test]
async fn a_subscriber_that_falls_behind_is_told() {
    let topic = topic(MemoryLimits { backlog_events: 4, ..MemoryLimits::default() });
    let mut slow = Box::pin(subscribe(&topic).into_events());
    assert!(futures_util::poll!(slow.next()).is_pending());

    for n in 0..20 {
        topic.publish(&Tick::At(n)).await.unwrap();
    }

    assert_eq!(take(&mut slow, 1).await, [Tick::Gap]);
    topic.publish(&Tick::At(20)).await.unwrap();
    assert_eq!(take(&mut slow, 1).await, [Tick::At(20)]);
}

#[tokio::test]
async fn a_snapshot_begins_the_stream_and_heals_a_gap() {
    let topic = topic(MemoryLimits { backlog_events: 1, ..MemoryLimits::default() });
    let first = topic.publish(&Tick::At(0)).await.unwrap();
    for n in 1..4 {
        topic.publish(&Tick::At(n)).await.unwrap();
    }
    let load = || async { Ok::<_, Never>(Tick::Snapshot(3)) };

    let mut fresh = Box::pin(topic.subscribe_or(load).into_events());
    let mut resumed = Box::pin(topic.clone().resume_after(Some(first)).subscribe_or(load).into_events());

    assert_eq!(take(&mut fresh, 1).await, [Tick::Snapshot(3)]);
    assert_eq!(take(&mut resumed, 1).await, [Tick::Snapshot(3)]);
}

#[tokio::test]
async fn an_idempotency_key_publishes_once() {
    let topic = topic(MemoryLimits::default());
    let mut events = Box::pin(subscribe(&topic).into_events());
    assert!(futures_util::poll!(events.next()).is_pending());

    let first = topic.publish_once(&Tick::At(1), "order-7").await.unwrap();
    let second = topic.publish_once(&Tick::At(1), "order-7").await.unwrap();
    topic.publish(&Tick::At(2)).await.unwrap();

    assert_eq!(first, second);
    assert_eq!(take(&mut events, 2).await, [Tick::At(1), Tick::At(2)]);
}

#[tokio::test]
async fn an_event_that_is_too_large_is_refused() {
    let topic = topic(MemoryLimits { event_bytes: 4, ..MemoryLimits::default() });

    let error = topic.publish(&Tick::At(1)).await.unwrap_err();

    assert!(matches!(error, BrokerError::TooLarge { size_bytes: 8, limit_bytes: 4, .. }), "{error}");
}
