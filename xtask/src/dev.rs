use std::{
    env,
    ffi::OsString,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use anyhow::Context;
use clap::Args;
use rustix::process::{Pid, Signal, kill_process};

use crate::{
    bindings,
    demo::{self, build_server},
    npm, postgres,
    progress::Progress,
    watch::Saved,
    workspace::{Profile, Workspace},
};

/// `cargo xtask dev`.
#[derive(Debug, Args)]
pub(crate) struct Dev {
    /// Arguments for the server, for example `--port 3101`; the page expects it on 3001.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, value_name = "SERVER ARGUMENTS")]
    server: Vec<OsString>,
}

/// What the server is made of, below the root folder.
const SOURCES: [&str; 5] = ["api-contract/src", "db/src", "crates", "private-postgres/src", "server/src"];

/// How long a server may take to end its calls before it is killed.
const PATIENCE: Duration = Duration::from_secs(10);

impl Dev {
    pub(crate) fn run(self, workspace: &Workspace) -> anyhow::Result<()> {
        npm::ensure_packages(workspace)?;
        if env::var_os("DATABASE_URL").is_none() {
            postgres::ensure()?;
        }
        bindings::report(bindings::write(workspace));
        let mut server = Server { workspace, arguments: self.server, running: None };
        bindings::report(server.restart());
        // It serves the page with hot reload, and passes calls on to the server.
        let page = Command::new("npm")
            .args(["run", "dev", "-w", "web-demo"])
            .current_dir(workspace.root())
            .stdin(Stdio::null())
            .spawn()
            .context("npm cannot be started: is Node.js installed?")?;
        let _page = Ended(page);
        let saved = Saved::below(workspace, &SOURCES)?;
        println!("watching {}; Ctrl-C stops", SOURCES.join(", "));
        while saved.wait() {
            let mut progress = Progress::new(2);
            // Types first: an editor shows what no longer fits while the server still compiles.
            if let Err(error) = progress.step("Bindings", || bindings::write(workspace)) {
                eprintln!("{error:#}");
                continue;
            }
            bindings::report(progress.step("Server", || server.restart()));
        }
        Ok(())
    }
}

/// The server, as it was last built without a mistake.
struct Server<'a> {
    workspace: &'a Workspace,
    arguments: Vec<OsString>,
    running: Option<Ended>,
}

impl Server<'_> {
    /// Builds it; only what compiles replaces the one that runs.
    fn restart(&mut self) -> anyhow::Result<()> {
        build_server(self.workspace, Profile::Dev)?;
        self.running = None;
        let child = demo::server(self.workspace, Profile::Dev, &self.arguments)
            .spawn()
            .with_context(|| format!("{} cannot be started", self.workspace.server(Profile::Dev).display()))?;
        self.running = Some(Ended(child));
        Ok(())
    }
}

/// A process that ends when this is dropped: asked first, then killed.
struct Ended(Child);

impl Drop for Ended {
    fn drop(&mut self) {
        if let Some(pid) = i32::try_from(self.0.id()).ok().and_then(Pid::from_raw) {
            let _ = kill_process(pid, Signal::TERM);
        }
        let asked = Instant::now();
        while asked.elapsed() < PATIENCE {
            if !matches!(self.0.try_wait(), Ok(None)) {
                return;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
