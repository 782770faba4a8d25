//! What rules add to a schema.
//!
//! Where JSON Schema cannot count as a rule does, the nearest limit is written that refuses nothing too much.

use crate::contract::{LengthUnit, Rule, StringFormat, json::Object, pattern};

/// An e-mail address as garde has it, apart from the length of its domain.
pub(in crate::contract) const EMAIL: &str = concat!(
    r"^[a-zA-Z0-9.!#$%&'*+\/=?^_`{|}~\-]{1,64}@",
    r"(?:[a-zA-Z0-9](?:[a-zA-Z0-9\-]{0,61}[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9\-]{0,61}[a-zA-Z0-9])?)*",
    r"|\[[0-9a-fA-F:.]+\])$",
);

/// Letters and digits of any script, as Rust has them.
pub(in crate::contract) const ALPHANUMERIC: &str = r"^[\p{Alphabetic}\p{N}]*$";
pub(in crate::contract) const ASCII: &str = r"^[\x00-\x7F]*$";

/// The rules of one value.
#[derive(Debug)]
pub(super) struct Constraints<'a>(&'a [Rule]);

impl<'a> Constraints<'a> {
    pub(super) fn of(rules: &'a [Rule]) -> Self {
        Self(rules)
    }

    /// Whether `null` and absence are refused.
    pub(super) fn is_required(&self) -> bool {
        self.0.contains(&Rule::Required)
    }

    /// The rules of a number.
    pub(super) fn number(&self, mut schema: Object) -> Object {
        for rule in self.0 {
            if let Rule::Range { min, max } = rule {
                limit(&mut schema, "minimum", *min);
                limit(&mut schema, "maximum", *max);
            }
        }
        schema
    }

    /// The rules of a list or map.
    pub(super) fn elements(&self, mut schema: Object, least: &'static str, most: &'static str) -> Object {
        for rule in self.0 {
            if let Rule::Length { min, max, .. } = rule {
                set(&mut schema, least, min.filter(|min| *min > 0));
                set(&mut schema, most, *max);
            }
        }
        schema
    }

    /// The rules of a text.
    pub(super) fn text(&self, mut schema: Object, format: Option<StringFormat>, own: Option<&str>) -> Object {
        let mut patterns: Vec<String> = own.into_iter().map(str::to_owned).collect();
        for rule in self.0 {
            match rule {
                Rule::Length { unit, min, max } => {
                    let (min, max) = characters(*unit, format == Some(StringFormat::Bytes), *min, *max);
                    set(&mut schema, "minLength", min.filter(|min| *min > 0));
                    set(&mut schema, "maxLength", max);
                }
                Rule::Email => {
                    schema.set("format", "email");
                    patterns.push(EMAIL.to_owned());
                }
                // With letters of any script, as the server takes them.
                Rule::Url => schema.set("format", "iri"),
                Rule::Ip => {
                    let version = |name: &str| Object::new().with("format", name.to_owned());
                    schema.set("anyOf", vec![version("ipv4"), version("ipv6")]);
                }
                Rule::Ipv4 => schema.set("format", "ipv4"),
                Rule::Ipv6 => schema.set("format", "ipv6"),
                Rule::Pattern { pattern } => patterns.extend(pattern::to_javascript(pattern)),
                Rule::Contains { text } => patterns.push(escape(text)),
                Rule::Prefix { text } => patterns.push(format!("^{}", escape(text))),
                Rule::Suffix { text } => patterns.push(format!("{}$", escape(text))),
                Rule::Ascii => patterns.push(ASCII.to_owned()),
                Rule::Alphanumeric => patterns.push(ALPHANUMERIC.to_owned()),
                Rule::Range { .. } | Rule::Required | Rule::Inner { .. } | Rule::Custom => {}
            }
        }
        Patterns::of(patterns).add_to(schema)
    }
}

/// Patterns that a text matches all of.
pub(super) struct Patterns(Vec<String>);

impl Patterns {
    pub(super) fn of(patterns: Vec<String>) -> Self {
        Self(patterns)
    }

    pub(super) fn add_to(self, mut schema: Object) -> Object {
        let mut patterns = self.0.into_iter();
        if let Some(first) = patterns.next() {
            schema.set("pattern", first);
        }
        let more: Vec<Object> = patterns.map(|pattern| Object::new().with("pattern", pattern)).collect();
        if !more.is_empty() {
            schema.set("allOf", more);
        }
        schema
    }
}

/// How many characters a text has that is so long in another unit: at least, and at most.
fn characters(unit: LengthUnit, is_base64: bool, min: Option<u64>, max: Option<u64>) -> (Option<u64>, Option<u64>) {
    let base64 = |bytes: u64| bytes.div_ceil(3).saturating_mul(4);
    match unit {
        LengthUnit::Simple | LengthUnit::Bytes if is_base64 => (min.map(base64), max.map(base64)),
        LengthUnit::Simple | LengthUnit::Bytes => (min.map(|bytes| bytes.div_ceil(4)), max),
        LengthUnit::Chars => (min, max),
        LengthUnit::Utf16 => (min.map(|units| units.div_ceil(2)), max),
        // A grapheme has any number of characters.
        LengthUnit::Graphemes => (min, None),
    }
}

fn set(schema: &mut Object, name: &'static str, limit: Option<u64>) {
    if let Some(limit) = limit {
        schema.set(name, limit);
    }
}

fn limit(schema: &mut Object, name: &'static str, limit: Option<f64>) {
    let Some(limit) = limit else { return };
    // Whole limits are written as integers, as people write them; the cast is exact below 2^53.
    let is_whole = limit.fract() == 0.0 && limit.abs() < 9_007_199_254_740_992.0;
    let value = if is_whole { serde_json::Value::from(limit as i64) } else { serde_json::Value::from(limit) };
    // An infinite limit is none.
    if !value.is_null() {
        schema.set(name, value);
    }
}

/// The pattern of a text that is meant literally.
fn escape(text: &str) -> String {
    let mut pattern = String::with_capacity(text.len());
    for character in text.chars() {
        if matches!(character, '\\' | '^' | '$' | '.' | '*' | '+' | '?' | '(' | ')' | '[' | ']' | '{' | '}' | '|' | '/')
        {
            pattern.push('\\');
        }
        pattern.push(character);
    }
    pattern
}
