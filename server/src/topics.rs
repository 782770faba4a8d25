use tintype::Topics;
use tintype_redis::{RedisBroker, RedisOptions, RedisOptionsError};

use crate::Config;

/// Topics over `REDIS_URL`, or within this process if it is not set.
///
/// It returns at once; the broker connects in the background, and `/readyz` says whether it has.
///
/// # Errors
///
/// [`RedisOptionsError`] if the URL cannot be used.
///
/// # Panics
///
/// Outside of a Tokio runtime.
pub fn topics(config: &Config) -> Result<Topics, RedisOptionsError> {
    let Some(url) = &config.redis_url else {
        tracing::info!("REDIS_URL is not set: events stay within this process, so run one instance only");
        return Ok(Topics::in_process());
    };
    let options = if config.redis_sentinels.is_empty() {
        RedisOptions::url(url)?
    } else {
        let sentinels: Vec<&str> = config.redis_sentinels.iter().map(String::as_str).collect();
        RedisOptions::sentinel(&config.redis_master, &sentinels, url)?
    };
    Ok(Topics::new(RedisBroker::new(options)?))
}
