use std::{path::PathBuf, time::Duration};

use anyhow::bail;
use clap::Args;
use rustix::process::{Resource, getrlimit, setrlimit};

use super::{bars, measures, peers::Peer, tables};
use crate::types::replace_marked;

/// How much to measure.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Who is measured.
    #[arg(long, value_delimiter = ',', default_values = ["tintype", "trpc", "nchan"])]
    peers: Vec<Peer>,
    /// Readers of single messages and of bursts.
    #[arg(long, default_value_t = 1_000)]
    pub(super) subscribers: usize,
    /// Single messages.
    #[arg(long, default_value_t = 300)]
    pub(super) publishes: usize,
    /// Messages in a burst.
    #[arg(long, default_value_t = 32)]
    pub(super) burst: usize,
    /// Bursts.
    #[arg(long, default_value_t = 60)]
    pub(super) bursts: usize,
    /// Seconds after which a peer may end a measure with fewer messages.
    #[arg(long, default_value_t = 30.0)]
    seconds: f64,
    /// Streams on which nothing happens.
    #[arg(long, default_value_t = 10_000)]
    pub(super) idle_streams: usize,
    /// The same, at most, of `@trpc/server`, which takes long to open them.
    #[arg(long, default_value_t = 2_000)]
    pub(super) idle_streams_trpc: usize,
    /// Readers that stand still.
    #[arg(long, default_value_t = 1_000)]
    pub(super) stalled: usize,
    /// Readers beside them.
    #[arg(long, default_value_t = 100)]
    pub(super) healthy: usize,
    /// Seconds of messages to both.
    #[arg(long, default_value_t = 40.0)]
    pub(super) stalled_seconds: f64,
    /// Another build of `bench-server` to measure in place of this one, to compare versions.
    #[arg(long, value_name = "PROGRAM")]
    pub(super) server: Option<PathBuf>,
    /// Writes the tables into this file too, between its marks.
    #[arg(long)]
    write: Option<PathBuf>,
}

impl Options {
    /// The most time for one measure.
    pub(super) fn most(&self) -> Duration {
        Duration::from_secs_f64(self.seconds)
    }
}

pub(crate) fn measure(options: &Options) -> anyhow::Result<()> {
    allow_many_sockets(options)?;
    // One thread: the server has the other core.
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(run(options))
}

async fn run(options: &Options) -> anyhow::Result<()> {
    let (mut measured, mut absent) = (Vec::new(), Vec::new());
    for &peer in &options.peers {
        match peer.missing() {
            Some(sentence) => absent.push(sentence),
            None => measured.push(measures::measure(peer, options).await?),
        }
    }
    let text = tables::tables(&measured, &absent, options);
    println!("{text}");
    if let Some(path) = &options.write {
        replace_marked(path, "fan-out", &text)?;
    }
    let missed = bars::missed(&measured);
    if !missed.is_empty() {
        bail!("fan-out is not what it is promised to be:\n{}", missed.join("\n"));
    }
    Ok(())
}

/// Servers that are started inherit it.
fn allow_many_sockets(options: &Options) -> anyhow::Result<()> {
    let needed = options.idle_streams.max(options.subscribers).max(options.stalled + options.healthy) as u64 + 500;
    let mut limit = getrlimit(Resource::Nofile);
    if limit.maximum.is_some_and(|maximum| maximum < needed) {
        bail!("{needed} open files are needed, and {limit:?} is allowed: raise `ulimit -Hn`, or measure fewer streams");
    }
    if limit.current.is_some_and(|current| current < needed) {
        limit.current = Some(needed);
        setrlimit(Resource::Nofile, limit)?;
    }
    Ok(())
}
