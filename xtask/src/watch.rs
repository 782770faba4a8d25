//! Waits for Rust files to be saved.

use std::{
    sync::mpsc::{self, Receiver},
    time::Duration,
};

use anyhow::Context;
use notify::{Event, RecommendedWatcher, RecursiveMode, Watcher};

use crate::workspace::Workspace;

/// How long nothing may be saved before a change counts: editors save several files at once.
const QUIET: Duration = Duration::from_millis(100);

/// Rust files below some folders of the workspace.
pub(crate) struct Saved {
    changes: Receiver<notify::Result<Event>>,
    // Watching ends with it.
    _watcher: RecommendedWatcher,
}

impl Saved {
    pub(crate) fn below(workspace: &Workspace, folders: &[&str]) -> anyhow::Result<Self> {
        let (sender, changes) = mpsc::channel();
        let mut watcher = notify::recommended_watcher(sender).context("the files cannot be watched")?;
        for folder in folders {
            let path = workspace.root().join(folder);
            watcher
                .watch(&path, RecursiveMode::Recursive)
                .with_context(|| format!("{} cannot be watched", path.display()))?;
        }
        Ok(Self { changes, _watcher: watcher })
    }

    /// Waits until files were saved, and no more follow; `false` if that cannot be known any more.
    pub(crate) fn wait(&self) -> bool {
        loop {
            match self.changes.recv() {
                Ok(change) if is_edit(&change) => break,
                Ok(_) => {}
                Err(_) => return false,
            }
        }
        while self.changes.recv_timeout(QUIET).is_ok() {}
        true
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
