//! The workspace keeps its shape, and the commands say what they do.

#![allow(clippy::unwrap_used)]

mod architecture;
mod commands;
