//! The process: configuration, the database it uses, and the port it listens on.

mod app;
mod config;
mod listen;
mod outbox;
mod outdated;
mod storage;
mod topics;
mod web;

pub use app::{App, AppError};
pub use config::Config;
pub use listen::{Drain, serve};
pub use storage::{Storage, StorageError};
pub use topics::{TopicsError, topics};
