use std::path::PathBuf;

use clap::Parser;

use crate::faults::Fault;

/// Proves by a ledger that topics keep their promise while servers, Redis and the network fail.
///
/// `cargo xtask chaos` builds what it needs and names it.
#[derive(Debug, Clone, Parser)]
#[command(name = "chaos", version)]
pub(crate) struct Options {
    /// The program `bench-server`.
    #[arg(long, value_name = "PROGRAM")]
    pub(crate) server: PathBuf,

    /// The script that runs the official clients, `chaos/official/clients.mjs`.
    #[arg(long, value_name = "SCRIPT")]
    pub(crate) official: PathBuf,

    /// How long faults go on for.
    #[arg(long, default_value_t = 90)]
    pub(crate) seconds: u64,

    /// Decides which faults happen, in which order and how; a random one by default, which is printed.
    #[arg(long)]
    pub(crate) seed: Option<u64>,

    /// Messages to publish at least.
    #[arg(long, default_value_t = 12_000)]
    pub(crate) messages: u32,

    /// Clients that listen.
    #[arg(long, default_value_t = 40, value_parser = clap::value_parser!(u16).range(1..=1000))]
    pub(crate) clients: u16,

    /// Rooms, which are topics.
    #[arg(long, default_value_t = 4, value_parser = clap::value_parser!(u16).range(1..=1000))]
    pub(crate) rooms: u16,

    /// Publishers, each of which sends to every room.
    #[arg(long, default_value_t = 6, value_parser = clap::value_parser!(u16).range(1..=1000))]
    pub(crate) publishers: u16,

    /// Server processes.
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u16).range(1..=20))]
    pub(crate) servers: u16,

    /// Only this fault; may be given several times.
    #[arg(long, value_enum, value_name = "FAULT")]
    pub(crate) only: Vec<Fault>,

    /// A replica and a sentinel beside Redis, which may fail over; servers then reach Redis without a proxy.
    #[arg(long)]
    pub(crate) sentinel: bool,

    /// Events kept per topic for who comes back.
    #[arg(long, value_name = "COUNT", default_value_t = 128)]
    pub(crate) backlog_events: usize,

    /// Silence after which servers probe the way of the events, in milliseconds.
    #[arg(long, value_name = "MS", default_value_t = 400)]
    pub(crate) probe_interval_ms: u64,

    /// Calms, in which everything published must have arrived.
    #[arg(long, default_value_t = 4, value_parser = clap::value_parser!(u32).range(1..=100))]
    pub(crate) calms: u32,

    /// Longest silence after the last fault before a calm, in seconds.
    #[arg(long, value_name = "SECONDS", default_value_t = 3.0)]
    pub(crate) continuity_seconds: f64,

    /// What the servers log, to files whose folder is printed when the promise was not kept.
    #[arg(long, default_value = "info")]
    pub(crate) server_log: String,
}
