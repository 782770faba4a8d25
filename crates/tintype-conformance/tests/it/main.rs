//! Replays what `@trpc/server` 11.25 answered, and compares.

#![allow(clippy::unwrap_used)]

mod compare;
mod http;
mod json_lines;
mod mutations;
mod replay;
mod sse;
mod vectors;
mod websocket;
