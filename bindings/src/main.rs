//! Writes the generated files, or says which of them are out of date.

use std::process::ExitCode;

use clap::Parser;

/// The generated contract and its TypeScript.
#[derive(Debug, Parser)]
enum Command {
    /// Writes the files that are out of date.
    Write,
    /// Fails if a file is out of date.
    Check,
}

fn main() -> anyhow::Result<ExitCode> {
    let bindings = bindings::generate()?;
    match Command::parse() {
        Command::Write => {
            let written = bindings.write_to(bindings::folder())?;
            for path in &written {
                println!("wrote {}", path.display());
            }
            if written.is_empty() {
                println!("the bindings are up to date");
            }
        }
        Command::Check => {
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
    }
    Ok(ExitCode::SUCCESS)
}
