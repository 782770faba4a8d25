//! What load generators call: the contract of `bench-server`, small enough to be written again for any other framework.
//!
//! [`search`] measures how well and how fast documents are found.
//!
//! The ledger of `cargo xtask chaos` runs against it too.

pub mod contract;
pub mod search;
pub mod serving;

pub use contract::AppState;
