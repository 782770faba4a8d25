//! The service in an axum application, over real sockets.

// Clippy knows test functions, and not the functions they share.
#![allow(clippy::unwrap_used)]

mod calls;
mod cancellation;
mod client;
mod guard;
mod leftovers;
mod limits;
mod lines;
mod procedures;
mod server;
mod streams;
mod uploads;
mod websocket;

pub(crate) use procedures::AppState;
