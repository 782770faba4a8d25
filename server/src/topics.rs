use std::{fs, io, path::PathBuf, time::Duration};

use tintype::{MemoryBroker, MemoryLimits, Topics};
use tintype_redis::{RedisBroker, RedisOptions, RedisOptionsError};

use crate::Config;

/// Why topics cannot be carried as the configuration says.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TopicsError {
    /// Redis cannot be used as it is described.
    #[error("REDIS_URL, or an option that begins with TINTYPE_REDIS, cannot be used")]
    Redis(#[from] RedisOptionsError),
    /// Sentinels watch servers that are no cluster.
    #[error(
        "TINTYPE_REDIS_CLUSTER and TINTYPE_REDIS_SENTINELS are both set: a cluster needs no sentinels, leave one out"
    )]
    ClusterBehindSentinels,
    /// The authorities that may vouch for Redis cannot be read.
    #[error("TINTYPE_REDIS_CA is {path:?}, which cannot be read: name a PEM file with certificates")]
    Authorities {
        /// The file.
        path: PathBuf,
        /// Why it cannot be read.
        source: io::Error,
    },
    /// What is in the file is of no use.
    #[error("TINTYPE_REDIS_CA is {path:?}, which cannot be used")]
    UnusableAuthorities {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        source: RedisOptionsError,
    },
}

/// Topics over `REDIS_URL`, or within this process if it is not set.
///
/// It returns at once; the broker connects in the background, and `/readyz` says whether it has.
///
/// # Errors
///
/// [`TopicsError`] if Redis cannot be used as it is described.
///
/// # Panics
///
/// Outside of a Tokio runtime.
pub fn topics(config: &Config) -> Result<Topics, TopicsError> {
    let Some(url) = &config.redis_url else {
        tracing::info!("REDIS_URL is not set: events stay within this process, so run one instance only");
        return Ok(Topics::new(MemoryBroker::new(memory_limits(config))));
    };
    Ok(Topics::new(RedisBroker::new(redis_options(config, url)?)?))
}

fn memory_limits(config: &Config) -> MemoryLimits {
    MemoryLimits {
        backlog_events: config.topic_events as usize,
        event_bytes: config.topic_event_bytes as usize,
        idle: Duration::from_secs(config.topic_idle_seconds),
        idempotency: Duration::from_secs(config.topic_once_seconds),
    }
}

fn redis_options(config: &Config, url: &str) -> Result<RedisOptions, TopicsError> {
    let sentinels: Vec<&str> = config.redis_sentinels.iter().map(String::as_str).collect();
    let mut options = match (config.redis_cluster, &*sentinels) {
        (true, []) => RedisOptions::cluster(&url.split(',').collect::<Vec<_>>())?,
        (true, _) => return Err(TopicsError::ClusterBehindSentinels),
        (false, []) => RedisOptions::url(url)?,
        (false, sentinels) => RedisOptions::sentinel(&config.redis_master, sentinels, url)?,
    };
    if let Some(path) = &config.redis_ca {
        let authorities = fs::read(path).map_err(|source| TopicsError::Authorities { path: path.clone(), source })?;
        options = options
            .trusting_only(&authorities)
            .map_err(|source| TopicsError::UnusableAuthorities { path: path.clone(), source })?;
    }
    let MemoryLimits { backlog_events, event_bytes, idle, idempotency } = memory_limits(config);
    options.prefix.clone_from(&config.redis_prefix);
    options.backlog_events = backlog_events;
    options.event_bytes = event_bytes;
    options.idle = idle;
    options.idempotency = idempotency;
    options.command_time = Duration::from_millis(config.redis_command_ms);
    options.probe_interval = Duration::from_millis(config.redis_probe_ms);
    options.reconnect_delay = Duration::from_millis(config.redis_reconnect_ms);
    options.linger = Duration::from_millis(config.redis_linger_ms);
    options.presence = Duration::from_secs(config.redis_presence_seconds);
    options.questions = config.redis_questions.into();
    options.replays = config.redis_replays.into();
    Ok(options)
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    fn config(arguments: &[&str]) -> Config {
        let always = ["tintype-server", "--redis-url", "redis://host"];
        Config::try_parse_from(always.iter().chain(arguments)).unwrap()
    }

    fn options(arguments: &[&str]) -> RedisOptions {
        redis_options(&config(arguments), "redis://host").unwrap()
    }

    #[test]
    fn without_options_topics_are_as_the_crates_have_them() {
        let (ours, theirs) = (options(&[]), RedisOptions::url("redis://host").unwrap());

        assert_eq!(memory_limits(&config(&[])), MemoryLimits::default());
        assert_eq!(ours.prefix, theirs.prefix);
        assert_eq!((ours.backlog_events, ours.event_bytes), (theirs.backlog_events, theirs.event_bytes));
        assert_eq!((ours.idle, ours.idempotency), (theirs.idle, theirs.idempotency));
        assert_eq!((ours.command_time, ours.probe_interval), (theirs.command_time, theirs.probe_interval));
        assert_eq!((ours.reconnect_delay, ours.linger), (theirs.reconnect_delay, theirs.linger));
        assert_eq!(ours.presence, theirs.presence);
        assert_eq!((ours.questions, ours.replays), (theirs.questions, theirs.replays));
    }

    #[test]
    fn the_largest_values_are_no_reason_to_fail() {
        let most = ["--redis-command-ms", "--redis-probe-ms", "--redis-reconnect-ms", "--redis-linger-ms"];
        let most = most.map(|option| format!("{option}={}", u64::MAX));
        let mut arguments: Vec<&str> = most.iter().map(String::as_str).collect();
        arguments.extend(["--topic-idle-seconds=3153600000", "--redis-presence-seconds=3153600000"]);
        let runtime = tokio::runtime::Runtime::new().unwrap();

        let broker = runtime.block_on(async { RedisBroker::new(options(&arguments)) }).unwrap();
        tintype::Broker::check(&broker).unwrap();
    }

    #[test]
    fn a_cluster_is_reached_by_any_of_its_nodes_and_without_sentinels() {
        let of = |url: &str, arguments: &[&str]| {
            redis_options(&config(arguments), url).map_err(|error| match error {
                TopicsError::Redis(error) => error.to_string(),
                error => error.to_string(),
            })
        };

        of("redis://one,redis://two:7000", &["--redis-cluster"]).unwrap();
        let error = of("redis://one,redis://two", &[]).unwrap_err();
        assert!(error.contains("the URL of Redis cannot be used"), "{error}");
        let error = of("redis://one/3", &["--redis-cluster"]).unwrap_err();
        assert!(error.contains("database 3"), "{error}");
        let error = of("redis://one", &["--redis-cluster", "--redis-sentinels=redis://other"]).unwrap_err();
        assert!(error.contains("TINTYPE_REDIS_SENTINELS"), "{error}");
    }

    #[test]
    fn every_option_reaches_the_broker() {
        let options = options(&[
            "--redis-prefix=shop",
            "--redis-command-ms=1",
            "--redis-probe-ms=2",
            "--redis-reconnect-ms=3",
            "--redis-linger-ms=4",
            "--redis-presence-seconds=11",
            "--redis-questions=5",
            "--redis-replays=6",
            "--topic-events=7",
            "--topic-event-bytes=8",
            "--topic-idle-seconds=9",
            "--topic-once-seconds=10",
        ]);

        assert_eq!(options.prefix, "shop");
        let times = [options.command_time, options.probe_interval, options.reconnect_delay, options.linger];
        assert_eq!(times, [1, 2, 3, 4].map(Duration::from_millis));
        assert_eq!([options.questions, options.replays, options.backlog_events, options.event_bytes], [5, 6, 7, 8]);
        assert_eq!([options.idle, options.idempotency, options.presence], [9, 10, 11].map(Duration::from_secs));
    }
}
