//! Behaviour of the router and of the wire protocol, through the public API only.

// Clippy knows test functions, and not the functions they share.
#![allow(clippy::unwrap_used)]

mod caller;
mod connection_params;
#[cfg(feature = "codegen")]
<<<<<<< HEAD
mod contract;
=======
mod contract_diff;
>>>>>>> 695ae4f (Check the verdicts on random changes against what values mean)
mod forms;
mod hooks;
mod http;
mod json_lines;
mod macros;
mod product;
mod superjson;
mod topics;
#[cfg(feature = "codegen")]
mod typescript;
mod websocket;

pub(crate) use product::AppState;
