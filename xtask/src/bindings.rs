use clap::Args;

use crate::{progress::Progress, tool::Tool, watch::Saved, workspace::Workspace};

/// `cargo xtask bindings`.
#[derive(Debug, Args)]
pub(crate) struct Bindings {
    /// Goes on after that: writes them anew whenever a Rust file of the contract is saved.
    #[arg(long)]
    watch: bool,
}

/// Where the types and procedures of the contract are, below the root folder.
const SOURCES: [&str; 3] = ["api-contract/src", "db/src", "crates"];

impl Bindings {
    pub(crate) fn run(&self, workspace: &Workspace) -> anyhow::Result<()> {
        let written = write(workspace);
        if !self.watch {
            return written;
        }
        report(written);
        let saved = Saved::below(workspace, &SOURCES)?;
        println!("watching {}; Ctrl-C stops", SOURCES.join(", "));
        while saved.wait() {
            report(Progress::new(1).step("Bindings", || write(workspace)));
        }
        Ok(())
    }
}

/// Writes the bindings that are out of date.
pub(crate) fn write(workspace: &Workspace) -> anyhow::Result<()> {
    generator(workspace).args(["--quiet", "--", "write"]).run()
}

/// Fails if a file is out of date.
pub(crate) fn check(workspace: &Workspace) -> anyhow::Result<()> {
    generator(workspace).args(["--", "check"]).run()
}

/// The generator, built with what describes the contract and nothing that answers calls: that is a fraction of the
/// code, so a save shows in seconds. The server's build has the compiler's warnings.
fn generator(workspace: &Workspace) -> Tool {
    let profile = ["--profile", "describe", "--config", "bindings/describe.toml"];
    Tool::cargo(workspace).args(["run", "--package", "bindings"]).args(profile)
}

/// A mistake in the contract is the compiler's to explain; the next save may mend it.
pub(crate) fn report(written: anyhow::Result<()>) {
    if let Err(error) = written {
        eprintln!("{error:#}");
    }
}
