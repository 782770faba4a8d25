//! Topics across processes: what one process publishes reaches the subscribers of all, over Redis.
//!
//! ```no_run
//! use tintype::Topics;
//! use tintype_redis::{RedisBroker, RedisOptions};
//!
//! # async fn start() -> Result<(), Box<dyn std::error::Error>> {
//! let broker = RedisBroker::new(RedisOptions::url("redis://127.0.0.1:6379")?)?;
//! let topics = Topics::new(broker);
//! # Ok(())
//! # }
//! ```
//!
//! Publishing is one script in Redis: it appends the event to the stream of its topic, with the id of the event before
//! it, and sends both ids and the event to every process that listens.
//! A process listens once per topic, however many subscribers it has, and keeps the topic's latest events in a
//! [`Backlog`](tintype::Backlog); an event that does not follow the last one is a sign that something is missing, and
//! is looked up in the stream before anything is delivered.
//! What the stream cannot prove to be complete is announced as a gap.
//!
//! Redis may be away: publishing fails within [`RedisOptions::command_time`], subscriptions stay open, and when it is
//! back each topic is caught up with or has a gap.
//! Nothing ever waits for a connection that only looks alive: a probe goes the way of the events.
//!
//! Redis 7 or newer: alone, behind Sentinel, or as a cluster, over whose masters the topics are spread.

mod attendance;
#[cfg(feature = "rustls")]
mod authorities;
mod broker;
mod channel;
// Not within `channel`, which is compiled a second time for the tests of schedules.
#[cfg(test)]
#[path = "channel/tests.rs"]
mod channel_tests;
mod commands;
mod hub;
mod keys;
mod known_names;
mod link;
mod lua;
mod options;
mod scripts;
mod server;
mod subscriber;
mod sync;
#[cfg(feature = "testing")]
pub mod testing;

#[cfg(feature = "rustls")]
pub use authorities::Untrusted;
pub use broker::RedisBroker;
pub use options::{RedisOptions, RedisOptionsError};
