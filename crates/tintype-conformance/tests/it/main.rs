//! Replays what `@trpc/server` 11.25 answered, and compares.

mod compare;
mod http;
mod json_lines;
mod replay;
mod sse;
mod vectors;
mod websocket;
