//! The connections on which events arrive, watched and replaced: one, or one to each master of a cluster.

use std::{convert::Infallible, sync::Arc, time::Duration};

use rand::Rng;
use redis::{RedisError, aio::MultiplexedConnection};
use tokio::{
    sync::{Notify, Semaphore},
    task::{AbortHandle, JoinSet},
    time::{Instant, MissedTickBehavior, interval, sleep, timeout},
};

#[cfg(feature = "rustls")]
use crate::authorities::Untrusted;
use crate::{
    channel::{Channel, Outcome},
    commands::Commands,
    hub::{Hub, Order},
    keys::{self, Names, Partitions},
    link::Link,
    options::RedisOptions,
    scripts::{Asker, Scripts},
    server::{Master, Server, is_moving},
};

/// Channels per command to listen.
const CHANNELS_PER_COMMAND: usize = 512;

/// First pause between attempts to connect; each further one is twice as long.
const FIRST_DELAY: Duration = Duration::from_millis(50);

/// Pause before something is asked again whose slot is on its way to another master.
const MOVING_DELAY: Duration = Duration::from_millis(100);

/// Listens to every topic that the process has subscribers for, wherever it is.
pub(crate) struct Subscriber {
    pub(crate) hub: Arc<Hub>,
    pub(crate) server: Arc<Server>,
    pub(crate) commands: Arc<Commands>,
    pub(crate) scripts: Arc<Scripts>,
    pub(crate) options: RedisOptions,
}

/// Listens to the topics of one master.
struct Listener {
    subscriber: Arc<Subscriber>,
    master: Master,
    /// Told when the topics of a cluster may be elsewhere.
    may_have_moved: Arc<Notify>,
}

/// Why a connection is given up.
#[derive(Debug, thiserror::Error)]
enum Ended {
    #[error("the connection was closed, or topics of it are elsewhere now")]
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
    /// Listens for ever: to each master on a connection of its own, which is none of the others' business.
    pub(crate) async fn run(self) {
        let subscriber = Arc::new(self);
        let may_have_moved = Arc::new(Notify::new());
        let mut listening: Vec<(Master, AbortHandle)> = Vec::new();
        // They end with this task.
        let mut tasks = JoinSet::new();
        loop {
            // Every node of a cluster may be asked.
            let look = timeout(subscriber.options.command_time.saturating_mul(4), subscriber.server.masters());
            let masters = match look.await {
                Ok(Ok(masters)) => masters,
                Ok(Err(error)) => {
                    tracing::warn!(reason = %Ended::from(error), "the masters of the cluster are unknown: asking again");
                    sleep(subscriber.options.reconnect_delay).await;
                    continue;
                }
                Err(_) => continue,
            };
            listening.retain(|(master, task)| {
                let stays = masters.contains(master);
                if !stays {
                    task.abort();
                }
                stays
            });
            let covered = masters.iter().fold(Partitions::default(), |all, master| all.and(master.partitions));
            for master in masters {
                if listening.iter().any(|(listening, _)| *listening == master) {
                    continue;
                }
                let listener = Listener {
                    subscriber: Arc::clone(&subscriber),
                    master: master.clone(),
                    may_have_moved: Arc::clone(&may_have_moved),
                };
                listening.push((master, tasks.spawn(listener.run())));
            }
            while tasks.try_join_next().is_some() {}
            if covered == Partitions::ALL {
                may_have_moved.notified().await;
                // Many may say so at once.
                sleep(FIRST_DELAY).await;
            } else {
                // Some topics have no master at the moment.
                sleep(subscriber.options.reconnect_delay).await;
            }
        }
    }
}

impl Listener {
    /// Listens for ever.
    async fn run(self) {
        let reconnect_delay = self.subscriber.options.reconnect_delay;
        let mut delay = FIRST_DELAY;
        loop {
            let began = Instant::now();
            let ended = match self.connection().await {
                Ok(never) => match never {},
                Err(ended) => ended,
            };
            if began.elapsed() > reconnect_delay {
                delay = FIRST_DELAY;
            }
            tracing::warn!(reason = %ended, "events of other processes do not arrive: connecting again");
            self.may_have_moved.notify_one();
            // At random, so that all processes do not come back at once.
            let pause = rand::rng().random_range(delay / 2..=delay);
            sleep(pause).await;
            delay = (delay * 2).min(reconnect_delay.max(FIRST_DELAY));
        }
    }

    /// Listens on one connection until it ends.
    async fn connection(&self) -> Result<Infallible, Ended> {
        let Subscriber { hub, server, scripts, options, .. } = &*self.subscriber;
        let partitions = self.master.partitions;
        let (ear, mut orders, channels) = hub.reconnect(partitions);
        let heard = (Arc::clone(hub), ear.clone());
        let link = server
            .listen(&self.master, move |info| {
                let (hub, ear) = &heard;
                hub.hear(ear, info);
                Ok::<_, Infallible>(())
            })
            .await?;
        let mut work = Work {
            number: ear.number,
            link,
            is_cluster: options.is_cluster(),
            scripts: Arc::clone(scripts),
            questions: JoinSet::new(),
            places: Arc::new(Semaphore::new(options.questions.min(Semaphore::MAX_PERMITS))),
        };
        let partition = partitions.iter().next().unwrap_or_default();
        let probe = keys::probe(&options.prefix, partition);
        work.subscribe(&[&probe]).await?;
        ear.mark_heard();
        work.listen(&channels).await?;
        tracing::info!(topics = channels.len(), "events of other processes arrive");

        let mut ticks = interval((options.probe_interval / 4).clamp(Duration::from_millis(10), Duration::from_secs(1)));
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut touched = Instant::now();
        let mut probed: Option<Instant> = None;
        loop {
            tokio::select! {
                order = orders.recv() => {
                    let mut listen = Vec::new();
                    let mut next = order;
                    while let Some(order) = next {
                        match order {
                            Order::Listen(channel) => listen.push(channel),
                            Order::CatchUp(channel) => work.catch_up(channel),
                            Order::Reconnect => return Err(Ended::Closed),
                        }
                        next = orders.try_recv().ok();
                    }
                    work.listen(&hub.without_left(listen)).await?;
                }
                Some(question) = work.questions.join_next() => {
                    // A panic in there is a bug, and no reason to stop listening: a new connection asks again.
                    question.map_err(|_| Ended::Closed)??;
                }
                _ = ticks.tick() => {
                    let silence = ear.silence();
                    if silence < options.probe_interval {
                        probed = None;
                    } else {
                        match probed {
                            Some(at) if at.elapsed() >= options.probe_interval => return Err(Ended::Silent(silence)),
                            Some(_) => {}
                            None => {
                                probed = Some(Instant::now());
                                self.send_probe(probe.clone());
                            }
                        }
                    }
                    let left = hub.leave(partitions, options.linger);
                    work.leave(&left).await?;
                    if touched.elapsed() >= options.idle / 4 {
                        touched = Instant::now();
                        work.touch(&hub.topics(partitions)).await?;
                    }
                }
            }
        }
    }

    /// Sends a probe the way of the events: over the connection for commands, to come back on this one.
    fn send_probe(&self, probe: String) {
        let (commands, is_cluster) = (Arc::clone(&self.subscriber.commands), self.subscriber.options.is_cluster());
        tokio::spawn(async move {
            let (name, probe) = (if is_cluster { "SPUBLISH" } else { "PUBLISH" }, &probe);
            let publish =
                |mut link: Link| async move { redis::cmd(name).arg(probe).arg("").query_async::<i64>(&mut link).await };
            // Whether it arrives is seen on this connection.
            let _ = commands.run(1, publish).await;
        });
    }
}

/// What is done on one connection.
struct Work {
    number: u64,
    link: MultiplexedConnection,
    is_cluster: bool,
    scripts: Arc<Scripts>,
    questions: JoinSet<Result<(), RedisError>>,
    places: Arc<Semaphore>,
}

impl Work {
    async fn listen(&mut self, channels: &[Arc<Channel>]) -> Result<(), RedisError> {
        for channels in channels.chunks(CHANNELS_PER_COMMAND) {
            self.subscribe(&names(channels)).await?;
            // Listen first and ask second: nothing can fall between the two.
            for channel in channels {
                self.catch_up(Arc::clone(channel));
            }
        }
        Ok(())
    }

    async fn leave(&mut self, channels: &[Arc<Channel>]) -> Result<(), RedisError> {
        for channels in channels.chunks(CHANNELS_PER_COMMAND) {
            let names = names(channels);
            if self.is_cluster {
                self.one_by_one("SUNSUBSCRIBE", &names).await?;
            } else {
                self.link.unsubscribe(names).await?;
            }
        }
        Ok(())
    }

    async fn subscribe(&mut self, names: &[&str]) -> Result<(), RedisError> {
        if self.is_cluster { self.one_by_one("SSUBSCRIBE", names).await } else { self.link.subscribe(names).await }
    }

    /// A cluster takes channels of one slot in one command.
    async fn one_by_one(&mut self, name: &str, channels: &[&str]) -> Result<(), RedisError> {
        let mut pipeline = redis::pipe();
        for channel in channels {
            pipeline.cmd(name).arg(channel).ignore();
        }
        pipeline.query_async(&mut self.link).await
    }

    /// Keeps topics from being forgotten.
    async fn touch(&mut self, topics: &[Names]) -> Result<(), RedisError> {
        for topics in topics.chunks(CHANNELS_PER_COMMAND) {
            match self.scripts.touch(&mut self.link, topics).await {
                // What is on its way somewhere is kept all the same, and touched there the next time.
                Err(error) if is_moving(&error) => {}
                touched => touched?,
            }
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
                let found = loop {
                    match scripts.resume(&mut link, &channel.names, round.after.as_ref(), Asker::Listener).await {
                        Err(error) if is_moving(&error) => sleep(MOVING_DELAY).await,
                        found => break found?,
                    }
                };
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
