//! What it costs to bring one event to many: by processor time and memory of the server, beside peers in one run.
//!
//! Each peer serves rooms over event streams, and the same readers listen: sockets that count frames and do nothing
//! else.
//! A message has one byte that nothing else has, so counting frames is counting this byte.

mod bars;
mod measures;
mod peers;
pub(crate) mod process;
mod publisher;
mod readers;
mod report;
mod tables;

pub(crate) use report::{Options, measure};

/// The byte that each message has once, and nothing else on the wire has.
const MARK: u8 = b'~';

/// The room in which everything happens.
const ROOM: &str = "lobby";
