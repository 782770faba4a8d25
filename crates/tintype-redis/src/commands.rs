//! The connection on which commands go: one for all, because it pipelines them.

use std::sync::Arc;

use redis::{RedisError, RedisResult, aio::MultiplexedConnection};
use tokio::sync::Mutex;

use crate::server::{Server, is_broken};

pub(crate) struct Commands {
    server: Arc<Server>,
    // Held while connecting, so that one connection is made however many wait for it.
    current: Mutex<Current>,
}

#[derive(Default)]
struct Current {
    number: u64,
    link: Option<MultiplexedConnection>,
}

/// A connection, and which one it is.
pub(crate) struct Connection {
    number: u64,
    pub(crate) link: MultiplexedConnection,
}

impl Commands {
    pub(crate) fn new(server: Arc<Server>) -> Self {
        Self { server, current: Mutex::default() }
    }

    /// The connection, made anew if the last one broke.
    pub(crate) async fn connection(&self) -> RedisResult<Connection> {
        let mut current = self.current.lock().await;
        let link = match &current.link {
            Some(link) => link.clone(),
            None => {
                let link = self.server.connect().await?;
                current.number += 1;
                current.link.insert(link).clone()
            }
        };
        Ok(Connection { number: current.number, link })
    }

    /// Whether the connection broke with this error; then the next one is new.
    pub(crate) async fn is_lost(&self, connection: &Connection, error: &RedisError) -> bool {
        let is_lost = is_broken(error);
        if is_lost {
            let mut current = self.current.lock().await;
            if current.number == connection.number {
                current.link = None;
            }
        }
        is_lost
    }
}
