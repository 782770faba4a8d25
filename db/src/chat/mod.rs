//! Conversations, their messages, and the runs that answer them.
//!
//! Whoever adds a message to a conversation holds its row until the transaction ends: messages have numbers without
//! holes, in the order in which they became visible.

pub mod messages;
pub mod runs;
pub mod sessions;
