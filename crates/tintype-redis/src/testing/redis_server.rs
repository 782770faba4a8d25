use std::{
    env,
    fs::{self, File},
    net::TcpListener,
    path::PathBuf,
    process::{Child, Command, Stdio},
    time::Duration,
};

use tempfile::TempDir;
use tintype::TopicKey;

use crate::keys::Names;

/// A Redis server of a test's own, which can be hurt; it ends with the value.
#[derive(Debug)]
pub struct RedisServer {
    port: u16,
    arguments: Vec<String>,
    folder: TempDir,
    process: Child,
}

impl RedisServer {
    /// Starts a server on a free port, which keeps what it is told across restarts.
    ///
    /// # Panics
    ///
    /// If there is no `redis-server`; the message says how to get it.
    pub async fn start() -> Self {
        Self::start_with(Vec::new).await
    }

    /// Starts a server with further arguments, which may be others if a port of them was taken.
    pub(super) async fn start_with(arguments: impl Fn() -> Vec<String>) -> Self {
        // Another process may take the port between the two steps.
        for _ in 0..20 {
            let (port, arguments, folder) = (free_port(), arguments(), tempfile::tempdir().unwrap());
            let process = spawn(port, &arguments, &folder);
            let mut server = Self { port, arguments, folder, process };
            if server.answers().await {
                return server;
            }
        }
        panic!("redis-server does not start");
    }

    /// The port on loopback on which it listens.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Its URL.
    #[must_use]
    pub fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    /// Ends the server as a crash does.
    ///
    /// # Panics
    ///
    /// If it cannot be ended.
    pub fn kill(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }

    /// Ends the server as a crash does, and makes it forget what it wrote in the time `last` before, as the new master
    /// after a failover has forgotten what did not reach it.
    ///
    /// # Panics
    ///
    /// If it cannot be ended, or its files cannot be changed.
    pub async fn kill_and_forget(&mut self, last: Duration) {
        let kept: Vec<(PathBuf, u64)> = fs::read_dir(self.folder.path().join("appendonlydir"))
            .unwrap()
            .map(|file| file.unwrap())
            .filter(|file| file.file_name().to_string_lossy().ends_with(".incr.aof"))
            .map(|file| (file.path(), file.metadata().unwrap().len()))
            .collect();
        tokio::time::sleep(last).await;
        self.kill();
        for (path, length) in kept {
            File::options().write(true).open(path).unwrap().set_len(length).unwrap();
        }
    }

    /// Starts it again, with what it has on disk.
    ///
    /// # Panics
    ///
    /// If it does not start.
    pub async fn restart(&mut self) {
        self.process = spawn(self.port, &self.arguments, &self.folder);
        assert!(self.answers().await, "redis-server does not start again");
    }

    /// Starts it again without anything.
    ///
    /// # Panics
    ///
    /// If it does not start.
    pub async fn restart_empty(&mut self) {
        self.folder = tempfile::tempdir().unwrap();
        self.restart().await;
    }

    /// Stops it where it stands, until [`resume`](Self::resume).
    pub fn pause(&self) {
        self.signal("STOP");
    }

    /// Lets it go on after a [`pause`](Self::pause).
    pub fn resume(&self) {
        self.signal("CONT");
    }

    fn signal(&self, signal: &str) {
        let status = Command::new("kill").arg(format!("-{signal}")).arg(self.process.id().to_string()).status();
        assert!(status.unwrap().success());
    }

    /// Makes it a replica of `master`, and waits until it has what the master has.
    ///
    /// # Panics
    ///
    /// If it has not after a long time.
    pub async fn follow(&self, master: &Self) {
        self.run(&["REPLICAOF", "127.0.0.1", &master.port.to_string()]).await;
        for _ in 0..3_000 {
            let state: String = redis::from_redis_value(self.run(&["INFO", "replication"]).await).unwrap();
            if state.contains("master_link_status:up") {
                return;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("the server at port {} does not follow the one at port {}", self.port, master.port);
    }

    /// Runs a command, as an operator would.
    ///
    /// # Panics
    ///
    /// If the server does not take it.
    pub async fn run(&self, command: &[&str]) -> redis::Value {
        let client = redis::Client::open(self.url()).unwrap();
        let mut connection = client.get_multiplexed_async_connection().await.unwrap();
        redis::cmd(command[0]).arg(&command[1..]).query_async(&mut connection).await.unwrap()
    }

    /// Appends an event to a topic as publishing does, but sends it to nobody: as if its message had been lost on the
    /// way. `prefix` is [`RedisOptions::prefix`](crate::RedisOptions::prefix).
    ///
    /// # Panics
    ///
    /// If the server does not take it.
    pub async fn append_unheard(&self, prefix: &str, topic: &TopicKey, json: &str) {
        let names = Names::new(prefix, topic);
        self.run(&["EVAL", APPEND, "2", &names.stream, &names.last, json]).await;
    }

    /// Trims the stream of a topic to its last `events` events.
    ///
    /// # Panics
    ///
    /// If the server does not take it.
    pub async fn trim(&self, prefix: &str, topic: &TopicKey, events: usize) {
        let names = Names::new(prefix, topic);
        self.run(&["XTRIM", &names.stream, "MAXLEN", "=", &events.to_string()]).await;
    }

    async fn answers(&mut self) -> bool {
        let client = redis::Client::open(self.url()).unwrap();
        for _ in 0..500 {
            if self.process.try_wait().unwrap().is_some() {
                return false;
            }
            if let Ok(mut connection) = client.get_multiplexed_async_connection().await
                && redis::cmd("PING").query_async::<String>(&mut connection).await.is_ok()
            {
                return true;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        false
    }
}

/// Appends an event that follows the last one.
const APPEND: &str = r"
local previous = redis.call('GET', KEYS[2]) or '0-0'
local id = redis.call('XADD', KEYS[1], '*', 'p', previous, 'd', ARGV[1])
redis.call('SET', KEYS[2], id, 'PX', '3600000')
return id
";

/// The program, which the environment may name.
pub(super) fn program() -> PathBuf {
    env::var_os("REDIS_SERVER").map_or_else(|| PathBuf::from("redis-server"), PathBuf::from)
}

pub(super) fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

fn spawn(port: u16, arguments: &[String], folder: &TempDir) -> Child {
    let program = program();
    Command::new(&program)
        .args(["--port", &port.to_string(), "--bind", "127.0.0.1", "--save", "", "--appendonly", "yes"])
        .args(["--appendfsync", "everysec"])
        .args(arguments)
        .arg("--dir")
        .arg(folder.path())
        .stdout(Stdio::null())
        .spawn()
        .unwrap_or_else(|error| panic!("{program:?}: {error}: install redis-server, or set REDIS_SERVER to its path"))
}

impl Drop for RedisServer {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
