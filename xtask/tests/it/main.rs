//! The workspace keeps its shape, and the commands say what they do.

// Clippy knows test functions, and not the functions they share.
#![allow(clippy::unwrap_used)]

mod architecture;
mod commands;
mod contract;
