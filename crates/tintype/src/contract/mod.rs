//! The contract of a router as data.
//!
//! [`Contract`] holds every procedure and every type it reaches, in a closed algebra of types as they are on the wire.
//! It is written as `contract.json`, read back from it, and everything that is generated derives from it: TypeScript,
//! the metadata and schemas of clients, OpenAPI, JSON Schema, and the verdict on what a change breaks.
//!
//! It depends on the router alone: the same router gives the same bytes.

mod children;
mod convert;
mod describe;
pub mod diff;
mod error;
mod hash;
mod leaves;
mod model;
mod names;
mod phases;
mod read;
mod shape;
mod sources;
mod universe;
mod walk;

pub use describe::DescribeOptions;
pub use diff::{compatible, diff};
pub use error::{DescribeError, Part};
pub use model::{
    Brand, Contract, Field, Flag, Ids, Input, IntegerKind, Kind, LengthUnit, Literal, NamedType, Procedure, Rule,
    Source, StringFormat, Type, Usage, Variant,
};
pub use read::{At, ContractError};

pub(crate) use sources::FieldSources;
