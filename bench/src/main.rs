//! Measurements against peers, as ratios within one run, because machines are noisy.
//!
//! `cargo run --release -p bench -- http`

mod http;

use clap::Parser;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// What to measure.
#[derive(Debug, Parser)]
enum Command {
    /// Calls per second of one core's time: procedures beside hand-written axum handlers that do the same.
    Http(http::Options),
    /// The process that `http` measures.
    #[command(hide = true)]
    HttpServer,
}

fn main() -> anyhow::Result<()> {
    match Command::parse() {
        Command::Http(options) => http::measure(&options),
        Command::HttpServer => http::serve(),
    }
}
