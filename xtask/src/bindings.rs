use std::{sync::mpsc, time::Duration};

use anyhow::Context;
use clap::Args;
use notify::{Event, RecursiveMode, Watcher};

use crate::{progress::Progress, tool::Tool, workspace::Workspace};

/// `cargo xtask bindings`.
#[derive(Debug, Args)]
pub(crate) struct Bindings {
    /// Goes on after that: writes them anew whenever a Rust file of the contract is saved.
    #[arg(long)]
    watch: bool,
}

/// Where the types and procedures of the contract are, below the root folder.
const SOURCES: [&str; 3] = ["api-contract/src", "db/src", "crates"];

/// How long nothing may be saved before a change counts: editors save several files at once.
const QUIET: Duration = Duration::from_millis(100);

impl Bindings {
    pub(crate) fn run(&self, workspace: &Workspace) -> anyhow::Result<()> {
        let written = write(workspace);
        if !self.watch {
            return written;
        }
        report(written);
        let (sender, changes) = mpsc::channel();
        let mut watcher = notify::recommended_watcher(sender).context("the files cannot be watched")?;
        for folder in SOURCES {
            let path = workspace.root().join(folder);
            watcher
                .watch(&path, RecursiveMode::Recursive)
                .with_context(|| format!("{} cannot be watched", path.display()))?;
        }
        println!("watching {}; Ctrl-C stops", SOURCES.join(", "));
        while let Ok(change) = changes.recv() {
            if !is_edit(&change) {
                continue;
            }
            while changes.recv_timeout(QUIET).is_ok() {}
            report(Progress::new(1).step("Bindings", || write(workspace)));
        }
        Ok(())
    }
}

fn write(workspace: &Workspace) -> anyhow::Result<()> {
    Tool::cargo(workspace).args(["run", "--quiet", "--package", "bindings", "--", "write"]).run()
}

/// A mistake in the contract is the compiler's to explain; the next save may mend it.
fn report(written: anyhow::Result<()>) {
    if let Err(error) = written {
        eprintln!("{error:#}");
    }
}

/// Whether a Rust file was written; the generator reads them, which is an event too.
fn is_edit(change: &notify::Result<Event>) -> bool {
    match change {
        Ok(event) => {
            let is_rust = event.paths.iter().any(|path| path.extension().is_some_and(|extension| extension == "rs"));
            is_rust && !event.kind.is_access()
        }
        // Something was missed: better once too often.
        Err(_) => true,
    }
}

#[cfg(test)]
mod tests {
    use notify::{
        EventKind,
        event::{AccessKind, ModifyKind},
    };

    use super::*;

    #[test]
    fn only_writing_to_rust_files_counts() {
        let event = |kind, path: &str| Ok(Event::new(kind).add_path(path.into()));

        assert!(is_edit(&event(EventKind::Modify(ModifyKind::Any), "db/src/id.rs")));
        assert!(!is_edit(&event(EventKind::Access(AccessKind::Read), "db/src/id.rs")));
        assert!(!is_edit(&event(EventKind::Modify(ModifyKind::Any), "db/src/id.rs~")));
        assert!(is_edit(&Err(notify::Error::generic("queue overflow"))));
    }
}
