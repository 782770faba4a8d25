//! What a contract costs the type checker.
//!
//! One made-up API, written four ways: as a tRPC server whose type the client infers, as the declarations that tsc
//! emits for that server, as the generated `AppRouter`, and as the generated `Api`.
//! The same calls are compiled against each; tsc itself reports what they cost it.

mod bars;
mod calls;
mod compiler;
mod contract;
mod fixture;
mod program;
mod report;
#[cfg(test)]
mod tests;
mod trpc_server;

pub(crate) use calls::Calls;
pub(crate) use compiler::Compiler;
pub(crate) use fixture::Fixture;
pub(crate) use program::{Form, Programs, folder_of_package};
pub(crate) use report::{Options, measure, replace_marked, thousands};
