//! Promises of a topic: nothing lost silently, nothing twice, in order.

use std::{collections::HashSet, sync::Arc, time::Duration};

use futures_util::StreamExt;
use serde::{Deserialize, Serialize};
use tintype::{
    Broker, Context, FromContext, MemoryBroker, MemoryLimits, Retention, Topic, TopicKey, TopicPayload, Topics, Type,
    specta,
};

use crate::{
    AppState,
    broker_suite::{Harness, Limits, broker_suite},
    product::Team,
};

struct InProcess(Arc<MemoryBroker>);

impl Harness for InProcess {
    async fn start(limits: Limits) -> Self {
        let Limits { backlog_events, event_bytes, idempotency } = limits;
        let idle = Duration::from_secs(3600);
        Self(Arc::new(MemoryBroker::new(MemoryLimits { backlog_events, event_bytes, idempotency, idle })))
    }

    fn broker(&self) -> Arc<dyn Broker> {
        self.0.clone()
    }

    fn there(&self) -> Topics {
        self.here()
    }

    fn kept(events: usize) -> usize {
        events
    }
}

broker_suite!(InProcess);

/// A topic that keeps less than others.
#[derive(Debug, PartialEq, Serialize, Deserialize, Type)]
enum Latest {
    Is(u32),
    Gap,
}

impl TopicPayload<AppState> for Latest {
    type Scope = Team;
    const TOPIC: &'static str = "latest";
    const RETENTION: Retention = Retention { events: Some(1), ..Retention::DEFAULT };

    fn gap() -> Self {
        Self::Gap
    }
}

#[tokio::test]
async fn a_payload_says_how_much_of_its_topic_is_kept() {
    let cx = Context::builder(AppState::new()).header("authorization", "Bearer red").build();
    let topic = Topic::<Latest>::from_context(&cx).await.unwrap();
    let first = topic.publish(&Latest::Is(1)).await.unwrap();
    topic.publish(&Latest::Is(2)).await.unwrap();
    let after_first = |topic: &Topic<Latest>| topic.clone().resume_after(Some(first.clone())).subscribe();

    let seen = after_first(&topic).into_values().next().await.unwrap().unwrap();
    assert_eq!(seen, Latest::Is(2));
    topic.publish(&Latest::Is(3)).await.unwrap();
    let seen = after_first(&topic).into_values().next().await.unwrap().unwrap();
    assert_eq!(seen, Latest::Gap);
}

#[tokio::test]
async fn an_event_of_a_broker_that_began_at_the_same_moment_is_not_taken_for_ones_own() {
    let key = || TopicKey::new("red", &["latest"]).unwrap();
    let topics: Vec<Topic<Latest>> = (0..100).map(|_| Topics::in_process().topic(key())).collect();
    let mut ids = Vec::new();
    for topic in &topics {
        ids.push(topic.publish(&Latest::Is(1)).await.unwrap());
    }

    let distinct: HashSet<String> = ids.iter().map(ToString::to_string).collect();
    assert_eq!(distinct.len(), ids.len());
    let resumed = topics[0].clone().resume_after(Some(ids[1].clone())).subscribe::<AppState>();
    assert_eq!(resumed.into_values().next().await.unwrap().unwrap(), Latest::Gap);
}
