//! What load generators call: the contract of `bench-server`, small enough to be written again for any other framework.
//!
//! The ledger of `cargo xtask chaos` runs against it too.
//!
//! [`search`] measures how well and how fast documents are found.

pub mod contract;
pub mod search;
pub mod serving;

pub use contract::AppState;
