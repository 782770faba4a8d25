//! A channel and its subscribers against a log of which everything is known, whatever happens to it.

use std::{
    collections::{BTreeSet, VecDeque},
    sync::{Arc, Mutex},
};

use bytes::Bytes;
use futures_util::{
    FutureExt, Stream, StreamExt,
    future::{self, BoxFuture},
};
use proptest::prelude::*;
use serde::{Deserialize, Serialize};
use tintype::{
    Broker, BrokerError, BrokerLimits, Event, EventId, Failure, Feed, Push, Replay, Topic, TopicKey, Topics, Type,
    specta,
};

use crate::{
    channel::{Channel, Outcome, Round},
    keys::{Names, StreamId},
    scripts::{Asker, Found},
};

/// Few, so that subscribers fall behind.
const BACKLOG_EVENTS: usize = 4;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
enum Seen {
    At(usize),
    Gap,
}

/// What may happen, one thing after the other.
#[derive(Debug, Clone, Copy)]
enum Step {
    Publish,
    /// The next message or answer arrives.
    Arrive,
    /// The next message is lost on the way.
    Lose,
    /// The next message arrives, and will arrive again.
    Repeat,
    /// The connection is cut, with all that is on the way.
    Cut,
    /// The stream keeps fewer events.
    Trim,
    /// A failover: the last events are not on the new master, whose clock may be behind.
    RollBack(usize),
    /// Everything is gone.
    Flush,
    /// The subscriber takes one event.
    Take,
    /// The subscriber connects anew, with its cursor.
    ComeBack,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        8 => Just(Step::Publish),
        12 => Just(Step::Arrive),
        2 => Just(Step::Lose),
        1 => Just(Step::Repeat),
        1 => Just(Step::Cut),
        1 => Just(Step::Trim),
        1 => (1_usize..4).prop_map(Step::RollBack),
        1 => Just(Step::Flush),
        8 => Just(Step::Take),
        2 => Just(Step::ComeBack),
    ];
    prop::collection::vec(step, 1..60)
}

/// An entry of the stream.
#[derive(Debug, Clone)]
struct Entry {
    id: u64,
    previous: u64,
    number: usize,
}

/// What is on the way over the connection on which the process listens.
enum Arrival {
    Message(Arc<Push>),
    Answer(Round, Found),
}

#[derive(Default)]
struct Redis {
    stream: VecDeque<Entry>,
    /// The id of the last event; nothing if the topic was forgotten.
    last: Option<u64>,
    clock: u64,
    used: BTreeSet<u64>,
    published: usize,
    /// The position after which the topic began anew, when it had lost events.
    broken: Option<u64>,
    /// Numbers of the events that no server has any more, and that the process never had.
    lost: BTreeSet<usize>,
}

impl Redis {
    fn next_id(&mut self) -> u64 {
        self.clock = self.clock.max(self.last.unwrap_or(0));
        loop {
            self.clock += 1;
            // Time does not give the same id twice, even if the clock was set back.
            if self.used.insert(self.clock) {
                return self.clock;
            }
        }
    }

    fn publish(&mut self) -> Entry {
        let entry = Entry { previous: self.last.unwrap_or(0), id: self.next_id(), number: self.published };
        self.published += 1;
        self.last = Some(entry.id);
        self.stream.push_back(entry.clone());
        entry
    }

    /// What the script says, and the message that it sends to everybody.
    fn resume(&mut self, names: &Names, after: Option<u64>, asker: Asker) -> (Found, Option<Arc<Push>>) {
        if let Some(after) = after {
            if self.last == Some(after) {
                return (Found::Continuous(Vec::new()), None);
            }
            let entries: Vec<&Entry> = self.stream.iter().filter(|entry| entry.id > after).collect();
            let is_whole = entries.last().map(|newest| newest.id) == self.last
                && entries.iter().zip(entries.iter().skip(1)).all(|(one, next)| next.previous == one.id);
            if is_whole && entries.first().is_some_and(|first| first.previous == after) {
                return (Found::Continuous(entries.into_iter().map(|entry| push(names, entry)).collect()), None);
            }
        }
        let breaks = match (asker, self.last, after) {
            (Asker::Listener, Some(last), Some(after)) => {
                let successor = self.stream.iter().find(|entry| entry.id > after);
                let previous = successor.map_or(last, |entry| entry.previous);
                previous != 0 && previous < after && self.broken.is_none_or(|broken| broken < after)
            }
            _ => false,
        };
        let position = match self.last {
            Some(last) if !breaks => last,
            _ => self.next_id(),
        };
        self.last = Some(position);
        let gap = Found::Gap { position: names.event_id(stream_id(position)) };
        if !breaks {
            return (gap, None);
        }
        self.broken = Some(position);
        let message = Push::new(names.event_id(stream_id(position)), names.event_id(stream_id(0)), b"");
        (gap, Some(message))
    }
}

fn stream_id(number: u64) -> StreamId {
    format!("{number}-0").parse().unwrap()
}

fn push(names: &Names, entry: &Entry) -> Arc<Push> {
    let id = |number| names.event_id(stream_id(number));
    let payload = serde_json::to_vec(&Seen::At(entry.number)).unwrap();
    Push::new(id(entry.id), id(entry.previous), &payload)
}

/// A server, a process that listens to it, and what is between them.
struct World {
    channel: Arc<Channel>,
    redis: Mutex<Redis>,
    way: Mutex<VecDeque<Arrival>>,
    connection: Mutex<u64>,
}

impl World {
    fn new() -> Arc<Self> {
        let key = TopicKey::new("tenant", &["ticks"]).unwrap();
        let names = Names::new("tt", &key);
        let world = Self {
            channel: Arc::new(Channel::new(key, names, BACKLOG_EVENTS, 0)),
            redis: Mutex::default(),
            way: Mutex::default(),
            connection: Mutex::new(0),
        };
        world.ask();
        // A subscriber waits until the position of the topic is known.
        world.arrive();
        Arc::new(world)
    }

    fn number(&self, id: &EventId) -> Option<u64> {
        self.channel.names.entry(id).map(|entry| entry.to_string().trim_end_matches("-0").parse().unwrap())
    }

    /// As the subscriber does when it is told that the channel is behind.
    fn ask(&self) {
        let Some(round) = self.channel.ask(*self.connection.lock().unwrap()) else { return };
        let after = round.after.as_ref().and_then(|after| self.number(after));
        let (found, message) = self.redis.lock().unwrap().resume(&self.channel.names, after, Asker::Listener);
        self.way
            .lock()
            .unwrap()
            .extend(message.map(Arrival::Message).into_iter().chain([Arrival::Answer(round, found)]));
    }

    fn arrive(&self) {
        let arrival = self.way.lock().unwrap().pop_front();
        let must_ask = match arrival {
            None => false,
            Some(Arrival::Message(push)) => self.channel.hear(*self.connection.lock().unwrap(), push),
            Some(Arrival::Answer(round, found)) => self.channel.answer(round, found) == Outcome::Again,
        };
        if must_ask {
            self.ask();
        }
    }

    fn next_is_message(&self) -> bool {
        matches!(self.way.lock().unwrap().front(), Some(Arrival::Message(_)))
    }

    fn step(&self, step: Step) {
        match step {
            Step::Publish => {
                let entry = self.redis.lock().unwrap().publish();
                self.way.lock().unwrap().push_back(Arrival::Message(push(&self.channel.names, &entry)));
            }
            Step::Arrive => self.arrive(),
            Step::Lose => {
                if self.next_is_message() {
                    self.way.lock().unwrap().pop_front();
                }
            }
            Step::Repeat => {
                let mut way = self.way.lock().unwrap();
                if let Some(Arrival::Message(push)) = way.front() {
                    let again = Arrival::Message(Arc::clone(push));
                    way.push_front(again);
                }
                drop(way);
                self.arrive();
            }
            Step::Cut => {
                self.way.lock().unwrap().clear();
                *self.connection.lock().unwrap() += 1;
                self.channel.reconnect(*self.connection.lock().unwrap());
                self.ask();
            }
            Step::Trim => {
                let mut redis = self.redis.lock().unwrap();
                let gone = redis.stream.len() / 2;
                redis.stream.drain(..gone);
            }
            Step::RollBack(events) => {
                let mut redis = self.redis.lock().unwrap();
                let kept = redis.stream.len().saturating_sub(events);
                let gone: Vec<Entry> = redis.stream.drain(kept..).collect();
                if let Some(first) = gone.first() {
                    redis.last = Some(first.previous);
                    redis.clock = first.previous;
                    redis.broken = redis.broken.filter(|broken| *broken <= first.previous);
                    let position = self.channel.backlog_now().and_then(|backlog| self.number(&backlog.position()));
                    if position.is_none_or(|position| position < first.id) {
                        redis.lost.extend(gone.iter().map(|entry| entry.number));
                    }
                }
                drop(redis);
                self.step(Step::Cut);
            }
            Step::Flush => {
                let mut redis = self.redis.lock().unwrap();
                redis.stream.clear();
                redis.last = None;
            }
            Step::Take | Step::ComeBack => {}
        }
    }
}

/// The subscribers' side of the broker.
struct Listener(Arc<World>);

impl Broker for Listener {
    fn publish<'a>(
        &'a self,
        _: &'a TopicKey,
        _: Bytes,
        _: Option<&'a str>,
    ) -> BoxFuture<'a, Result<EventId, BrokerError>> {
        unreachable!("the steps publish")
    }

    fn subscribe<'a>(&'a self, _: &'a TopicKey) -> BoxFuture<'a, Result<Feed, BrokerError>> {
        future::ready(Ok(self.0.channel.backlog_now().unwrap().feed())).boxed()
    }

    fn resume<'a>(&'a self, _: &'a TopicKey, after: &'a EventId) -> BoxFuture<'a, Result<Replay, BrokerError>> {
        let World { channel, redis, .. } = &*self.0;
        let replay = match channel.backlog_now().unwrap().after(after) {
            Some(pushes) => Replay::Continuous(pushes),
            None => match redis.lock().unwrap().resume(&channel.names, self.0.number(after), Asker::Client).0 {
                Found::Continuous(pushes) => Replay::Continuous(pushes),
                Found::Gap { position } => Replay::Gap { position },
            },
        };
        future::ready(Ok(replay)).boxed()
    }

    fn limits(&self) -> BrokerLimits {
        unreachable!("nothing is published through it")
    }
}

type Events = std::pin::Pin<Box<dyn Stream<Item = Result<Event<Seen>, Failure>> + Send>>;

struct Client {
    topic: Topic<Seen>,
    events: Events,
    cursor: Option<EventId>,
    seen: Vec<Seen>,
}

impl Client {
    fn new(world: &Arc<World>) -> Self {
        let topic: Topic<Seen> = Topics::new(Listener(Arc::clone(world))).topic(world.channel.key.clone());
        let events = Box::pin(topic.subscribe_with_gap(|| Seen::Gap).into_events());
        Self { topic, events, cursor: None, seen: Vec::new() }
    }

    /// Takes an event if there is one.
    fn take(&mut self) -> bool {
        let Some(event) = self.events.next().now_or_never() else { return false };
        let event = event.unwrap().unwrap();
        self.cursor = Some(event.id);
        self.seen.push(event.data);
        true
    }

    fn come_back(&mut self) {
        // Without a cursor it would begin anew, which proves nothing.
        if let Some(cursor) = self.cursor.clone() {
            let topic = self.topic.clone().resume_after(Some(cursor));
            self.events = Box::pin(topic.subscribe_with_gap(|| Seen::Gap).into_events());
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(5_000))]

    #[test]
    fn every_event_arrives_once_and_in_order_or_a_gap_is_said(steps in steps()) {
        let world = World::new();
        let mut client = Client::new(&world);
        // It has begun.
        prop_assert!(!client.take());
        for step in &steps {
            match step {
                Step::Take => drop(client.take()),
                Step::ComeBack => client.come_back(),
                step => world.step(*step),
            }
        }
        // Then all is well again, and one more event shows who is at the end.
        world.step(Step::Cut);
        world.step(Step::Publish);
        let last = world.redis.lock().unwrap().published - 1;
        while !world.way.lock().unwrap().is_empty() {
            world.arrive();
        }
        while client.take() {}

        let lost = world.redis.lock().unwrap().lost.clone();
        let mut expected = Some(0);
        for seen in &client.seen {
            match (seen, expected) {
                (Seen::At(number), Some(next)) => {
                    prop_assert!(*number >= next, "{number} came late or twice: {:?}", client.seen);
                    prop_assert!((next..*number).all(|between| lost.contains(&between)),
                        "something before {number} is missing: {:?}", client.seen);
                    expected = Some(number + 1);
                }
                (Seen::At(number), None) => {
                    let earlier = client.seen.iter().filter(|other| *other == seen).count();
                    prop_assert!(earlier == 1, "{number} came twice: {:?}", client.seen);
                    expected = Some(number + 1);
                }
                (Seen::Gap, _) => expected = None,
            }
        }
        // Nobody is left behind without a word.
        prop_assert!(expected.is_none_or(|next| next == last + 1), "{last} is missing: {:?}", client.seen);
    }
}

#[test]
fn what_follows_a_lost_event_comes_after_the_gap_and_is_no_second_one() {
    let world = World::new();
    let mut client = Client::new(&world);
    assert!(!client.take());
    world.step(Step::Publish);
    world.arrive();
    assert!(client.take());

    // An event that the stream does not have, and the next one, which it has before it is asked.
    let id = client.cursor.clone().unwrap();
    let lost = Push::new(id, world.channel.names.event_id(stream_id(0)), br#"{"At":7}"#);
    assert!(world.channel.hear(0, lost));
    let next = world.redis.lock().unwrap().publish();
    world.ask();
    world.way.lock().unwrap().push_front(Arrival::Message(push(&world.channel.names, &next)));
    world.arrive();
    world.arrive();

    while client.take() {}
    assert_eq!(client.seen, [Seen::At(0), Seen::Gap, Seen::At(1)]);
}
