//! What can go wrong in a call, and how much of it the client learns.
//!
//! A procedure fails with its own enum, which crosses the wire typed ([`ProcedureError`]).
//! Everything else that ends a call is a [`Failure`]: a refused extractor, input that does not parse, a panic.
//! A [`Failure`] made from an unexpected error keeps the error for the log and shows the client an id.

mod code;
mod failure;
mod procedure_error;
mod received;
mod validation;

pub use code::ErrorCode;
pub use failure::{BoxError, Failure};
pub use procedure_error::{CallError, InternalError, Never, ProcedureError, wire_type_of};
pub use validation::{PathSegment, ValidationIssue};
