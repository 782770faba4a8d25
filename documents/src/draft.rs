//! A document while it is written, block by block.

use crate::{Document, Limits, ReadError, Section, chunk, normal};

/// Longer headings are none.
const MOST_HEADING_CHARACTERS: usize = 200;

/// What a section costs in addition to its headings.
const SECTION_BYTES: usize = 64;

/// Deeper lists are indented no further: a few marks could become many blanks.
const DEEPEST_INDENT: usize = 8;

/// What separates a block from the one before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Gap {
    /// The end of a line.
    Line,
    /// An empty line.
    Paragraph,
}

#[derive(Debug)]
pub(crate) struct Draft<'a> {
    limits: &'a Limits,
    text: String,
    sections: Vec<Section>,
    /// The headings above what comes next, with their levels.
    headings: Vec<(u8, String)>,
    page: Option<u32>,
    /// Whether the next block begins a section.
    is_new_section: bool,
    /// What the headings of all sections have cost.
    heading_bytes: usize,
    first_heading: Option<String>,
}

impl<'a> Draft<'a> {
    pub(crate) fn new(limits: &'a Limits) -> Self {
        Self {
            limits,
            text: String::new(),
            sections: Vec::new(),
            headings: Vec::new(),
            page: None,
            is_new_section: true,
            heading_bytes: 0,
            first_heading: None,
        }
    }

    /// Adds a block, if there is something in it.
    pub(crate) fn block(&mut self, gap: Gap, text: &str) -> Result<(), ReadError> {
        self.append(gap, &normal::block(text))
    }

    /// Begins a section under a heading.
    pub(crate) fn heading(&mut self, level: u8, text: &str) -> Result<(), ReadError> {
        let heading = normal::line(text, MOST_HEADING_CHARACTERS);
        if heading.is_empty() {
            return Ok(());
        }
        while self.headings.last().is_some_and(|(above, _)| *above >= level) {
            self.headings.pop();
        }
        if level == 1 && self.first_heading.is_none() {
            self.first_heading = Some(heading.clone());
        }
        self.headings.push((level, heading));
        self.is_new_section = true;
        self.append(Gap::Paragraph, &normal::line(text, usize::MAX))
    }

    /// Begins a section of the page with this number.
    #[cfg(feature = "pdf")]
    pub(crate) fn page(&mut self, number: u32) {
        self.page = Some(number);
        self.is_new_section = true;
    }

    /// The document, under the title that it gives itself or its first heading.
    pub(crate) fn finish(self, title: Option<&str>) -> Result<Document, ReadError> {
        if self.text.is_empty() {
            return Err(ReadError::Empty);
        }
        let title = title.map(|title| normal::line(title, MOST_HEADING_CHARACTERS)).filter(|title| !title.is_empty());
        let document = Document { text: self.text, title: title.or(self.first_heading), sections: self.sections };
        let chunks = chunk::count(&document);
        if chunks > self.limits.chunks {
            return Err(ReadError::TooManyChunks { chunks, limit: self.limits.chunks });
        }
        Ok(document)
    }

    fn append(&mut self, gap: Gap, text: &str) -> Result<(), ReadError> {
        if text.is_empty() {
            return Ok(());
        }
        if !self.text.is_empty() {
            self.text.push_str(if gap == Gap::Line { "\n" } else { "\n\n" });
        }
        let start = self.text.len();
        self.text.push_str(text);
        let end = self.text.len();
        match self.sections.last_mut() {
            Some(section) if !self.is_new_section => section.end = end,
            _ => {
                let heading_path: Vec<String> = self.headings.iter().map(|(_, heading)| heading.clone()).collect();
                self.heading_bytes +=
                    SECTION_BYTES + heading_path.iter().map(|heading| heading.len() + 8).sum::<usize>();
                self.sections.push(Section { heading_path, start, end, page: self.page });
                self.is_new_section = false;
            }
        }
        if self.text.len().max(self.heading_bytes) > self.limits.text_bytes {
            return Err(ReadError::TooMuchText { limit: self.limits.text_bytes });
        }
        Ok(())
    }
}

/// What begins the next item of the innermost list, which has bullets if there is no number.
pub(crate) fn marker(lists: &mut [Option<u64>]) -> String {
    let indent = "  ".repeat(lists.len().saturating_sub(1).min(DEEPEST_INDENT));
    match lists.last_mut() {
        Some(Some(number)) => {
            let marker = format!("{indent}{number}. ");
            *number = number.saturating_add(1);
            marker
        }
        _ => indent + "- ",
    }
}
