//! `bench-server`, which the benchmark of fan-out starts too.

use std::{
    io::IsTerminal,
    net::{Ipv4Addr, SocketAddr},
    time::Duration,
};

use anyhow::Context as _;
use axum::{Router, http::StatusCode, routing::get};
use clap::Parser;
use server::ConnectionLimits;
use tintype::{MemoryBroker, MemoryLimits, Topics};
use tintype_axum::{RpcService, WebSocketLimits};
use tintype_redis::{RedisBroker, RedisOptions};
use tokio::{
    net::TcpListener,
    signal::unix::{SignalKind, signal},
};
use tokio_util::sync::CancellationToken;
use tracing_subscriber::EnvFilter;

use crate::contract::{self, AppState};

/// The server of the benchmarks: procedures under `/trpc` over HTTP and WebSocket, and `/readyz`.
#[derive(Debug, Parser)]
#[command(version)]
pub struct Options {
    /// Port on the loopback interface; 0 takes a free one.
    #[arg(long, default_value_t = 4020)]
    port: u16,

    /// The Redis over which several of these servers share rooms; without it, each has its own.
    #[arg(long, value_name = "URL")]
    redis: Option<String>,

    /// A sentinel that knows which Redis is the master; may be given several times.
    #[arg(long, value_name = "URL", requires = "redis")]
    redis_sentinel: Vec<String>,

    /// Name of the group of Redis servers that the sentinels watch.
    #[arg(long, value_name = "NAME", default_value = "mymaster")]
    redis_master: String,

    /// Messages kept per room for who comes back.
    #[arg(long, value_name = "COUNT", default_value_t = 256)]
    backlog_events: usize,

    /// Silence after which a probe goes the way of the messages, in milliseconds; only with `--redis`.
    #[arg(long, value_name = "MS", default_value_t = 5_000)]
    probe_interval_ms: u64,

    /// Connections open at the same time; further ones wait.
    #[arg(long, value_name = "COUNT", default_value_t = 50_000)]
    connections: usize,

    /// Seconds that calls may go on for after the server was told to stop.
    #[arg(long, value_name = "SECONDS", default_value_t = 5)]
    drain_seconds: u64,

    /// What to log, in the syntax of tracing: warn, or tintype_redis=debug.
    #[arg(long, default_value = "warn")]
    log: String,
}

/// Serves until a signal, and prints `listening on http://ADDRESS` when it is ready.
///
/// # Errors
///
/// If an option cannot be used, or the port is taken.
#[tokio::main]
pub async fn serve(options: &Options) -> anyhow::Result<()> {
    start_log(&options.log)?;
    server::use_small_pages();
    let topics = topics(options)?;
    let shutdown = CancellationToken::new();
    let app = app(topics, options, shutdown.clone())?;
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, options.port));
    let listener = TcpListener::bind(address).await.with_context(|| format!("cannot listen on {address}"))?;
    // Programs that start this one wait for the line and read the address from it.
    println!("listening on http://{}", listener.local_addr()?);
    let mut terminate = signal(SignalKind::terminate())?;
    let stop = shutdown.clone();
    tokio::spawn(async move {
        tokio::select! {
            _ = tokio::signal::ctrl_c() => {}
            _ = terminate.recv() => {}
        }
        stop.cancel();
    });
    let drain_time = Duration::from_secs(options.drain_seconds);
    let limits = ConnectionLimits { connections: options.connections, ..ConnectionLimits::default() };
    server::serve(listener, app, limits, shutdown, drain_time).await;
    Ok(())
}

fn app(topics: Topics, options: &Options, shutdown: CancellationToken) -> anyhow::Result<Router> {
    let sockets = WebSocketLimits { connections: options.connections, ..WebSocketLimits::default() };
    let procedures = RpcService::builder(contract::router(), AppState { topics: topics.clone() })
        .websocket(sockets)
        .shutdown(shutdown)
        .build()?;
    let ready = move || {
        let is_ready = topics.check().is_ok();
        async move { if is_ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE } }
    };
    Ok(Router::new().nest_service("/trpc", procedures).route("/readyz", get(ready)))
}

fn topics(options: &Options) -> anyhow::Result<Topics> {
    let Some(url) = &options.redis else {
        let limits = MemoryLimits { backlog_events: options.backlog_events, ..MemoryLimits::default() };
        return Ok(Topics::new(MemoryBroker::new(limits)));
    };
    let sentinels: Vec<&str> = options.redis_sentinel.iter().map(String::as_str).collect();
    let mut redis = match &*sentinels {
        [] => RedisOptions::url(url)?,
        sentinels => RedisOptions::sentinel(&options.redis_master, sentinels, url)?,
    };
    redis.backlog_events = options.backlog_events;
    redis.probe_interval = Duration::from_millis(options.probe_interval_ms);
    Ok(Topics::new(RedisBroker::new(redis)?))
}

fn start_log(filter: &str) -> anyhow::Result<()> {
    let filter =
        EnvFilter::try_new(filter).with_context(|| format!("--log is {filter:?}: try info, or tintype_redis=debug"))?;
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_ansi(std::io::stderr().is_terminal());
    log.with_writer(std::io::stderr).init();
    Ok(())
}
