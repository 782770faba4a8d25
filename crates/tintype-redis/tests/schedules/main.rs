//! The backlog and the hub under every order of steps that shuttle comes upon.
//!
//! Shuttle runs threads one at a time and chooses at every lock who goes on. For that their files are compiled once
//! more in here, with shuttle's locks in `sync` in the place of the usual ones. What tokio has in them (`SetOnce` and a
//! channel without a bound) waits by wakers only and never blocks a thread, so shuttle runs it as it is, a step at a
//! time.
//!
//! A failure prints its schedule; `shuttle::replay` repeats it.

// Clippy knows test functions, and not the functions they share.
#![allow(clippy::unwrap_used)]
// Of the files only a part is used in here.
#![allow(dead_code, unreachable_pub, unused_imports)]

#[path = "../../src/attendance/mod.rs"]
mod attendance;
#[cfg(feature = "rustls")]
#[path = "../../src/authorities.rs"]
mod authorities;
#[path = "../../../tintype/src/topic/backlog.rs"]
mod backlog;
#[path = "../../src/channel/mod.rs"]
mod channel;
#[path = "../../src/commands.rs"]
mod commands;
#[path = "../../src/hub.rs"]
mod hub;
#[path = "../../src/keys.rs"]
mod keys;
#[path = "../../src/known_names.rs"]
mod known_names;
#[path = "../../src/link.rs"]
mod link;
#[path = "../../src/lua.rs"]
mod lua;
#[path = "../../src/options.rs"]
mod options;
#[path = "../../src/scripts.rs"]
mod scripts;
#[path = "../../src/server.rs"]
mod server;

mod event_id {
    pub(crate) use tintype::EventId;
}

mod sync {
    pub(crate) use shuttle::sync::{Mutex, MutexGuard};
    pub(crate) use std::sync::PoisonError;

    pub(crate) use crate::backlog::Backlog;
}

// As they are beside the backlog.
use tintype::{Delivery, Feed, Push};

mod joining;
mod ring;
