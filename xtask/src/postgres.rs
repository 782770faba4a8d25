use std::{env, fs, path::PathBuf};

use anyhow::Context;
use private_postgres::{Binaries, Cluster};

use crate::workspace::Workspace;

/// Finds PostgreSQL, fetching the pinned build on first use, so that a missing program is reported before a long build.
pub(crate) fn ensure() -> anyhow::Result<()> {
    let binaries = Binaries::locate(&mut |step| println!("{step}")).context("PostgreSQL cannot be obtained")?;
    println!("PostgreSQL from {}: {}", binaries.origin(), binaries.folder().display());
    Ok(())
}

/// Stops the cluster that the Rust tests share, unless somebody else uses it at this moment.
pub(crate) fn stop_test_cluster(workspace: &Workspace) -> anyhow::Result<()> {
    // The place that the crate db chooses for it.
    let folder =
        env::var_os("TINTYPE_TEST_DIR").map_or_else(|| workspace.root().join("target/test-postgres"), PathBuf::from);
    match fs::canonicalize(&folder) {
        Ok(folder) => Cluster::stop_unused(&folder).context("the PostgreSQL of the tests cannot be stopped"),
        // No test has needed it.
        Err(_) => Ok(()),
    }
}
