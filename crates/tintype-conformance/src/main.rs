//! Serves the conformance router on the loopback interface.

use std::{
    net::{Ipv4Addr, SocketAddr},
    time::Duration,
};

use anyhow::Context as _;
use clap::Parser;
use tintype_conformance::Drain;
use tokio::{
    net::TcpListener,
    signal::unix::{SignalKind, signal},
};

/// The conformance server: every profile at its path, HTTP and WebSocket on one port.
#[derive(Debug, Parser)]
#[command(version)]
struct Options {
    /// Port on the loopback interface; 0 takes a free one.
    #[arg(long, default_value_t = 4010)]
    port: u16,

    /// Milliseconds within which streams end after SIGTERM, each at a random moment.
    #[arg(long, default_value_t = 0)]
    drain_ms: u64,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let options = Options::parse();
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, options.port));
    let listener = TcpListener::bind(address).await.with_context(|| format!("cannot listen on {address}"))?;
    // Programs that start this one wait for the line and read the address from it.
    println!("listening on http://{}", listener.local_addr()?);
    let drain = Drain { time: Duration::from_millis(options.drain_ms), ..Drain::default() };
    let mut terminate = signal(SignalKind::terminate()).context("SIGTERM cannot be handled")?;
    let begins = drain.begins.clone();
    tokio::spawn(async move {
        terminate.recv().await;
        begins.cancel();
    });
    tintype_conformance::serve(listener, drain).await
}
