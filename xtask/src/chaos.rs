//! The ledger, and the check that it would notice if a rule were missing.

use std::{ffi::OsString, path::PathBuf};

use clap::Args;

use crate::{
    debian::REDIS,
    mutations, npm,
    tool::Tool,
    workspace::{Profile, Workspace},
};

/// `cargo xtask chaos`.
#[derive(Debug, Args)]
pub(crate) struct Chaos {
    /// Removes each rule of `xtask/mutations` in turn, and wants the ledger to find out.
    #[arg(long)]
    mutations: bool,

    /// Only the rules whose file names have this in them.
    #[arg(long, value_name = "NAME", requires = "mutations")]
    rule: Option<String>,

    /// Builds with optimisations.
    #[arg(long)]
    release: bool,

    /// Arguments of the ledger, for example `--seed 7`; `--help` after `--` names all.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, value_name = "LEDGER ARGUMENTS")]
    ledger: Vec<OsString>,
}

/// What the suite has time for: one of each kind of fault.
const SUITE: &str = "--seconds 22 --messages 3000 --calms 2 --continuity-seconds 15 --only kill-server --only kill-redis \
    --only pause-redis --only kill-pubsub --only stall-redis --only cut-clients --only rollback --only empty-redis \
    --only unheard --only pause-server";

impl Chaos {
    pub(crate) fn run(self, workspace: &Workspace) -> anyhow::Result<()> {
        let profile = if self.release { Profile::Release } else { Profile::Dev };
        let ledger = Ledger::build(workspace, profile)?;
        if self.mutations {
            return mutations::check(workspace, &ledger, self.rule.as_deref());
        }
        ledger.run(workspace, workspace.bench_server(profile), self.ledger)
    }
}

/// A short run, for the suite.
pub(crate) fn check(workspace: &Workspace) -> anyhow::Result<()> {
    let ledger = Ledger::build(workspace, Profile::Dev)?;
    ledger.run(workspace, workspace.bench_server(Profile::Dev), words(SUITE))
}

/// The arguments of a line.
pub(crate) fn words(line: &str) -> Vec<OsString> {
    line.split_whitespace().map(OsString::from).collect()
}

/// The program, with everything that it needs.
#[derive(Debug)]
pub(crate) struct Ledger {
    program: PathBuf,
    redis: PathBuf,
}

impl Ledger {
    fn build(workspace: &Workspace, profile: Profile) -> anyhow::Result<Self> {
        npm::ensure_packages(workspace)?;
        let redis = REDIS.ensure(workspace)?;
        let build = Tool::cargo(workspace).args(["build", "--package", "bench", "--package", "chaos", "--bins"]);
        match profile {
            Profile::Dev => build.run()?,
            Profile::Release => build.args(["--release"]).run()?,
        }
        Ok(Self { program: workspace.ledger(profile), redis })
    }

    /// Runs it against `server`; that the promise was broken is an error.
    pub(crate) fn run(
        &self,
        workspace: &Workspace,
        server: PathBuf,
        arguments: impl IntoIterator<Item = OsString>,
    ) -> anyhow::Result<()> {
        self.tool(workspace, server, arguments).run()
    }

    /// The run as a command.
    pub(crate) fn tool(
        &self,
        workspace: &Workspace,
        server: PathBuf,
        arguments: impl IntoIterator<Item = OsString>,
    ) -> Tool {
        let official = workspace.root().join("chaos/official/clients.mjs");
        Tool::new(workspace, &self.program)
            .args([OsString::from("--server"), server.into()])
            .args([OsString::from("--official"), official.into()])
            .args(arguments)
            .env(REDIS.variable, &self.redis)
    }
}
