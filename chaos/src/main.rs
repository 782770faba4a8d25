//! The ledger: real servers, a real Redis and real clients, faults in a random order, and a judge who knows who sent
//! what and who received what.
//!
//! `cargo xtask chaos` runs it; `docs/chaos.md` says what it proves.

mod clients;
mod faults;
mod ledger;
mod options;
mod publishers;
mod report;
mod run;
mod world;

use std::process::ExitCode;

use clap::Parser;

use crate::{options::Options, run::run};

/// What the names of rooms begin with.
const ROOM: &str = "room-";

/// What the texts of messages begin with; the number of their publisher follows.
const PUBLISHER: &str = "publisher ";

fn room_name(room: u16) -> String {
    format!("{ROOM}{room}")
}

#[tokio::main]
async fn main() -> ExitCode {
    let options = Options::parse();
    let result = tokio::select! {
        result = run(options) => result,
        _ = tokio::signal::ctrl_c() => Err(anyhow::anyhow!("interrupted")),
    };
    match result {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("\nerror: the ledger could not be kept: {error:#}");
            ExitCode::from(2)
        }
    }
}
