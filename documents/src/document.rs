use serde::{Deserialize, Serialize};

/// What a document says, without how it looked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Document {
    /// The text: in normalisation form C, with `\n` at the end of lines, at most one empty line in a row, nothing but
    /// text at both ends, and without control characters other than `\n` and `\t`.
    pub text: String,
    /// What it calls itself, on one line.
    pub title: Option<String>,
    /// The parts of the text in their order; only empty lines are between them.
    pub sections: Vec<Section>,
}

/// A part of a document: what follows a heading, or a page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Section {
    /// The headings above it, the outermost first; its own is the last, and stands in the text too.
    pub heading_path: Vec<String>,
    /// Where it begins, in bytes of the text.
    pub start: usize,
    /// Where it ends, in bytes of the text.
    pub end: usize,
    /// The number of the page, from 1, where there are pages.
    pub page: Option<u32>,
}

impl Document {
    /// Whether everything holds that is said above of the sections, and the text has no control characters.
    pub(crate) fn is_sound(&self) -> bool {
        let mut end = 0;
        let in_order = self.sections.iter().all(|section| {
            let follows = end <= section.start && section.start < section.end;
            end = section.end;
            follows && self.text.get(section.start..section.end).is_some()
        });
        in_order && !self.text.chars().any(|char| char.is_control() && !matches!(char, '\n' | '\t'))
    }
}
