//! tsc, and what it says of its work.

use std::{path::Path, process::Command};

use anyhow::{Context, bail};
use serde::Deserialize;

use super::program::folder_of_package;
use crate::processor_time;

/// A version of TypeScript.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Compiler {
    /// The one in JavaScript.
    TypeScript5,
    /// The native one.
    TypeScript7,
}

/// What compiling a program cost.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cost {
    pub(crate) types: u64,
    pub(crate) instantiations: u64,
    pub(crate) memory_bytes: u64,
    pub(crate) check_seconds: f64,
    /// Time of processors that the whole process took, its start included.
    pub(crate) cpu_seconds: f64,
}

impl Compiler {
    pub(crate) const ALL: [Self; 2] = [Self::TypeScript5, Self::TypeScript7];

    pub(crate) fn package(self) -> &'static str {
        match self {
            Self::TypeScript5 => "typescript59",
            Self::TypeScript7 => "typescript",
        }
    }

    /// Its version, for example `5.9.3`.
    pub(crate) fn version(self) -> anyhow::Result<String> {
        version_of_package(self.package())
    }

    /// Compiles the program in `folder`, which must have no errors.
    pub(crate) fn measure(self, folder: &Path) -> anyhow::Result<Cost> {
        let before = processor_time::of_ended_children()?;
        let output = self.run(folder, &["--noEmit", "--extendedDiagnostics", "-p", "."])?;
        let cpu_seconds = processor_time::of_ended_children()? - before;
        parse(&output, cpu_seconds).with_context(|| format!("tsc reported no costs:\n{output}"))
    }

    /// Runs tsc in `folder`; what it prints is the answer, or the error if it fails.
    pub(crate) fn run(self, folder: &Path, arguments: &[&str]) -> anyhow::Result<String> {
        let tsc = folder_of_package(self.package())?.join("bin/tsc");
        let output = Command::new("node")
            // Room for the programs of thousands of procedures; it changes nothing for smaller ones.
            .arg("--max-old-space-size=8192")
            .arg(tsc)
            .args(arguments)
            .current_dir(folder)
            .output()
            .context("Node.js did not start")?;
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        if !output.status.success() {
            let start: String = text.chars().take(2_000).collect();
            bail!("tsc in {}: {}\n{start}", folder.display(), output.status);
        }
        Ok(text)
    }
}

/// The version of a package of the benchmark.
pub(crate) fn version_of_package(name: &str) -> anyhow::Result<String> {
    #[derive(Deserialize)]
    struct Manifest {
        version: String,
    }
    let manifest = std::fs::read_to_string(folder_of_package(name)?.join("package.json"))?;
    Ok(serde_json::from_str::<Manifest>(&manifest)?.version)
}

fn parse(output: &str, cpu_seconds: f64) -> Option<Cost> {
    let value = |name: &str| {
        let line = output.lines().find_map(|line| line.trim_start().strip_prefix(name)?.strip_prefix(':'));
        line.map(|value| value.trim().trim_end_matches(['s', 'K']).replace(',', ""))
    };
    Some(Cost {
        types: value("Types")?.parse().ok()?,
        instantiations: value("Instantiations")?.parse().ok()?,
        memory_bytes: value("Memory used")?.parse::<u64>().ok()? * 1_024,
        check_seconds: value("Check time")?.parse().ok()?,
        cpu_seconds,
    })
}
