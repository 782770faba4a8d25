//! The ledger: who sent what, who received what and when, and what a judge makes of it.

mod history;
mod judge;
mod recorder;
mod silence;
#[cfg(test)]
mod tests;

pub(crate) use history::{Entry, History, MessageKey, Moment, Seen, Sent, Timeline};
pub(crate) use judge::{Verdict, is_complete, judge};
pub(crate) use recorder::{ClientNumber, MessageNumber, Recorder};
pub(crate) use silence::{Silence, silence};
