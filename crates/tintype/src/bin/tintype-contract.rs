//! Says what a change of a contract breaks.

use std::{
    fs,
    io::{IsTerminal, Write, stdout},
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::{Args, Parser};
use tintype::contract::{
    Contract, ContractError,
    diff::{Acknowledged, AcknowledgedError, Colors, Report, diff},
};

/// Compares contracts, as `contract.json` holds them.
///
/// The exit status is 0 if nothing is broken that was not acknowledged, 1 if something is, and 2 if a file cannot be
/// read.
#[derive(Debug, Parser)]
#[command(name = "tintype-contract", version)]
enum Command {
    /// Lists what is different, and whom it breaks.
    Diff(Diff),
    /// Reads a contract, and says what is wrong with it.
    Check {
        /// The contract.
        contract: PathBuf,
    },
}

#[derive(Debug, Args)]
struct Diff {
    /// The contract that clients and servers out there have.
    old: PathBuf,

    /// The contract that they are to have.
    new: PathBuf,

    /// The breaks that were decided on.
    #[arg(long, value_name = "FILE")]
    acknowledged: Option<PathBuf>,

    /// Prints JSON in place of a table.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error("{} cannot be read: pass the path of an existing file", .0.display())]
    File(PathBuf, #[source] std::io::Error),
    #[error("{} is no contract", .0.display())]
    Contract(PathBuf, #[source] Box<ContractError>),
    #[error("{} cannot be used", .0.display())]
    Acknowledged(PathBuf, #[source] AcknowledgedError),
    #[error("the result cannot be written")]
    Output(#[source] std::io::Error),
}

fn main() -> ExitCode {
    let result = match Command::parse() {
        Command::Diff(command) => command.run(),
        Command::Check { contract } => check(&contract),
    };
    result.unwrap_or_else(|failure| {
        let mut message = failure.to_string();
        let mut cause: Option<&dyn std::error::Error> = std::error::Error::source(&failure);
        while let Some(error) = cause {
            message = format!("{message}: {error}");
            cause = error.source();
        }
        eprintln!("error: {message}");
        ExitCode::from(2)
    })
}

impl Diff {
    fn run(self) -> Result<ExitCode, Failure> {
        let (old, new) = (contract(&self.old)?, contract(&self.new)?);
        let acknowledged = match self.acknowledged {
            None => Acknowledged::default(),
            Some(path) => {
                let text = text(&path)?;
                Acknowledged::read(&text).map_err(|error| Failure::Acknowledged(path, error))?
            }
        };
        let report = Report::new(diff(&old, &new), &acknowledged);
        print(&if self.json { report.to_json() + "\n" } else { report.to_table(colors()) })?;
        Ok(if report.accepted { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}

fn check(path: &Path) -> Result<ExitCode, Failure> {
    let Contract { procedures, types, hash, .. } = contract(path)?;
    print(&format!("{} procedures, {} types, hash {hash}\n", procedures.len(), types.len()))?;
    Ok(ExitCode::SUCCESS)
}

fn contract(path: &Path) -> Result<Contract, Failure> {
    Contract::read(&text(path)?).map_err(|error| Failure::Contract(path.to_owned(), Box::new(error)))
}

fn text(path: &Path) -> Result<String, Failure> {
    fs::read_to_string(path).map_err(|error| Failure::File(path.to_owned(), error))
}

fn print(text: &str) -> Result<(), Failure> {
    match stdout().lock().write_all(text.as_bytes()) {
        // Whoever reads it has seen enough.
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        result => result.map_err(Failure::Output),
    }
}

fn colors() -> Colors {
    let is_unwanted = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    if stdout().is_terminal() && !is_unwanted { Colors::Ansi } else { Colors::None }
}
