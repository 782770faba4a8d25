//! The repository's commands: `cargo xtask demo`, `cargo xtask test`, and what they consist of.

mod bindings;
mod chaos;
mod contract;
mod debian;
mod demo;
mod dev;
mod examples;
mod fuzz;
mod mutations;
mod npm;
mod postgres;
mod progress;
mod readme;
mod suite;
mod tool;
mod watch;
mod workspace;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::{
    bindings::Bindings, chaos::Chaos, contract::Contract, demo::Demo, dev::Dev, fuzz::Fuzz, suite::Suite,
    workspace::Workspace,
};

#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", about = "The commands of the tintype repository")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Installs what is missing, builds the web demo and the server, and starts it.
    Demo(Demo),
    /// Runs the server and the web demo while you work: a saved file changes bindings, server and page.
    Dev(Dev),
    /// Runs every check of the repository, in order.
    Test(Suite),
    /// Runs an example, or lists them.
    Example(examples::Run),
    /// Writes the contract and its TypeScript to `bindings`.
    Bindings(Bindings),
    /// Compares the contract with those of releases, and keeps it as one.
    Contract(Contract),
    /// Feeds what reads requests with whatever may be sent.
    Fuzz(Fuzz),
    /// Proves by a ledger that topics keep their promise while servers, Redis and the network fail.
    Chaos(Chaos),
    /// Takes the screenshots of the web demo.
    Screenshots,
}

fn main() -> ExitCode {
    match run(Cli::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\nerror: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(cli: Cli) -> anyhow::Result<()> {
    let workspace = Workspace::find()?;
    match cli.command {
        Command::Demo(demo) => demo.run(&workspace),
        Command::Dev(dev) => dev.run(&workspace),
        Command::Test(suite) => suite.run(&workspace),
        Command::Example(example) => example.run(&workspace),
        Command::Bindings(bindings) => bindings.run(&workspace),
        Command::Contract(contract) => contract.run(&workspace),
        Command::Fuzz(fuzz) => fuzz.run(&workspace),
        Command::Chaos(chaos) => chaos.run(&workspace),
        Command::Screenshots => suite::screenshots(&workspace),
    }
}
