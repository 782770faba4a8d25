//! Snapshots after gaps: once for all who wait for the same, and never older than anybody's position.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use futures_util::{FutureExt, Stream, StreamExt, future::join_all};
use tintype::{Event, EventId, Failure, MemoryBroker, MemoryLimits, Never, Subscription, Topic, TopicKey, Topics};

use crate::broker_suite::{Tick, take, ticks};

const SUBSCRIBERS: usize = 50;

/// What snapshots are loaded from, and how often that was done.
#[derive(Debug, Clone, Default)]
struct Store {
    latest: Arc<AtomicU32>,
    loads: Arc<AtomicU32>,
}

impl Store {
    fn snapshot(&self) -> Tick {
        self.loads.fetch_add(1, Ordering::Relaxed);
        Tick::Snapshot(self.latest.load(Ordering::Relaxed))
    }

    async fn publish(&self, topic: &Topic<Tick>, number: u32) {
        self.latest.store(number, Ordering::Relaxed);
        topic.publish(&Tick::At(number)).await.unwrap();
    }

    fn subscribe(&self, topic: &Topic<Tick>) -> Subscription<Tick> {
        let store = self.clone();
        topic.subscribe_or(move || {
            let snapshot = store.snapshot();
            async { Ok::<_, Never>(snapshot) }
        })
    }

    fn subscribe_shared(&self, topic: &Topic<Tick>) -> Subscription<Tick> {
        let store = self.clone();
        topic.subscribe_or_shared(move || {
            let snapshot = store.snapshot();
            async { Ok::<_, Never>(snapshot) }
        })
    }

    fn loads(&self) -> u32 {
        self.loads.swap(0, Ordering::Relaxed)
    }
}

fn topics(spread: Duration) -> Topics {
    let broker = MemoryBroker::new(MemoryLimits { backlog_events: 4, ..MemoryLimits::default() });
    Topics::new(broker).spread_snapshots(spread)
}

fn topic(spread: Duration) -> Topic<Tick> {
    ticks(&topics(spread))
}

type Live = std::pin::Pin<Box<dyn Stream<Item = Result<Event<Tick>, Failure>> + Send>>;

/// Subscriptions that have begun, and fall out of the backlog before they are read again.
async fn behind(store: &Store, topic: &Topic<Tick>, subscribe: impl Fn() -> Subscription<Tick>) -> Vec<Live> {
    let mut live: Vec<Live> = (0..SUBSCRIBERS).map(|_| subscribe().into_events().boxed()).collect();
    for events in &mut live {
        assert_eq!(events.next().now_or_never().unwrap().unwrap().unwrap().data, Tick::Snapshot(0), "at once");
    }
    assert_eq!(store.loads(), 50);
    for number in 1..=10 {
        store.publish(topic, number).await;
    }
    live
}

#[tokio::test]
async fn a_shared_snapshot_is_loaded_once_for_all_who_wait() {
    let (store, topic) = (Store::default(), topic(Duration::from_millis(100)));
    let mut live = behind(&store, &topic, || store.subscribe_shared(&topic)).await;

    for seen in join_all(live.iter_mut().map(|events| take(events, 1))).await {
        assert_eq!(seen, [Tick::Snapshot(10)]);
    }

    assert_eq!(store.loads(), 1);
    store.publish(&topic, 11).await;
    for seen in join_all(live.iter_mut().map(|events| take(events, 1))).await {
        assert_eq!(seen, [Tick::At(11)]);
    }
}

#[tokio::test]
async fn a_snapshot_that_is_not_shared_is_loaded_for_each() {
    let (store, topic) = (Store::default(), topic(Duration::from_millis(100)));
    let mut live = behind(&store, &topic, || store.subscribe(&topic)).await;

    for seen in join_all(live.iter_mut().map(|events| take(events, 1))).await {
        assert_eq!(seen, [Tick::Snapshot(10)]);
    }

    assert_eq!(store.loads(), 50);
}

#[tokio::test]
async fn what_other_code_or_another_topic_loads_is_not_shared() {
    let (store, topics) = (Store::default(), topics(Duration::from_millis(100)));
    let (topic, other) = (ticks(&topics), topics.topic(TopicKey::new("tenant", &["other"]).unwrap()));
    let store_here = store.clone();
    let differently = move || {
        let snapshot = store_here.snapshot();
        async { Ok::<_, Never>(snapshot) }
    };
    let mut subscriptions =
        vec![store.subscribe_shared(&topic), topic.subscribe_or_shared(differently), store.subscribe_shared(&other)]
            .into_iter()
            .map(|subscription| subscription.into_events().boxed())
            .collect::<Vec<_>>();
    for events in &mut subscriptions {
        take(events, 1).await;
    }
    store.loads();
    for number in 1..=10 {
        store.publish(&topic, number).await;
        store.publish(&other, number).await;
    }

    join_all(subscriptions.iter_mut().map(|events| take(events, 1))).await;

    assert_eq!(store.loads(), 3);
}

#[tokio::test]
async fn who_leaves_takes_no_snapshot_from_those_who_stay() {
    let (store, topic) = (Store::default(), topic(Duration::from_millis(50)));
    let mut live = behind(&store, &topic, || store.subscribe_shared(&topic)).await;
    let staying = live.split_off(SUBSCRIBERS / 2);
    // Each waits, and those who leave were the first: the snapshot is under way by their doing.
    for events in &mut live {
        assert!(events.next().now_or_never().is_none());
    }
    let mut staying = staying;
    for events in &mut staying {
        assert!(events.next().now_or_never().is_none());
    }
    drop(live);

    for seen in join_all(staying.iter_mut().map(|events| take(events, 1))).await {
        assert_eq!(seen, [Tick::Snapshot(10)]);
    }
    assert_eq!(store.loads(), 1);
}

#[tokio::test]
async fn a_snapshot_that_nobody_waits_for_is_forgotten() {
    let (store, topic) = (Store::default(), topic(Duration::from_millis(50)));
    let mut live = behind(&store, &topic, || store.subscribe_shared(&topic)).await;
    for events in &mut live {
        assert!(events.next().now_or_never().is_none());
    }

    drop(live.split_off(1));
    drop(live);

    let mut live = behind_again(&store, &topic).await;
    assert_eq!(take(&mut live, 1).await, [Tick::Snapshot(20)]);
    assert_eq!(store.loads(), 1);
}

async fn behind_again(store: &Store, topic: &Topic<Tick>) -> Live {
    let mut live = store.subscribe_shared(topic).into_events().boxed();
    take(&mut live, 1).await;
    store.loads();
    for number in 11..=20 {
        store.publish(topic, number).await;
    }
    live
}

#[tokio::test]
async fn a_snapshot_is_not_older_than_the_position_of_any_who_share_it() {
    let (store, topic) = (Store::default(), topic(Duration::from_millis(50)));
    for round in 0..20 {
        let mut first = store.subscribe_shared(&topic).into_events().boxed();
        let mut second = store.subscribe_shared(&topic).into_events().boxed();
        take(&mut first, 1).await;
        take(&mut second, 1).await;
        store.loads();
        for number in 1..=10 {
            store.publish(&topic, round * 100 + number).await;
        }
        assert!(first.next().now_or_never().is_none());
        // While the first waits, more happens that the second does not hear of but through the snapshot.
        for number in 11..=20 {
            store.publish(&topic, round * 100 + number).await;
        }

        let seen = take(&mut second, 1).await;

        assert_eq!(seen, [Tick::Snapshot(round * 100 + 20)]);
    }
}

#[tokio::test]
async fn a_panic_reaches_everybody_who_waits() {
    let topic = topic(Duration::from_millis(50));
    let loads = Arc::new(AtomicU32::new(0));
    let subscribe = || {
        let loads = Arc::clone(&loads);
        topic.subscribe_or_shared(move || {
            let loads = Arc::clone(&loads);
            async move {
                assert!(loads.fetch_add(1, Ordering::Relaxed) < 2, "a bug in the second half");
                Ok::<_, Never>(Tick::Snapshot(0))
            }
        })
    };
    let mut live = [subscribe().into_events().boxed(), subscribe().into_events().boxed()];
    for events in &mut live {
        take(events, 1).await;
    }
    for number in 1..=10 {
        topic.publish(&Tick::At(number)).await.unwrap();
    }

    for seen in join_all(live.iter_mut().map(StreamExt::next)).await {
        assert!(seen.unwrap().is_err());
    }
}

#[tokio::test]
async fn a_cursor_that_is_unknown_at_the_start_is_healed_at_once() {
    let (store, topic) = (Store::default(), topic(Duration::from_secs(3600)));
    let cursor = Some(EventId::new("nonsense").unwrap());

    let mut events = store.subscribe(&topic.resume_after(cursor)).into_events().boxed();

    assert_eq!(take(&mut events, 1).await, [Tick::Snapshot(0)]);
}
