use std::{
    net::TcpListener,
    process::{Child, Command, Stdio},
    time::Duration,
};

use tempfile::TempDir;

use super::{RedisServer, redis_server::program};

/// A sentinel of a test's own, which puts a replica in the place of a master that does not answer.
#[derive(Debug)]
pub struct Sentinel {
    port: u16,
    _folder: TempDir,
    process: Child,
}

/// Silence after which a master is replaced, in milliseconds.
///
/// Twice the period of its pings: with less, one that only lost a connection seems to be silent.
const DOWN_AFTER_MS: u32 = 2_000;

/// The name of the group that it watches.
const GROUP: &str = "mymaster";

impl Sentinel {
    /// Makes `replica` follow `master` and watches over them; a master that is silent for two seconds is replaced.
    ///
    /// # Panics
    ///
    /// If there is no `redis-server`, or the replica does not follow.
    pub async fn start(master: &RedisServer, replica: &RedisServer) -> Self {
        replica.follow(master).await;
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let folder = tempfile::tempdir().unwrap();
        let config = folder.path().join("sentinel.conf");
        let lines = [
            format!("port {port}"),
            "bind 127.0.0.1".to_owned(),
            format!("dir {}", folder.path().display()),
            format!("sentinel monitor {GROUP} 127.0.0.1 {} 1", master.port()),
            format!("sentinel down-after-milliseconds {GROUP} {DOWN_AFTER_MS}"),
            format!("sentinel failover-timeout {GROUP} 2000"),
        ];
        std::fs::write(&config, lines.join("\n")).unwrap();
        let process = Command::new(program()).arg(config).arg("--sentinel").stdout(Stdio::null()).spawn().unwrap();
        let sentinel = Self { port, _folder: folder, process };
        sentinel.waits_for("a replica", async || sentinel.knows_a_replica().await).await;
        sentinel
    }

    /// Its URL.
    #[must_use]
    pub fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    /// The name of the group that it watches, which clients ask for.
    #[must_use]
    pub fn group(&self) -> &'static str {
        GROUP
    }

    /// Waits until `server` is the master.
    ///
    /// # Panics
    ///
    /// If it has not become it after a long time.
    pub async fn replaced_by(&self, server: &RedisServer) {
        let port = server.port().to_string();
        self.waits_for("the new master", async || self.master().await.is_some_and(|master| master == port)).await;
    }

    /// Waits until it knows a replica that could take the master's place.
    ///
    /// # Panics
    ///
    /// If there is none after a long time.
    pub async fn knows_its_replica(&self) {
        self.waits_for("a replica", async || self.knows_a_replica().await).await;
    }

    async fn waits_for(&self, what: &str, mut is_so: impl AsyncFnMut() -> bool) {
        for _ in 0..3_000 {
            if is_so().await {
                return;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("the sentinel at port {} does not know {what}", self.port);
    }

    async fn master(&self) -> Option<String> {
        let (_, port): (String, String) = self.ask(&["GET-MASTER-ADDR-BY-NAME", GROUP]).await?;
        Some(port)
    }

    async fn knows_a_replica(&self) -> bool {
        let replicas: Option<Vec<std::collections::HashMap<String, String>>> = self.ask(&["REPLICAS", GROUP]).await;
        let is_fit = |replica: &std::collections::HashMap<String, String>| {
            replica.get("flags").is_some_and(|flags| flags == "slave")
                && replica.get("master-link-status").is_some_and(|status| status == "ok")
        };
        replicas.is_some_and(|replicas| replicas.iter().any(is_fit))
    }

    async fn ask<T: redis::FromRedisValue>(&self, command: &[&str]) -> Option<T> {
        let client = redis::Client::open(self.url()).unwrap();
        let mut connection = client.get_multiplexed_async_connection().await.ok()?;
        redis::cmd("SENTINEL").arg(command).query_async(&mut connection).await.ok()
    }
}

impl Drop for Sentinel {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
