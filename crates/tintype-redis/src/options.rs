use std::{fmt, time::Duration};

use redis::{ConnectionInfo, IntoConnectionInfo};

/// Where Redis is, and how much it keeps.
#[derive(Clone)]
#[non_exhaustive]
pub struct RedisOptions {
    pub(crate) address: Address,
    /// What the names of all keys and channels begin with, so that applications can share a server; `tt` by default.
    pub prefix: String,
    /// Events kept per topic for who comes back; 256 by default, at least 1. Redis keeps up to a hundred more.
    pub backlog_events: usize,
    /// How long a topic is kept in which nothing is published and to which nobody listens; an hour by default.
    pub idle: Duration,
    /// How long an idempotency key is remembered; ten minutes by default.
    pub idempotency: Duration,
    /// Largest event, in bytes of JSON; 64 KiB by default.
    pub event_bytes: usize,
    /// How long a command may take, connecting included; 500 ms by default.
    pub command_time: Duration,
    /// Silence after which a probe is sent the way of the events; 5 s by default.
    ///
    /// If the probe does not arrive within the same time again, the connection is replaced.
    pub probe_interval: Duration,
    /// Longest pause between attempts to connect; 1 s by default.
    pub reconnect_delay: Duration,
    /// How long a member is still present after its process has died; 30 s by default.
    ///
    /// Up to a third of it passes until others are told.
    pub presence: Duration,
    /// How long a process goes on listening to a topic without subscribers, which may come back; 30 s by default.
    pub linger: Duration,
}

#[derive(Clone)]
pub(crate) enum Address {
    Server(Box<ConnectionInfo>),
    Sentinel { master: String, sentinels: Vec<ConnectionInfo>, server: Box<ConnectionInfo> },
}

/// Why Redis cannot be used as it is described.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RedisOptionsError {
    /// It is no URL of a Redis server.
    // The URL may hold a password, so it is not in the message.
    #[error("the URL of Redis cannot be used: write redis://[user:password@]host[:port][/database]")]
    Url(#[source] redis::RedisError),
    /// Without a sentinel nobody knows the server.
    #[error("no sentinel is named that could tell the server of {master:?}: name at least one")]
    NoSentinel {
        /// The name of the group of servers.
        master: String,
    },
}

impl RedisOptions {
    /// One server, at `redis://[user:password@]host[:port][/database]`, or `rediss://…` with the feature `rustls`.
    ///
    /// # Errors
    ///
    /// [`RedisOptionsError::Url`] if it is no such URL.
    pub fn url(url: &str) -> Result<Self, RedisOptionsError> {
        Ok(Self::at(Address::Server(Box::new(connection_info(url)?))))
    }

    /// The server that the sentinels at `urls` name as the master of the group `master`.
    ///
    /// The servers are reached with the user, password and database of `server`, whose host and port do not matter.
    ///
    /// # Errors
    ///
    /// [`RedisOptionsError`] if there is no sentinel, or if a URL is none.
    pub fn sentinel(master: &str, urls: &[&str], server: &str) -> Result<Self, RedisOptionsError> {
        if urls.is_empty() {
            return Err(RedisOptionsError::NoSentinel { master: master.to_owned() });
        }
        let sentinels = urls.iter().map(|url| connection_info(url)).collect::<Result<_, _>>()?;
        let server = Box::new(connection_info(server)?);
        Ok(Self::at(Address::Sentinel { master: master.to_owned(), sentinels, server }))
    }

    fn at(address: Address) -> Self {
        Self {
            address,
            prefix: "tt".to_owned(),
            backlog_events: 256,
            idle: Duration::from_secs(60 * 60),
            idempotency: Duration::from_secs(10 * 60),
            event_bytes: 64 * 1024,
            command_time: Duration::from_millis(500),
            probe_interval: Duration::from_secs(5),
            reconnect_delay: Duration::from_secs(1),
            presence: Duration::from_secs(30),
            linger: Duration::from_secs(30),
        }
    }
}

fn connection_info(url: &str) -> Result<ConnectionInfo, RedisOptionsError> {
    url.into_connection_info().map_err(RedisOptionsError::Url)
}

impl fmt::Debug for RedisOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Without the address, which may hold a password.
        f.debug_struct("RedisOptions")
            .field("prefix", &self.prefix)
            .field("backlog_events", &self.backlog_events)
            .field("idle", &self.idle)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_in_no_message() {
        let error = RedisOptions::url("http://user:secret@host").unwrap_err();
        let options = RedisOptions::url("redis://user:secret@host").unwrap();

        assert!(!format!("{error} {error:?}").contains("secret"), "{error:?}");
        assert!(!format!("{options:?}").contains("secret"), "{options:?}");
    }
}
