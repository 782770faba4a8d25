//! Serves the contract of the crate on the loopback interface, for load generators and for the ledger.

use bench::serving::{Options, serve};
use clap::Parser;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> anyhow::Result<()> {
    serve(&Options::parse())
}
