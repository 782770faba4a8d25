//! Compares JSON as clients see it: keys in any order, numbers as doubles.

use serde_json::Value;

use crate::vectors::HeaderRule;

/// Says where `actual` differs from `expected`; what `drop` and `mask` point to does not count.
pub(crate) fn json(expected: &Value, actual: &Value, drop: &[String], mask: &[String]) -> Result<(), String> {
    let (mut expected, mut actual) = (expected.clone(), actual.clone());
    for pointer in drop {
        remove(&mut expected, pointer);
        remove(&mut actual, pointer);
    }
    for pointer in mask {
        for value in [&mut expected, &mut actual] {
            match value.pointer_mut(pointer) {
                Some(masked @ Value::String(_)) => *masked = Value::String("masked".to_owned()),
                other => return Err(format!("{pointer} is {other:?}, not a text")),
            }
        }
    }
    difference(&expected, &actual, "")
}

fn remove(value: &mut Value, pointer: &str) {
    let Some((parent, key)) = pointer.rsplit_once('/') else { return };
    if let Some(Value::Object(object)) = value.pointer_mut(parent) {
        object.remove(key);
    }
}

fn difference(expected: &Value, actual: &Value, path: &str) -> Result<(), String> {
    let differs = || Err(format!("{}: expected {}, got {}", place(path), short(expected), short(actual)));
    match (expected, actual) {
        (Value::Object(wanted), Value::Object(found)) => {
            for (key, value) in wanted {
                let Some(other) = found.get(key) else {
                    return Err(format!("{}: {key:?} is missing in {}", place(path), short(actual)));
                };
                difference(value, other, &format!("{path}/{key}"))?;
            }
            match found.iter().find(|(key, _)| !wanted.contains_key(*key)) {
                Some((key, value)) => Err(format!("{}: {key:?} is too much, it is {}", place(path), short(value))),
                None => Ok(()),
            }
        }
        (Value::Array(wanted), Value::Array(found)) => {
            for (index, (value, other)) in wanted.iter().zip(found).enumerate() {
                difference(value, other, &format!("{path}/{index}"))?;
            }
            if wanted.len() == found.len() { Ok(()) } else { differs() }
        }
        (Value::Number(wanted), Value::Number(found)) if wanted.as_f64() == found.as_f64() => Ok(()),
        _ if expected == actual => Ok(()),
        _ => differs(),
    }
}

fn place(path: &str) -> &str {
    if path.is_empty() { "the whole" } else { path }
}

/// As much of `value` as fits on a line.
pub(crate) fn short(value: &Value) -> String {
    shorten(&value.to_string())
}

pub(crate) fn shorten(text: &str) -> String {
    const LONGEST: usize = 300;
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{} and more", &text[..end]),
        None => text.to_owned(),
    }
}

/// Says how the header `name` breaks its rule.
pub(crate) fn header(name: &str, rule: &HeaderRule, actual: Option<&str>) -> Result<(), String> {
    let fits = match (rule, actual) {
        (HeaderRule::Absent(absent), actual) => actual.is_none() == *absent,
        (_, None) => false,
        (HeaderRule::Equals(wanted), Some(actual)) => wanted == actual,
        (HeaderRule::MediaType(wanted), Some(actual)) => {
            actual.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case(wanted)
        }
        (HeaderRule::Tokens(wanted), Some(actual)) => {
            wanted.iter().all(|token| actual.split(',').any(|found| found.trim().eq_ignore_ascii_case(token)))
        }
    };
    if fits { Ok(()) } else { Err(format!("header {name}: expected {rule:?}, got {actual:?}")) }
}

#[test]
fn differences_are_found_wherever_they_are() {
    use serde_json::json;
    let check = |expected: Value, actual: Value| json(&expected, &actual, &[], &[]).is_ok();

    assert!(check(json!({ "a": 1, "b": [2.0] }), json!({ "b": [2], "a": 1.0 })));
    assert!(!check(json!({ "a": 1 }), json!({ "a": 1, "b": null })));
    assert!(!check(json!({ "a": 1, "b": null }), json!({ "a": 1 })));
    assert!(!check(json!([1, 2]), json!([1])));
    assert!(!check(json!([1]), json!([1, 2])));
    assert!(!check(json!(1), json!("1")));

    let pointer = ["/message".to_owned()];
    assert!(json(&json!({ "message": "a" }), &json!({ "message": "b" }), &[], &pointer).is_ok());
    assert!(json(&json!({ "message": "a" }), &json!({ "message": 1 }), &[], &pointer).is_err());
    assert!(json(&json!({ "message": "a" }), &json!({}), &[], &pointer).is_err());
    assert!(json(&json!({ "message": "a" }), &json!({}), &pointer, &[]).is_ok());
}
