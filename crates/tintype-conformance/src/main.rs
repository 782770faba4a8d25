//! Serves the conformance router on the loopback interface.

use std::net::{Ipv4Addr, SocketAddr};

use anyhow::Context as _;
use clap::Parser;
use tokio::net::TcpListener;

/// The conformance server: every profile at its path, HTTP and WebSocket on one port.
#[derive(Debug, Parser)]
#[command(version)]
struct Options {
    /// Port on the loopback interface; 0 takes a free one.
    #[arg(long, default_value_t = 4010)]
    port: u16,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let options = Options::parse();
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, options.port));
    let listener = TcpListener::bind(address).await.with_context(|| format!("cannot listen on {address}"))?;
    // Programs that start this one wait for the line and read the address from it.
    println!("listening on http://{}", listener.local_addr()?);
    tintype_conformance::serve(listener).await
}
