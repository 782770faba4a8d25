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
    keys::{Names, PARTITIONS, Partitions},
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
}

struct Table {
    /// By the name of their streams.
    channels: HashMap<Arc<str>, Arc<Channel>>,
    /// Where the channels of each partition are heard.
    ears: Vec<Ear>,
    /// Connections so far.
    connections: u64,
}

/// One connection on which channels are heard.
#[derive(Clone)]
pub(crate) struct Ear {
    pub(crate) number: u64,
    orders: mpsc::UnboundedSender<Order>,
    heard: Arc<Mutex<Instant>>,
}

impl Ear {
    fn order(&self, order: Order) {
        // Without a listener the connection is being replaced, which listens to everything anew.
        let _ = self.orders.send(order);
    }

    /// How long nothing has arrived on the way of the events.
    pub(crate) fn silence(&self) -> Duration {
        locked(&self.heard).elapsed()
    }

    /// Something arrived from the server.
    pub(crate) fn mark_heard(&self) {
        *locked(&self.heard) = Instant::now();
    }
}

/// What a listener is to do.
pub(crate) enum Order {
    /// Listen to a channel, and ask its stream for the position.
    Listen(Arc<Channel>),
    /// Ask the stream of a channel for what is missing.
    CatchUp(Arc<Channel>),
    /// Connect anew: the connection was closed, or the server has given some of its channels away.
    Reconnect,
}

impl Hub {
    pub(crate) fn new(options: &RedisOptions) -> Self {
        // Nobody listens yet, and nothing has been heard since now.
        let (orders, _) = mpsc::unbounded_channel();
        let nobody = Ear { number: 0, orders, heard: Arc::new(Mutex::new(Instant::now())) };
        let table = Table { channels: HashMap::new(), ears: vec![nobody; usize::from(PARTITIONS)], connections: 0 };
        Self {
            names: KnownNames::new(&options.prefix),
            backlog_events: options.backlog_events,
            table: Mutex::new(table),
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
        let ear = table.ears[usize::from(names.partition)].clone();
        let channel = Arc::new(Channel::new(key.clone(), names, self.backlog_events, ear.number));
        table.channels.insert(Arc::clone(&channel.names.stream), Arc::clone(&channel));
        ear.order(Order::Listen(Arc::clone(&channel)));
        channel.join()
    }

    /// The channel of a topic, if this process listens to it.
    pub(crate) fn channel(&self, names: &Names) -> Option<Arc<Channel>> {
        locked(&self.table).channels.get(&names.stream).cloned()
    }

    /// Begins with a new connection for some partitions: what it is, its orders, and the channels to listen to on it.
    pub(crate) fn reconnect(&self, partitions: Partitions) -> (Ear, mpsc::UnboundedReceiver<Order>, Vec<Arc<Channel>>) {
        let (orders, ordered) = mpsc::unbounded_channel();
        let mut table = locked(&self.table);
        table.connections += 1;
        let number = table.connections;
        // What was heard on the last connection was heard.
        let before = partitions.iter().map(|partition| *locked(&table.ears[usize::from(partition)].heard)).min();
        let ear = Ear { number, orders, heard: Arc::new(Mutex::new(before.unwrap_or_else(Instant::now))) };
        for partition in partitions.iter() {
            table.ears[usize::from(partition)] = ear.clone();
        }
        let is_heard = |channel: &&Arc<Channel>| partitions.contains(channel.names.partition);
        let channels: Vec<_> = table.channels.values().filter(is_heard).cloned().collect();
        for channel in &channels {
            channel.reconnect(number);
        }
        (ear, ordered, channels)
    }

    /// Forgets the channels of some partitions to which nobody has listened for `linger`.
    pub(crate) fn leave(&self, partitions: Partitions, linger: Duration) -> Vec<Arc<Channel>> {
        let mut table = locked(&self.table);
        // Under the lock of the table nobody can begin to join.
        let is_left = |channel: &Channel| partitions.contains(channel.names.partition) && channel.is_left(linger);
        table.channels.extract_if(|_, channel| is_left(channel)).map(|(_, channel)| channel).collect()
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

    /// The names of every channel of some partitions.
    pub(crate) fn topics(&self, partitions: Partitions) -> Vec<Names> {
        let table = locked(&self.table);
        let names = table.channels.values().map(|channel| &channel.names);
        names.filter(|names| partitions.contains(names.partition)).cloned().collect()
    }

    /// Takes what a connection brings beside answers.
    pub(crate) fn hear(&self, ear: &Ear, info: PushInfo) {
        let mut data = info.data.into_iter();
        match info.kind {
            PushKind::Message | PushKind::SMessage => {
                ear.mark_heard();
                if let (Some(Value::BulkString(name)), Some(Value::BulkString(message))) = (data.next(), data.next()) {
                    self.hear_message(ear, &name, &message);
                }
            }
            PushKind::Disconnection => ear.order(Order::Reconnect),
            // A channel that was not left: its slot is at another master now.
            PushKind::SUnsubscribe => {
                if let Some(Value::BulkString(name)) = data.next()
                    && self.channel_called(&name).is_some()
                {
                    ear.order(Order::Reconnect);
                }
            }
            _ => {}
        }
    }

    fn channel_called(&self, name: &[u8]) -> Option<Arc<Channel>> {
        let name = std::str::from_utf8(name).ok()?;
        locked(&self.table).channels.get(name).cloned()
    }

    fn hear_message(&self, ear: &Ear, name: &[u8], message: &[u8]) {
        // Otherwise it is the probe, or a channel that was just left.
        let Some(channel) = self.channel_called(name) else { return };
        match scripts::message(&channel.names, message) {
            Ok(push) => {
                if channel.hear(ear.number, push) {
                    ear.order(Order::CatchUp(channel));
                }
            }
            Err(error) => tracing::error!(topic = %channel.key, %error, "somebody else writes to a topic's channel"),
        }
    }

    /// How long nothing has arrived on the way of the events of some partition.
    pub(crate) fn silence(&self) -> Duration {
        locked(&self.table).ears.iter().map(Ear::silence).max().unwrap_or_default()
    }
}

/// A panic while one of these locks is held leaves the value whole: nothing under them panics half-way.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
