//! The ledgers, and the check that they would notice if a rule were missing.

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
    /// Keeps the ledger of the outbox, with the product's server and PostgreSQL, in place of that of topics.
    #[arg(long)]
    outbox: bool,

    /// Removes each rule of `xtask/mutations` in turn, and wants the ledger to find out.
    #[arg(long, conflicts_with = "outbox")]
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
const TOPICS: &str = "--seconds 22 --messages 3000 --calms 2 --continuity-seconds 15 --only kill-server --only kill-redis \
    --only pause-redis --only kill-pubsub --only stall-redis --only cut-clients --only rollback --only empty-redis \
    --only unheard --only pause-server";

/// The same of the outbox.
const OUTBOX: &str = "--seconds 1 --continuity-seconds 15";

impl Chaos {
    pub(crate) fn run(self, workspace: &Workspace) -> anyhow::Result<()> {
        let profile = if self.release { Profile::Release } else { Profile::Dev };
        let ledgers = Ledgers::build(workspace, profile)?;
        if self.mutations {
            return mutations::check(workspace, &ledgers, self.rule.as_deref());
        }
        let subject = if self.outbox { Subject::Outbox } else { Subject::Topics };
        ledgers.run(workspace, subject, self.ledger)
    }
}

/// A short run of each, for the suite.
pub(crate) fn check(workspace: &Workspace) -> anyhow::Result<()> {
    let ledgers = Ledgers::build(workspace, Profile::Dev)?;
    ledgers.run(workspace, Subject::Topics, words(TOPICS))?;
    ledgers.run(workspace, Subject::Outbox, words(OUTBOX))
}

/// The arguments of a line.
pub(crate) fn words(line: &str) -> Vec<OsString> {
    line.split_whitespace().map(OsString::from).collect()
}

/// What a ledger is kept of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Subject {
    /// Topics over Redis, by the server of the benchmarks.
    Topics,
    /// Changes in PostgreSQL and their announcement, by the server of the product.
    Outbox,
}

impl Subject {
    /// The server that is hurt: its package, and its program.
    pub(crate) fn server(self) -> (&'static str, &'static str) {
        match self {
            Self::Topics => ("bench", "bench-server"),
            Self::Outbox => ("server", "tintype-server"),
        }
    }
}

/// The programs, with everything that they need.
#[derive(Debug)]
pub(crate) struct Ledgers {
    profile: Profile,
    redis: PathBuf,
}

impl Ledgers {
    fn build(workspace: &Workspace, profile: Profile) -> anyhow::Result<Self> {
        npm::ensure_packages(workspace)?;
        let redis = REDIS.ensure(workspace)?;
        let build = Tool::cargo(workspace).args([
            "build",
            "--package",
            "bench",
            "--package",
            "chaos",
            "--package",
            "server",
            "--bins",
        ]);
        match profile {
            Profile::Dev => build.run()?,
            Profile::Release => build.args(["--release"]).run()?,
        }
        Ok(Self { profile, redis })
    }

    /// Keeps the ledger of `subject`; that the promise was broken is an error.
    fn run(
        &self,
        workspace: &Workspace,
        subject: Subject,
        arguments: impl IntoIterator<Item = OsString>,
    ) -> anyhow::Result<()> {
        let server = match subject {
            Subject::Topics => workspace.bench_server(self.profile),
            Subject::Outbox => workspace.server(self.profile),
        };
        self.tool(workspace, subject, server, arguments).run()
    }

    /// The ledger of `subject` as a command, with another `server`.
    pub(crate) fn tool(
        &self,
        workspace: &Workspace,
        subject: Subject,
        server: PathBuf,
        arguments: impl IntoIterator<Item = OsString>,
    ) -> Tool {
        let program = match subject {
            Subject::Topics => workspace.ledger(self.profile),
            Subject::Outbox => workspace.outbox_ledger(self.profile),
        };
        let official = workspace.root().join("chaos/official/clients.mjs");
        Tool::new(workspace, &program)
            .args([OsString::from("--server"), server.into()])
            .args([OsString::from("--official"), official.into()])
            .args(arguments)
            .env(REDIS.variable, &self.redis)
    }
}
