//! How long an editor waits after a keystroke.
//!
//! A file of 20 calls is open; its last line changes, and the same question follows as an editor asks it: what may
//! stand here, or what is wrong here.
//! The answers are checked, so that no server is quick because it knows nothing.

mod document;
mod language_server;
mod report;
mod server;
mod ts_server;

pub(crate) use report::{Options, measure};
