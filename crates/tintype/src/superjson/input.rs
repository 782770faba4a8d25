//! Reads inputs in superjson's form: `{"json": …, "meta": …}`.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::{Value, value::RawValue};

use super::{
    path,
    tree::{MAX_DEPTH, Tree},
};
use crate::{
    error::{ErrorCode, Failure, ValidationIssue},
    input::syntax_error,
};

/// How many times larger an input may be once the values that it names by reference are written out.
const REFERENCE_GROWTH: usize = 16;

#[derive(Deserialize)]
struct Wrapped<'a> {
    #[serde(borrow)]
    json: Option<&'a RawValue>,
    meta: Option<Meta>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Meta {
    values: Option<Value>,
    referential_equalities: Option<Value>,
    v: Option<u32>,
}

/// The plain JSON of an input that a client with superjson sent; `None` if it sent `undefined`.
///
/// What JSON has a form for takes it: a bigint becomes a number, a `Map` an object, a `Set` and bytes an array, and
/// dates, URLs and regular expressions stay text.
///
/// # Errors
///
/// `BAD_REQUEST` if the text is not JSON, or says what superjson does not.
pub(crate) fn read(text: &[u8]) -> Result<Option<Cow<'_, [u8]>>, Failure> {
    let raw: &RawValue = serde_json::from_slice(text).map_err(|error| syntax_error(&error))?;
    let wrapped = match raw.get().as_bytes().first() {
        Some(b'{') => serde_json::from_str::<Wrapped<'_>>(raw.get()).map_err(|error| refused(error.to_string()))?,
        Some(b'n') => return Err(refused("null has no `json`")),
        // Reading `json` of a number or a text gives undefined.
        _ => return Ok(None),
    };
    // `null` is read as an absent field, and is not one.
    let Some(json) = wrapped.json.map(RawValue::get).or_else(|| names_json(raw).then_some("null")) else {
        return Ok(None);
    };
    let Some(meta) = wrapped.meta else {
        // Borrowed from `text` and from nothing else, so that it can be sliced.
        let plain =
            wrapped.json.map_or_else(|| Cow::Owned(b"null".to_vec()), |raw| Cow::Borrowed(raw.get().as_bytes()));
        return Ok(Some(plain));
    };

    let mut tree = Tree::parse(json).ok_or_else(|| refused("the value is nested too deeply"))?;
    let is_escaped = meta.v.unwrap_or(0) > 0;
    if let Some(values) = &meta.values {
        annotate(&mut tree, values, is_escaped)?;
    }
    if let Some(references) = &meta.referential_equalities {
        refer(&mut tree, references, is_escaped)?;
    }
    if matches!(tree, Tree::Undefined) {
        return Ok(None);
    }
    let mut plain = String::with_capacity(json.len());
    tree.write(&mut plain);
    Ok(Some(Cow::Owned(plain.into_bytes())))
}

fn names_json(raw: &RawValue) -> bool {
    serde_json::from_str::<std::collections::HashMap<String, serde::de::IgnoredAny>>(raw.get())
        .is_ok_and(|members| members.contains_key("json"))
}

fn refused(message: impl Into<String>) -> Failure {
    let message = format!("not what superjson sends: {}", message.into());
    Failure::validation(vec![ValidationIssue::of_input("syntax", message)])
}

/// Goes through a tree of annotations: `[type]`, `[type, {path: tree}]` or `{path: tree}`, the inner ones first.
fn annotate(tree: &mut Tree<'_>, annotations: &Value, is_escaped: bool) -> Result<(), Failure> {
    let (own, inner) = match annotations {
        Value::Object(inner) => (None, Some(inner)),
        Value::Array(parts) => (parts.first(), parts.get(1).and_then(Value::as_object)),
        _ => return Err(refused("`values` is neither an object nor an array")),
    };
    for (path, annotations) in inner.into_iter().flatten() {
        if let Some(target) = path::split(path, is_escaped).try_fold(&mut *tree, |tree, key| tree.child_mut(&key)) {
            annotate(target, annotations, is_escaped)?;
        }
    }
    own.map_or(Ok(()), |own| apply(tree, own))
}

fn apply(target: &mut Tree<'_>, annotation: &Value) -> Result<(), Failure> {
    let name = annotation.as_str().or_else(|| annotation.get(0)?.as_str()).unwrap_or_default();
    match name {
        "undefined" => *target = Tree::Undefined,
        "bigint" => {
            let digits = target.text().filter(|text| is_integer(text));
            *target = Tree::Leaf(Cow::Owned(digits.ok_or_else(|| refused("a bigint is not a text of digits"))?));
        }
        "number" => {
            // Validators refuse NaN and the infinities where they expect a number, and so does serde: they stay text.
            if target.text().as_deref() == Some("-0") {
                *target = Tree::Leaf(Cow::Borrowed("-0.0"));
            }
        }
        "map" => match std::mem::replace(target, Tree::Undefined) {
            Tree::Array(pairs) => *target = Tree::Map(pairs),
            _ => return Err(refused("a Map is not an array of pairs")),
        },
        "Date" | "regexp" | "Error" | "URL" | "set" | "typed-array" => {}
        other => {
            let shown: String = other.chars().take(40).collect();
            return Err(refused(format!("the server does not know values of the type {shown:?}")));
        }
    }
    Ok(())
}

fn is_integer(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let has_leading_zero = digits.len() > 1 && digits.starts_with('0');
    !digits.is_empty() && !has_leading_zero && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// Writes out what is named by reference; without superjson's `dedupe` everything is there already.
///
/// A value that contains itself has no form in JSON: there null stays.
fn refer(tree: &mut Tree<'_>, references: &Value, is_escaped: bool) -> Result<(), Failure> {
    let mut budget = tree.size().saturating_mul(REFERENCE_GROWTH);
    let groups = match references {
        Value::Object(groups) => Some(groups),
        // The first entry has paths that are the value as a whole: it contains itself.
        Value::Array(parts) => parts.get(1).and_then(Value::as_object),
        _ => return Err(refused("`referentialEqualities` is neither an object nor an array")),
    };
    for (source, targets) in groups.into_iter().flatten() {
        let source: Vec<String> = path::split(source, is_escaped).collect();
        for target in targets.as_array().into_iter().flatten().filter_map(Value::as_str) {
            let target: Vec<String> = path::split(target, is_escaped).collect();
            let at = |path: &[String]| path.iter().try_fold(&*tree, |tree, key| tree.child(key));
            let (Some(value), Some(place)) = (at(&source), at(&target)) else { continue };
            if !place.is_null() || target.starts_with(&source) {
                continue;
            }
            let left = budget.checked_sub(value.size()).filter(|_| target.len() + value.depth() <= MAX_DEPTH);
            budget = left.ok_or_else(|| {
                Failure::new(ErrorCode::PayloadTooLarge, "the input is too large once its references are written out")
            })?;
            let value = value.clone();
            if let Some(place) = target.iter().try_fold(&mut *tree, |tree, key| tree.child_mut(key)) {
                *place = value;
            }
        }
    }
    Ok(())
}
