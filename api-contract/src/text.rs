//! Rules that texts of every input keep.

use serde_json::{Map, Value};

/// More than white space.
pub(crate) fn not_blank(text: &str, (): &()) -> garde::Result {
    if text.trim().is_empty() { Err(garde::Error::new("must not be blank")) } else { Ok(()) }
}

/// No NUL: PostgreSQL cannot store it.
pub(crate) fn storable(text: &str, (): &()) -> garde::Result {
    if text.contains('\0') { Err(garde::Error::new("must not hold the character NUL")) } else { Ok(()) }
}

/// No NUL in any text or key of a JSON object.
pub(crate) fn storable_object(object: &Map<String, Value>, (): &()) -> garde::Result {
    object.iter().try_for_each(|(key, value)| {
        storable(key, &())?;
        storable_value(value)
    })
}

fn storable_value(value: &Value) -> garde::Result {
    match value {
        Value::String(text) => storable(text, &()),
        Value::Array(values) => values.iter().try_for_each(storable_value),
        Value::Object(object) => storable_object(object, &()),
        Value::Null | Value::Bool(_) | Value::Number(_) => Ok(()),
    }
}
