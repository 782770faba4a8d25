//! The server as a process of its own: what it answers, what it logs, and how it stops.

// Clippy knows test functions, and not the functions they share.
#![allow(clippy::unwrap_used)]

mod account;
mod bad_input;
mod client;
mod configuration;
mod cookies;
mod event_streams;
mod health;
mod knowledge;
mod livekit;
mod media_server;
mod openai;
mod origins;
mod outbox;
mod outdated;
mod pages;
mod process;
mod rust_client;
mod scripted;
mod shutdown;
mod slow_readers;
mod two_instances;
mod upgrades;
mod versions;
mod vision;
mod webhooks;
