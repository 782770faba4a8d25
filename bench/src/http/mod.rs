//! Calls per second of one core's time.
//!
//! One process on one thread hosts the product, its procedures alone, and hand-written axum handlers that answer the
//! same bytes from the same database; a second process loads them in turn, round after round.
//! What counts is the server's CPU time per request, which neither the load generator nor PostgreSQL is part of.

mod by_hand;
mod hosted;
mod load;
mod report;

pub(crate) use hosted::serve;
pub(crate) use load::Connection;
pub(crate) use report::{Options, measure};
