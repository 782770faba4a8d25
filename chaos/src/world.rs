//! The processes that fail: servers, each between two networks of its own, and one Redis.

use std::{
    fs::File,
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration,
};

use anyhow::{Context, bail};
use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;
use tintype_redis::testing::{RedisServer, Sentinel, StallingProxy};
use tokio::{
    io::{AsyncBufReadExt, BufReader, Lines},
    process::{Child, ChildStdout, Command},
    time::{sleep, timeout},
};

use crate::options::Options;

/// Everything that can be hurt. It ends with the value.
pub(crate) struct World {
    /// Redis, or the master of the group.
    pub(crate) redis: RedisServer,
    pub(crate) group: Option<Group>,
    pub(crate) servers: Vec<Server>,
    /// The number of rooms.
    pub(crate) rooms: u16,
    logs: TempDir,
}

/// Who takes the place of a Redis that fails.
pub(crate) struct Group {
    pub(crate) sentinel: Sentinel,
    pub(crate) replica: RedisServer,
    /// Whether the replica was the master, and died.
    pub(crate) replica_is_away: bool,
}

/// A `bench-server`.
pub(crate) struct Server {
    program: PathBuf,
    arguments: Vec<String>,
    port: u16,
    process: Child,
    /// Open as long as the process, which would fail to write to it otherwise.
    _output: Lines<BufReader<ChildStdout>>,
    log: PathBuf,
    /// The network between it and Redis.
    pub(crate) redis: StallingProxy,
    /// The network between it and its clients.
    pub(crate) front: StallingProxy,
}

/// How long a server may take to start on a busy machine.
const START_TIME: Duration = Duration::from_secs(30);

/// How long a server may take to stop that was told to.
const STOP_TIME: Duration = Duration::from_secs(20);

impl World {
    pub(crate) async fn start(options: &Options) -> anyhow::Result<Self> {
        let logs = tempfile::tempdir()?;
        let redis = RedisServer::start().await;
        let group = if options.sentinel {
            let replica = RedisServer::start().await;
            Some(Group { sentinel: Sentinel::start(&redis, &replica).await, replica, replica_is_away: false })
        } else {
            None
        };
        let sentinel = group.as_ref().map(|group| &group.sentinel);
        let mut servers = Vec::new();
        for number in 1..=options.servers {
            let log = logs.path().join(format!("server-{number}.log"));
            servers.push(Server::start(options, redis.port(), sentinel, log).await?);
        }
        Ok(Self { redis, group, servers, rooms: options.rooms, logs })
    }

    /// The ports at which clients find the servers, whatever becomes of them.
    pub(crate) fn ports(&self) -> Vec<u16> {
        self.servers.iter().map(|server| server.front.port()).collect()
    }

    /// Brings back a master that was replaced, as the replica of the new one.
    pub(crate) async fn repair(&mut self) {
        let Some(group) = self.group.as_mut().filter(|group| group.replica_is_away) else { return };
        group.replica.restart().await;
        group.replica.follow(&self.redis).await;
        group.sentinel.knows_its_replica().await;
        group.replica_is_away = false;
    }

    /// Ends everything, and leaves the logs of the servers where they are.
    pub(crate) fn keep_logs(self) -> PathBuf {
        self.logs.keep()
    }
}

impl Server {
    async fn start(
        options: &Options,
        redis_port: u16,
        sentinel: Option<&Sentinel>,
        log: PathBuf,
    ) -> anyhow::Result<Self> {
        let redis = StallingProxy::start(redis_port).await;
        let mut arguments = vec![
            format!("--redis={}", redis.url()),
            format!("--backlog-events={}", options.backlog_events),
            format!("--probe-interval-ms={}", options.probe_interval_ms),
            format!("--log={}", options.server_log),
        ];
        if let Some(sentinel) = sentinel {
            arguments.push(format!("--redis-sentinel={}", sentinel.url()));
            arguments.push(format!("--redis-master={}", sentinel.group()));
        }
        let (process, output, port) = spawn(&options.server, &arguments, 0, &log).await?;
        let front = StallingProxy::start(port).await;
        Ok(Self { program: options.server.clone(), arguments, port, process, _output: output, log, redis, front })
    }

    /// Ends it as a crash does.
    pub(crate) async fn kill(&mut self) -> anyhow::Result<()> {
        self.process.kill().await.context("a server cannot be killed")
    }

    /// Tells it to stop, and waits until it has.
    pub(crate) async fn drain(&mut self) -> anyhow::Result<()> {
        self.signal(Signal::TERM)?;
        match timeout(STOP_TIME, self.process.wait()).await {
            Ok(Ok(status)) if status.success() => Ok(()),
            Ok(status) => bail!("a server that was told to stop ended with {:?}, see {}", status?, self.log.display()),
            Err(_) => bail!("a server that was told to stop has not in {STOP_TIME:?}, see {}", self.log.display()),
        }
    }

    /// Starts it again, at the same port.
    pub(crate) async fn restart(&mut self) -> anyhow::Result<()> {
        let mut tries = 0;
        let (process, output, _) = loop {
            match spawn(&self.program, &self.arguments, self.port, &self.log).await {
                Ok(started) => break started,
                // An outgoing connection may have its port for a moment.
                Err(_) if tries < 50 => {
                    tries += 1;
                    sleep(Duration::from_millis(100)).await;
                }
                Err(error) => return Err(error),
            }
        };
        (self.process, self._output) = (process, output);
        Ok(())
    }

    /// Stops it where it stands, until [`resume`](Self::resume).
    pub(crate) fn pause(&self) -> anyhow::Result<()> {
        self.signal(Signal::STOP)
    }

    pub(crate) fn resume(&self) -> anyhow::Result<()> {
        self.signal(Signal::CONT)
    }

    fn signal(&self, signal: Signal) -> anyhow::Result<()> {
        let id = self.process.id().and_then(|id| i32::try_from(id).ok()).and_then(Pid::from_raw);
        let id = id.with_context(|| format!("a server has ended by itself, see {}", self.log.display()))?;
        kill_process(id, signal).context("a server takes no signal")
    }
}

async fn spawn(
    program: &Path,
    arguments: &[String],
    port: u16,
    log: &Path,
) -> anyhow::Result<(Child, Lines<BufReader<ChildStdout>>, u16)> {
    let log_file = File::options().create(true).append(true).open(log)?;
    let mut process = Command::new(program)
        .args(arguments)
        .args(["--port", &port.to_string()])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(log_file)
        .kill_on_drop(true)
        .spawn()
        .with_context(|| format!("{} cannot be started", program.display()))?;
    let output = process.stdout.take().context("its output is a pipe")?;
    let mut output = BufReader::new(output).lines();
    let line = timeout(START_TIME, output.next_line()).await.context("a server does not start")??;
    let port =
        line.as_deref().and_then(|line| line.strip_prefix("listening on http://")?.rsplit_once(':')?.1.parse().ok());
    match port {
        Some(port) => Ok((process, output, port)),
        None => bail!("a server does not say where it listens, see {}", log.display()),
    }
}
