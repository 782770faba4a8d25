//! What this process listens to.

use std::{
    collections::HashMap,
    sync::Arc,
    time::{Duration, Instant},
};

use redis::{PushInfo, PushKind, Value};
use tintype::{Feed, TopicKey};
use tokio::sync::mpsc;

use crate::{
    channel::{Channel, Joining},
    keys::Names,
    known_names::KnownNames,
    options::RedisOptions,
    scripts,
    sync::{Mutex, MutexGuard, PoisonError},
};

pub(crate) struct Hub {
    names: KnownNames,
    backlog_events: usize,
    // Short sections without an `.await`, as is every lock in here.
    table: Mutex<Table>,
    orders: mpsc::UnboundedSender<Order>,
    heard: Mutex<Instant>,
}

struct Table {
    /// By the name of their streams.
    channels: HashMap<Arc<str>, Arc<Channel>>,
    /// Number of the connection on which channels are heard.
    connection: u64,
}

/// What the subscriber is to do.
pub(crate) enum Order {
    /// Listen to a channel, and ask its stream for the position.
    Listen(Arc<Channel>),
    /// Ask the stream of a channel for what is missing.
    CatchUp(Arc<Channel>),
    /// Connect anew: the connection of this number was closed.
    Reconnect(u64),
}

impl Hub {
    pub(crate) fn new(options: &RedisOptions, orders: mpsc::UnboundedSender<Order>) -> Self {
        Self {
            names: KnownNames::new(&options.prefix),
            backlog_events: options.backlog_events,
            table: Mutex::new(Table { channels: HashMap::new(), connection: 0 }),
            orders,
            heard: Mutex::new(Instant::now()),
        }
    }

    pub(crate) fn names(&self, key: &TopicKey) -> Names {
        self.names.of(key)
    }

    /// Starts to listen to a topic, as soon as its position is known.
    pub(crate) async fn feed(&self, key: &TopicKey) -> Feed {
        // Held until there is a reader, who keeps the channel from then on.
        let joining = self.join(key);
        joining.channel().backlog().await.feed()
    }

    /// The channel of a topic, to which this process listens from now on.
    fn join(&self, key: &TopicKey) -> Joining {
        let names = self.names(key);
        let mut table = locked(&self.table);
        if let Some(channel) = table.channels.get(&names.stream) {
            return channel.join();
        }
        let channel = Arc::new(Channel::new(key.clone(), names, self.backlog_events, table.connection));
        table.channels.insert(Arc::clone(&channel.names.stream), Arc::clone(&channel));
        self.order(Order::Listen(Arc::clone(&channel)));
        channel.join()
    }

    /// The channel of a topic, if this process listens to it.
    pub(crate) fn channel(&self, names: &Names) -> Option<Arc<Channel>> {
        locked(&self.table).channels.get(&names.stream).cloned()
    }

    /// Begins with a new connection: its number, and the channels to listen to on it.
    pub(crate) fn reconnect(&self) -> (u64, Vec<Arc<Channel>>) {
        let mut table = locked(&self.table);
        table.connection += 1;
        let connection = table.connection;
        let channels: Vec<_> = table.channels.values().cloned().collect();
        for channel in &channels {
            channel.reconnect(connection);
        }
        (connection, channels)
    }

    /// Forgets the channels to which nobody has listened for `linger`.
    pub(crate) fn leave(&self, linger: Duration) -> Vec<Arc<Channel>> {
        let mut table = locked(&self.table);
        // Under the lock of the table nobody can begin to join.
        table.channels.extract_if(|_, channel| channel.is_left(linger)).map(|(_, channel)| channel).collect()
    }

    /// Without those that were left in the meantime, to which nobody would ever stop to listen.
    pub(crate) fn without_left(&self, mut channels: Vec<Arc<Channel>>) -> Vec<Arc<Channel>> {
        let table = locked(&self.table);
        let is_there = |channel: &Arc<Channel>| {
            table.channels.get(&channel.names.stream).is_some_and(|there| Arc::ptr_eq(there, channel))
        };
        channels.retain(is_there);
        channels
    }

    /// The names of every channel.
    pub(crate) fn topics(&self) -> Vec<Names> {
        locked(&self.table).channels.values().map(|channel| channel.names.clone()).collect()
    }

    /// Takes what the connection numbered `connection` brings beside answers.
    pub(crate) fn hear(&self, connection: u64, info: PushInfo) {
        match info.kind {
            PushKind::Message | PushKind::SMessage => {
                self.mark_heard();
                let mut data = info.data.into_iter();
                if let (Some(Value::BulkString(name)), Some(Value::BulkString(message))) = (data.next(), data.next()) {
                    self.hear_message(connection, &name, &message);
                }
            }
            PushKind::Disconnection => self.order(Order::Reconnect(connection)),
            _ => {}
        }
    }

    fn hear_message(&self, connection: u64, name: &[u8], message: &[u8]) {
        let Some(channel) =
            std::str::from_utf8(name).ok().and_then(|name| locked(&self.table).channels.get(name).cloned())
        else {
            // The probe, or a channel that was just left.
            return;
        };
        match scripts::message(&channel.names, message) {
            Ok(push) => {
                if channel.hear(connection, push) {
                    self.order(Order::CatchUp(channel));
                }
            }
            Err(error) => tracing::error!(topic = %channel.key, %error, "somebody else writes to a topic's channel"),
        }
    }

    /// How long nothing has arrived on the way of the events.
    pub(crate) fn silence(&self) -> Duration {
        locked(&self.heard).elapsed()
    }

    /// Something arrived from the server.
    pub(crate) fn mark_heard(&self) {
        *locked(&self.heard) = Instant::now();
    }

    fn order(&self, order: Order) {
        // Without a subscriber the broker is being dropped.
        let _ = self.orders.send(order);
    }
}

/// A panic while one of these locks is held leaves the value whole: nothing under them panics half-way.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
