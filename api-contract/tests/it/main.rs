//! The product's procedures on a real database, called in process and through the wire protocol without a socket.

// Clippy knows test functions, and not the functions they share.
#![allow(clippy::unwrap_used)]

mod account;
mod app;
mod assistant;
mod changes;
mod chat;
mod invitations;
mod knowledge;
mod librarian;
mod meetings;
mod members;
mod outbox;
mod sessions;
mod sign_in;
mod tenancy;
mod throttle;
mod widgets;
mod wire;
