//! Writes a [contract](crate::contract) down for TypeScript.
//!
//! [`Bindings::generate`] describes a router and yields these files:
//!
//! - `contract.json`: the contract as data.
//! - `index.d.ts`: the type `AppRouter` for the official tRPC clients, with the error of each procedure, and every
//!   named type as it is on the wire. There is no JavaScript to it.
//! - `api.d.ts` and `api.js`: the type `Api` for `@tintype/client`, whose values are JavaScript's own (a `Date`, a
//!   `bigint`), and the compact metadata by which the client makes them.
//! - `index.d.ts.map`, `api.d.ts.map`: lead an editor from a name in the declarations to the Rust source, so that
//!   go-to-definition on `trpc.widgets.list` opens the Rust function.
//! - `schemas.js` and `schemas.d.ts` with [`Options::schemas`], `zod.ts` with [`Options::zod`]: schemas of the inputs,
//!   by which forms find broken rules before anything is sent.
//!
//! [`Bindings::with_releases`] adds `outdated.json`, by which a server knows clients of contracts that it breaks.
//!
//! Input and output types are apart where serde makes them differ: a type of both directions is `Widget` as output and
//! `WidgetInput` as input.
//!
//! The output depends on the contract alone: the same router gives the same bytes.

mod api;
mod files;
mod pieces;
mod print;
mod rich;
mod router;
mod source_map;
mod tree;

pub use files::{Bindings, GenerateError, Options, Stale};
pub(crate) use print::{comment, expression, literal};
pub(crate) use rich::{member, quoted};
