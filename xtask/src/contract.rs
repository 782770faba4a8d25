//! The contract against its releases: `tintype-contract` with the files of this repository.

use std::{
    ffi::OsString,
    path::{Path, PathBuf},
};

use anyhow::Context;
use clap::{Args, Subcommand};

use crate::{bindings, tool::Tool, workspace::Workspace};

/// `cargo xtask contract`.
#[derive(Debug, Args)]
pub(crate) struct Contract {
    /// Another folder than `bindings` with contract.json, breaking.toml and releases.
    #[arg(long, global = true, value_name = "FOLDER")]
    folder: Option<PathBuf>,

    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Fails if the contract breaks the last release and breaking.toml does not say so.
    Check,
    /// Lists what is different between two contracts, and whom it breaks.
    Diff {
        /// A release, or the path of a contract.
        #[arg(default_value = LAST)]
        old: String,

        /// A release, or the path of a contract; without it, the contract as it is.
        new: Option<String>,
    },
    /// Keeps the contract as that of a release, if it passes the check.
    Release {
        /// Its version; without it, that of the workspace.
        #[arg(default_value = env!("CARGO_PKG_VERSION"))]
        name: String,
    },
}

/// What `tintype-contract` calls the last release.
const LAST: &str = "last";

/// Where the contract is, and what is kept beside it.
#[derive(Debug)]
struct Files {
    contract: PathBuf,
    releases: PathBuf,
    acknowledged: PathBuf,
}

impl Files {
    fn in_folder(folder: &Path) -> Self {
        Self {
            contract: folder.join("contract.json"),
            releases: folder.join("releases"),
            acknowledged: folder.join("breaking.toml"),
        }
    }

    /// Fails on what breaks the last release and was not decided on.
    fn check(&self, workspace: &Workspace) -> anyhow::Result<()> {
        self.run(workspace, "check", [self.contract.clone().into()])
    }

    fn run<const N: usize>(&self, workspace: &Workspace, command: &str, what: [OsString; N]) -> anyhow::Result<()> {
        // The generator has the program too, and `tintype-contract` alone would be another build of tintype.
        Tool::cargo(workspace)
            .args(["run", "--quiet", "--package", "bindings", "--", "contract", command])
            .args(what)
            .args(["--releases".into(), self.releases.clone().into_os_string()])
            .args(["--acknowledged".into(), self.acknowledged.clone().into_os_string()])
            .run()
    }
}

impl Contract {
    pub(crate) fn run(self, workspace: &Workspace) -> anyhow::Result<()> {
        let files = match &self.folder {
            // Tools run in the root folder.
            Some(folder) => Files::in_folder(&absolute(folder)?),
            None => Files::in_folder(Path::new("bindings")),
        };
        match self.command {
            Command::Check => files.check(workspace),
            Command::Diff { old, new } => {
                let new = match new {
                    Some(new) => side(new)?,
                    None => files.contract.clone().into(),
                };
                files.run(workspace, "diff", [side(old)?, new])
            }
            Command::Release { name } => {
                if self.folder.is_none() {
                    // What is released cannot be mended.
                    bindings::check(workspace)?;
                }
                files.run(workspace, "release", [name.into(), files.contract.clone().into()])
            }
        }
    }
}

/// The check of the suite.
pub(crate) fn check(workspace: &Workspace) -> anyhow::Result<()> {
    Files::in_folder(Path::new("bindings")).check(workspace)
}

/// A path is relative to where the command is given; what is no file is the name of a release.
fn side(name: String) -> anyhow::Result<OsString> {
    let path = Path::new(&name);
    if path.is_file() { absolute(path).map(PathBuf::into_os_string) } else { Ok(name.into()) }
}

fn absolute(path: &Path) -> anyhow::Result<PathBuf> {
    std::path::absolute(path).with_context(|| format!("{} has no place in the file system", path.display()))
}
