use serde::{Deserialize, Serialize};
use serde_path_to_error::Segment;
use specta::Type;

/// One thing that is wrong with an input, with the place where it is wrong.
///
/// On the wire: `{ "path": ["items", 0, "name"], "code": "constraint", "message": "must not be empty" }`.
/// The path is that of the JSON the client sent; an empty path means the input as a whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct ValidationIssue {
    /// Keys and indexes from the input's root to the value.
    pub path: Vec<PathSegment>,
    /// What kind of rule was broken: `syntax`, `missing`, `invalid_type` or `constraint`.
    pub code: String,
    /// What is wrong, for a person.
    pub message: String,
}

/// A step into an input: the key of an object or the index of an array.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(untagged)]
pub enum PathSegment {
    /// A field or map key, as it is called on the wire.
    Key(String),
    /// A position in an array, from 0.
    Index(u32),
}

impl ValidationIssue {
    /// An issue with the input as a whole.
    pub(crate) fn of_input(code: &str, message: impl Into<String>) -> Self {
        Self { path: Vec::new(), code: code.to_owned(), message: message.into() }
    }

    /// The issue behind a failed deserialization, found at `path`.
    pub(crate) fn from_serde(path: &serde_path_to_error::Path, error: &serde_json::Error) -> Self {
        let mut segments: Vec<PathSegment> = path
            .iter()
            .filter_map(|segment| match segment {
                Segment::Seq { index } => Some(PathSegment::Index(u32::try_from(*index).unwrap_or(u32::MAX))),
                Segment::Map { key } => Some(PathSegment::Key(key.clone())),
                Segment::Enum { .. } | Segment::Unknown => None,
            })
            .collect();
        let mut message = error.to_string();
        // serde_json appends " at line 1 column 17", which means nothing to a person filling in a form.
        if let Some(position) = message.rfind(" at line ") {
            message.truncate(position);
        }
        let code = match error.classify() {
            serde_json::error::Category::Data => "invalid_type",
            _ => "syntax",
        };
        // A missing field is reported on its object; people look for it at the field.
        if let Some(field) = message.strip_prefix("missing field `").and_then(|rest| rest.strip_suffix('`')) {
            segments.push(PathSegment::Key(field.to_owned()));
            return Self { path: segments, code: "missing".to_owned(), message: "required".to_owned() };
        }
        Self { path: segments, code: code.to_owned(), message }
    }

    /// The issues in a garde report.
    pub(crate) fn from_garde(report: &garde::Report) -> Vec<Self> {
        report
            .iter()
            .map(|(path, error)| Self {
                path: garde_segments(path),
                code: "constraint".to_owned(),
                message: error.message().to_owned(),
            })
            .collect()
    }
}

/// Splits a garde path, which prints as `items[0].name`, into its steps.
fn garde_segments(path: &garde::Path) -> Vec<PathSegment> {
    let text = path.to_string();
    text.split(['.', '['])
        .filter(|part| !part.is_empty())
        .map(|part| match part.strip_suffix(']').map(str::parse) {
            Some(Ok(index)) => PathSegment::Index(index),
            _ => PathSegment::Key(part.trim_end_matches(']').to_owned()),
        })
        .collect()
}
