//! What identifies a contract to clients.

use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use super::Contract;

/// Members that no client depends on while it runs.
const DOCUMENTATION: [&str; 6] = ["docs", "deprecated", "source", "rust", "hash", "invalidates"];

/// 16 hexadecimal digits of a SHA-256 over the contract without its documentation.
pub(super) fn of(contract: &Contract) -> String {
    let mut value = serde_json::to_value(contract).expect("strings, numbers, lists and objects are JSON");
    strip(&mut value);
    let digest = Sha256::digest(value.to_string().as_bytes());
    digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

fn strip(value: &mut Value) {
    match value {
        Value::Array(elements) => elements.iter_mut().for_each(strip),
        Value::Object(members) => {
            // A field of the contract may itself be called `docs`, but then as the value of `name`.
            let kept: Map<String, Value> = std::mem::take(members)
                .into_iter()
                .filter(|(name, _)| !DOCUMENTATION.contains(&name.as_str()))
                .collect();
            *members = kept;
            members.values_mut().for_each(strip);
        }
        _ => {}
    }
}
