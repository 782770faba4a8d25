use std::{env, ffi::OsString, os::unix::process::CommandExt, process::Command};

use anyhow::Context;
use clap::Args;

use crate::{
    npm, postgres,
    progress::Progress,
    tool::Tool,
    workspace::{Profile, Workspace},
};

/// `cargo xtask demo`.
#[derive(Debug, Args)]
pub(crate) struct Demo {
    /// Builds the server with optimisations, which takes several times as long.
    #[arg(long)]
    release: bool,

    /// Arguments for the server, for example `--port 0` for a free port.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, value_name = "SERVER ARGUMENTS")]
    server: Vec<OsString>,
}

impl Demo {
    pub(crate) fn run(self, workspace: &Workspace) -> anyhow::Result<()> {
        let profile = if self.release { Profile::Release } else { Profile::Dev };
        let mut progress = Progress::new(5);
        progress.step("npm packages", || npm::ensure_packages(workspace))?;
        progress.step("PostgreSQL", || match env::var_os("DATABASE_URL") {
            Some(_) => {
                println!("DATABASE_URL is set: no private PostgreSQL is needed");
                Ok(())
            }
            None => postgres::ensure(),
        })?;
        progress.step("Web demo", || Tool::npm(workspace).args(["run", "build", "-w", "web-demo"]).run())?;
        progress.step("Server", || build_server(workspace, profile))?;
        progress.step("Start", || self.start(workspace, profile))
    }

    /// Becomes the server, so that Ctrl-C and SIGTERM reach it directly and its exit status is that of the command.
    fn start(self, workspace: &Workspace, profile: Profile) -> anyhow::Result<()> {
        println!("The address follows; Ctrl-C stops the server.");
        let error = server(workspace, profile, &self.server).exec();
        Err(error).with_context(|| format!("{} cannot be started", workspace.server(profile).display()))
    }
}

/// The server's program, with the data directory of the workspace unless another is set: one, whatever folder a command
/// is given in.
pub(crate) fn server(workspace: &Workspace, profile: Profile, arguments: &[OsString]) -> Command {
    let mut command = Command::new(workspace.server(profile));
    command.args(arguments);
    if env::var_os("TINTYPE_DATA_DIR").is_none() {
        command.env("TINTYPE_DATA_DIR", workspace.root().join(".tintype"));
    }
    command
}

/// Builds the server's program.
pub(crate) fn build_server(workspace: &Workspace, profile: Profile) -> anyhow::Result<()> {
    let build = Tool::cargo(workspace).args(["build", "--package", "server"]);
    match profile {
        Profile::Dev => build.run(),
        Profile::Release => build.args(["--release"]).run(),
    }
}
