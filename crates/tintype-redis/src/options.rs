use std::{fmt, time::Duration};

#[cfg(feature = "rustls")]
use redis::ConnectionAddr;
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
    /// Topics that ask at the same time what they missed, after the connection was replaced; 32 by default.
    pub questions: usize,
    /// Subscribers that at the same time read what this process does not have, after they came back; 32 by default.
    ///
    /// Further ones wait; each may take memory for all that a topic keeps.
    pub replays: usize,
    /// Who may vouch for the server; those whom the operating system trusts, if it is not said.
    #[cfg(feature = "rustls")]
    pub(crate) authorities: Option<Vec<u8>>,
}

#[derive(Clone)]
pub(crate) enum Address {
    Server(Box<ConnectionInfo>),
    Sentinel { master: String, sentinels: Vec<ConnectionInfo>, server: Box<ConnectionInfo> },
    Cluster(Vec<ConnectionInfo>),
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
    /// Nobody is named who knows the cluster.
    #[error("no node of the cluster is named: name at least one")]
    NoNode,
    /// A cluster has one database.
    #[error("database {database} of a cluster is named, which has database 0 only: leave it out")]
    Database {
        /// The number.
        database: i64,
    },
    /// With so little of it nothing would ever arrive.
    #[error("{option} of RedisOptions is zero: it must be more")]
    Zero {
        /// The name of the option.
        option: &'static str,
    },
    /// Redis counts the milliseconds until a key expires, and not without end.
    #[error("{option} of RedisOptions is {time:?}: it must be at most a hundred years")]
    TooLong {
        /// The name of the option.
        option: &'static str,
        /// What it was.
        time: Duration,
    },
    /// All keys of a topic share a hash slot, which is what braces in a key say.
    #[error("the prefix {prefix:?} has a brace: leave it out, or else the topics are not spread over a cluster")]
    Prefix {
        /// The prefix.
        prefix: String,
    },
    /// Certificates are compared over TLS only.
    #[error("authorities are named for a connection without TLS: write rediss:// instead of redis://")]
    NoTls,
    /// There is no certificate in the PEM.
    #[error("no certificate is in the PEM: it has lines from BEGIN CERTIFICATE to END CERTIFICATE")]
    NoCertificate,
    /// Something in the PEM is no certificate of an authority.
    #[error("certificate {number} of the PEM cannot be used")]
    Certificate {
        /// Which one, counted from 1.
        number: usize,
        /// What is wrong with it.
        source: Box<dyn std::error::Error + Send + Sync>,
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

    /// The cluster that the nodes at `urls` belong to; one of them is enough if it is there when the process starts.
    ///
    /// All nodes are reached with the user and the password of the first, and over TLS if it is.
    /// Topics are spread over the masters, and the process listens at each of them.
    ///
    /// # Errors
    ///
    /// [`RedisOptionsError`] if there is no node, if a URL is none, or if it names a database.
    pub fn cluster(urls: &[&str]) -> Result<Self, RedisOptionsError> {
        let nodes = urls.iter().map(|url| connection_info(url)).collect::<Result<Vec<_>, _>>()?;
        if nodes.is_empty() {
            return Err(RedisOptionsError::NoNode);
        }
        match nodes.iter().map(|node| node.redis_settings().db()).find(|database| *database != 0) {
            Some(database) => Err(RedisOptionsError::Database { database }),
            None => Ok(Self::at(Address::Cluster(nodes))),
        }
    }

    pub(crate) fn is_cluster(&self) -> bool {
        matches!(self.address, Address::Cluster(_))
    }

    /// Trusts servers for which one of these authorities vouches, and no others.
    ///
    /// Without it those are trusted for which an authority of the operating system vouches. `certificates` are theirs,
    /// in PEM. It holds for sentinels as well, which then all know the user and the password of the first.
    ///
    /// # Errors
    ///
    /// [`RedisOptionsError`] if there is no certificate, if one cannot be used, or if the URL is none for TLS.
    #[cfg(feature = "rustls")]
    pub fn trusting_only(mut self, certificates: &[u8]) -> Result<Self, RedisOptionsError> {
        crate::authorities::check(certificates)?;
        let servers = match &self.address {
            Address::Server(server) | Address::Sentinel { server, .. } => std::slice::from_ref(server.as_ref()),
            Address::Cluster(nodes) => nodes,
        };
        if !servers.iter().all(|server| matches!(server.addr(), ConnectionAddr::TcpTls { .. })) {
            return Err(RedisOptionsError::NoTls);
        }
        self.authorities = Some(certificates.to_owned());
        Ok(self)
    }

    /// Whether everything that is said can work.
    pub(crate) fn check(&self) -> Result<(), RedisOptionsError> {
        if self.prefix.contains(['{', '}']) {
            return Err(RedisOptionsError::Prefix { prefix: self.prefix.clone() });
        }
        let is_zero = [
            ("backlog_events", self.backlog_events == 0),
            ("idle", self.idle.is_zero()),
            ("idempotency", self.idempotency.is_zero()),
            ("event_bytes", self.event_bytes == 0),
            ("command_time", self.command_time.is_zero()),
            ("probe_interval", self.probe_interval.is_zero()),
            ("presence", self.presence.is_zero()),
            ("questions", self.questions == 0),
            ("replays", self.replays == 0),
        ];
        if let Some((option, _)) = is_zero.into_iter().find(|(_, is_zero)| *is_zero) {
            return Err(RedisOptionsError::Zero { option });
        }
        let kept = [("idle", self.idle), ("idempotency", self.idempotency), ("presence", self.presence)];
        match kept.into_iter().find(|(_, time)| *time > LONGEST) {
            Some((option, time)) => Err(RedisOptionsError::TooLong { option, time }),
            None => Ok(()),
        }
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
            questions: 32,
            replays: 32,
            #[cfg(feature = "rustls")]
            authorities: None,
        }
    }
}

/// Longest time for which something is kept: a hundred years.
const LONGEST: Duration = Duration::from_secs(100 * 365 * 24 * 60 * 60);

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

    #[test]
    fn what_cannot_work_is_named() {
        let check = |change: fn(&mut RedisOptions)| {
            let mut options = RedisOptions::url("redis://host").unwrap();
            change(&mut options);
            options.check().map_err(|error| error.to_string())
        };

        assert_eq!(check(|_| {}), Ok(()));
        assert_eq!(check(|options| options.linger = Duration::ZERO), Ok(()));
        let error = check(|options| options.command_time = Duration::ZERO).unwrap_err();
        assert!(error.contains("command_time"), "{error}");
        let error = check(|options| options.replays = 0).unwrap_err();
        assert!(error.contains("replays"), "{error}");
        let error = check(|options| options.idle = Duration::MAX).unwrap_err();
        assert!(error.contains("idle") && error.contains("a hundred years"), "{error}");
        let cluster = |urls: &[&str]| RedisOptions::cluster(urls).unwrap_err().to_string();
        assert!(cluster(&[]).contains("at least one"));
        assert!(cluster(&["redis://host", "redis://other/3"]).contains("database 3"));
        let error = check(|options| options.prefix = "a{b".to_owned()).unwrap_err();
        assert!(error.contains(r#""a{b""#), "{error}");
    }
}
