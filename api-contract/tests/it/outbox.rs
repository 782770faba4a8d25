//! A change is announced if it is stored, whatever happens to broker, call and commit.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use api_contract::{
    auth::logout,
    widgets::{CreateWidget, WidgetEvent, create},
};
use bytes::Bytes;
use futures_util::{FutureExt, StreamExt, future::BoxFuture};
use serde_json::json;
use tintype::{Broker, BrokerError, BrokerLimits, EventId, Feed, MemoryBroker, MemoryLimits, Replay, TopicKey, Topics};

use crate::{
    app::{App, Member},
    changes::{next, subscribe},
    wire::Wire,
};

/// What publishing does.
#[derive(Debug, Clone, PartialEq)]
enum Publishing {
    Works,
    Fails,
    /// It fails in one scope only.
    FailsIn(String),
    /// It is never heard of again.
    Hangs,
}

/// The broker in memory, over a network that fails when it is told to.
#[derive(Clone)]
struct Faulty {
    broker: Arc<MemoryBroker>,
    publishing: Arc<Mutex<Publishing>>,
    asked: Arc<AtomicUsize>,
}

impl Faulty {
    fn new(limits: MemoryLimits) -> Self {
        let publishing = Arc::new(Mutex::new(Publishing::Works));
        Self { broker: Arc::new(MemoryBroker::new(limits)), publishing, asked: Arc::default() }
    }

    /// How often it was asked to publish.
    fn asked(&self) -> usize {
        self.asked.load(Ordering::Relaxed)
    }

    fn now(&self, publishing: Publishing) {
        *self.publishing.lock().unwrap() = publishing;
    }
}

impl Broker for Faulty {
    fn publish<'a>(
        &'a self,
        key: &'a TopicKey,
        payload: Bytes,
        idempotency_key: Option<&'a str>,
    ) -> BoxFuture<'a, Result<EventId, BrokerError>> {
        self.asked.fetch_add(1, Ordering::Relaxed);
        let publishing = self.publishing.lock().unwrap().clone();
        let fails = match publishing {
            Publishing::Hangs => return futures_util::future::pending().boxed(),
            Publishing::Works => false,
            Publishing::Fails => true,
            Publishing::FailsIn(scope) => key.as_str().starts_with(&scope),
        };
        if fails {
            return futures_util::future::ready(Err(BrokerError::Unavailable("cut off".into()))).boxed();
        }
        self.broker.publish(key, payload, idempotency_key)
    }

    fn subscribe<'a>(&'a self, key: &'a TopicKey) -> BoxFuture<'a, Result<Feed, BrokerError>> {
        self.broker.subscribe(key)
    }

    fn resume<'a>(&'a self, key: &'a TopicKey, after: &'a EventId) -> BoxFuture<'a, Result<Replay, BrokerError>> {
        self.broker.resume(key, after)
    }

    fn limits(&self) -> BrokerLimits {
        self.broker.limits()
    }
}

async fn faulty() -> (App, Faulty) {
    let broker = Faulty::new(MemoryLimits::default());
    (App::on(Topics::new(broker.clone())).await, broker)
}

fn named(name: &str) -> CreateWidget {
    CreateWidget { name: name.to_owned(), config: None }
}

/// The topics whose events wait, oldest first.
async fn waiting(app: &App) -> Vec<String> {
    app.look("SELECT topic AS value FROM outbox ORDER BY id").await
}

fn topic_of(member: &Member) -> String {
    format!("{}:widgets", member.account.tenant.id)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_is_announced_once_and_its_row_can_be_deleted_at_once() {
    let app = App::new().await;
    let ada = app.member("ada@example.com").await;
    let mut events = subscribe(&ada).await;

    let clock = ada.widget("clock").await;

    assert_eq!(next(&mut events).await, WidgetEvent::Created { widget: clock });
    assert_eq!(waiting(&app).await, [topic_of(&ada)]);
    // As if the process had ended here: another one publishes it again.
    assert_eq!(app.state.outbox().sweep(Duration::ZERO, 100).await.unwrap().published, 1);
    assert!(waiting(&app).await.is_empty());
    let map = ada.widget("map").await;
    assert_eq!(next(&mut events).await, WidgetEvent::Created { widget: map });

    app.state.outbox().published_at_least(1).await;
    assert_eq!(app.state.outbox().delete_published(10).await.unwrap(), 2);
    assert!(waiting(&app).await.is_empty());
    assert!(events.next().now_or_never().is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_that_is_taken_back_is_not_announced() {
    let app = App::new().await;
    let ada = app.member("ada@example.com").await;
    let mut events = subscribe(&ada).await;
    // Fails when everything is done, at the commit.
    app.db
        .run_sql(
            "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
               $$ BEGIN IF NEW.name = 'refused' THEN RAISE 'refused'; END IF; RETURN NULL; END $$;
             CREATE CONSTRAINT TRIGGER refuse AFTER INSERT ON widgets DEFERRABLE INITIALLY DEFERRED
               FOR EACH ROW EXECUTE FUNCTION refuse()",
        )
        .await
        .unwrap();

    ada.caller().call::<create>(named("refused")).await.unwrap_err();
    let clock = ada.widget("clock").await;

    assert_eq!(app.look("SELECT name AS value FROM widgets").await, ["clock"]);
    assert_eq!(waiting(&app).await.len(), 1);
    app.state.outbox().sweep(Duration::ZERO, 100).await.unwrap();
    assert_eq!(next(&mut events).await, WidgetEvent::Created { widget: clock });
    assert!(events.next().now_or_never().is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn changes_while_the_broker_is_away_are_announced_in_their_order() {
    let (app, broker) = faulty().await;
    let ada = app.member("ada@example.com").await;
    let mut events = subscribe(&ada).await;

    broker.now(Publishing::Fails);
    let first = ada.widget("first").await;
    let outbox = app.state.outbox();
    for _ in 0..2 {
        let swept = outbox.sweep(Duration::from_secs(3600), 100).await.unwrap();
        assert!(swept.published == 0 && swept.waits.is_some(), "{swept:?}");
    }
    broker.now(Publishing::Works);
    // The broker is back, and nobody knows yet: this must not come before the first one.
    let second = ada.widget("second").await;
    assert!(events.next().now_or_never().is_none());

    let swept = outbox.sweep(Duration::from_secs(3600), 100).await.unwrap();
    assert!(swept.published == 2 && swept.waits.is_none(), "{swept:?}");
    // From now on without the sweeper.
    let third = ada.widget("third").await;

    for widget in [first, second, third] {
        assert_eq!(next(&mut events).await, WidgetEvent::Created { widget });
    }
    assert_eq!(waiting(&app).await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_that_is_dropped_between_commit_and_publishing_loses_nothing() {
    let (app, broker) = faulty().await;
    let ada = app.member("ada@example.com").await;
    let mut events = subscribe(&ada).await;

    broker.now(Publishing::Hangs);
    let call = tokio::spawn({
        let caller = ada.caller();
        async move { caller.call::<create>(named("clock")).await }
    });
    while waiting(&app).await.is_empty() {
        tokio::task::yield_now().await;
    }
    call.abort();
    assert!(call.await.unwrap_err().is_cancelled());
    broker.now(Publishing::Works);
    assert!(events.next().now_or_never().is_none());

    app.state.outbox().sweep(Duration::ZERO, 100).await.unwrap();

    assert!(matches!(next(&mut events).await, WidgetEvent::Created { widget } if widget.name == "clock"));
    assert!(waiting(&app).await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_topic_that_fails_keeps_no_other_waiting() {
    let (app, broker) = faulty().await;
    let red = app.member("red@example.com").await;
    let blue = app.member("blue@example.com").await;
    let mut events = subscribe(&blue).await;

    broker.now(Publishing::Fails);
    for name in ["one", "two", "three"] {
        red.widget(name).await;
    }
    let of_blue = blue.widget("of blue").await;
    broker.now(Publishing::FailsIn(red.account.tenant.id.to_string()));
    // Pages that hold nothing but red's come first.
    let swept = app.state.outbox().sweep(Duration::ZERO, 2).await.unwrap();

    assert!(swept.published == 1 && swept.waits.is_some(), "{swept:?}");
    assert_eq!(next(&mut events).await, WidgetEvent::Created { widget: of_blue });
    assert_eq!(waiting(&app).await, [topic_of(&red), topic_of(&red), topic_of(&red)]);
    // Nor do calls leave the others to the sweeper.
    let next_of_blue = blue.widget("next of blue").await;
    assert_eq!(next(&mut events).await, WidgetEvent::Created { widget: next_of_blue });
}

#[tokio::test(flavor = "multi_thread")]
async fn a_broker_that_fails_is_not_asked_about_every_topic() {
    let (app, broker) = faulty().await;
    let mut members = Vec::new();
    for n in 0..5 {
        members.push(app.member(&format!("{n}@example.com")).await);
    }
    broker.now(Publishing::Fails);
    for member in &members {
        member.widget("clock").await;
    }
    let before = broker.asked();

    app.state.outbox().sweep(Duration::ZERO, 100).await.unwrap();

    assert_eq!(broker.asked() - before, 3);
    broker.now(Publishing::Works);
    assert_eq!(app.state.outbox().sweep(Duration::ZERO, 100).await.unwrap().published, 5);
    assert!(waiting(&app).await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_that_could_never_be_announced_is_not_made() {
    let limits = MemoryLimits { event_bytes: 300, ..MemoryLimits::default() };
    let app = App::on(Topics::new(MemoryBroker::new(limits))).await;
    let ada = app.member("ada@example.com").await;
    ada.widget("clock").await;

    let config = json!({ "note": "x".repeat(300) }).as_object().cloned();
    let large = CreateWidget { name: "large".to_owned(), config };
    ada.caller().call::<create>(large).await.unwrap_err();

    assert_eq!(app.look("SELECT name AS value FROM widgets").await, ["clock"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_can_never_be_published_is_discarded_and_what_is_late_is_counted() {
    let app = App::new().await;
    let ada = app.member("ada@example.com").await;
    let mut events = subscribe(&ada).await;
    let (tenant, topic) = (ada.account.tenant.id, topic_of(&ada));
    let gap = json!({ "kind": "gap" });

    app.db
        .run_sql(&format!(
            "INSERT INTO outbox (id, tenant_id, topic, payload, created_at) VALUES
               (gen_random_uuid(), '{tenant}', 'no key', '{{}}', now()),
               (gen_random_uuid(), '{tenant}', '{topic}', convert_to(repeat('x', 70000), 'utf8'), now()),
               (gen_random_uuid(), '{tenant}', '{topic}', convert_to('{gap}', 'utf8'), now() - interval '11 minutes')"
        ))
        .await
        .unwrap();
    let swept = app.state.outbox().sweep(Duration::ZERO, 100).await.unwrap();

    assert!(swept.published == 1 && swept.late == 1 && swept.waits.is_none(), "{swept:?}");
    assert!(waiting(&app).await.is_empty());
    assert_eq!(next(&mut events).await, WidgetEvent::Gap);
    assert!(events.next().now_or_never().is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_ends_while_the_broker_is_away_ends_its_streams_afterwards() {
    let (app, broker) = faulty().await;
    let ada = app.member("ada@example.com").await;
    let wire = Wire::new(&app).header("cookie", &ada.cookie());
    let mut stream = wire.subscribe("widgets.changed", None).await;
    stream.position().await;

    broker.now(Publishing::Fails);
    assert!(ada.caller().call::<logout>(()).await.unwrap().success);
    assert!(stream.is_silent());
    broker.now(Publishing::Works);
    app.state.outbox().sweep(Duration::from_secs(3600), 100).await.unwrap();

    let failure = tokio::time::timeout(Duration::from_secs(20), stream.failure()).await;
    assert_eq!(failure.expect("the stream goes on"), "UNAUTHORIZED");
}
