//! The process: configuration, the database it uses, and the port it listens on.

mod ai;
mod app;
mod calls;
mod config;
mod connection;
mod event_stream;
mod http_connection;
mod knowledge;
mod listen;
pub mod livekit;
mod memory;
pub mod openai;
mod outbox;
mod outdated;
mod prices;
mod storage;
mod tls;
mod topics;
mod web;
mod webhooks;

pub use ai::{AiError, ai};
pub use app::{App, AppError};
pub use calls::calls;
pub use config::Config;
pub use connection::ConnectionLimits;
#[cfg(feature = "local-embeddings")]
pub use knowledge::LocalModel;
pub use knowledge::{ChildReader, KnowledgeOptions, READ_DOCUMENT};
pub use listen::{Drain, serve};
pub use memory::use_small_pages;
pub use prices::PricesError;
pub use storage::{Storage, StorageError};
pub use topics::{TopicsError, topics};
