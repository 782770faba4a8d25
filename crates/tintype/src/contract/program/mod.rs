//! The program `tintype-contract`, which a generator can have among its own commands.
//!
//! ```no_run
//! // With `contract check contract.json …` as arguments; the first one stands for the program.
//! let arguments = std::env::args_os().skip(1);
//! let status = tintype::contract::program::run(arguments);
//! ```

mod failure;
mod print;
mod side;

use std::{
    ffi::OsString,
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::{Args, Parser};
use failure::Failure;
use side::Side;

use super::{
    Contract,
    diff::{Acknowledged, Report, diff},
    releases::{ReleaseError, Releases},
};

/// Runs the program with these arguments, of which the first is its name.
///
/// The exit status is 0 if nothing is broken that was not acknowledged, 1 if something is, and 2 if a file cannot be
/// read or written, or an argument is wrong.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let result = match Command::try_parse_from(arguments) {
        Ok(Command::Diff(command)) => command.run(),
        Ok(Command::Check(command)) => command.run(),
        Ok(Command::Release(command)) => command.run(),
        Err(error) => error.exit(),
    };
    result.unwrap_or_else(|failure| {
        print::failure(&failure);
        ExitCode::from(2)
    })
}

/// Compares contracts, as `contract.json` holds them, and keeps those of releases.
///
/// The exit status is 0 if nothing is broken that was not acknowledged, 1 if something is, and 2 if a file cannot be
/// read or written.
#[derive(Debug, Parser)]
#[command(name = "tintype-contract", version)]
enum Command {
    /// Lists what is different, and whom it breaks.
    Diff(DiffCommand),
    /// Reads a contract, and says what is wrong with it, or what it breaks of the last release.
    Check(CheckCommand),
    /// Keeps a contract as that of a release, if it passes the check.
    Release(ReleaseCommand),
}

#[derive(Debug, Args)]
struct DiffCommand {
    /// The contract that clients and servers out there have: a path, or with --releases a version or `last`.
    old: String,

    /// The contract that they are to have, named in the same way.
    new: String,

    /// The folder with the contracts of releases.
    #[arg(long, value_name = "FOLDER")]
    releases: Option<PathBuf>,

    /// The breaks that were decided on; between two releases, those that belong there.
    #[arg(long, value_name = "FILE")]
    acknowledged: Option<PathBuf>,

    /// Prints JSON in place of a table.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
struct CheckCommand {
    /// The contract.
    contract: PathBuf,

    /// The folder with the contracts of releases; with it, the contract must not break the last of them.
    #[arg(long, value_name = "FOLDER")]
    releases: Option<PathBuf>,

    /// The breaks that were decided on.
    #[arg(long, value_name = "FILE", requires = "releases")]
    acknowledged: Option<PathBuf>,

    /// Prints JSON in place of a table.
    #[arg(long, requires = "releases")]
    json: bool,
}

#[derive(Debug, Args)]
struct ReleaseCommand {
    /// The version of the release.
    name: String,

    /// The contract.
    contract: PathBuf,

    /// The folder with the contracts of releases.
    #[arg(long, value_name = "FOLDER")]
    releases: PathBuf,

    /// The breaks that were decided on.
    #[arg(long, value_name = "FILE")]
    acknowledged: Option<PathBuf>,
}

impl DiffCommand {
    fn run(self) -> Result<ExitCode, Failure> {
        let releases = self.releases.as_deref().map(Releases::read).transpose()?;
        let (old, new) = (Side::find(&self.old, releases.as_ref())?, Side::find(&self.new, releases.as_ref())?);
        let mut acknowledged = read_acknowledged(self.acknowledged.as_deref())?;
        if releases.is_some() {
            acknowledged = acknowledged.between(old.release(), new.release())?;
        }
        let report = Report::new(diff(old.contract(), new.contract()), &acknowledged);
        print::report(&report, self.json)?;
        Ok(if report.accepted { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}

impl CheckCommand {
    fn run(self) -> Result<ExitCode, Failure> {
        let contract = read_contract(&self.contract)?;
        let Some(folder) = &self.releases else {
            let Contract { procedures, types, hash, .. } = contract;
            print::text(&format!("{} procedures, {} types, hash {hash}\n", procedures.len(), types.len()))?;
            return Ok(ExitCode::SUCCESS);
        };
        let acknowledged = read_acknowledged(self.acknowledged.as_deref())?;
        let check = Releases::read(folder)?.check(&contract, &acknowledged)?;
        print::check(&check, &self.contract, self.acknowledged.as_deref(), self.json)?;
        Ok(if check.passes() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}

impl ReleaseCommand {
    fn run(self) -> Result<ExitCode, Failure> {
        let contract = read_contract(&self.contract)?;
        let acknowledged = read_acknowledged(self.acknowledged.as_deref())?;
        let releases = Releases::read(&self.releases)?;
        match releases.release(&self.name, &contract, &acknowledged) {
            Ok(path) => {
                print::text(&format!("wrote {}: commit it, and never change it\n", path.display()))?;
                Ok(ExitCode::SUCCESS)
            }
            Err(ReleaseError::Refused(check)) => {
                print::check(&check, &self.contract, self.acknowledged.as_deref(), false)?;
                Ok(ExitCode::FAILURE)
            }
            Err(error) => Err(error.into()),
        }
    }
}

fn read_contract(path: &Path) -> Result<Contract, Failure> {
    Contract::read(&text(path)?).map_err(|error| Failure::Contract(path.to_owned(), Box::new(error)))
}

fn read_acknowledged(path: Option<&Path>) -> Result<Acknowledged, Failure> {
    let Some(path) = path else { return Ok(Acknowledged::default()) };
    Acknowledged::read(&text(path)?).map_err(|error| Failure::Acknowledged(path.to_owned(), error))
}

fn text(path: &Path) -> Result<String, Failure> {
    std::fs::read_to_string(path).map_err(|error| Failure::File(path.to_owned(), error))
}
