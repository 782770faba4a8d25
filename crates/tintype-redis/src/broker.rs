use std::{fmt, future::Future, sync::Arc};

use bytes::Bytes;
use futures_util::{FutureExt, future::BoxFuture};
use redis::RedisError;
use tintype::{Broker, BrokerError, BrokerLimits, EncodedMember, EventId, Feed, Replay, Stay, TopicKey};
use tokio::{sync::Semaphore, task::AbortHandle, time::timeout};

#[cfg(feature = "rustls")]
use crate::authorities::Untrusted;
use crate::{
    attendance::{Attendance, Changes},
    commands::Commands,
    hub::Hub,
    keys::Names,
    options::{RedisOptions, RedisOptionsError},
    scripts::{Asker, Found, Once, Scripts},
    server::Server,
    subscriber::Subscriber,
};

/// Topics that are shared by every process that uses the same Redis.
///
/// It connects in the background and keeps at it for ever.
/// Dropping it closes its connections and ends its feeds.
pub struct RedisBroker {
    options: RedisOptions,
    hub: Arc<Hub>,
    commands: Arc<Commands>,
    scripts: Arc<Scripts>,
    /// Subscribers that come back with a cursor which is not in the backlog here.
    replays: Semaphore,
    attendance: Arc<Attendance>,
    subscriber: AbortHandle,
    attendant: AbortHandle,
}

/// Attempts to publish one event.
const PUBLISH_ATTEMPTS: usize = 3;

/// Attempts at everything else.
const ATTEMPTS: usize = 2;

impl RedisBroker {
    /// A broker that begins to connect; it need not succeed for this to return.
    ///
    /// # Errors
    ///
    /// [`RedisOptionsError`] if the address or an option cannot be used.
    ///
    /// # Panics
    ///
    /// Outside of a Tokio runtime.
    pub fn new(options: RedisOptions) -> Result<Self, RedisOptionsError> {
        options.check()?;
        let server = Arc::new(Server::new(&options).map_err(RedisOptionsError::Url)?);
        let hub = Arc::new(Hub::new(&options));
        let commands = Arc::new(Commands::new(Arc::clone(&server)));
        let scripts = Arc::new(Scripts::new(&options));
        let subscriber = Subscriber {
            hub: Arc::clone(&hub),
            server,
            commands: Arc::clone(&commands),
            scripts: Arc::clone(&scripts),
            options: options.clone(),
        };
        let subscriber = tokio::spawn(subscriber.run()).abort_handle();
        let attendance = Arc::new(Attendance::new());
        let attendant = Arc::clone(&attendance).run(
            Arc::clone(&commands),
            Arc::clone(&scripts),
            options.presence,
            options.command_time,
        );
        let attendant = tokio::spawn(attendant).abort_handle();
        let replays = Semaphore::new(options.replays.min(Semaphore::MAX_PERMITS));
        Ok(Self { options, hub, commands, scripts, replays, attendance, subscriber, attendant })
    }

    async fn append(
        &self,
        key: &TopicKey,
        payload: &[u8],
        idempotency_key: Option<&str>,
    ) -> Result<EventId, BrokerError> {
        self.limits().check(key, payload)?;
        let names = self.hub.names(key);
        let attempt;
        let once = match idempotency_key {
            Some(key) => Once::Idempotent(key),
            None => {
                attempt = format!("{:032x}", rand::random::<u128>());
                Once::Attempt(&attempt)
            }
        };
        // An attempt that got through is found by the next one.
        let (scripts, names) = (&self.scripts, &names);
        let publish = |mut link| async move { scripts.publish(&mut link, names, payload, once).await };
        self.within_time(self.commands.run(PUBLISH_ATTEMPTS, publish)).await
    }

    async fn listen(&self, key: &TopicKey) -> Result<Feed, BrokerError> {
        // Many topics may begin at once, after a restart.
        timeout(self.options.command_time.saturating_mul(4), self.hub.feed(key)).await.map_err(unavailable)
    }

    async fn replay(&self, key: &TopicKey, after: &EventId) -> Result<Replay, BrokerError> {
        let names = self.hub.names(key);
        let channel = self.hub.channel(&names);
        if let Some(backlog) = channel.as_ref().and_then(|channel| channel.backlog_now()) {
            if let Some(pushes) = backlog.after(after) {
                return Ok(Replay::Continuous(pushes));
            }
            if names.entry(after).is_none() {
                // No stream need be asked: it was never an id of this topic.
                return Ok(Replay::Gap { position: backlog.position() });
            }
        }
        let (scripts, names) = (&self.scripts, &names);
        let resume = |mut link| async move { scripts.resume(&mut link, names, Some(after), Asker::Client).await };
        let _place = self.replays.acquire().await.map_err(unavailable)?;
        Ok(match self.within_time(self.commands.run(ATTEMPTS, resume)).await? {
            Found::Continuous(pushes) => Replay::Continuous(pushes),
            Found::Gap { position } => Replay::Gap { position },
        })
    }

    async fn let_in(&self, key: &TopicKey, member: EncodedMember) -> Result<Stay, BrokerError> {
        self.limits().check(key, &member.joined())?;
        let names = self.hub.names(key);
        // It begins here first: whatever becomes of the attempt, it is dropped with what it has left in Redis.
        let (stay, changes) = self.attendance.begin(&names, member);
        self.attend(&names, &changes).await?;
        Ok(stay)
    }

    /// Makes changes to who is present; a second time if the connection was lost, which does no harm.
    async fn attend(&self, names: &Names, changes: &Changes) -> Result<Vec<Vec<u8>>, BrokerError> {
        let attend = |mut link| async move { self.scripts.attend(&mut link, names, changes).await };
        self.within_time(self.commands.run(ATTEMPTS, attend)).await
    }

    async fn within_time<T>(&self, work: impl Future<Output = Result<T, RedisError>>) -> Result<T, BrokerError> {
        match timeout(self.options.command_time, work).await {
            Ok(result) => result.map_err(redis_unavailable),
            Err(elapsed) => Err(unavailable(elapsed)),
        }
    }
}

impl Broker for RedisBroker {
    fn publish<'a>(
        &'a self,
        key: &'a TopicKey,
        payload: Bytes,
        idempotency_key: Option<&'a str>,
    ) -> BoxFuture<'a, Result<EventId, BrokerError>> {
        async move { self.append(key, &payload, idempotency_key).await }.boxed()
    }

    fn subscribe<'a>(&'a self, key: &'a TopicKey) -> BoxFuture<'a, Result<Feed, BrokerError>> {
        self.listen(key).boxed()
    }

    fn resume<'a>(&'a self, key: &'a TopicKey, after: &'a EventId) -> BoxFuture<'a, Result<Replay, BrokerError>> {
        self.replay(key, after).boxed()
    }

    fn enter<'a>(&'a self, key: &'a TopicKey, member: EncodedMember) -> BoxFuture<'a, Result<Stay, BrokerError>> {
        self.let_in(key, member).boxed()
    }

    fn members<'a>(&'a self, key: &'a TopicKey) -> BoxFuture<'a, Result<Vec<Bytes>, BrokerError>> {
        async move {
            let members = self.attend(&self.hub.names(key), &Changes::default()).await?;
            Ok(members.into_iter().map(Bytes::from).collect())
        }
        .boxed()
    }

    fn watch(&self, key: &TopicKey) -> Stay {
        self.attendance.watch(&self.hub.names(key))
    }

    fn limits(&self) -> BrokerLimits {
        BrokerLimits { event_bytes: self.options.event_bytes, idempotency: self.options.idempotency }
    }

    fn check(&self) -> Result<(), BrokerError> {
        let silence = self.hub.silence();
        // A probe has had time to be sent and to be waited for, twice.
        if silence > self.options.probe_interval.saturating_mul(3) {
            return Err(unavailable(Silence(silence)));
        }
        Ok(())
    }
}

#[derive(Debug, thiserror::Error)]
#[error("nothing has arrived from Redis for {0:?}")]
struct Silence(std::time::Duration);

fn unavailable(error: impl std::error::Error + Send + Sync + 'static) -> BrokerError {
    BrokerError::Unavailable(error.into())
}

fn redis_unavailable(error: RedisError) -> BrokerError {
    #[cfg(feature = "rustls")]
    let error = match Untrusted::or_other(error) {
        Ok(untrusted) => return unavailable(untrusted),
        Err(other) => other,
    };
    unavailable(error)
}

impl Drop for RedisBroker {
    fn drop(&mut self) {
        self.subscriber.abort();
        self.attendant.abort();
    }
}

impl fmt::Debug for RedisBroker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedisBroker").field("options", &self.options).finish_non_exhaustive()
    }
}
