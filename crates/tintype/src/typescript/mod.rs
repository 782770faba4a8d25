//! Writes the contract of a router down, for TypeScript and for other tools.
//!
//! [`Bindings::generate`] describes every procedure and every type it reaches, and yields three files:
//!
//! - `index.d.ts`: the type `AppRouter` for the official tRPC clients, with the error of each procedure, and every
//!   named type. There is no JavaScript to it.
//! - `index.d.ts.map`: leads an editor from a name in the declarations to the Rust source, so that go-to-definition on
//!   `trpc.widgets.list` opens the Rust function.
//! - `contract.json`: the same as data.
//!
//! Types are written as they are on the wire, input and output apart where serde makes them differ: a type of both
//! directions is `Widget` as output and `WidgetInput` as input.
//!
//! The output depends on the contract alone: the same router gives the same bytes.

mod contract;
mod datatype;
mod declarations;
mod files;
mod javascript;
mod layout;
mod resolve;
mod source_map;
mod type_sources;

pub use files::{Bindings, Options, Stale};
pub use resolve::{BindingsError, Part};
