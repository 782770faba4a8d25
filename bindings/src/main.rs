//! Writes the generated files, says which of them are out of date, and compares contracts.

use std::{ffi::OsString, process::ExitCode};

use clap::Parser;

/// The generated contract and its TypeScript.
#[derive(Debug, Parser)]
enum Command {
    /// Writes the files that are out of date.
    Write,
    /// Fails if a file is out of date.
    Check,
    /// Does what `tintype-contract` does with these arguments.
    #[command(disable_help_flag = true)]
    Contract {
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<OsString>,
    },
}

fn main() -> anyhow::Result<ExitCode> {
    match Command::parse() {
        Command::Write => {
            let bindings = bindings::generate()?;
            let written = bindings.write_to(bindings::folder())?;
            for path in &written {
                println!("wrote {}", path.display());
            }
            if written.is_empty() {
                println!("the bindings are up to date");
            }
        }
        Command::Check => {
            let bindings = bindings::generate()?;
            let stale = bindings.stale_in(bindings::folder())?;
            for file in &stale {
                eprintln!("{file}");
            }
            if !stale.is_empty() {
                eprintln!("run `{}` and commit what it writes", bindings::COMMAND);
                return Ok(ExitCode::FAILURE);
            }
            println!("the bindings are up to date");
        }
        Command::Contract { arguments } => {
            let arguments = std::iter::once("contract".into()).chain(arguments);
            return Ok(tintype::contract::program::run(arguments));
        }
    }
    Ok(ExitCode::SUCCESS)
}
