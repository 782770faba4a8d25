//! The client against real servers, good ones and bad ones, over real sockets.

// Clippy knows test functions, and not the functions they share.
#![allow(clippy::unwrap_used)]

mod bad_answers;
mod both_sides;
mod building;
mod calls;
mod cancellation;
mod canned;
mod contract;
mod errors;
mod proxy;
mod requests;
mod retries;
mod server;
mod subscriptions;

pub(crate) use contract::AppState;
