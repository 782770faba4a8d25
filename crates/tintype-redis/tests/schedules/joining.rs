//! Processes join and leave topics at any time: who listens misses nothing, and what nobody listens to is left.

use std::{sync::Arc, time::Duration};

use futures_util::{FutureExt, StreamExt};
use redis::{PushInfo, PushKind, Value};
use shuttle::{
    future::block_on,
    rand::Rng,
    sync::{
        Mutex,
        mpsc::{self, Receiver, Sender},
    },
    thread::{self, JoinHandle},
};
use tintype::{Delivery, EventId, Push, TopicKey};
use tokio::sync::mpsc::UnboundedReceiver;

use crate::{
    channel::{Channel, Outcome},
    hub::{Ear, Hub, Order},
    keys::{Names, Partitions},
    options::RedisOptions,
    scripts::Found,
};

/// What is on the way to the process, in its order; a message with the connection over which it comes.
enum Arrival {
    Message(Ear, PushInfo),
    Answer(Found, Sender<Found>),
    /// The test is over.
    End,
}

/// A server with one topic.
struct Server {
    names: Names,
    /// The ids of the entries, each of which follows the one before; the first is a position without an event.
    entries: Vec<u64>,
    /// The connection that listens to the topic.
    listener: Option<Ear>,
    way: Sender<Arrival>,
}

impl Server {
    fn id(&self, entry: u64) -> EventId {
        self.names.event_id(format!("{entry}-0").parse().unwrap())
    }

    fn publish(&mut self) {
        let previous = *self.entries.last().unwrap();
        let entry = previous + 1;
        self.entries.push(entry);
        if let Some(ear) = self.listener.clone() {
            let data = vec![
                Value::BulkString(self.names.stream.as_bytes().to_vec()),
                Value::BulkString(format!("{entry}-0 {previous}-0 {{}}").into_bytes()),
            ];
            self.send(Arrival::Message(ear, PushInfo { kind: PushKind::Message, data }));
        }
    }

    /// What the script for it says.
    fn resume(&self, after: Option<&EventId>) -> Found {
        let Some(place) = self.entries.iter().position(|entry| Some(&self.id(*entry)) == after) else {
            return Found::Gap { position: self.id(*self.entries.last().unwrap()) };
        };
        let pair = |pair: &[u64]| Push::new(self.id(pair[1]), self.id(pair[0]), b"{}");
        Found::Continuous(self.entries[place..].windows(2).map(pair).collect())
    }

    fn send(&self, arrival: Arrival) {
        self.way.send(arrival).unwrap();
    }
}

/// A process, and the server to which it is connected.
struct World {
    key: TopicKey,
    hub: Hub,
    server: Mutex<Server>,
    /// Whether the subscriber may end.
    is_over: Mutex<bool>,
}

/// The task that does what the hub orders; as `subscriber`, without a network.
struct Subscriber {
    world: Arc<World>,
    ear: Ear,
    orders: UnboundedReceiver<Order>,
    questions: Vec<JoinHandle<()>>,
}

impl Subscriber {
    fn new(world: &Arc<World>) -> Self {
        let (ear, orders, channels) = world.hub.reconnect(Partitions::ALL);
        let mut subscriber = Self { world: Arc::clone(world), ear, orders, questions: Vec::new() };
        subscriber.listen(&channels);
        subscriber
    }

    fn reconnect(&mut self) {
        let (ear, orders, channels) = self.world.hub.reconnect(Partitions::ALL);
        (self.ear, self.orders) = (ear, orders);
        self.world.server.lock().unwrap().listener = None;
        self.listen(&channels);
    }

    fn turn(&mut self) {
        let mut listen = Vec::new();
        while let Ok(order) = self.orders.try_recv() {
            match order {
                Order::Listen(channel) => listen.push(channel),
                Order::CatchUp(channel) => self.catch_up(channel),
                Order::Reconnect => unreachable!("the test says when"),
            }
        }
        self.listen(&self.world.clone().hub.without_left(listen));
        for _ in self.world.hub.leave(Partitions::ALL, Duration::ZERO) {
            self.world.server.lock().unwrap().listener = None;
        }
    }

    fn listen(&mut self, channels: &[Arc<Channel>]) {
        for channel in channels {
            self.world.server.lock().unwrap().listener = Some(self.ear.clone());
            self.catch_up(Arc::clone(channel));
        }
    }

    fn catch_up(&mut self, channel: Arc<Channel>) {
        let (world, connection) = (Arc::clone(&self.world), self.ear.number);
        self.questions.push(thread::spawn(move || {
            while let Some(round) = channel.ask(connection) {
                let (answer, answered) = mpsc::channel();
                {
                    let server = world.server.lock().unwrap();
                    let found = server.resume(round.after.as_ref());
                    server.send(Arrival::Answer(found, answer));
                }
                if channel.answer(round, answered.recv().unwrap()) == Outcome::Live {
                    break;
                }
            }
        }));
    }
}

/// Brings what is on the way: messages to the hub, and answers to those who asked.
fn drive(world: &World, way: &Receiver<Arrival>) {
    while let Ok(arrival) = way.recv() {
        match arrival {
            Arrival::Message(ear, info) => world.hub.hear(&ear, info),
            Arrival::Answer(found, asker) => asker.send(found).unwrap(),
            Arrival::End => return,
        }
    }
}

/// Listens until the last of `events` has come, and checks that each follows the one before.
async fn listen(world: &World, events: u64) {
    let mut feed = world.hub.feed(&world.key).await;
    let last = world.server.lock().unwrap().id(events + 1);
    let mut position = feed.position.clone();
    while position != last {
        match feed.deliveries.next().await.unwrap() {
            Delivery::Push(push) if *push.previous() == position => position = push.id().clone(),
            other => panic!("after {position} comes {other:?}"),
        }
    }
}

/// Lets others go on for a while, so that what follows falls anywhere among their steps.
fn pause() {
    for _ in 0..shuttle::rand::thread_rng().gen_range(0..30) {
        thread::yield_now();
    }
}

/// How often the subscriber's connection is replaced.
#[derive(Clone, Copy)]
enum Connections {
    One,
    Two,
}

const EVENTS: u64 = 2;

fn schedule(connections: Connections) {
    let key = TopicKey::new("tenant", &["ticks"]).unwrap();
    let hub = Hub::new(&RedisOptions::url("redis://nowhere").unwrap());
    let (way, arrivals) = mpsc::channel();
    let server = Server { names: hub.names(&key), entries: vec![1], listener: None, way };
    let world = Arc::new(World { key, hub, server: Mutex::new(server), is_over: Mutex::new(false) });
    let mut subscriber = Subscriber::new(&world);

    let driver = thread::spawn({
        let world = Arc::clone(&world);
        move || drive(&world, &arrivals)
    });
    let subscriber = thread::spawn({
        let world = Arc::clone(&world);
        move || {
            let mut turns = 0;
            while !*world.is_over.lock().unwrap() {
                subscriber.turn();
                turns += 1;
                if turns == 2 && matches!(connections, Connections::Two) {
                    subscriber.reconnect();
                }
                thread::yield_now();
            }
            subscriber
        }
    });
    let client = |visit: fn(&World)| {
        let world = Arc::clone(&world);
        thread::spawn(move || visit(&world))
    };
    let clients = [
        client(|world| {
            pause();
            block_on(listen(world, EVENTS));
        }),
        client(|world| {
            drop(block_on(world.hub.feed(&world.key)));
            pause();
            // One that is gone before it has begun.
            drop(world.hub.feed(&world.key).now_or_never());
        }),
    ];
    for _ in 0..EVENTS {
        pause();
        world.server.lock().unwrap().publish();
    }
    clients.into_iter().for_each(|client| client.join().unwrap());

    *world.is_over.lock().unwrap() = true;
    let mut subscriber = subscriber.join().unwrap();
    subscriber.turn();
    subscriber.questions.into_iter().for_each(|question| question.join().unwrap());
    world.server.lock().unwrap().send(Arrival::End);
    driver.join().unwrap();
    assert_eq!(world.hub.topics(Partitions::ALL).len(), 0, "a topic is left behind");
    assert!(world.server.lock().unwrap().listener.is_none(), "the process listens for nobody");
}

#[test]
fn who_joins_while_others_leave_misses_nothing_and_nothing_is_left_behind() {
    shuttle::check_random(|| schedule(Connections::One), 6_000);
}

#[test]
fn a_connection_that_is_replaced_costs_nothing() {
    shuttle::check_random(|| schedule(Connections::Two), 4_000);
}
