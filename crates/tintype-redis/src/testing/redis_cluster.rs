use std::time::Duration;

use tintype::TopicKey;

use super::redis_server::{RedisServer, free_port};
use crate::keys::Names;

/// A Redis Cluster of a test's own, whose nodes can be hurt; it ends with the value.
#[derive(Debug)]
pub struct RedisCluster {
    /// The masters as it was started, and then the replica if there is one.
    pub nodes: Vec<RedisServer>,
}

/// Hash slots of a cluster.
const SLOTS: usize = 16_384;

/// Silence after which nodes take another one for dead.
const NODE_TIMEOUT_MS: &str = "1000";

impl RedisCluster {
    /// Starts a cluster of three masters, over which the slots are spread evenly.
    ///
    /// # Panics
    ///
    /// If it does not come to life.
    pub async fn start() -> Self {
        let mut nodes = Vec::new();
        for _ in 0..3 {
            nodes.push(start_node().await);
        }
        let cluster = Self { nodes };
        for (index, node) in cluster.nodes.iter().enumerate() {
            let (first, last) = (index * SLOTS / 3, (index + 1) * SLOTS / 3 - 1);
            node.run(&["CLUSTER", "ADDSLOTSRANGE", &first.to_string(), &last.to_string()]).await;
            // Otherwise they find out by themselves who comes before whom, which takes a while.
            node.run(&["CLUSTER", "SET-CONFIG-EPOCH", &(index + 1).to_string()]).await;
            if index > 0 {
                cluster.meet(node).await;
            }
        }
        cluster.agrees().await;
        cluster
    }

    /// Adds a node that takes the place of `master` when it dies.
    ///
    /// # Panics
    ///
    /// If it does not.
    pub async fn add_replica_of(&mut self, master: usize) {
        let replica = start_node().await;
        self.meet(&replica).await;
        let id = self.id_of(master).await;
        self.nodes.push(replica);
        self.agrees().await;
        let replica = self.nodes.last().expect("it was just pushed");
        replica.run(&["CLUSTER", "REPLICATE", &id]).await;
        eventually("the replica follows", async || {
            text(replica.run(&["INFO", "replication"]).await).contains("master_link_status:up")
        })
        .await;
    }

    /// URLs of all nodes.
    #[must_use]
    pub fn urls(&self) -> Vec<String> {
        self.nodes.iter().map(RedisServer::url).collect()
    }

    /// Which node has a topic; `prefix` is [`RedisOptions::prefix`](crate::RedisOptions::prefix).
    ///
    /// # Panics
    ///
    /// If none of the living nodes says so.
    pub async fn master_of(&self, prefix: &str, topic: &TopicKey) -> usize {
        let slot = self.slot_of(prefix, topic).await;
        let slots = self.nodes[0].run(&["CLUSTER", "SLOTS"]).await;
        type Node = (String, u16, String, Vec<redis::Value>);
        let ranges: Vec<Vec<redis::Value>> = redis::from_redis_value(slots).unwrap();
        for range in ranges {
            let first: u64 = redis::from_redis_value(range[0].clone()).unwrap();
            let last: u64 = redis::from_redis_value(range[1].clone()).unwrap();
            let (_, port, _, _): Node = redis::from_redis_value(range[2].clone()).unwrap();
            if (first..=last).contains(&slot) {
                return self.nodes.iter().position(|node| node.port() == port).unwrap();
            }
        }
        panic!("slot {slot} has no master");
    }

    /// Moves a topic from one master to another, as resharding does: every key of its slot, while it is in use.
    ///
    /// # Panics
    ///
    /// If the cluster does not take it.
    pub async fn move_topic(&self, prefix: &str, topic: &TopicKey, from: usize, to: usize) {
        let slot = self.slot_of(prefix, topic).await.to_string();
        let (source, target) = (&self.nodes[from], &self.nodes[to]);
        let (source_id, target_id) = (self.id_of(from).await, self.id_of(to).await);
        target.run(&["CLUSTER", "SETSLOT", &slot, "IMPORTING", &source_id]).await;
        source.run(&["CLUSTER", "SETSLOT", &slot, "MIGRATING", &target_id]).await;
        loop {
            let keys = source.run(&["CLUSTER", "GETKEYSINSLOT", &slot, "10"]).await;
            let keys: Vec<String> = redis::from_redis_value(keys).unwrap();
            if keys.is_empty() {
                break;
            }
            let port = target.port().to_string();
            let mut command = vec!["MIGRATE", "127.0.0.1", &port, "", "0", "5000", "KEYS"];
            command.extend(keys.iter().map(String::as_str));
            source.run(&command).await;
        }
        for node in [target, source] {
            node.run(&["CLUSTER", "SETSLOT", &slot, "NODE", &target_id]).await;
        }
    }

    /// Waits until `node` is a master that has slots, as a replica does whose master died.
    ///
    /// # Panics
    ///
    /// If it does not become one.
    pub async fn is_promoted(&self, node: usize) {
        eventually("the replica is promoted", async || {
            text(self.nodes[node].run(&["CLUSTER", "NODES"]).await)
                .lines()
                .any(|line| line.contains("myself,master") && line.split_whitespace().count() > 8)
        })
        .await;
    }

    async fn slot_of(&self, prefix: &str, topic: &TopicKey) -> u64 {
        let names = Names::new(prefix, topic);
        redis::from_redis_value(self.nodes[0].run(&["CLUSTER", "KEYSLOT", &names.stream]).await).unwrap()
    }

    async fn id_of(&self, node: usize) -> String {
        text(self.nodes[node].run(&["CLUSTER", "MYID"]).await)
    }

    /// Introduces a node to the first.
    async fn meet(&self, node: &RedisServer) {
        let bus = text(node.run(&["CONFIG", "GET", "cluster-port"]).await);
        self.nodes[0].run(&["CLUSTER", "MEET", "127.0.0.1", &node.port().to_string(), &bus]).await;
    }

    /// Waits until every node knows every node and all slots.
    async fn agrees(&self) {
        let known = format!("cluster_known_nodes:{}\r\n", self.nodes.len());
        for node in &self.nodes {
            eventually("the nodes know each other", async || {
                let info = text(node.run(&["CLUSTER", "INFO"]).await);
                info.contains("cluster_state:ok") && info.contains(&known)
            })
            .await;
        }
    }
}

async fn start_node() -> RedisServer {
    let arguments = || {
        let bus = free_port().to_string();
        ["--cluster-enabled", "yes", "--cluster-node-timeout", NODE_TIMEOUT_MS, "--cluster-port", &bus]
            .map(str::to_owned)
            .to_vec()
    };
    RedisServer::start_with(arguments).await
}

/// The text of an answer; of a map with one entry, its value.
fn text(answer: redis::Value) -> String {
    match answer {
        redis::Value::Map(entries) => text(entries.into_iter().next().unwrap().1),
        redis::Value::Array(items) => text(items.into_iter().next_back().unwrap()),
        answer => redis::from_redis_value(answer).unwrap(),
    }
}

async fn eventually(what: &str, is_so: impl AsyncFn() -> bool) {
    for _ in 0..3_000 {
        if is_so().await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("not after a minute: {what}");
}
