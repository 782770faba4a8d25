use serde::{Deserialize, Serialize};

use crate::rules::Rule;

/// A contract: what `contract.json` holds.
///
/// Its JSON Schema is `docs/contract.schema.json`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Contract {
    /// Version of the format, [`Contract::VERSION`]; a reader refuses one that it does not know.
    pub version: u32,
    /// Identifies what clients depend on: 16 hexadecimal digits of a SHA-256 over the contract without documentation,
    /// deprecations and source positions.
    pub hash: String,
    /// In the order of their paths.
    pub procedures: Vec<Procedure>,
    /// The types that procedures refer to, in the order of their names, which are unique.
    pub types: Vec<NamedType>,
}

/// One procedure.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Procedure {
    /// Dotted path, for example `widgets.rename`.
    pub path: String,
    /// What it does.
    pub kind: Kind,
    /// The doc comment of the function.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub docs: String,
    /// The note of `#[deprecated]`, which may be empty; absent if it is not deprecated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deprecated: Option<String>,
    /// The flags that are set.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub flags: Vec<Flag>,
    /// Paths of the queries whose cached results a mutation makes stale.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub invalidates: Vec<String>,
    /// What the client sends; absent if nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub input: Option<Input>,
    /// What it answers, or one event of a subscription; absent if nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub output: Option<Type>,
    /// Whether the events of a subscription carry ids.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ids: Option<Ids>,
    /// What it fails with, in `error.data.error`; absent if it has no error of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<Type>,
    /// Where the name of the function stands.
    pub source: Source,
}

/// What a procedure does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum Kind {
    /// Reads.
    Query,
    /// Writes.
    Mutation,
    /// Streams.
    Subscription,
}

/// A flag of a procedure's attribute.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum Flag {
    /// Refused in a batch of several calls.
    NoBatch,
    /// The input is secret: sent by `POST`, never logged.
    Sensitive,
    /// A client may send it again.
    Idempotent,
}

/// Whether the events of a subscription carry ids.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum Ids {
    /// Every event has one.
    Tracked,
    /// No event has one.
    Untracked,
    /// Some have one.
    Mixed,
}

/// The input of a procedure.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Input {
    /// Its type.
    #[serde(rename = "type")]
    pub ty: Type,
    /// Whether a call may leave it out.
    #[serde(default, skip_serializing_if = "is_false")]
    pub optional: bool,
}

/// A position in the Rust source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Source {
    /// Path of the file, relative to the workspace, with `/` between folders.
    pub file: String,
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
}

/// A type with a name.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct NamedType {
    /// Its name, unique in the contract; a type whose two directions differ is `Widget` as output and `WidgetInput` as
    /// input.
    pub name: String,
    /// The Rust path of the type, for example `api_contract::widgets::Widget`.
    pub rust: String,
    /// The names of its parameters, which [`Type::Parameter`] refers to.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parameters: Vec<String>,
    /// The doc comment.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub docs: String,
    /// The note of `#[deprecated]`, which may be empty; absent if it is not deprecated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deprecated: Option<String>,
    /// Who sends it.
    pub usage: Usage,
    /// Set if values of this type must not be mistaken for others of the same shape, as ids must not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub brand: Option<Brand>,
    /// What it is.
    #[serde(rename = "type")]
    pub ty: Type,
    /// Where its name stands.
    pub source: Source,
}

/// Which way values of a named type travel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum Usage {
    /// From clients.
    Input,
    /// To clients, errors included.
    Output,
    /// Both ways.
    Both,
}

/// How a type is told from others of the same shape.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum Brand {
    /// It is an id.
    Id,
}

/// A type, as it is on the wire in one direction.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(tag = "type", rename_all = "camelCase")]
pub enum Type {
    /// Any JSON.
    Any,
    /// `null`.
    Null,
    /// `true` or `false`.
    Boolean,
    /// Text.
    String {
        /// What is in the text, if it is not just any.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        format: Option<StringFormat>,
    },
    /// A JSON number without a fraction.
    Integer {
        /// Its range.
        kind: IntegerKind,
    },
    /// A finite JSON number.
    Number,
    /// A JSON number, or one of the texts `"NaN"`, `"Infinity"` and `"-Infinity"`.
    Float,
    /// An integer as decimal text, because JSON numbers of JavaScript would lose its digits.
    BigInt {
        /// Its range.
        kind: IntegerKind,
    },
    /// One value.
    Literal {
        /// The value.
        value: Literal,
    },
    /// A JSON array.
    Array {
        /// Its elements.
        item: Box<Type>,
        /// Whether no element occurs twice.
        #[serde(default, skip_serializing_if = "is_false")]
        unique: bool,
        /// How many elements, if that is fixed.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        length: Option<usize>,
    },
    /// A JSON array with a type per element.
    Tuple {
        /// The elements.
        items: Vec<Type>,
    },
    /// A JSON object with any number of members.
    Map {
        /// The keys, all of which are text in JSON: a string, an integer, or a union of literals.
        key: Box<Type>,
        /// The values.
        value: Box<Type>,
    },
    /// A JSON array of pairs: a map whose keys are not text in JSON.
    Entries {
        /// The first of each pair.
        key: Box<Type>,
        /// The second.
        value: Box<Type>,
    },
    /// A JSON object.
    Object {
        /// Its members.
        fields: Vec<Field>,
        /// Whether other members are refused; by default they are ignored.
        #[serde(default, skip_serializing_if = "is_false")]
        closed: bool,
    },
    /// One of several types.
    Union {
        /// The member whose literal tells the variants apart, if every variant is an object that has it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        tag: Option<String>,
        /// The variants, each as it is on the wire as a whole.
        variants: Vec<Variant>,
    },
    /// All of them describe the same object: what `#[serde(flatten)]` makes where the inner type is no plain object.
    Intersection {
        /// The parts.
        parts: Vec<Type>,
    },
    /// The type or `null`.
    Nullable {
        /// The type.
        of: Box<Type>,
    },
    /// A named type.
    Reference {
        /// Its name.
        name: String,
        /// What its parameters stand for.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        arguments: Vec<Type>,
    },
    /// A parameter of the named type around it.
    Parameter {
        /// Its name.
        name: String,
    },
    /// A value that comes later, in a streamed batch.
    Deferred {
        /// The value.
        of: Box<Type>,
    },
    /// Values that come one after the other, in a streamed batch.
    Streamed {
        /// Each of them.
        item: Box<Type>,
        /// What comes at the end; absent if nothing.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        end: Option<Box<Type>>,
    },
    /// A `multipart/form-data` body.
    FormData {
        /// Its text fields; absent if they are not known.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        fields: Option<Box<Type>>,
    },
    /// An `application/octet-stream` body.
    ByteStream,
    /// A type of JavaScript that superjson carries, by its name there; only in contracts for superjson.
    JavaScript {
        /// `Date`, `bigint`, `Uint8Array`, `Map` or `Set`.
        name: String,
        /// What its parameters stand for.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        arguments: Vec<Type>,
    },
}

/// What a text holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum StringFormat {
    /// A UUID in its hyphenated form, as RFC 9562 has it.
    Uuid,
    /// A point in time with its offset, as RFC 3339 has it: `2026-11-25T18:00:00Z`.
    DateTime,
    /// A date and a time of day without an offset: `2026-11-25T18:00:00`.
    LocalDateTime,
    /// A date: `2026-11-25`.
    Date,
    /// A time of day: `18:00:00`.
    Time,
    /// A length of time, as ISO 8601 has it: `PT1.5S`.
    Duration,
    /// A decimal number of any precision: `12.50`.
    Decimal,
    /// Bytes in base 64 with padding, as section 4 of RFC 4648 has it.
    Bytes,
    /// One Unicode scalar value.
    Char,
    /// An IP address of either version.
    Ip,
    /// An IPv4 address.
    Ipv4,
    /// An IPv6 address.
    Ipv6,
    /// A URL.
    Url,
}

/// The range of an integer: that of the Rust type of the name, except for `safe`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs)]
pub enum IntegerKind {
    I8,
    I16,
    I32,
    I64,
    I128,
    U8,
    U16,
    U32,
    U64,
    U128,
    /// What a double holds exactly: -(2^53 - 1) to 2^53 - 1.
    Safe,
    /// The same without negative numbers.
    SafeUnsigned,
}

/// A single value.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum Literal {
    /// `true` or `false`.
    Boolean(bool),
    /// A number.
    Integer(i64),
    /// Text.
    String(String),
}

/// A member of an object.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Field {
    /// Its name on the wire.
    pub name: String,
    /// Its type when it is there.
    #[serde(rename = "type")]
    pub ty: Type,
    /// Whether it may be absent.
    #[serde(default, skip_serializing_if = "is_false")]
    pub optional: bool,
    /// The doc comment.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub docs: String,
    /// The note of `#[deprecated]`, which may be empty; absent if it is not deprecated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deprecated: Option<String>,
    /// What the server checks beyond the type.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<Rule>,
}

/// A member of a union.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Variant {
    /// Its name on the wire or, of an untagged union, in Rust.
    pub name: String,
    /// What it is as a whole, the tag included.
    #[serde(rename = "type")]
    pub ty: Type,
    /// The doc comment.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub docs: String,
    /// The note of `#[deprecated]`, which may be empty; absent if it is not deprecated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deprecated: Option<String>,
}

fn is_false(value: &bool) -> bool {
    !*value
}

impl Contract {
    /// The version of the format that this crate writes and reads.
    pub const VERSION: u32 = 1;

    /// The text of `contract.json`: indented, with a line break at the end.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut json = serde_json::to_string_pretty(self).expect("strings, numbers, lists and objects are JSON");
        json.push('\n');
        json
    }
}
