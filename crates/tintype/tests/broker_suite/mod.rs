//! What every broker must do, whatever carries its events.
//!
//! Each broker's tests have a [`Harness`] and call `broker_suite!` with it.

use std::{sync::Arc, time::Duration};

use futures_util::{Stream, StreamExt};
use serde::{Deserialize, Serialize};
use tintype::{
    Broker, BrokerError, Event, EventId, Failure, Never, Subscription, Topic, TopicKey, Topics, Type, specta,
};

/// Starts brokers of one kind.
pub(crate) trait Harness {
    /// Two handles to the same topics, as two processes have them, with these limits.
    async fn start(limits: Limits) -> Self;

    /// The broker of the first process.
    fn broker(&self) -> Arc<dyn Broker>;

    /// The topics of the first process.
    fn here(&self) -> Topics {
        Topics::new(self.broker())
    }

    /// The topics of the second process; the same as those of the first if the broker is of one process.
    fn there(&self) -> Topics;

    /// Most events that the broker keeps when it was told to keep `events`.
    fn kept(events: usize) -> usize;
}

/// What cases ask of a broker.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    pub(crate) backlog_events: usize,
    pub(crate) event_bytes: usize,
    pub(crate) idempotency: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self { backlog_events: 256, event_bytes: 64 * 1024, idempotency: Duration::from_secs(600) }
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
pub(crate) enum Tick {
    At(u32),
    Gap,
    Snapshot(u32),
}

pub(crate) fn ticks(topics: &Topics) -> Topic<Tick> {
    topics.topic(TopicKey::new("tenant", &["ticks"]).unwrap())
}

pub(crate) fn subscribe(topic: &Topic<Tick>) -> Subscription<Tick> {
    topic.subscribe_with_gap(|| Tick::Gap)
}

/// The events of a subscription that has begun: what is published from now on is among them.
pub(crate) async fn listening(topic: &Topic<Tick>) -> impl Stream<Item = Result<Event<Tick>, Failure>> + Unpin + use<> {
    // A snapshot is sent when the subscription has begun, and not before.
    let mut events = Box::pin(topic.subscribe_or(|| async { Ok::<_, Never>(Tick::Snapshot(0)) }).into_events());
    assert_eq!(take(&mut events, 1).await, [Tick::Snapshot(0)]);
    events
}

/// A subscription that has begun, and says gaps.
pub(crate) async fn begun(topic: &Topic<Tick>) -> impl Stream<Item = Result<Event<Tick>, Failure>> + Unpin + use<> {
    let first = publish(topic, [0]).await.remove(0);
    publish(topic, [0]).await;
    let mut events = Box::pin(subscribe(&topic.clone().resume_after(Some(first))).into_events());
    assert_eq!(take(&mut events, 1).await, at([0]));
    events
}

/// The next events; a test that waits for one in vain fails.
pub(crate) async fn take(
    events: &mut (impl Stream<Item = Result<Event<Tick>, Failure>> + Unpin),
    count: usize,
) -> Vec<Tick> {
    let mut taken = Vec::new();
    while taken.len() < count {
        let next = tokio::time::timeout(Duration::from_secs(20), events.next()).await;
        taken.push(next.unwrap_or_else(|_| panic!("only {taken:?} came, of {count} events")).unwrap().unwrap().data);
    }
    taken
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

pub(crate) async fn subscribers_see_what_is_published_after_them_in_order<H: Harness>() {
    let brokers = H::start(Limits::default()).await;
    publish(&ticks(&brokers.there()), [0]).await;
    let mut here = listening(&ticks(&brokers.here())).await;
    let mut there = listening(&ticks(&brokers.there())).await;

    publish(&ticks(&brokers.there()), 1..=20).await;

    assert_eq!(take(&mut here, 20).await, at(1..=20));
    assert_eq!(take(&mut there, 20).await, at(1..=20));
}

pub(crate) async fn a_cursor_replays_what_came_after_it_once<H: Harness>() {
    let brokers = H::start(Limits::default()).await;
    let ids = publish(&ticks(&brokers.there()), 0..4).await;
    let resumed = ticks(&brokers.here()).resume_after(Some(ids[1].clone()));
    let mut resumed = Box::pin(subscribe(&resumed).into_events());

    assert_eq!(take(&mut resumed, 2).await, at(2..4));
    publish(&ticks(&brokers.there()), [4]).await;
    assert_eq!(take(&mut resumed, 1).await, at([4]));
}

pub(crate) async fn a_cursor_at_the_end_waits_for_what_comes<H: Harness>() {
    let brokers = H::start(Limits::default()).await;
    let ids = publish(&ticks(&brokers.here()), 0..3).await;
    let resumed = ticks(&brokers.there()).resume_after(Some(ids[2].clone()));
    let mut resumed = Box::pin(subscribe(&resumed).into_events());
    assert!(futures_util::poll!(resumed.next()).is_pending());

    publish(&ticks(&brokers.here()), 3..5).await;

    assert_eq!(take(&mut resumed, 2).await, at(3..5));
}

pub(crate) async fn the_position_before_the_first_event_is_a_cursor<H: Harness>() {
    let brokers = H::start(Limits::default()).await;
    let key = TopicKey::new("tenant", &["ticks"]).unwrap();
    let position = brokers.broker().subscribe(&key).await.unwrap().position;
    publish(&ticks(&brokers.there()), 0..3).await;

    let mut resumed = Box::pin(subscribe(&ticks(&brokers.there()).resume_after(Some(position))).into_events());

    assert_eq!(take(&mut resumed, 3).await, at(0..3));
}

pub(crate) async fn a_cursor_that_left_the_backlog_is_a_gap_and_the_stream_goes_on<H: Harness>() {
    let brokers = H::start(Limits { backlog_events: 2, ..Limits::default() }).await;
    let topic = ticks(&brokers.here());
    let first = publish(&topic, [0]).await.remove(0);
    let last = u32::try_from(H::kept(2)).unwrap() + 2;
    publish(&topic, 1..=last).await;
    let mut resumed = Box::pin(subscribe(&topic.clone().resume_after(Some(first))).into_events());

    assert_eq!(take(&mut resumed, 1).await, [Tick::Gap]);
    publish(&topic, [last + 1]).await;
    assert_eq!(take(&mut resumed, 1).await, at([last + 1]));
}

pub(crate) async fn a_cursor_that_is_not_of_this_topic_is_a_gap<H: Harness>() {
    let brokers = H::start(Limits::default()).await;
    let red: Topic<Tick> = brokers.here().topic(TopicKey::new("red", &["ticks"]).unwrap());
    let blue: Topic<Tick> = brokers.here().topic(TopicKey::new("blue", &["ticks"]).unwrap());
    let of_red = publish(&red, [1]).await.remove(0);
    let of_blue = publish(&blue, [2, 3]).await.remove(0);
    let future = of_blue.as_str().replacen(char::is_numeric, "9", 1);
    let texts = [
        of_red.as_str(),
        &future,
        "0",
        "0-0",
        "-1",
        "*",
        "$",
        "+",
        "(1-1",
        "99999999999999999999999999-1",
        "1-1 COUNT 1",
        "ключ",
        &"7".repeat(5000),
    ];

    for text in texts {
        let cursor = EventId::new(text).unwrap();
        let mut resumed = Box::pin(subscribe(&blue.clone().resume_after(Some(cursor))).into_events());
        assert_eq!(take(&mut resumed, 1).await, [Tick::Gap], "{text:?}");
    }
}

pub(crate) async fn a_subscriber_that_falls_behind_is_told<H: Harness>() {
    let brokers = H::start(Limits { backlog_events: 4, ..Limits::default() }).await;
    let topic = ticks(&brokers.here());
    let mut slow = begun(&topic).await;

    let last = u32::try_from(H::kept(4)).unwrap() + 20;
    publish(&topic, 1..=last).await;
    // When another subscriber hears the last event, this process has them all.
    let mut quick = listening(&topic).await;
    publish(&topic, [last + 1]).await;
    while take(&mut quick, 1).await != at([last + 1]) {}

    assert_eq!(take(&mut slow, 1).await, [Tick::Gap]);
    publish(&topic, [last + 2]).await;
    assert_eq!(take(&mut slow, 1).await, at([last + 2]));
}

pub(crate) async fn a_snapshot_begins_the_stream_and_heals_a_gap<H: Harness>() {
    let brokers = H::start(Limits { backlog_events: 1, ..Limits::default() }).await;
    let topic = ticks(&brokers.here());
    let first = publish(&topic, [0]).await.remove(0);
    let last = u32::try_from(H::kept(1)).unwrap() + 2;
    publish(&topic, 1..=last).await;
    let load = move || async move { Ok::<_, Never>(Tick::Snapshot(last)) };

    let mut fresh = Box::pin(topic.subscribe_or(load).into_events());
    let mut resumed = Box::pin(topic.clone().resume_after(Some(first)).subscribe_or(load).into_events());

    assert_eq!(take(&mut fresh, 1).await, [Tick::Snapshot(last)]);
    assert_eq!(take(&mut resumed, 1).await, [Tick::Snapshot(last)]);
}

pub(crate) async fn an_idempotency_key_publishes_once<H: Harness>() {
    let brokers = H::start(Limits::default()).await;
    let (here, there) = (ticks(&brokers.here()), ticks(&brokers.there()));
    let mut events = listening(&here).await;

    let first = here.publish_once(&Tick::At(1), "order-7").await.unwrap();
    let second = there.publish_once(&Tick::At(1), "order-7").await.unwrap();
    publish(&there, [2]).await;

    assert_eq!(first, second);
    assert_eq!(take(&mut events, 2).await, at([1, 2]));
}

pub(crate) async fn an_idempotency_key_is_of_its_topic_and_is_forgotten_in_time<H: Harness>() {
    let brokers = H::start(Limits { idempotency: Duration::from_millis(50), ..Limits::default() }).await;
    let red = ticks(&brokers.here());
    let blue: Topic<Tick> = brokers.here().topic(TopicKey::new("blue", &["ticks"]).unwrap());
    let first = red.publish_once(&Tick::At(1), "order-7").await.unwrap();

    assert_ne!(blue.publish_once(&Tick::At(1), "order-7").await.unwrap(), first);
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert_ne!(red.publish_once(&Tick::At(1), "order-7").await.unwrap(), first);
}

pub(crate) async fn an_event_that_is_too_large_is_refused<H: Harness>() {
    let brokers = H::start(Limits { event_bytes: 4, ..Limits::default() }).await;

    let error = ticks(&brokers.here()).publish(&Tick::At(1)).await.unwrap_err();

    assert!(matches!(error, BrokerError::TooLarge { size_bytes: 8, limit_bytes: 4, .. }), "{error}");
}

pub(crate) async fn scopes_do_not_hear_each_other<H: Harness>() {
    let brokers = H::start(Limits::default()).await;
    let topic =
        |topics: Topics, scope: &str| -> Topic<Tick> { topics.topic(TopicKey::new(scope, &["ticks"]).unwrap()) };
    let mut red = listening(&topic(brokers.here(), "red")).await;
    let mut blue = listening(&topic(brokers.here(), "blue")).await;

    publish(&topic(brokers.there(), "red"), [1]).await;
    publish(&topic(brokers.there(), "blue"), [2]).await;

    assert_eq!(take(&mut red, 1).await, at([1]));
    assert_eq!(take(&mut blue, 1).await, at([2]));
}

pub(crate) async fn publishers_at_the_same_time_make_one_order<H: Harness>() {
    let brokers = H::start(Limits::default()).await;
    let mut here = listening(&ticks(&brokers.here())).await;
    let mut there = listening(&ticks(&brokers.there())).await;

    let publishers = (0..4).map(|publisher| {
        let topic = ticks(&if publisher % 2 == 0 { brokers.here() } else { brokers.there() });
        tokio::spawn(async move { publish(&topic, (0..50).map(|n| publisher * 1000 + n)).await })
    });
    futures_util::future::join_all(publishers).await;

    let seen = take(&mut here, 200).await;
    assert_eq!(seen, take(&mut there, 200).await);
    for publisher in 0..4 {
        let of_publisher: Vec<Tick> =
            seen.iter().filter(|tick| matches!(tick, Tick::At(n) if n / 1000 == publisher)).cloned().collect();
        assert_eq!(of_publisher, at((0..50).map(|n| publisher * 1000 + n)));
    }
}

pub(crate) async fn thousands_of_short_subscriptions_leave_nothing_behind<H: Harness>() {
    let brokers = H::start(Limits::default()).await;
    let topic = ticks(&brokers.here());
    let first = publish(&topic, [0]).await.remove(0);

    for round in 0..2_000 {
        let topic = if round % 2 == 0 { topic.clone() } else { topic.clone().resume_after(Some(first.clone())) };
        let mut events = Box::pin(subscribe(&topic).into_events());
        // Some are dropped before they have begun, some in the middle.
        if round % 3 > 0 {
            let _ = futures_util::poll!(events.next());
        }
    }

    let mut events = listening(&topic).await;
    publish(&topic, [1]).await;
    assert_eq!(take(&mut events, 1).await, at([1]));
}

/// Makes a test of every case, with the harness of a broker.
macro_rules! broker_suite {
    ($harness:ty) => {
        broker_suite!(@cases $harness:
            subscribers_see_what_is_published_after_them_in_order
            a_cursor_replays_what_came_after_it_once
            a_cursor_at_the_end_waits_for_what_comes
            the_position_before_the_first_event_is_a_cursor
            a_cursor_that_left_the_backlog_is_a_gap_and_the_stream_goes_on
            a_cursor_that_is_not_of_this_topic_is_a_gap
            a_subscriber_that_falls_behind_is_told
            a_snapshot_begins_the_stream_and_heals_a_gap
            an_idempotency_key_publishes_once
            an_idempotency_key_is_of_its_topic_and_is_forgotten_in_time
            an_event_that_is_too_large_is_refused
            scopes_do_not_hear_each_other
            publishers_at_the_same_time_make_one_order
            thousands_of_short_subscriptions_leave_nothing_behind
        );
    };
    (@cases $harness:ty: $($case:ident)*) => {
        $(
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $case() {
                crate::broker_suite::$case::<$harness>().await;
            }
        )*
    };
}
pub(crate) use broker_suite;
