//! One rule.

use serde::{Deserialize, Serialize};

/// A garde rule of a field, as far as a client can check it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(tag = "rule", rename_all = "camelCase")]
pub enum Rule {
    /// A text or list is neither too short nor too long.
    Length {
        /// What is counted.
        unit: LengthUnit,
        /// At least so many.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        min: Option<u64>,
        /// At most so many.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        max: Option<u64>,
    },
    /// A number is in a range, both ends included.
    Range {
        /// The least.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        min: Option<f64>,
        /// The greatest.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        max: Option<f64>,
    },
    /// An e-mail address.
    Email,
    /// A URL.
    Url,
    /// An IP address of either version.
    Ip,
    /// An IPv4 address.
    Ipv4,
    /// An IPv6 address.
    Ipv6,
    /// Text that a regular expression finds a match in.
    Pattern {
        /// The expression, in the syntax of the crate `regex`.
        pattern: String,
    },
    /// Text that has another one in it.
    Contains {
        /// The other one.
        text: String,
    },
    /// Text that begins with another one.
    Prefix {
        /// The other one.
        text: String,
    },
    /// Text that ends with another one.
    Suffix {
        /// The other one.
        text: String,
    },
    /// Text of ASCII characters only.
    Ascii,
    /// Text of letters and digits only, of any script.
    Alphanumeric,
    /// An optional field that must be there.
    Required,
    /// Rules for every element of a list, or for the value in an `Option`.
    Inner {
        /// The rules.
        rules: Vec<Rule>,
    },
    /// A check that only the server can do.
    Custom,
}

/// What the length of a text counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum LengthUnit {
    /// Bytes of UTF-8, or elements of a list: garde's `length` and `length(simple)`.
    Simple,
    /// Bytes of UTF-8.
    Bytes,
    /// Unicode scalar values.
    Chars,
    /// Grapheme clusters.
    Graphemes,
    /// UTF-16 units, which JavaScript's `length` counts.
    Utf16,
}
