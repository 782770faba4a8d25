//! A room on two instances: what is said at one is heard at both, and who comes back has missed nothing.

use std::{env, io, sync::Arc};

use tintype::{
    BrokerError, LastEventId, Subscription, TopicKey, Topics,
    prelude::*,
    typescript::{Bindings, Options},
};
use tintype_axum::RpcService;
use tintype_redis::{RedisBroker, RedisOptions};
use tokio::{net::TcpListener, task::JoinSet};

/// What the procedures of an instance can reach.
#[derive(Clone)]
struct AppState {
    topics: Topics,
    instances: Arc<[String]>,
}

/// What somebody says.
#[derive(Debug, Clone, Serialize, Deserialize, Type)]
struct Message {
    from: String,
    text: String,
}

/// What is heard in the room.
#[derive(Debug, Clone, Serialize, Deserialize, Type)]
#[serde(tag = "kind", rename_all = "camelCase")]
enum RoomEvent {
    /// Somebody says something.
    Said { message: Message },
    /// Something is missing here, which Redis has lost or not kept so long.
    Gap,
}

/// Why nobody was told.
#[derive(Debug, thiserror::Error, Serialize, Type, ProcedureError)]
#[serde(tag = "kind", rename_all = "SCREAMING_SNAKE_CASE")]
enum SayError {
    /// Redis does not answer.
    #[error("it may or may not have been said: say it again")]
    #[code(SERVICE_UNAVAILABLE)]
    Unavailable,
    /// It cannot be said.
    #[error("it cannot be said")]
    #[internal]
    #[serde(skip)]
    Broker(BrokerError),
}

impl AppState {
    fn room(&self) -> Topic<RoomEvent> {
        self.topics.topic(TopicKey::new("example", &["room"]).expect("short names are parts of a key"))
    }
}

/// Where the instances are.
#[query]
async fn instances(state: State<AppState>) -> Result<Vec<String>, Never> {
    Ok(state.0.instances.to_vec())
}

/// Says something in the room.
#[mutation]
async fn say(state: State<AppState>, input: Message) -> Result<(), SayError> {
    let said = state.0.room().publish(&RoomEvent::Said { message: input }).await;
    said.map(drop).map_err(|error| match error {
        BrokerError::Unavailable(_) => SayError::Unavailable,
        error => SayError::Broker(error),
    })
}

/// What is said from now on, or since the last event that the client has, whichever instance it had it from.
#[subscription]
async fn listen(state: State<AppState>, last: LastEventId) -> Result<Subscription<RoomEvent>, Never> {
    Ok(state.0.room().resume_after(last.0).subscribe_with_gap(|| RoomEvent::Gap))
}

fn router() -> Router<AppState> {
    router! { [instances], room: [say, listen] }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let generated = concat!(env!("CARGO_MANIFEST_DIR"), "/generated");
    Bindings::generate(&router(), &Options::default())?.write_to(generated.as_ref())?;

    let redis = env::var("REDIS_URL").unwrap_or_else(|_| "redis://127.0.0.1:6379".to_owned());
    let address = env::args().nth(1).unwrap_or_else(|| "127.0.0.1:3000".to_owned());
    let listeners = [TcpListener::bind(address).await?, TcpListener::bind("127.0.0.1:0").await?];
    let url = |listener: &TcpListener| Ok(format!("http://{}/trpc", listener.local_addr()?));
    let instances: Arc<[String]> = listeners.iter().map(url).collect::<io::Result<_>>()?;
    let mut serving = JoinSet::new();
    for listener in listeners {
        // Each has a broker of its own, as two processes would.
        let topics = Topics::new(RedisBroker::new(RedisOptions::url(&redis)?)?);
        let state = AppState { topics, instances: Arc::clone(&instances) };
        let app = axum::Router::new().nest_service("/trpc", RpcService::builder(router(), state).build()?);
        serving.spawn(async move { axum::serve(listener, app).await });
    }
    while let Some(served) = serving.join_next().await {
        served??;
    }
    Ok(())
}
