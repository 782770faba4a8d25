//! Publishers that try again until a message is acknowledged, under an idempotency key of its own.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use anyhow::{Context, bail};
use bench::contract::{
    self,
    chat::{self, Message, RoomEvent},
};
use rand::{Rng, SeedableRng, rngs::StdRng};
use tintype_client::{Client, Timeouts};
use tokio::{
    sync::Semaphore,
    task::JoinSet,
    time::{Instant, sleep, sleep_until, timeout},
};

use crate::{
    ledger::{MessageKey, MessageNumber, Recorder},
    options::Options,
};

/// Everybody who publishes.
pub(crate) struct Publishers {
    // A publisher has a place while a message of it is on its way.
    places: Arc<Semaphore>,
    count: u16,
    published: Arc<AtomicU32>,
    tasks: JoinSet<anyhow::Result<()>>,
}

/// How long one attempt may take.
const ATTEMPT_TIME: Duration = Duration::from_millis(1_500);

/// How far behind its schedule a publisher may be and catch up.
const MOST_BEHIND: Duration = Duration::from_secs(2);

/// How long it may take until every message is acknowledged when nothing fails any more.
const ACKNOWLEDGED_TIME: Duration = Duration::from_secs(30);

impl Publishers {
    /// Starts them; together they publish the messages of `options` in its time.
    pub(crate) fn start(options: &Options, seed: u64, ports: &[u16], recorder: &Recorder) -> anyhow::Result<Self> {
        let count = options.publishers;
        let places = Arc::new(Semaphore::new(count.into()));
        let published = Arc::new(AtomicU32::new(0));
        let every = Duration::from_secs(options.seconds) * u32::from(count) / options.messages.max(1);
        let mut tasks = JoinSet::new();
        for number in 0..count {
            let publisher = Publisher {
                number,
                counts: vec![0; options.rooms.into()],
                clients: clients(ports)?,
                every,
                places: Arc::clone(&places),
                published: Arc::clone(&published),
                recorder: recorder.clone(),
                random: StdRng::seed_from_u64(!seed ^ (u64::from(number) << 32)),
                run: format!("{:016x}", rand::random::<u64>()),
            };
            tasks.spawn(publisher.run());
        }
        Ok(Self { places, count, published, tasks })
    }

    /// How many messages were acknowledged.
    pub(crate) fn published(&self) -> u32 {
        self.published.load(Ordering::Relaxed)
    }

    /// Waits until every message that was begun is acknowledged, and lets nobody begin another.
    pub(crate) async fn silence(&self) -> anyhow::Result<()> {
        match timeout(ACKNOWLEDGED_TIME, self.places.acquire_many(self.count.into())).await {
            Ok(places) => places?.forget(),
            Err(_) => bail!("a message was not acknowledged in {ACKNOWLEDGED_TIME:?}, while nothing failed"),
        }
        Ok(())
    }

    /// Lets them publish again.
    pub(crate) fn resume(&self) {
        self.places.add_permits(self.count.into());
    }

    /// Fails if a publisher has ended, which none does by itself.
    pub(crate) fn check(&mut self) -> anyhow::Result<()> {
        match self.tasks.try_join_next() {
            None => Ok(()),
            Some(ended) => ended.context("a publisher panicked")?.context("a publisher ended"),
        }
    }
}

struct Publisher {
    number: u16,
    /// Messages in each room so far.
    counts: Vec<u32>,
    /// One for each server.
    clients: Vec<Client>,
    every: Duration,
    places: Arc<Semaphore>,
    published: Arc<AtomicU32>,
    recorder: Recorder,
    random: StdRng,
    /// Part of its idempotency keys, so that no other run has the same.
    run: String,
}

impl Publisher {
    async fn run(mut self) -> anyhow::Result<()> {
        let places = Arc::clone(&self.places);
        let mut next = Instant::now();
        loop {
            sleep_until(next).await;
            let _place = places.acquire().await?;
            let now = Instant::now();
            if now.duration_since(next) > MOST_BEHIND {
                next = now;
            }
            next += self.every;
            self.publish().await?;
        }
    }

    /// Publishes one message, in whatever number of attempts.
    async fn publish(&mut self) -> anyhow::Result<()> {
        let room = self.random.random_range(0..self.counts.len());
        self.counts[room] += 1;
        let key = MessageKey { room: u16::try_from(room)?, publisher: self.number, seq: self.counts[room] };
        let once = format!("{}-{}-{}-{}", self.run, key.publisher, key.room, key.seq);
        let number = self.recorder.began(key);
        loop {
            self.recorder.tried(number);
            let server = self.random.random_range(0..self.clients.len());
            let client = self.clients[server].with_header("idempotency-key", &once)?;
            if client.call::<chat::send>(message(key)).await.is_ok() {
                break;
            }
            sleep(Duration::from_millis(self.random.random_range(10..=100))).await;
        }
        self.recorder.acknowledged(number);
        self.published.fetch_add(1, Ordering::Relaxed);
        Ok(())
    }
}

fn clients(ports: &[u16]) -> anyhow::Result<Vec<Client>> {
    let router = contract::router();
    let timeouts = Timeouts { call: Some(ATTEMPT_TIME), ..Timeouts::default() };
    let client = |port: &u16| {
        Client::builder(format!("http://127.0.0.1:{port}/trpc")).contract(&router).timeouts(timeouts.clone()).build()
    };
    Ok(ports.iter().map(client).collect::<Result<_, _>>()?)
}

fn message(key: MessageKey) -> Message {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Message {
        room: crate::room_name(key.room),
        seq: key.seq,
        t: (now.as_secs_f64() * 1_000.0).floor(),
        text: format!("{}{}", crate::PUBLISHER, key.publisher),
    }
}

/// The publisher whose messages are lost on the way, and are in the stream.
pub(crate) struct Unheard {
    number: u16,
    counts: Vec<u32>,
    recorder: Recorder,
}

/// One of its messages.
pub(crate) struct UnheardMessage {
    message: Message,
    number: MessageNumber,
    recorder: Recorder,
}

impl Unheard {
    /// Its number follows those of the others.
    pub(crate) fn new(options: &Options, recorder: &Recorder) -> Self {
        Self { number: options.publishers, counts: vec![0; options.rooms.into()], recorder: recorder.clone() }
    }

    /// The next message for every room.
    pub(crate) fn next(&mut self) -> Vec<UnheardMessage> {
        let mut messages = Vec::new();
        for (room, count) in (0..).zip(&mut self.counts) {
            *count += 1;
            let key = MessageKey { room, publisher: self.number, seq: *count };
            let number = self.recorder.began(key);
            self.recorder.tried(number);
            messages.push(UnheardMessage { message: message(key), number, recorder: self.recorder.clone() });
        }
        messages
    }
}

impl UnheardMessage {
    pub(crate) fn room(&self) -> &str {
        &self.message.room
    }

    /// The event as servers publish it.
    pub(crate) fn json(&self) -> anyhow::Result<String> {
        Ok(serde_json::to_string(&RoomEvent::Message(self.message.clone()))?)
    }

    /// It is in the stream.
    pub(crate) fn acknowledged(self) {
        self.recorder.acknowledged(self.number);
    }
}
