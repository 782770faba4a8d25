//! The servers of the benchmarks, from outside.

// Clippy knows test functions, and not the functions they share.
#![allow(clippy::unwrap_used)]

mod fan_out;
mod search;
