//! JSON Schema 2020-12 of the types of a contract, as they are on the wire.

mod format;
mod rules;
mod schema;

pub(super) use format::{DECIMAL, DURATION, LOCAL_DATE_TIME, TIME};
pub(super) use rules::{ALPHANUMERIC, ASCII, EMAIL};
pub(super) use schema::{Direction, Schemas};

use super::{
    Contract,
    instances::{Concrete, EmitError},
    json::{Json, Object},
};

/// The dialect.
pub(super) const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";

/// Writes a JSON Schema whose `$defs` are the named types of the contract, those of inputs and those of outputs.
///
/// An instance of a generic type has a name of its own, such as `PageOfWidget`.
/// What only the server can check of an input is left out.
///
/// # Errors
///
/// An [`EmitError`] if the contract contradicts itself, or is one for superjson.
pub fn json_schema(contract: &Contract) -> Result<String, EmitError> {
    let concrete = Concrete::of(contract)?;
    let schemas = Schemas::new(&concrete, "#/$defs/");
    let mut definitions = Object::new();
    for (name, named) in &concrete.types {
        definitions.set(name.clone(), schemas.named(named)?);
    }
    let document = Object::new()
        .with("$schema", DIALECT)
        .with("$comment", format!("Generated from the contract {}: do not edit.", contract.hash))
        .with("$defs", definitions);
    Ok(Json::from(document).into_file())
}
