//! The processes that fail: servers, each between two networks of its own, one PostgreSQL and one Redis.

use std::{
    fs::File,
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration,
};

use anyhow::{Context, bail};
use api_contract::auth::{self, Register};
use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;
use tintype_client::Client;
use tintype_redis::testing::{RedisServer, StallingProxy};
use tokio::{
    io::{AsyncBufReadExt, BufReader, Lines},
    process::{Child, ChildStdout, Command},
    time::{sleep, timeout},
};

use crate::{Options, faults::Fault, postgres::Postgres};

/// Everything that can be hurt.
pub(crate) struct World {
    pub(crate) postgres: Postgres,
    redis: RedisServer,
    pub(crate) servers: Vec<Server>,
    logs: TempDir,
}

/// A workspace, and what lets a client into it.
#[derive(Debug, Clone)]
pub(crate) struct Workspace {
    pub(crate) tenant: String,
    pub(crate) cookie_name: String,
    pub(crate) cookie_value: String,
}

/// A server of the product.
pub(crate) struct Server {
    program: PathBuf,
    variables: Vec<(&'static str, String)>,
    port: u16,
    process: Child,
    /// Open as long as the process, which would fail to write to it otherwise.
    _output: Lines<BufReader<ChildStdout>>,
    log: PathBuf,
    /// The network between it and Redis.
    redis: StallingProxy,
    /// The network between it and its clients.
    front: StallingProxy,
}

/// How long a server may take to start on a busy machine.
const START_TIME: Duration = Duration::from_secs(60);

/// How long a server may take to stop that was told to.
const STOP_TIME: Duration = Duration::from_secs(20);

impl World {
    pub(crate) async fn start(options: &Options) -> anyhow::Result<Self> {
        let logs = tempfile::tempdir()?;
        let redis = RedisServer::start().await;
        let postgres = Postgres::start().await?;
        let mut servers = Vec::new();
        for number in 1..=options.servers {
            let log = logs.path().join(format!("server-{number}.log"));
            servers.push(Server::start(options, redis.port(), postgres.url(), log).await?);
        }
        let world = Self { postgres, redis, servers, logs };
        world.forget_nothing().await;
        Ok(world)
    }

    /// The ports at which clients find the servers, whatever becomes of them.
    pub(crate) fn ports(&self) -> Vec<u16> {
        self.servers.iter().map(|server| server.front.port()).collect()
    }

    /// Makes so many workspaces.
    pub(crate) async fn register(&mut self, count: u16) -> anyhow::Result<Vec<Workspace>> {
        let url = format!("http://127.0.0.1:{}/trpc", self.servers[0].port);
        let client = Client::builder(url).contract(&api_contract::router()).build()?;
        let mut workspaces = Vec::new();
        for number in 0..count {
            let account = Register {
                email: format!("owner-{number}@example.com"),
                password: "correct horse battery".to_owned(),
                tenant_name: format!("Workspace {number}"),
                name: None,
            };
            let answer = client.answer::<auth::register>(account).await?;
            let cookie = answer.cookies().next().context("a registration signs in")?;
            workspaces.push(Workspace {
                tenant: answer.output.tenant.id.to_string(),
                cookie_name: cookie.name().to_owned(),
                cookie_value: cookie.value().to_owned(),
            });
        }
        self.postgres.knows(&workspaces);
        Ok(workspaces)
    }

    /// Does what goes wrong; it is over when this returns.
    pub(crate) async fn inflict(&mut self, fault: Fault, server: usize, lasts: Duration) -> anyhow::Result<()> {
        let Self { postgres, redis, servers, .. } = self;
        let server = &mut servers[server];
        match fault {
            Fault::KillServer => {
                server.kill().await?;
                sleep(lasts).await;
                server.restart().await?;
            }
            Fault::DrainServer => {
                server.drain().await?;
                sleep(lasts).await;
                server.restart().await?;
            }
            Fault::PauseServer => {
                server.signal(Signal::STOP)?;
                sleep(lasts).await;
                server.signal(Signal::CONT)?;
            }
            Fault::KillPostgres => {
                postgres.kill()?;
                sleep(lasts).await;
                postgres.restart().await?;
            }
            Fault::PausePostgres => {
                postgres.pause()?;
                sleep(lasts).await;
                postgres.resume()?;
            }
            Fault::EndConnections => postgres.end_connections().await?,
            Fault::KillRedis => {
                redis.kill();
                sleep(lasts).await;
                redis.restart().await;
                self.forget_nothing().await;
            }
            Fault::PauseRedis => {
                redis.pause();
                sleep(lasts).await;
                redis.resume();
            }
            Fault::CutRedis => server.redis.cut(),
            Fault::StallRedis => server.redis.stall(),
            Fault::CutClients => server.front.cut(),
            Fault::KillServerWithoutRedis => {
                redis.pause();
                sleep(lasts).await;
                server.kill().await?;
                redis.resume();
                server.restart().await?;
            }
            Fault::KillPostgresWithoutRedis => {
                redis.pause();
                sleep(lasts).await;
                postgres.kill()?;
                redis.resume();
                postgres.restart().await?;
            }
        }
        Ok(())
    }

    /// Ends everything; leaves the logs of the servers where they are unless nobody needs them.
    pub(crate) async fn end(self, is_kept: bool) -> anyhow::Result<Option<PathBuf>> {
        let Self { postgres, servers, logs, .. } = self;
        for mut server in servers {
            server.kill().await?;
        }
        postgres.end().await?;
        Ok((!is_kept).then(|| logs.keep()))
    }

    /// Has Redis write everything to its disk at once: what it loses is the other ledger's.
    async fn forget_nothing(&self) {
        self.redis.run(&["CONFIG", "SET", "appendfsync", "always"]).await;
    }
}

impl Server {
    async fn start(options: &Options, redis_port: u16, database_url: String, log: PathBuf) -> anyhow::Result<Self> {
        let redis = StallingProxy::start(redis_port).await;
        let many = || "1000000".to_owned();
        let variables = vec![
            ("DATABASE_URL", database_url),
            ("REDIS_URL", redis.url()),
            ("TINTYPE_REDIS_PROBE_MS", "400".to_owned()),
            ("TINTYPE_TOPIC_EVENTS", "1024".to_owned()),
            ("TINTYPE_OUTBOX_SWEEP_MS", "200".to_owned()),
            ("TINTYPE_OUTBOX_AGE_MS", "800".to_owned()),
            ("TINTYPE_DRAIN_SECONDS", "5".to_owned()),
            ("TINTYPE_STREAM_DRAIN_SECONDS", "1".to_owned()),
            ("TINTYPE_REGISTRATIONS", many()),
            ("TINTYPE_LOG", options.server_log.clone()),
        ];
        let (process, output, port) = spawn(&options.server, &variables, 0, &log).await?;
        let front = StallingProxy::start(port).await;
        Ok(Self { program: options.server.clone(), variables, port, process, _output: output, log, redis, front })
    }

    /// Ends it as a crash does.
    async fn kill(&mut self) -> anyhow::Result<()> {
        self.process.kill().await.context("a server cannot be killed")
    }

    /// Tells it to stop, and waits until it has.
    async fn drain(&mut self) -> anyhow::Result<()> {
        self.signal(Signal::TERM)?;
        match timeout(STOP_TIME, self.process.wait()).await {
            Ok(Ok(status)) if status.success() => Ok(()),
            Ok(status) => bail!("a server that was told to stop ended with {:?}, see {}", status?, self.log.display()),
            Err(_) => bail!("a server that was told to stop has not in {STOP_TIME:?}, see {}", self.log.display()),
        }
    }

    /// Starts it again, at the same port.
    async fn restart(&mut self) -> anyhow::Result<()> {
        let mut tries = 0;
        let (process, output, _) = loop {
            match spawn(&self.program, &self.variables, self.port, &self.log).await {
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

    fn signal(&self, signal: Signal) -> anyhow::Result<()> {
        let id = self.process.id().and_then(|id| i32::try_from(id).ok()).and_then(Pid::from_raw);
        let id = id.with_context(|| format!("a server has ended by itself, see {}", self.log.display()))?;
        kill_process(id, signal).context("a server takes no signal")
    }
}

async fn spawn(
    program: &Path,
    variables: &[(&'static str, String)],
    port: u16,
    log: &Path,
) -> anyhow::Result<(Child, Lines<BufReader<ChildStdout>>, u16)> {
    let log_file = File::options().create(true).append(true).open(log)?;
    let mut process = Command::new(program)
        .envs(variables.iter().map(|(name, value)| (name, value)))
        .env("PORT", port.to_string())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(log_file)
        .kill_on_drop(true)
        .spawn()
        .with_context(|| format!("{} cannot be started", program.display()))?;
    let output = process.stdout.take().context("its output is a pipe")?;
    let mut output = BufReader::new(output).lines();
    let line = timeout(START_TIME, output.next_line()).await.context("a server does not start")??;
    let port = line
        .as_deref()
        .and_then(|line| line.strip_prefix("tintype is ready: http://")?.rsplit_once(':')?.1.parse().ok());
    match port {
        Some(port) => Ok((process, output, port)),
        None => bail!("a server does not say where it listens, see {}", log.display()),
    }
}
