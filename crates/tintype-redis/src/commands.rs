//! The connection on which commands go: one for all, because it pipelines them.

use std::{future::Future, sync::Arc};

use redis::{RedisError, RedisResult};
use tokio::sync::Mutex;

use crate::{
    link::Link,
    server::{Server, is_broken},
};

pub(crate) struct Commands {
    server: Arc<Server>,
    // Held while connecting, so that one connection is made however many wait for it.
    current: Mutex<Current>,
}

#[derive(Default)]
struct Current {
    number: u64,
    link: Option<Link>,
}

impl Commands {
    pub(crate) fn new(server: Arc<Server>) -> Self {
        Self { server, current: Mutex::default() }
    }

    /// Does `work` on the connection; if that breaks, once more on a new one, up to `attempts` times in all.
    ///
    /// An attempt that failed may have got through, so the work must do no harm when it is done twice.
    pub(crate) async fn run<T, F>(&self, attempts: usize, work: impl Fn(Link) -> F) -> RedisResult<T>
    where
        F: Future<Output = RedisResult<T>>,
    {
        let mut attempt = 1;
        loop {
            let (number, link) = self.connection().await?;
            match work(link).await {
                Err(error) if self.is_lost(number, &error).await && attempt < attempts => attempt += 1,
                result => return result,
            }
        }
    }

    /// The connection and which one it is; made anew if the last one broke.
    async fn connection(&self) -> RedisResult<(u64, Link)> {
        let mut current = self.current.lock().await;
        let link = match &current.link {
            Some(link) => link.clone(),
            None => {
                let link = self.server.connect().await?;
                current.number += 1;
                current.link.insert(link).clone()
            }
        };
        Ok((current.number, link))
    }

    /// Whether the connection broke with this error; then the next one is new, but for that to a cluster.
    async fn is_lost(&self, number: u64, error: &RedisError) -> bool {
        let is_lost = is_broken(error);
        if is_lost {
            let mut current = self.current.lock().await;
            // That to a cluster replaces what breaks by itself, and goes on to the other masters.
            if current.number == number && matches!(current.link, Some(Link::Server(_))) {
                current.link = None;
            }
        }
        is_lost
    }
}
