//! What a change of the contract breaks, and whether that is true.

mod algebra;
mod pairs;
mod random;
mod reading;
mod senders;
mod side;
mod values;
