//! The measures, each of which is taken of a peer that runs.

use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use tokio::time::sleep;

use super::{
    peers::{Peer, Serving},
    publisher::Publisher,
    readers::{Readers, Stalled},
    report::Options,
};

/// What was measured of one peer.
#[derive(Debug)]
pub(super) struct Measured {
    pub(super) peer: Peer,
    /// One message at a time.
    pub(super) single: Delivery,
    /// Many messages at a time.
    pub(super) bursts: Delivery,
    pub(super) idle: Idle,
    pub(super) stalled: Slowed,
}

/// Messages brought to readers that read.
#[derive(Debug)]
pub(super) struct Delivery {
    /// Messages per second of the server's processor time, counted at the readers.
    pub(super) per_core_second: f64,
    /// Milliseconds from the beginning of each publishing to its last arrival, in ascending order.
    latencies_ms: Vec<f64>,
}

/// Streams on which nothing happens.
#[derive(Debug)]
pub(super) struct Idle {
    pub(super) streams: usize,
    pub(super) bytes_per_stream: f64,
}

/// What readers that stand still do to the server and to the others.
#[derive(Debug)]
pub(super) struct Slowed {
    /// The most by which the memory of the server grew while messages were published.
    pub(super) growth_bytes: u64,
    /// Processor time per delivery to the others, once the kernel's buffers of the stalled are full, divided by that
    /// without stalled readers.
    pub(super) processor_ratio: f64,
    /// Median time to the last of the others, divided by that without stalled readers.
    pub(super) latency_ratio: f64,
}

/// Length of a text whose message makes a frame of about 250 bytes.
const TEXT_BYTES: usize = 170;

/// Length of the texts that fill the buffers of stalled readers.
const FILLING_TEXT_BYTES: usize = 2_000;

/// Between two publishings, so that every reader waits when the next one comes.
const PACE: Duration = Duration::from_millis(10);

impl Delivery {
    /// The latency that this share of the publishings did not exceed.
    pub(super) fn latency_ms(&self, share: f64) -> f64 {
        #[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let index = (self.latencies_ms.len() as f64 * share).ceil() as usize;
        self.latencies_ms.get(index.saturating_sub(1)).copied().unwrap_or(f64::NAN)
    }
}

/// Takes every measure of `peer`.
pub(super) async fn measure(peer: Peer, options: &Options) -> anyhow::Result<Measured> {
    let say = |what: &str| eprintln!("{}: {what}", peer.title());
    say("idle streams");
    let idle = idle(peer, options).await?;

    say("single messages");
    let serving = peer.start(options.server.as_deref()).await?;
    let readers = Readers::open(serving.server.address, &serving.subscribe, options.subscribers).await?;
    let mut publisher = Publisher::open(serving.server.address, &serving.publish, 1, TEXT_BYTES).await?;
    listening(&readers, &mut publisher).await?;
    let single = deliver(&serving, &readers, &mut publisher, options.publishes, options.most()).await?;

    say("bursts");
    let mut publisher = Publisher::open(serving.server.address, &serving.publish, options.burst, TEXT_BYTES).await?;
    let bursts = deliver(&serving, &readers, &mut publisher, options.bursts, options.most()).await?;
    drop((readers, publisher, serving));

    say("readers that stand still");
    let stalled = slowed(peer, options).await?;
    Ok(Measured { peer, single, bursts, idle, stalled })
}

/// Publishes until every reader has had a message, and nothing more is under way.
async fn listening(readers: &Readers, publisher: &mut Publisher) -> anyhow::Result<()> {
    for _ in 0..100 {
        publisher.publish().await?;
        sleep(Duration::from_millis(200)).await;
        let mut before = readers.messages();
        // Slow peers take a while.
        loop {
            sleep(Duration::from_millis(300)).await;
            let now = readers.messages();
            if now == before {
                break;
            }
            before = now;
        }
        if readers.all_listen() {
            return Ok(());
        }
    }
    bail!("not every one of {} readers receives what is published", readers.number())
}

/// Publishes `times` times, or until `most` is over, and waits for every reader each time.
async fn deliver(
    serving: &Serving,
    readers: &Readers,
    publisher: &mut Publisher,
    times: usize,
    most: Duration,
) -> anyhow::Result<Delivery> {
    let (begun, seconds, first) = (Instant::now(), serving.server.processor_seconds()?, readers.messages());
    let each = (readers.number() * publisher.at_once()) as u64;
    let mut latencies_ms = Vec::new();
    let mut due = first;
    while latencies_ms.len() < times && (begun.elapsed() < most || latencies_ms.is_empty()) {
        due += each;
        let started = Instant::now();
        publisher.publish().await?;
        readers.arrive(due).await?;
        latencies_ms.push(started.elapsed().as_secs_f64() * 1e3);
        sleep(PACE).await;
    }
    latencies_ms.sort_by(f64::total_cmp);
    let seconds = serving.server.processor_seconds()? - seconds;
    #[allow(clippy::cast_precision_loss)] // Counts are far below 2^52.
    let per_core_second = (due - first) as f64 / seconds;
    Ok(Delivery { per_core_second, latencies_ms })
}

async fn idle(peer: Peer, options: &Options) -> anyhow::Result<Idle> {
    let streams =
        if peer == Peer::Trpc { options.idle_streams.min(options.idle_streams_trpc) } else { options.idle_streams };
    let serving = peer.start(options.server.as_deref()).await?;
    // What is made with the first stream is no stream's own.
    let few = Readers::open(serving.server.address, &serving.subscribe, 10).await?;
    let mut publisher = Publisher::open(serving.server.address, &serving.publish, 1, TEXT_BYTES).await?;
    listening(&few, &mut publisher).await?;
    let before = serving.server.memory_bytes()?;
    let _readers = Readers::open(serving.server.address, &serving.subscribe, streams).await?;
    sleep(Duration::from_secs(1)).await;
    #[allow(clippy::cast_precision_loss)] // Bytes are far below 2^52.
    let growth = serving.server.memory_bytes()?.saturating_sub(before) as f64;
    #[allow(clippy::cast_precision_loss)]
    Ok(Idle { streams, bytes_per_stream: growth / streams as f64 })
}

async fn slowed(peer: Peer, options: &Options) -> anyhow::Result<Slowed> {
    let serving = peer.start(options.server.as_deref()).await?;
    let readers = Readers::open(serving.server.address, &serving.subscribe, options.healthy).await?;
    let mut publisher = Publisher::open(serving.server.address, &serving.publish, 1, FILLING_TEXT_BYTES).await?;
    listening(&readers, &mut publisher).await?;
    let half = Duration::from_secs_f64(options.stalled_seconds / 2.0);
    let alone = deliver(&serving, &readers, &mut publisher, usize::MAX, half / 2).await?;

    let _stalled = Stalled::open(serving.server.address, &serving.subscribe, options.stalled).await?;
    let before = serving.server.memory_bytes()?;
    let mut largest = before;
    let beside = async {
        // The kernel still takes what is written to the stalled ones.
        deliver(&serving, &readers, &mut publisher, usize::MAX, half).await?;
        deliver(&serving, &readers, &mut publisher, usize::MAX, half).await
    };
    let mut beside = std::pin::pin!(beside);
    let beside = loop {
        tokio::select! {
            delivery = &mut beside => break delivery.context("beside readers that stand still")?,
            () = sleep(Duration::from_millis(250)) => largest = largest.max(serving.server.memory_bytes()?),
        }
    };
    Ok(Slowed {
        growth_bytes: largest.max(serving.server.memory_bytes()?) - before,
        processor_ratio: alone.per_core_second / beside.per_core_second,
        latency_ratio: beside.latency_ms(0.5) / alone.latency_ms(0.5),
    })
}
