//! Redis servers and networks for tests: real ones, which fail when they are told to.

// Clippy knows test functions, and not what only tests use.
#![allow(clippy::unwrap_used, clippy::missing_panics_doc)]

mod redis_cluster;
mod redis_server;
mod sentinel;
mod stalling_proxy;
mod tls_redis_server;

pub use redis_cluster::RedisCluster;
pub use redis_server::RedisServer;
pub use sentinel::Sentinel;
pub use stalling_proxy::StallingProxy;
pub use tls_redis_server::{Authority, TlsRedisServer};
