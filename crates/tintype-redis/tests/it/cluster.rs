//! The broker on a cluster: topics on every master, and what subscribers see when masters fail and topics move.

use std::{
    sync::{Arc, Weak},
    time::Duration,
};

use tintype::{Broker, Topic, TopicKey, Topics};
use tintype_redis::{RedisBroker, RedisOptions, testing::RedisCluster};
use tokio::sync::Mutex;

use crate::{
    broker_suite::{Harness, Limits, Tick, begun, broker_suite, listening, publish, take, ticks},
    faults::publish_surely,
};

/// A cluster that every case of the suite uses while one runs: prefixes keep them apart.
async fn shared_cluster() -> Arc<RedisCluster> {
    static SHARED: Mutex<Weak<RedisCluster>> = Mutex::const_new(Weak::new());
    let mut shared = SHARED.lock().await;
    if let Some(cluster) = shared.upgrade() {
        return cluster;
    }
    let cluster = Arc::new(RedisCluster::start().await);
    *shared = Arc::downgrade(&cluster);
    cluster
}

struct TwoProcesses {
    here: Arc<RedisBroker>,
    there: Arc<RedisBroker>,
    _cluster: Arc<RedisCluster>,
}

impl Harness for TwoProcesses {
    async fn start(limits: Limits) -> Self {
        let cluster = shared_cluster().await;
        let mut options = options(&cluster);
        options.prefix = format!("{:016x}", rand::random::<u64>());
        options.backlog_events = limits.backlog_events;
        options.event_bytes = limits.event_bytes;
        options.idempotency = limits.idempotency;
        let broker = || Arc::new(RedisBroker::new(options.clone()).unwrap());
        Self { here: broker(), there: broker(), _cluster: cluster }
    }

    fn broker(&self) -> Arc<dyn Broker> {
        self.here.clone()
    }

    fn there(&self) -> Topics {
        Topics::new(self.there.clone())
    }

    fn kept(events: usize) -> usize {
        events + 100
    }
}

broker_suite!(TwoProcesses);

fn options(cluster: &RedisCluster) -> RedisOptions {
    let urls = cluster.urls();
    let mut options = RedisOptions::cluster(&urls.iter().map(String::as_str).collect::<Vec<_>>()).unwrap();
    options.probe_interval = Duration::from_millis(300);
    options
}

fn topics(cluster: &RedisCluster) -> Topics {
    Topics::new(RedisBroker::new(options(cluster)).unwrap())
}

fn at(numbers: impl IntoIterator<Item = u32>) -> Vec<Tick> {
    numbers.into_iter().map(Tick::At).collect()
}

/// Everything up to the event of `last`.
async fn until(
    events: &mut (impl futures_util::Stream<Item = Result<tintype::Event<Tick>, tintype::Failure>> + Unpin),
    last: u32,
) -> Vec<Tick> {
    let mut seen = Vec::new();
    while seen.last() != Some(&Tick::At(last)) {
        seen.extend(take(events, 1).await);
    }
    seen
}

#[tokio::test(flavor = "multi_thread")]
async fn topics_are_spread_over_the_masters_and_heard_from_each() {
    const TOPICS: u32 = 60;
    let cluster = shared_cluster().await;
    let mut options = options(&cluster);
    options.prefix = format!("{:016x}", rand::random::<u64>());
    let (here, there) = (RedisBroker::new(options.clone()).unwrap(), RedisBroker::new(options.clone()).unwrap());
    let (here, there) = (Topics::new(here), Topics::new(there));
    let key = |number: u32| TopicKey::new("tenant", &["ticks", &number.to_string()]).unwrap();
    let mut streams = Vec::new();
    for number in 0..TOPICS {
        streams.push(listening(&here.topic(key(number))).await);
    }

    for number in 0..TOPICS {
        let topic: Topic<Tick> = there.topic(key(number));
        publish(&topic, [number]).await;
    }

    for (number, events) in (0..TOPICS).zip(&mut streams) {
        assert_eq!(take(events, 1).await, at([number]));
    }
    let mut masters = Vec::new();
    for number in 0..TOPICS {
        masters.push(cluster.master_of(&options.prefix, &key(number)).await);
    }
    for master in 0..3 {
        assert!(masters.contains(&master), "{masters:?}");
    }
    here.check().unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_topic_that_moves_to_another_master_costs_nothing() {
    const EVENTS: u32 = 150;
    let cluster = RedisCluster::start().await;
    let (here, there) = (topics(&cluster), topics(&cluster));
    let key = TopicKey::new("tenant", &["ticks"]).unwrap();
    let mut events = begun(&ticks(&here)).await;
    let publishing = tokio::spawn(async move {
        let topic = ticks(&there);
        for number in 1..=EVENTS {
            publish_surely(&topic, number).await;
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    });
    let from = cluster.master_of("tt", &key).await;

    tokio::time::sleep(Duration::from_millis(300)).await;
    cluster.move_topic("tt", &key, from, (from + 1) % 3).await;
    tokio::time::sleep(Duration::from_millis(300)).await;
    cluster.move_topic("tt", &key, (from + 1) % 3, from).await;

    assert_eq!(until(&mut events, EVENTS).await, at(1..=EVENTS));
    publishing.await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_master_that_dies_is_replaced_by_its_replica_and_the_other_masters_go_on() {
    let mut cluster = RedisCluster::start().await;
    let key = TopicKey::new("tenant", &["ticks"]).unwrap();
    let dying = cluster.master_of("tt", &key).await;
    cluster.add_replica_of(dying).await;
    let (here, there) = (topics(&cluster), topics(&cluster));
    let mut events = begun(&ticks(&here)).await;
    publish(&ticks(&there), 1..=5).await;
    assert_eq!(take(&mut events, 5).await, at(1..=5));
    cluster.nodes[dying].run(&["WAIT", "1", "5000"]).await;

    cluster.nodes[dying].kill();
    for number in 6..=20 {
        publish_surely(&ticks(&there), number).await;
    }

    cluster.is_promoted(3).await;
    assert_eq!(until(&mut events, 20).await, at(6..=20));
    // Who comes now resumes at the new master.
    let mut late = begun(&ticks(&topics(&cluster))).await;
    publish_surely(&ticks(&there), 21).await;
    assert_eq!(until(&mut late, 21).await, at([21]));
}

#[tokio::test(flavor = "multi_thread")]
async fn connections_that_are_cut_and_a_master_that_stands_still_cost_nothing() {
    let cluster = RedisCluster::start().await;
    let (here, there) = (topics(&cluster), topics(&cluster));
    let key = TopicKey::new("tenant", &["ticks"]).unwrap();
    let mut events = begun(&ticks(&here)).await;
    let master = &cluster.nodes[cluster.master_of("tt", &key).await];

    for round in 0..3 {
        for node in &cluster.nodes {
            for kind in ["pubsub", "normal"] {
                node.run(&["CLIENT", "KILL", "TYPE", kind, "SKIPME", "yes"]).await;
            }
        }
        publish_surely(&ticks(&there), 2 * round).await;
        master.pause();
        tokio::time::sleep(Duration::from_millis(1_500)).await;
        master.resume();
        publish_surely(&ticks(&there), 2 * round + 1).await;
    }

    assert_eq!(until(&mut events, 5).await, at(0..=5));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_master_that_was_emptied_is_a_gap() {
    let mut cluster = RedisCluster::start().await;
    let topics = topics(&cluster);
    let key = TopicKey::new("tenant", &["ticks"]).unwrap();
    let mut events = begun(&ticks(&topics)).await;
    let master = cluster.master_of("tt", &key).await;

    cluster.nodes[master].run(&["FLUSHALL"]).await;
    publish_surely(&ticks(&topics), 1).await;

    assert_eq!(take(&mut events, 1).await, [Tick::Gap]);
    publish_surely(&ticks(&topics), 2).await;
    until(&mut events, 2).await;
    cluster.nodes[master].kill();
    let unready = async {
        while topics.check().is_ok() {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), unready).await.expect("one of three masters is away");
}
