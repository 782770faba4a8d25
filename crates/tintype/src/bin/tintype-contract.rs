//! Says what a change of a contract breaks, and keeps the contracts of releases.

use std::process::ExitCode;

fn main() -> ExitCode {
    tintype::contract::program::run(std::env::args_os())
}
