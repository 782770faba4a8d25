use std::{
    env,
    path::{Path, PathBuf},
};

use anyhow::Context;
use cargo_metadata::MetadataCommand;

/// Where the repository is, and where cargo puts what it builds.
#[derive(Debug)]
pub(crate) struct Workspace {
    root: PathBuf,
    target: PathBuf,
}

/// Which optimisation the server is built with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Profile {
    Dev,
    Release,
}

impl Workspace {
    /// Finds the repository this program belongs to, from whatever folder it was started.
    pub(crate) fn find() -> anyhow::Result<Self> {
        // Cargo says where the package is now; what was compiled in may be the place of an older checkout.
        let package =
            env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| env!("CARGO_MANIFEST_DIR").into(), PathBuf::from);
        let root = package.parent().context("xtask lies in the root folder of the repository")?.to_owned();
        let metadata = MetadataCommand::new().no_deps().current_dir(&root).exec();
        let metadata = metadata.with_context(|| format!("cargo cannot read the workspace in {}", root.display()))?;
        Ok(Self { root, target: metadata.target_directory.into_std_path_buf() })
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// Where cargo puts what it builds.
    pub(crate) fn target(&self) -> &Path {
        &self.target
    }

    /// The server's program, which follows `CARGO_TARGET_DIR` and cargo's configuration.
    pub(crate) fn server(&self, profile: Profile) -> PathBuf {
        self.program(profile, "tintype-server")
    }

    /// The conformance server's program.
    pub(crate) fn conformance_server(&self, profile: Profile) -> PathBuf {
        self.program(profile, "tintype-conformance")
    }

    /// The server of the benchmarks and of the ledger.
    pub(crate) fn bench_server(&self, profile: Profile) -> PathBuf {
        self.program(profile, "bench-server")
    }

    /// The program of the ledger of topics.
    pub(crate) fn ledger(&self, profile: Profile) -> PathBuf {
        self.program(profile, "chaos")
    }

    /// The program of the ledger of the outbox.
    pub(crate) fn outbox_ledger(&self, profile: Profile) -> PathBuf {
        self.program(profile, "chaos-outbox")
    }

    /// A program that cargo has built.
    pub(crate) fn program(&self, profile: Profile, name: &str) -> PathBuf {
        let folder = match profile {
            Profile::Dev => "debug",
            Profile::Release => "release",
        };
        self.target.join(folder).join(name)
    }
}
