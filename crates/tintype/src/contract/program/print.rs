//! What the program says.

use std::{
    error::Error,
    io::{self, IsTerminal, Write, stdout},
    path::Path,
};

use super::Failure;
use crate::contract::{
    diff::{Colors, Report},
    releases::Check,
};

/// Prints what has changed since the last release, and what to do about it.
pub(super) fn check(check: &Check, contract: &Path, acknowledged: Option<&Path>, json: bool) -> Result<(), Failure> {
    let contract = contract.display();
    let last = match &check.last {
        Some(last) => format!("release {last}"),
        None => "any release, of which there is none yet".to_owned(),
    };
    if !json {
        text(&format!("{contract}, compared with {last}\n\n"))?;
    }
    report(&check.report, json)?;
    let file = match acknowledged {
        Some(path) => path.display().to_string(),
        None => "a file that is passed with --acknowledged".to_owned(),
    };
    if !check.report.accepted {
        eprintln!(
            "error: {contract} breaks {last}: make it compatible, or put the entries above into {file}, each \
             with the reason and the version of the next release"
        );
    }
    for entry in &check.spent {
        let (place, change, since) = (entry.place(), entry.change, &entry.since);
        eprintln!(
            "note: {change} in {place} was acknowledged for {since}, which is out: an entry for the next release is \
             needed too"
        );
    }
    if !check.report.stale.is_empty() {
        eprintln!("error: {file} acknowledges what has not changed since {last}: remove the entries above");
    }
    Ok(())
}

pub(super) fn report(report: &Report, json: bool) -> Result<(), Failure> {
    text(&if json { report.to_json() + "\n" } else { report.to_table(colors()) })
}

/// Says why a command could not be followed, with all causes.
pub(super) fn failure(failure: &Failure) {
    let mut message = failure.to_string();
    let mut cause = failure.source();
    while let Some(error) = cause {
        message = format!("{message}: {error}");
        cause = error.source();
    }
    eprintln!("error: {message}");
}

/// Prints text as it is.
pub(super) fn text(text: &str) -> Result<(), Failure> {
    match stdout().lock().write_all(text.as_bytes()) {
        // Whoever reads it has seen enough.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        result => result.map_err(Failure::Output),
    }
}

fn colors() -> Colors {
    let is_unwanted = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    if stdout().is_terminal() && !is_unwanted { Colors::Ansi } else { Colors::None }
}
