//! A contract whose procedures do what tests tell them, and tell what becomes of them.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicUsize, Ordering},
};

use bytes::Bytes;
use futures_util::{FutureExt, StreamExt, future::BoxFuture, stream};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tintype::{
    Abort, Broker, BrokerError, BrokerLimits, ConnectionParams, Event, EventId, Feed, LastEventId, MemoryBroker, Mixed,
    Replay, Streamed, Topic, TopicKey, Topics, Untracked,
    prelude::{
        Context, Failure, FromContext, Never, ProcedureError, Router, State, Subscription, Type, mutation, query,
    },
    router, subscription,
};
use tokio::sync::Semaphore;

#[derive(Clone)]
pub(super) struct Probe {
    /// Procedures that run.
    running: Arc<AtomicUsize>,
    /// What procedures could give to what they spawn.
    tokens: Arc<Mutex<Vec<Abort>>>,
    /// How often the caller was looked up.
    pub(super) look_ups: Arc<AtomicUsize>,
    /// Lets what waits go on.
    pub(super) gate: Arc<Semaphore>,
    /// Topics that are listened to when the gate opens.
    topics: Topics,
}

impl Default for Probe {
    fn default() -> Self {
        let count = || Arc::new(AtomicUsize::new(0));
        let gate = Arc::new(Semaphore::new(0));
        let topics = Topics::new(LateBroker { gate: Arc::clone(&gate), broker: MemoryBroker::default() });
        Self { running: count(), tokens: Arc::default(), look_ups: count(), gate, topics }
    }
}

impl Probe {
    pub(super) fn running(&self) -> usize {
        self.running.load(Ordering::SeqCst)
    }

    /// How many of the tokens have fired.
    pub(super) fn aborted(&self) -> usize {
        self.tokens.lock().unwrap().iter().filter(|token| token.0.is_cancelled()).count()
    }

    /// What [`heard`] hears.
    pub(super) fn said(&self) -> Topic<u32> {
        self.topics.topic(TopicKey::new("probe", &["said"]).unwrap())
    }

    fn run(&self, abort: Abort) -> Running {
        self.running.fetch_add(1, Ordering::SeqCst);
        self.tokens.lock().unwrap().push(abort);
        Running(self.clone())
    }
}

/// A broker that takes its time to listen.
struct LateBroker {
    gate: Arc<Semaphore>,
    broker: MemoryBroker,
}

impl Broker for LateBroker {
    fn publish<'a>(
        &'a self,
        key: &'a TopicKey,
        payload: Bytes,
        idempotency_key: Option<&'a str>,
    ) -> BoxFuture<'a, Result<EventId, BrokerError>> {
        self.broker.publish(key, payload, idempotency_key)
    }

    fn subscribe<'a>(&'a self, key: &'a TopicKey) -> BoxFuture<'a, Result<Feed, BrokerError>> {
        async move {
            self.gate.acquire().await.unwrap().forget();
            self.broker.subscribe(key).await
        }
        .boxed()
    }

    fn resume<'a>(&'a self, key: &'a TopicKey, after: &'a EventId) -> BoxFuture<'a, Result<Replay, BrokerError>> {
        self.broker.resume(key, after)
    }

    fn limits(&self) -> BrokerLimits {
        self.broker.limits()
    }
}

/// Counts a procedure for as long as it runs.
struct Running(Probe);

impl Drop for Running {
    fn drop(&mut self) {
        self.0.running.fetch_sub(1, Ordering::SeqCst);
    }
}

/// Who calls, looked up once per request.
struct Caller;

impl FromContext<Probe> for Caller {
    async fn from_context(cx: &Context<Probe>) -> Result<Self, Failure> {
        let look_ups = Arc::clone(&cx.state().look_ups);
        cx.shared(async || Ok(look_ups.fetch_add(1, Ordering::SeqCst))).await.map(|_| Self)
    }
}

/// Ends subscriptions when the gate opens, as a revoked session does.
struct Revocable;

impl FromContext<Probe> for Revocable {
    async fn from_context(cx: &Context<Probe>) -> Result<Self, Failure> {
        let gate = Arc::clone(&cx.state().gate);
        cx.end_streams_when(async move {
            gate.acquire().await.unwrap().forget();
            Failure::new(tintype::ErrorCode::Unauthorized, "the session has ended")
        });
        Ok(Self)
    }
}

#[derive(Debug, thiserror::Error, Serialize, Type, ProcedureError)]
#[serde(tag = "kind")]
pub(super) enum Refusal {
    #[error("not for you")]
    #[code(FORBIDDEN)]
    Forbidden,
}

#[query(state = Probe)]
async fn ping() -> Result<String, Never> {
    Ok("pong".to_owned())
}

#[query(state = Probe)]
async fn nothing() -> Result<Option<u32>, Never> {
    Ok(None)
}

#[mutation(state = Probe)]
async fn fire() -> Result<(), Never> {
    Ok(())
}

#[mutation(state = Probe, no_batch)]
async fn alone() -> Result<(), Never> {
    Ok(())
}

#[query(state = Probe)]
async fn echo(input: String) -> Result<String, Never> {
    Ok(input)
}

#[query(state = Probe)]
async fn maybe(input: Option<Value>) -> Result<Option<Value>, Never> {
    Ok(input)
}

#[query(state = Probe)]
async fn refused() -> Result<u32, Refusal> {
    Err(Refusal::Forbidden)
}

#[query(state = Probe)]
async fn panics() -> Result<u32, Never> {
    panic!("kaboom")
}

#[query(state = Probe)]
async fn items() -> Result<Streamed<u32>, Never> {
    Ok(Streamed::new(stream::iter([1, 2])))
}

/// Answers when the gate opens.
#[query(state = Probe)]
async fn wait(probe: State<Probe>, abort: Abort) -> Result<u32, Never> {
    let _running = probe.0.run(abort);
    probe.0.gate.acquire().await.unwrap().forget();
    Ok(1)
}

#[query(state = Probe)]
async fn look_up(_caller: Caller) -> Result<(), Never> {
    Ok(())
}

#[query(state = Probe)]
async fn params(params: Option<ConnectionParams>) -> Result<Option<ConnectionToken>, Never> {
    Ok(params.map(|params| ConnectionToken { token: params.get("token").map(str::to_owned) }))
}

#[derive(Serialize, Type)]
pub(super) struct ConnectionToken {
    token: Option<String>,
}

#[derive(Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(super) struct Count {
    to: u32,
    last_event_id: Option<String>,
}

/// Counts to a number, from the one after the last event.
#[subscription(state = Probe)]
async fn count(last: LastEventId, input: Count) -> Result<Subscription<u32>, Never> {
    let from = input.last_event_id.as_deref().and_then(|id| id.parse::<u32>().ok()).unwrap_or(0);
    assert_eq!(last.0.map(|id| id.as_str().to_owned()), input.last_event_id.filter(|id| !id.is_empty()));
    let numbers = (from + 1..=input.to).map(|n| Event { id: EventId::new(n.to_string()).unwrap(), data: n });
    Ok(Subscription::tracked(stream::iter(numbers)))
}

#[subscription(state = Probe)]
async fn raw(input: Option<Value>) -> Result<Subscription<Option<Value>, Untracked>, Never> {
    Ok(Subscription::untracked(stream::iter([input])))
}

#[subscription(state = Probe)]
async fn mixed() -> Result<Subscription<u32, Mixed>, Never> {
    Ok(Subscription::mixed(stream::iter([(None, 1), (Some(EventId::new("a\"b").unwrap()), 2)])))
}

#[subscription(state = Probe)]
async fn forbidden() -> Result<Subscription<u32, Untracked>, Refusal> {
    Err(Refusal::Forbidden)
}

/// One value, then an error.
#[subscription(state = Probe)]
async fn breaks() -> Result<Subscription<u32, Untracked>, Refusal> {
    Ok(Subscription::try_untracked(stream::iter([Ok(1), Err(Refusal::Forbidden)])))
}

/// One value, then a panic.
#[subscription(state = Probe)]
async fn bursts() -> Result<Subscription<u32, Untracked>, Never> {
    let values = stream::iter([1, 2]).map(|n| if n == 1 { n } else { panic!("kaboom") });
    Ok(Subscription::untracked(values))
}

/// Values without end.
#[subscription(state = Probe)]
async fn forever(probe: State<Probe>, abort: Abort) -> Result<Subscription<u32, Untracked>, Never> {
    let running = probe.0.run(abort);
    Ok(Subscription::untracked(stream::unfold((0, running), |(n, running)| async move { Some((n, (n + 1, running))) })))
}

/// A value whenever the gate opens.
#[subscription(state = Probe)]
async fn silent(probe: State<Probe>, abort: Abort) -> Result<Subscription<u32, Untracked>, Never> {
    let running = probe.0.run(abort);
    Ok(Subscription::untracked(stream::unfold((0, running), |(n, running)| async move {
        running.0.gate.acquire().await.unwrap().forget();
        Some((n, (n + 1, running)))
    })))
}

/// Begins when the gate opens.
#[subscription(state = Probe)]
async fn late(probe: State<Probe>, abort: Abort) -> Result<Subscription<u32, Untracked>, Never> {
    let _running = probe.0.run(abort);
    probe.0.gate.acquire().await.unwrap().forget();
    Ok(Subscription::untracked(stream::empty()))
}

/// What is said at the probe's topic, from when the gate opens.
#[subscription(state = Probe)]
async fn heard(probe: State<Probe>) -> Result<Subscription<u32>, Never> {
    Ok(probe.0.said().subscribe_with_gap(|| 0))
}

#[subscription(state = Probe)]
async fn revocable(_proof: Revocable) -> Result<Subscription<u32, Untracked>, Never> {
    Ok(Subscription::untracked(stream::pending()))
}

pub(super) fn router() -> Router<Probe> {
    router! {
        [ping, nothing, fire, alone, echo, maybe, refused, panics, items, wait, look_up, params],
        sub: [count, raw, mixed, forbidden, breaks, bursts, forever, silent, late, heard, revocable],
    }
}
