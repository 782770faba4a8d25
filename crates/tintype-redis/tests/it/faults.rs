//! What subscribers see when Redis fails: every event once and in order, or a gap.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use futures_util::{StreamExt, future::join_all};
use redis::Value;
use tintype::{Broker, BrokerError, Never, Topic, TopicKey, Topics};
use tintype_redis::{
    RedisBroker, RedisOptions,
    testing::{RedisServer, StallingProxy},
};

use crate::broker_suite::{Tick, begun, listening, subscribe, take, ticks};

fn options(url: &str) -> RedisOptions {
    RedisOptions::url(url).unwrap()
}

fn topics(options: RedisOptions) -> Topics {
    Topics::new(RedisBroker::new(options).unwrap())
}

/// Publishes until it succeeds, as a sweeper does: the idempotency key makes that safe.
pub(crate) async fn publish_surely(topic: &Topic<Tick>, number: u32) {
    for _ in 0..200 {
        match topic.publish_once(&Tick::At(number), &number.to_string()).await {
            Ok(_) => return,
            Err(error) => assert!(matches!(error, BrokerError::Unavailable(_)), "{error}"),
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("{number} could not be published");
}

#[tokio::test]
async fn a_server_that_crashes_and_comes_back_costs_nothing_that_it_kept() {
    let mut server = RedisServer::start().await;
    server.run(&["CONFIG", "SET", "appendfsync", "always"]).await;
    let (here, there) = (topics(options(&server.url())), topics(options(&server.url())));
    let mut events = listening(&ticks(&here)).await;
    publish_surely(&ticks(&there), 1).await;

    server.kill();
    let error = ticks(&there).publish(&Tick::At(0)).await.unwrap_err();
    assert!(matches!(error, BrokerError::Unavailable(_)), "{error}");
    server.restart().await;
    for number in 2..=5 {
        publish_surely(&ticks(&there), number).await;
    }

    assert_eq!(take(&mut events, 5).await, (1..=5).map(Tick::At).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_server_that_comes_back_empty_is_a_gap() {
    let mut server = RedisServer::start().await;
    let topics = topics(options(&server.url()));
    let mut events = begun(&ticks(&topics)).await;
    let mut healed = listening(&ticks(&topics)).await;

    server.kill();
    server.restart_empty().await;

    // Nobody has published: that the server forgot is enough.
    assert_eq!(take(&mut events, 1).await, [Tick::Gap]);
    publish_surely(&ticks(&topics), 2).await;
    assert_eq!(take(&mut events, 1).await, [Tick::At(2)]);
    // Who declared a snapshot is healed by one.
    assert_eq!(take(&mut healed, 2).await, [Tick::Snapshot(0), Tick::At(2)]);
}

#[tokio::test]
async fn a_server_that_is_emptied_is_a_gap_at_the_next_event() {
    let server = RedisServer::start().await;
    let topic = ticks(&topics(options(&server.url())));
    let mut events = listening(&topic).await;
    publish_surely(&topic, 1).await;
    assert_eq!(take(&mut events, 1).await, [Tick::At(1)]);

    server.run(&["FLUSHALL"]).await;
    publish_surely(&topic, 2).await;
    publish_surely(&topic, 3).await;

    let healed = take(&mut events, 1).await;
    assert_eq!(healed, [Tick::Snapshot(0)]);
    publish_surely(&topic, 4).await;
    let mut seen = take(&mut events, 1).await;
    while seen.last() != Some(&Tick::At(4)) {
        seen.extend(take(&mut events, 1).await);
    }
    assert!([&[Tick::At(3), Tick::At(4)][..], &[Tick::At(4)]].contains(&&*seen), "{seen:?}");
}

#[tokio::test]
async fn an_event_under_the_id_of_another_is_not_taken_for_it() {
    let server = RedisServer::start().await;
    let topic = ticks(&topics(options(&server.url())));
    let mut events = listening(&topic).await;
    let first = topic.publish(&Tick::At(1)).await.unwrap();
    assert_eq!(take(&mut events, 1).await, [Tick::At(1)]);

    // As it happens when a server is emptied and goes on within the same millisecond.
    let entry = first.as_str().split('.').next().unwrap();
    let (stream, last) = keys(&server).await;
    server.run(&["FLUSHALL"]).await;
    server.run(&["XADD", &stream, entry, "p", "0-0", "d", r#"{"At":2}"#]).await;
    server.run(&["SET", &last, entry]).await;
    server.run(&["PUBLISH", &stream, &format!(r#"{entry} 0-0 {{"At":2}}"#)]).await;
    publish_surely(&topic, 3).await;

    assert_eq!(take(&mut events, 2).await, [Tick::Snapshot(0), Tick::At(3)]);
}

#[tokio::test]
async fn connections_that_are_cut_cost_nothing() {
    let server = RedisServer::start().await;
    let (here, there) = (topics(options(&server.url())), topics(options(&server.url())));
    let mut events = listening(&ticks(&here)).await;

    for number in 0..60 {
        publish_surely(&ticks(&there), number).await;
        if number % 10 == 0 {
            server.run(&["CLIENT", "KILL", "TYPE", "pubsub"]).await;
        }
        if number % 15 == 0 {
            server.run(&["CLIENT", "KILL", "TYPE", "normal"]).await;
        }
    }

    assert_eq!(take(&mut events, 60).await, (0..60).map(Tick::At).collect::<Vec<_>>());
}

#[tokio::test]
async fn many_topics_are_caught_up_with_one_question_and_one_replay_at_a_time() {
    let server = RedisServer::start().await;
    let mut narrow = options(&server.url());
    (narrow.questions, narrow.replays) = (1, 1);
    let (here, there) = (topics(narrow), topics(options(&server.url())));
    let topic = |topics: &Topics, number: u32| -> Topic<Tick> {
        topics.topic(TopicKey::new("tenant", &[&format!("ticks-{number}")]).unwrap())
    };
    let mut live = Vec::new();
    for number in 0..20 {
        live.push(listening(&topic(&here, number)).await);
    }

    let mut cursors = Vec::new();
    server.run(&["CLIENT", "KILL", "TYPE", "pubsub"]).await;
    for number in 0..20 {
        cursors.push(topic(&there, number).publish(&Tick::At(1)).await.unwrap());
        publish_surely(&topic(&there, number), 2).await;
    }

    for events in &mut live {
        assert_eq!(take(events, 2).await, [1, 2].map(Tick::At));
    }
    // Others come back to a process that does not have their topics yet.
    let mut other = options(&server.url());
    (other.questions, other.replays) = (1, 1);
    let other = topics(other);
    let resumed = cursors.into_iter().zip(0..).map(async |(cursor, number)| {
        let resumed = topic(&other, number).resume_after(Some(cursor));
        take(&mut Box::pin(subscribe(&resumed).into_events()), 1).await
    });
    for seen in futures_util::future::join_all(resumed).await {
        assert_eq!(seen, [Tick::At(2)]);
    }
}

#[tokio::test]
async fn a_server_that_stands_still_costs_nothing() {
    let server = RedisServer::start().await;
    let mut quick = options(&server.url());
    quick.probe_interval = Duration::from_millis(200);
    let (here, there) = (topics(quick.clone()), topics(quick));
    let mut events = listening(&ticks(&here)).await;
    publish_surely(&ticks(&there), 0).await;

    server.pause();
    let error = ticks(&there).publish_once(&Tick::At(1), "1").await.unwrap_err();
    tokio::time::sleep(Duration::from_millis(500)).await;
    server.resume();
    for number in 1..5 {
        publish_surely(&ticks(&there), number).await;
    }

    assert!(matches!(error, BrokerError::Unavailable(_)), "{error}");
    assert_eq!(take(&mut events, 5).await, (0..5).map(Tick::At).collect::<Vec<_>>());
}

/// The names of the topic's stream and of the key of its last event.
async fn keys(server: &RedisServer) -> (String, String) {
    let keys: Vec<String> = redis::from_redis_value(server.run(&["KEYS", "*"]).await).unwrap();
    let stream = keys.iter().find(|key| !key.contains('#')).unwrap().clone();
    (stream.clone(), format!("{stream}#last"))
}

#[tokio::test]
async fn a_message_that_did_not_arrive_is_fetched_before_the_next_is_delivered() {
    let server = RedisServer::start().await;
    let topic = ticks(&topics(options(&server.url())));
    let mut events = listening(&topic).await;
    publish_surely(&topic, 1).await;

    server.append_unheard("tt", topic.key(), r#"{"At":2}"#).await;
    publish_surely(&topic, 3).await;

    assert_eq!(take(&mut events, 3).await, [1, 2, 3].map(Tick::At));
}

#[tokio::test]
async fn a_write_that_was_lost_in_a_failover_is_a_gap() {
    let server = RedisServer::start().await;
    let topic = ticks(&topics(options(&server.url())));
    let mut events = listening(&topic).await;
    let kept = topic.publish(&Tick::At(1)).await.unwrap();
    let lost = topic.publish(&Tick::At(2)).await.unwrap();
    assert_eq!(take(&mut events, 2).await, [1, 2].map(Tick::At));

    // As the new master has it, to which the second event never came.
    let (stream, last) = keys(&server).await;
    let entry = |id: &tintype::EventId| id.as_str().split('.').next().unwrap().to_owned();
    server.run(&["XDEL", &stream, &entry(&lost)]).await;
    server.run(&["SET", &last, &entry(&kept)]).await;
    publish_surely(&topic, 3).await;

    assert_eq!(take(&mut events, 1).await, [Tick::Snapshot(0)]);
    publish_surely(&topic, 4).await;
    assert_eq!(take(&mut events, 1).await, [Tick::At(4)]);
    let resumed = topic.clone().resume_after(Some(lost));
    let mut resumed = Box::pin(subscribe(&resumed).into_events());
    assert_eq!(take(&mut resumed, 1).await, [Tick::Gap]);
}

#[tokio::test]
async fn who_was_away_when_events_were_lost_has_a_gap() {
    let mut server = RedisServer::start().await;
    let (here, there) = (topics(options(&server.url())), topics(options(&server.url())));
    let mut events = listening(&ticks(&here)).await;
    let kept = ticks(&there).publish(&Tick::At(1)).await.unwrap();
    assert_eq!(take(&mut events, 1).await, [Tick::At(1)]);

    let forgetting = server.kill_and_forget(Duration::from_millis(300));
    let publishing = async {
        ticks(&there).publish(&Tick::At(2)).await.unwrap();
        assert_eq!(take(&mut events, 1).await, [Tick::At(2)]);
    };
    futures_util::join!(forgetting, publishing);
    server.restart().await;
    assert_eq!(take(&mut events, 1).await, [Tick::Snapshot(0)]);
    publish_surely(&ticks(&there), 3).await;

    // It never had the second event, and the third follows the first in the stream; all the same something is missing.
    let mut away = Box::pin(subscribe(&ticks(&there).resume_after(Some(kept.clone()))).into_events());
    assert_eq!(take(&mut away, 1).await, [Tick::Gap]);
    // The cursor of a client does no such thing.
    let named = |text: &str| tintype::EventId::new(kept.as_str().replacen('-', text, 1)).unwrap();
    let mut liar = Box::pin(subscribe(&ticks(&there).resume_after(Some(named("9-")))).into_events());
    assert_eq!(take(&mut liar, 1).await, [Tick::Gap]);
    assert_eq!(take(&mut events, 1).await, [Tick::At(3)]);
    publish_surely(&ticks(&there), 4).await;
    assert_eq!(take(&mut events, 1).await, [Tick::At(4)]);
    assert_eq!(take(&mut away, 1).await, [Tick::At(4)]);
}

#[tokio::test]
async fn a_connection_that_only_looks_alive_is_replaced() {
    let server = RedisServer::start().await;
    let proxy = StallingProxy::start(server.port()).await;
    let mut listener = options(&proxy.url());
    listener.probe_interval = Duration::from_millis(100);
    let broker = Arc::new(RedisBroker::new(listener).unwrap());
    let here = Topics::new(broker.clone());
    let there = topics(options(&server.url()));
    let mut events = listening(&ticks(&here)).await;
    publish_surely(&ticks(&there), 1).await;
    assert_eq!(take(&mut events, 1).await, [Tick::At(1)]);

    proxy.stall();
    publish_surely(&ticks(&there), 2).await;

    assert_eq!(take(&mut events, 1).await, [Tick::At(2)]);
    broker.check().unwrap();
}

#[tokio::test]
async fn a_server_that_is_away_makes_the_broker_unready() {
    let mut server = RedisServer::start().await;
    let mut quick = options(&server.url());
    quick.probe_interval = Duration::from_millis(50);
    let broker = Arc::new(RedisBroker::new(quick).unwrap());
    let _events = listening(&ticks(&Topics::new(broker.clone()))).await;
    broker.check().unwrap();

    server.kill();
    while broker.check().is_ok() {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    server.restart().await;
    while broker.check().is_err() {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn a_subscription_without_a_server_fails_as_unavailable() {
    let mut server = RedisServer::start().await;
    server.kill();
    let topic = ticks(&topics(options(&server.url())));

    let mut events = Box::pin(subscribe(&topic).into_events());

    let failure = events.next().await.unwrap().unwrap_err();
    assert_eq!(failure.code(), tintype::ErrorCode::ServiceUnavailable);
}

#[tokio::test]
async fn a_topic_to_which_somebody_listens_is_not_forgotten() {
    let server = RedisServer::start().await;
    let mut short = options(&server.url());
    short.idle = Duration::from_millis(400);
    short.probe_interval = Duration::from_millis(50);
    let topic = ticks(&topics(short));
    let mut events = listening(&topic).await;
    publish_surely(&topic, 1).await;

    tokio::time::sleep(Duration::from_millis(1200)).await;
    publish_surely(&topic, 2).await;

    assert_eq!(take(&mut events, 2).await, [1, 2].map(Tick::At));
}

#[tokio::test]
async fn a_topic_without_subscribers_is_left_and_its_keys_expire() {
    let server = RedisServer::start().await;
    let mut short = options(&server.url());
    short.idle = Duration::from_millis(200);
    short.idempotency = Duration::from_millis(200);
    short.linger = Duration::from_millis(50);
    short.probe_interval = Duration::from_millis(50);
    let topic = ticks(&topics(short));
    let events = listening(&topic).await;
    publish_surely(&topic, 1).await;
    let channels = async || -> Vec<String> {
        let channels: Value = server.run(&["PUBSUB", "CHANNELS", "*ticks"]).await;
        redis::from_redis_value(channels).unwrap()
    };
    assert_eq!(channels().await.len(), 1);

    drop(events);

    while !channels().await.is_empty() || server.run(&["DBSIZE"]).await != Value::Int(0) {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    // Who comes back listens again.
    let mut events = listening(&topic).await;
    publish_surely(&topic, 2).await;
    assert_eq!(take(&mut events, 1).await, [Tick::At(2)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_redis_that_lost_everything_is_not_followed_by_a_snapshot_for_each_subscriber() {
    const SUBSCRIBERS: u32 = 300;
    let redis = RedisServer::start().await;
    let broker = RedisBroker::new(RedisOptions::url(&redis.url()).unwrap()).unwrap();
    let topic = ticks(&Topics::new(broker).spread_snapshots(Duration::from_secs(1)));
    let loads = Arc::new(AtomicU32::new(0));
    let subscribe = || {
        let loads = Arc::clone(&loads);
        topic.subscribe_or_shared(move || {
            let load = loads.fetch_add(1, Ordering::Relaxed);
            async move { Ok::<_, Never>(Tick::Snapshot(load)) }
        })
    };
    let mut subscribers = Vec::new();
    for _ in 0..SUBSCRIBERS {
        let mut events = Box::pin(subscribe().into_events());
        take(&mut events, 1).await;
        subscribers.push(events);
    }
    assert_eq!(loads.swap(0, Ordering::Relaxed), SUBSCRIBERS, "each begins at once, with its own");

    redis.run(&["FLUSHALL"]).await;
    // What is published next does not follow what there was.
    topic.publish(&Tick::At(1)).await.unwrap();

    let healed = subscribers.iter_mut().map(|events| take(events, 1));
    for seen in join_all(healed).await {
        assert!(matches!(seen[..], [Tick::Snapshot(_)]), "{seen:?}");
    }
    let loads = loads.load(Ordering::Relaxed);
    println!("{loads} snapshots for {SUBSCRIBERS} subscribers");
    assert!(loads < SUBSCRIBERS / 10, "{loads} snapshots were loaded");
}
