//! Behaviour of the router and of the wire protocol, through the public API only.

// Clippy knows test functions, and not the functions they share.
#![allow(clippy::unwrap_used)]

#[path = "../broker_suite/mod.rs"]
mod broker_suite;
mod caller;
mod calls;
mod combinators;
mod connection_params;
#[cfg(feature = "codegen")]
mod contract;
#[cfg(feature = "codegen")]
mod contract_diff;
#[cfg(feature = "codegen")]
mod contract_releases;
#[cfg(feature = "codegen")]
mod emitted;
mod forms;
mod framing;
mod hooks;
mod http;
mod json_lines;
mod macros;
mod panics;
mod product;
#[cfg(feature = "codegen")]
mod rules;
mod snapshots;
mod superjson;
mod topics;
#[cfg(feature = "codegen")]
mod typescript;
mod websocket;
mod wire;

pub(crate) use product::AppState;
