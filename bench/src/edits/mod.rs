//! How long from saving a field in Rust to the changed declaration in TypeScript.
//!
//! A contract crate of its own, with a generator like that of `bindings`, is built as `cargo xtask bindings --watch`
//! builds it: a field is renamed, `cargo run` follows, and the new name has to stand in `api.d.ts`.

mod contract_crate;
mod report;
mod rust_source;

pub(crate) use report::{Options, measure};
