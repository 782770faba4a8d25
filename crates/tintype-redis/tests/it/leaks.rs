//! What subscribers leave behind: nothing.

use std::time::Duration;

use futures_util::StreamExt;
use tintype::{Topic, TopicKey, Topics};
use tintype_redis::{RedisBroker, RedisOptions, testing::RedisServer};
use tokio::runtime::Handle;

use crate::broker_suite::{Tick, listening, subscribe, take, ticks};

/// Channels to which somebody listens, without that of the probes.
async fn channels(server: &RedisServer) -> Vec<String> {
    let channels: Vec<String> = redis::from_redis_value(server.run(&["PUBSUB", "CHANNELS"]).await).unwrap();
    channels.into_iter().filter(|name| !name.contains("#probe")).collect()
}

#[tokio::test]
async fn ten_thousand_quick_subscribes_and_drops_leave_no_topic_and_no_task() {
    let server = RedisServer::start().await;
    let mut options = RedisOptions::url(&server.url()).unwrap();
    // At once, so that topics are left and joined again all the time.
    options.linger = Duration::ZERO;
    options.probe_interval = Duration::from_millis(400);
    let topics = Topics::new(RedisBroker::new(options).unwrap());
    // With an event that has come, both connections and their tasks are there.
    let mut events = listening(&ticks(&topics)).await;
    ticks(&topics).publish(&Tick::At(0)).await.unwrap();
    assert_eq!(take(&mut events, 1).await, [Tick::At(0)]);
    drop(events);
    let tasks = Handle::current().metrics().num_alive_tasks();

    for round in 0..10_000 {
        let topic: Topic<Tick> = topics.topic(TopicKey::new("tenant", &[&format!("ticks-{}", round % 50)]).unwrap());
        let mut events = Box::pin(subscribe(&topic).into_events());
        match round % 20 {
            // It begins, and is dropped while it waits for an event.
            0 => drop(tokio::time::timeout(Duration::from_millis(1), events.next()).await),
            // It is dropped before it has begun.
            1..15 => drop(futures_util::poll!(events.next())),
            // It is dropped before anybody asks for its events.
            _ => {}
        }
    }

    // The tasks first, because looking for channels has one of its own.
    let alive = || Handle::current().metrics().num_alive_tasks();
    let is_clean = async {
        while alive() > tasks || !channels(&server).await.is_empty() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    let cleaned = tokio::time::timeout(Duration::from_secs(20), is_clean).await;
    assert!(cleaned.is_ok(), "{} tasks are left of {tasks}, and {:?}", alive(), channels(&server).await);
    // And topics work as before.
    let mut events = listening(&ticks(&topics)).await;
    ticks(&topics).publish(&Tick::At(1)).await.unwrap();
    assert_eq!(take(&mut events, 1).await, [Tick::At(1)]);
}
