//! Reads the input of a call: lazily, strictly, and with the place of every mistake.

mod duplicates;
mod strict;

use std::{collections::BTreeMap, fmt, future::Future, marker::PhantomData};

use garde::i18n::with_i18n;
use serde::{
    Deserializer,
    de::{DeserializeOwned, Visitor, value::Error as NamesError},
};
use serde_json::value::RawValue;

use crate::{
    body::Form,
    error::{ErrorCode, Failure, PathSegment, ValidationIssue},
    input::{duplicates::without_duplicates, strict::Strict},
    rules::Messages,
};

/// Where a procedure's input comes from: the wire, or a caller in the same process.
///
/// Implemented by the framework only.
#[doc(hidden)]
pub trait InputSource<I>: Send {
    /// Reads and parses the input; nothing is read before this is called.
    fn read(self) -> impl Future<Output = Result<I, Failure>> + Send;
}

/// An input that the caller already holds.
#[derive(Debug)]
pub(crate) struct Ready<I>(pub(crate) I);

impl<I: Send> InputSource<I> for Ready<I> {
    async fn read(self) -> Result<I, Failure> {
        Ok(self.0)
    }
}

/// Parses the JSON text of one input; `None` means that the client sent no input.
///
/// `resume` is the id after which a subscription resumes: it becomes the field `lastEventId` of the input, as in
/// section 8.5 of the protocol.
pub(crate) fn parse<I: DeserializeOwned>(json: Option<&[u8]>, resume: Option<&str>) -> Result<I, Failure> {
    let merged = match resume {
        Some(id) => merge_last_event_id(json, id)?,
        None => None,
    };
    let Some(json) = merged.as_deref().or(json) else {
        return I::deserialize(Absent)
            .map_err(|error| Failure::validation(vec![ValidationIssue::of_input("missing", error.to_string())]));
    };
    match parse_text(json) {
        Ok(parsed) => Ok(parsed),
        Err(failure) => without_duplicates(json).map_or(Err(failure), |json| parse_text(&json)),
    }
}

fn parse_text<I: DeserializeOwned>(json: &[u8]) -> Result<I, Failure> {
    let mut deserializer = serde_json::Deserializer::from_slice(json);
    let parsed = serde_path_to_error::deserialize(Strict::<_, true>(&mut deserializer))
        .map_err(|error| Failure::validation(vec![ValidationIssue::from_serde(error.path(), error.inner())]))?;
    deserializer.end().map_err(|error| syntax_error(&error))?;
    Ok(parsed)
}

/// The failure for text that is not JSON at all.
pub(crate) fn syntax_error(error: &serde_json::Error) -> Failure {
    Failure::validation(vec![ValidationIssue::of_input("syntax", format!("not JSON: {error}"))])
}

fn merge_last_event_id(json: Option<&[u8]>, id: &str) -> Result<Option<Vec<u8>>, Failure> {
    let input: Option<&RawValue> =
        json.map(serde_json::from_slice).transpose().map_err(|error| syntax_error(&error))?;
    // The fields stay as they are written: numbers would be rounded if they were read.
    let mut fields: BTreeMap<String, &RawValue> = match input.map(RawValue::get) {
        None | Some("null") => BTreeMap::new(),
        Some(object) if object.starts_with('{') => {
            serde_json::from_str(object).map_err(|error| syntax_error(&error))?
        }
        Some(_) => return Ok(None),
    };
    let id = serde_json::value::to_raw_value(id).map_err(Failure::unexpected)?;
    fields.insert("lastEventId".to_owned(), &id);
    serde_json::to_vec(&fields).map(Some).map_err(Failure::unexpected)
}

/// Deserializes to `None` and to nothing else: what a client sends when it sends no input.
struct Absent;

impl<'de> Deserializer<'de> for Absent {
    type Error = serde_json::Error;

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Self::Error> {
        Err(serde::de::Error::custom("this procedure needs an input, and none was sent"))
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Self::Error> {
        visitor.visit_none()
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct
        newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

/// Checks an input against its garde rules, if it has some.
///
/// The macros call `(&&Constraints::of(&input)).check()`.
/// Method resolution prefers [`Constrained`], which needs `garde::Validate`, to [`Unconstrained`], which needs nothing.
#[doc(hidden)]
#[derive(Debug)]
pub struct Constraints<'a, I>(&'a I);

impl<'a, I> Constraints<'a, I> {
    /// Looks at `input`.
    pub fn of(input: &'a I) -> Self {
        Self(input)
    }
}

#[doc(hidden)]
pub trait Constrained {
    /// Fails with every broken rule.
    fn check(&self) -> Result<(), Failure>;
}

impl<I> Constrained for &Constraints<'_, I>
where
    I: garde::Validate<Context = ()> + DeserializeOwned,
{
    fn check(&self) -> Result<(), Failure> {
        check_rules(self.0)
    }
}

/// The fields of a form have rules like any input.
impl<T> Constrained for &&Constraints<'_, Form<T>>
where
    T: garde::Validate<Context = ()> + DeserializeOwned,
{
    fn check(&self) -> Result<(), Failure> {
        check_rules(&self.0.fields)
    }
}

fn check_rules<I: garde::Validate<Context = ()> + DeserializeOwned>(input: &I) -> Result<(), Failure> {
    with_i18n(Messages, || input.validate()).map_err(|report| {
        let mut issues = ValidationIssue::from_garde(&report);
        let names = wire_names::<I>();
        for issue in &mut issues {
            for segment in &mut issue.path {
                if let PathSegment::Key(key) = segment {
                    *key = to_wire_name(key, names);
                }
            }
        }
        Failure::validation(issues)
    })
}

#[doc(hidden)]
pub trait Unconstrained {
    /// Accepts everything.
    fn check(&self) -> Result<(), Failure>;
}

impl<I> Unconstrained for Constraints<'_, I> {
    fn check(&self) -> Result<(), Failure> {
        Ok(())
    }
}

/// garde reports Rust's field names; clients know the names of the wire.
///
/// The input's own fields are looked up, so any serde renaming of case is followed.
/// Fields of nested objects are not known here and become camelCase.
fn to_wire_name(field: &str, names: &[&str]) -> String {
    let plain = |name: &str| name.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_lowercase();
    match names.iter().find(|name| plain(name) == plain(field)) {
        Some(name) => (*name).to_owned(),
        None => camel_case(field),
    }
}

fn camel_case(field: &str) -> String {
    let mut name = String::with_capacity(field.len());
    let mut upper = false;
    for character in field.chars() {
        match character {
            '_' => upper = true,
            _ if upper => {
                name.extend(character.to_uppercase());
                upper = false;
            }
            _ => name.push(character),
        }
    }
    name
}

/// The names under which serde reads the fields of `I`, if `I` is a struct.
fn wire_names<I: DeserializeOwned>() -> &'static [&'static str] {
    let mut names: &'static [&'static str] = &[];
    // The deserializer below hands out the names and then always fails: that failure is the end of its job.
    let _: Result<I, NamesError> = I::deserialize(FieldNames { names: &mut names, input: PhantomData });
    names
}

struct FieldNames<'a> {
    names: &'a mut &'static [&'static str],
    input: PhantomData<()>,
}

impl<'de> Deserializer<'de> for FieldNames<'_> {
    type Error = NamesError;

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Self::Error> {
        Err(serde::de::Error::custom(Unread))
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        _: V,
    ) -> Result<V::Value, Self::Error> {
        *self.names = fields;
        Err(serde::de::Error::custom(Unread))
    }

    // `Option<Input>` is an input like any other.
    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Self::Error> {
        visitor.visit_some(self)
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct
        newtype_struct seq tuple tuple_struct map enum identifier ignored_any
    }
}

struct Unread;

impl fmt::Display for Unread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("only the field names were asked for")
    }
}

/// The failure of a call whose input cannot be read because the body is larger than allowed.
#[must_use]
pub(crate) fn too_large(limit_bytes: usize) -> Failure {
    tracing::debug!(limit_bytes, "a request body is larger than the limit");
    Failure::new(ErrorCode::PayloadTooLarge, ErrorCode::PayloadTooLarge.key())
}

#[cfg(test)]
mod tests;
