//! Pieces of a document, of a size at which they can be found and read.

use crate::{Document, Section, split::split};

/// A piece of a document, which means something by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chunk {
    /// The headings above all of it, the outermost first; for a PDF, its page or pages.
    pub heading_path: Vec<String>,
    /// Where it begins in the text of the document, in characters (Unicode scalar values).
    pub start: u32,
    /// Where it ends, in characters.
    pub end: u32,
    /// The text between the two.
    pub text: String,
}

/// How large chunks are, in characters (Unicode scalar values).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChunkSize {
    /// Smaller parts are joined up to this size, larger ones are cut near it.
    pub target: usize,
    /// No chunk is larger.
    pub limit: usize,
}

impl Default for ChunkSize {
    fn default() -> Self {
        Self { target: 1_000, limit: 1_500 }
    }
}

/// Cuts a document into chunks, in the order of its text.
///
/// Together they have all of it but blanks between them. They end where a paragraph does, or else a sentence, a line or
/// a word, and only in words that are longer than a chunk somewhere else. Small sections that follow each other share
/// one.
#[must_use]
pub fn chunks(document: &Document, size: ChunkSize) -> Vec<Chunk> {
    let mut chunks = Vec::new();
    each(document, size, |span, start, text| {
        let length = text.chars().count();
        chunks.push(Chunk {
            heading_path: span.path(),
            start: offset(start),
            end: offset(start + length),
            text: text.to_owned(),
        });
    });
    chunks
}

/// How many chunks of the usual size there are.
pub(crate) fn count(document: &Document) -> usize {
    let mut count = 0;
    each(document, ChunkSize::default(), |_, _, _| count += 1);
    count
}

/// Calls back with each chunk: what it is part of, where it begins in characters, and its text.
fn each<'a>(document: &'a Document, size: ChunkSize, mut chunk: impl FnMut(&Span<'a>, usize, &'a str)) {
    let limit = size.limit.max(1);
    let size = ChunkSize { target: size.target.clamp(1, limit), limit };
    for span in spans(document, size.target) {
        let mut at = Position { byte: span.start, char: span.start_char };
        for (start, end) in split(&document.text[span.start..span.end], size) {
            at.forward_to(&document.text, span.start + start);
            chunk(&span, at.char, &document.text[span.start + start..span.start + end]);
        }
    }
}

/// Sections that follow each other and belong together.
#[derive(Debug)]
struct Span<'a> {
    start: usize,
    end: usize,
    start_char: usize,
    end_char: usize,
    /// The headings above all of them.
    heading_path: &'a [String],
    pages: Option<(u32, u32)>,
}

impl Span<'_> {
    fn characters(&self) -> usize {
        self.end_char - self.start_char
    }

    fn path(&self) -> Vec<String> {
        let pages = self.pages.map(|(first, last)| match first == last {
            true => format!("Page {first}"),
            false => format!("Pages {first}–{last}"),
        });
        pages.into_iter().chain(self.heading_path.iter().cloned()).collect()
    }
}

/// Joins neighbouring sections as long as they are no larger than `target` together.
fn spans(document: &Document, target: usize) -> Vec<Span<'_>> {
    let mut spans: Vec<Span<'_>> = Vec::new();
    let mut at = Position { byte: 0, char: 0 };
    for section in &document.sections {
        at.forward_to(&document.text, section.start);
        let start_char = at.char;
        at.forward_to(&document.text, section.end);
        let span = Span {
            start: section.start,
            end: section.end,
            start_char,
            end_char: at.char,
            heading_path: &section.heading_path,
            pages: section.page.map(|page| (page, page)),
        };
        match spans.last_mut().and_then(|last| joined(last, section, &span, target).map(|path| (last, path))) {
            Some((last, heading_path)) => {
                last.end = span.end;
                last.end_char = span.end_char;
                last.heading_path = heading_path;
                last.pages = last.pages.zip(span.pages).map(|((first, _), (_, last))| (first, last));
            }
            None => spans.push(span),
        }
    }
    spans
}

/// The headings above a span and the section after it, if these two belong into one chunk.
fn joined<'a>(last: &Span<'a>, section: &'a Section, next: &Span<'a>, target: usize) -> Option<&'a [String]> {
    let common = last.heading_path.iter().zip(next.heading_path).take_while(|(a, b)| a == b).count();
    let is_small = last.characters() <= target / 4;
    if next.end_char - last.start_char <= target {
        // Under different outermost headings, only so that a small one is not alone.
        let are_related = common > 0 || last.heading_path.is_empty() || section.heading_path.is_empty();
        return (are_related || is_small).then(|| &section.heading_path[..common]);
    }
    // A heading with a few words is a bad chunk: it goes with what is under it.
    let is_above = common == last.heading_path.len() && last.pages.is_none();
    (is_small && is_above && common > 0).then_some(&section.heading_path)
}

/// A place in a text, in both units.
#[derive(Debug, Clone, Copy)]
struct Position {
    byte: usize,
    char: usize,
}

impl Position {
    fn forward_to(&mut self, text: &str, byte: usize) {
        self.char += text[self.byte..byte].chars().count();
        self.byte = byte;
    }
}

/// Texts of more than 4 GiB are not read.
fn offset(characters: usize) -> u32 {
    u32::try_from(characters).unwrap_or(u32::MAX)
}
