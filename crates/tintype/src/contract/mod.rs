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
mod field_rules;
#[cfg(test)]
mod file_format;
mod flat_names;
mod hash;
mod inputs;
mod instances;
mod json;
mod json_schema;
mod leaves;
mod mcp;
mod model;
mod names;
mod openapi;
mod pattern;
mod phases;
pub mod program;
mod read;
pub mod releases;
mod schemas;
mod shape;
mod sources;
mod universe;
mod walk;
mod zod;

pub use describe::DescribeOptions;
pub use diff::{compatible, diff};
pub use error::{DescribeError, Part};
pub use field_rules::undescribed_rules;
pub use instances::EmitError;
pub use json_schema::json_schema;
pub use mcp::mcp;
pub use model::{
    Brand, Contract, Field, Flag, Ids, Input, IntegerKind, Kind, Literal, NamedType, Procedure, Source, StringFormat,
    Type, Usage, Variant,
};
pub use openapi::{OpenApiOptions, openapi};
pub use read::{At, ContractError};
pub use schemas::{SchemaFiles, SchemaOptions, schemas};
pub use zod::zod;

pub use crate::rules::{LengthUnit, Rule};
pub(crate) use names::is_identifier;
pub(crate) use sources::Sources;
