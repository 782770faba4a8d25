//! The connection on which events arrive, watched and replaced.

use std::{sync::Arc, time::Duration};

use rand::Rng;
use redis::{RedisError, aio::MultiplexedConnection};
use tokio::{
    sync::{Semaphore, mpsc},
    task::JoinSet,
    time::{Instant, MissedTickBehavior, interval, sleep},
};

#[cfg(feature = "rustls")]
use crate::authorities::Untrusted;
use crate::{
    channel::{Channel, Outcome},
    commands::Commands,
    hub::{Hub, Order},
    options::RedisOptions,
    scripts::{Asker, Scripts},
    server::Server,
};

/// Channels per command to listen.
const CHANNELS_PER_COMMAND: usize = 512;

/// First pause between attempts to connect; each further one is twice as long.
const FIRST_DELAY: Duration = Duration::from_millis(50);

pub(crate) struct Subscriber {
    pub(crate) hub: Arc<Hub>,
    pub(crate) server: Arc<Server>,
    pub(crate) commands: Arc<Commands>,
    pub(crate) scripts: Arc<Scripts>,
    pub(crate) options: RedisOptions,
    pub(crate) orders: mpsc::UnboundedReceiver<Order>,
    /// The channel of this process's own probes.
    pub(crate) probe: String,
}

/// Why a connection is given up.
#[derive(Debug, thiserror::Error)]
enum Ended {
    #[error("the connection was closed")]
    Closed,
    #[error("nothing has arrived for {0:?}, not even a probe")]
    Silent(Duration),
    #[cfg(feature = "rustls")]
    #[error("{0}: {source}", source = std::error::Error::source(.0).map(ToString::to_string).unwrap_or_default())]
    Untrusted(Untrusted),
    #[error(transparent)]
    Redis(RedisError),
}

impl From<RedisError> for Ended {
    fn from(error: RedisError) -> Self {
        #[cfg(feature = "rustls")]
        let error = match Untrusted::or_other(error) {
            Ok(untrusted) => return Self::Untrusted(untrusted),
            Err(other) => other,
        };
        Self::Redis(error)
    }
}

impl Subscriber {
    /// Listens for ever.
    pub(crate) async fn run(mut self) {
        let mut delay = FIRST_DELAY;
        loop {
            let began = Instant::now();
            let ended = self.connection().await;
            if began.elapsed() > self.options.reconnect_delay {
                delay = FIRST_DELAY;
            }
            tracing::warn!(reason = %ended, "events of other processes do not arrive: connecting again");
            // At random, so that all processes do not come back at once.
            let pause = rand::rng().random_range(delay / 2..=delay);
            sleep(pause).await;
            delay = (delay * 2).min(self.options.reconnect_delay.max(FIRST_DELAY));
        }
    }

    /// Listens on one connection until it ends.
    async fn connection(&mut self) -> Ended {
        match self.try_connection().await {
            Ok(never) => match never {},
            Err(ended) => ended,
        }
    }

    async fn try_connection(&mut self) -> Result<std::convert::Infallible, Ended> {
        // Whatever was ordered is done on the new connection anyway.
        while self.orders.try_recv().is_ok() {}
        let (number, channels) = self.hub.reconnect();
        let hub = Arc::clone(&self.hub);
        let mut link = self
            .server
            .listen(move |info| {
                hub.hear(number, info);
                Ok::<_, std::convert::Infallible>(())
            })
            .await?;
        link.subscribe(&self.probe).await?;
        self.hub.mark_heard();
        let mut work = Work {
            number,
            link,
            scripts: Arc::clone(&self.scripts),
            questions: JoinSet::new(),
            places: Arc::new(Semaphore::new(self.options.questions.min(Semaphore::MAX_PERMITS))),
        };
        work.listen(&channels).await?;
        tracing::info!(topics = channels.len(), "events of other processes arrive");

        let mut ticks =
            interval((self.options.probe_interval / 4).clamp(Duration::from_millis(10), Duration::from_secs(1)));
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut touched = Instant::now();
        let mut probed: Option<Instant> = None;
        loop {
            tokio::select! {
                order = self.orders.recv() => {
                    let mut listen = Vec::new();
                    let mut next = order;
                    while let Some(order) = next {
                        match order {
                            Order::Listen(channel) => listen.push(channel),
                            Order::CatchUp(channel) => work.catch_up(channel),
                            Order::Reconnect(closed) if closed == number => return Err(Ended::Closed),
                            // An earlier connection was closed, which has been replaced.
                            Order::Reconnect(_) => {}
                        }
                        next = self.orders.try_recv().ok();
                    }
                    work.listen(&self.hub.without_left(listen)).await?;
                }
                Some(question) = work.questions.join_next() => {
                    // A panic in there is a bug, and no reason to stop listening: a new connection asks again.
                    question.map_err(|_| Ended::Closed)??;
                }
                _ = ticks.tick() => {
                    let silence = self.hub.silence();
                    if silence < self.options.probe_interval {
                        probed = None;
                    } else {
                        match probed {
                            Some(at) if at.elapsed() >= self.options.probe_interval => return Err(Ended::Silent(silence)),
                            Some(_) => {}
                            None => {
                                probed = Some(Instant::now());
                                self.send_probe();
                            }
                        }
                    }
                    let left = self.hub.leave(self.options.linger);
                    work.leave(&left).await?;
                    if touched.elapsed() >= self.options.idle / 4 {
                        touched = Instant::now();
                        for topics in self.hub.topics().chunks(CHANNELS_PER_COMMAND) {
                            self.scripts.touch(&mut work.link, topics).await?;
                        }
                    }
                }
            }
        }
    }

    /// Sends a probe the way of the events: over the connection for commands, to come back on this one.
    fn send_probe(&self) {
        let (commands, probe) = (Arc::clone(&self.commands), self.probe.clone());
        tokio::spawn(async move {
            let probe = &probe;
            let publish = |mut link: MultiplexedConnection| async move {
                redis::cmd("PUBLISH").arg(probe).arg("").query_async::<i64>(&mut link).await
            };
            // Whether it arrives is seen on this connection.
            let _ = commands.run(1, publish).await;
        });
    }
}

/// What is done on one connection.
struct Work {
    number: u64,
    link: MultiplexedConnection,
    scripts: Arc<Scripts>,
    questions: JoinSet<Result<(), RedisError>>,
    places: Arc<Semaphore>,
}

impl Work {
    async fn listen(&mut self, channels: &[Arc<Channel>]) -> Result<(), RedisError> {
        for channels in channels.chunks(CHANNELS_PER_COMMAND) {
            self.link.subscribe(names(channels)).await?;
            // Listen first and ask second: nothing can fall between the two.
            for channel in channels {
                self.catch_up(Arc::clone(channel));
            }
        }
        Ok(())
    }

    async fn leave(&mut self, channels: &[Arc<Channel>]) -> Result<(), RedisError> {
        for channels in channels.chunks(CHANNELS_PER_COMMAND) {
            self.link.unsubscribe(names(channels)).await?;
        }
        Ok(())
    }

    /// Asks the stream of a channel until every message follows the one before.
    fn catch_up(&mut self, channel: Arc<Channel>) {
        let (number, mut link) = (self.number, self.link.clone());
        let (scripts, places) = (Arc::clone(&self.scripts), Arc::clone(&self.places));
        self.questions.spawn(async move {
            let _place = places.acquire_owned().await.expect("the semaphore is never closed");
            while let Some(round) = channel.ask(number) {
                let found = scripts.resume(&mut link, &channel.names, round.after.as_ref(), Asker::Listener).await?;
                if channel.answer(round, found) == Outcome::Live {
                    break;
                }
            }
            Ok(())
        });
    }
}

fn names(channels: &[Arc<Channel>]) -> Vec<&str> {
    channels.iter().map(|channel| &*channel.names.stream).collect()
}
