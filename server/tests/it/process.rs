//! Runs the real binary on a database of its own.

use std::{
    net::SocketAddr,
    process::{ExitStatus, Stdio},
    time::Duration,
};

use db::testing::{TestDb, cluster};
use rustix::process::{Pid, Signal, kill_process};
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, BufReader, Lines},
    process::{Child, ChildStderr, ChildStdout, Command},
    time::{Instant, timeout_at},
};

/// The binary without any configuration but `variables`.
pub(crate) fn command(variables: &[(&str, &str)]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tintype-server"));
    let inherited = std::env::vars_os().filter(|(name, _)| name == "PATH" || name == "HOME");
    command.env_clear().envs(inherited).envs(variables.iter().copied()).kill_on_drop(true);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// A server that runs, on a free port and an empty database.
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    pub(crate) db: TestDb,
    child: Child,
    log: Lines<BufReader<ChildStderr>>,
    seen: String,
    // Closed, it would end the process at its next line.
    _output: Lines<BufReader<ChildStdout>>,
}

impl Server {
    /// Starts with allowances that no test reaches.
    pub(crate) async fn start() -> Self {
        Self::start_with(&[]).await
    }

    /// Starts with further `variables`.
    pub(crate) async fn start_with(variables: &[(&str, &str)]) -> Self {
        Self::start_on(TestDb::new().await, variables).await
    }

    /// Starts on a database that another server may use as well.
    pub(crate) async fn start_on(db: TestDb, variables: &[(&str, &str)]) -> Self {
        let url = external_url(&db).await;
        let mut command = command(&[
            ("PORT", "0"),
            ("DATABASE_URL", &url),
            ("TINTYPE_ACCOUNT_ATTEMPTS", "100000"),
            ("TINTYPE_ADDRESS_ATTEMPTS", "100000"),
            ("TINTYPE_REGISTRATIONS", "100000"),
        ]);
        let mut child = command.envs(variables.iter().copied()).spawn().unwrap();
        let mut output = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut log = BufReader::new(child.stderr.take().unwrap()).lines();
        let Some(line) = output.next_line().await.unwrap() else {
            let mut rest = String::new();
            while let Some(line) = log.next_line().await.unwrap() {
                rest.push_str(&line);
            }
            panic!("the server did not start: {rest}");
        };
        let address = line.strip_prefix("tintype is ready: http://").unwrap().parse().unwrap();
        Self { address, db, child, log, seen: String::new(), _output: output }
    }

    /// Asks the process to stop, as a service manager does.
    pub(crate) fn terminate(&self) {
        let pid = i32::try_from(self.child.id().unwrap()).unwrap();
        kill_process(Pid::from_raw(pid).unwrap(), Signal::TERM).unwrap();
    }

    /// Ends the process as a crash does.
    pub(crate) async fn kill(mut self) {
        self.child.kill().await.unwrap();
    }

    /// Waits for a line of the log that holds `text`.
    pub(crate) async fn logged(&mut self, text: &str) {
        let deadline = Instant::now() + Duration::from_secs(30);
        while let Ok(Some(line)) = timeout_at(deadline, self.log.next_line()).await.map(Result::unwrap) {
            self.seen.extend([&line, "\n"]);
            if line.contains(text) {
                return;
            }
        }
        panic!("the log has no {text:?}:\n{}", self.seen);
    }

    /// Waits for the end of the process; returns how it ended and the whole log.
    pub(crate) async fn ended(mut self) -> (ExitStatus, String) {
        while let Some(line) = self.log.next_line().await.unwrap() {
            self.seen.extend([&line, "\n"]);
        }
        (self.child.wait().await.unwrap(), self.seen)
    }
}

/// A process that cannot start: how it ended, and what it said.
pub(crate) async fn failed_start(variables: &[(&str, &str)]) -> String {
    let mut child = command(variables).spawn().unwrap();
    let mut said = String::new();
    child.stderr.take().unwrap().read_to_string(&mut said).await.unwrap();
    let status = child.wait().await.unwrap();
    assert!(!status.success(), "the server started with {variables:?}");
    said
}

/// A `DATABASE_URL` as an operator would write it: a plain role that owns the tables and may take on the other two.
async fn external_url(db: &TestDb) -> String {
    db.run_sql(
        "DO $$ BEGIN
           CREATE ROLE operator LOGIN NOSUPERUSER NOBYPASSRLS;
         EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$;
         SELECT pg_advisory_xact_lock(7);
         GRANT tintype_owner, tintype_app, tintype_system TO operator",
    )
    .await
    .unwrap();
    cluster().await.url("operator", &db_name(db).await)
}

/// What the database of a test is called.
pub(crate) async fn db_name(db: &TestDb) -> String {
    db.look("SELECT current_database()::text AS value").await.remove(0)
}
