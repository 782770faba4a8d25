//! The broker against real Redis servers, healthy ones and failing ones.

// Clippy knows test functions, and not the functions they share.
#![allow(clippy::unwrap_used)]

#[path = "../../../tintype/tests/broker_suite/mod.rs"]
mod broker_suite;
mod cluster;
mod faults;
mod leaks;
mod presence;
mod suite;
mod tls;
