//! Uploaded documents, read and cut into chunks.
//!
//! ```text
//! m8# Heading
//!
//! some words
//! ```
//!
//! The first character is the format, `t`ext, `m`arkdown or `h`tml, and the second says how large chunks are. The rest
//! is the document.

use documents::{ChunkSize, Document, Format, Limits, ReadError, chunks, read};

/// Reads one document and cuts it; see the module for its form.
pub fn check(data: &[u8]) -> Option<()> {
    let (&[format, size], bytes) = data.split_first_chunk()?;
    let format = match format {
        b't' => Format::Text,
        b'm' => Format::Markdown,
        b'h' => Format::Html,
        _ => return None,
    };
    let target = usize::from(size).max(1);
    let size = ChunkSize { target, limit: target + target / 2 };
    let limits = Limits { text_bytes: 64 << 10, depth: 64, ..Limits::default() };
    match read(format, bytes, &limits) {
        Ok(document) => {
            text_has_its_form(&document, &limits);
            sections_have_all_of_it(&document);
            chunks_are_what_is_at_their_place(&document, size);
        }
        Err(
            ReadError::Binary
            | ReadError::WrongEncoding { .. }
            | ReadError::Empty
            | ReadError::TooDeep { .. }
            | ReadError::TooMuchText { .. },
        ) => {}
        Err(error) => panic!("{error:?} of a {format:?}"),
    }
    Some(())
}

fn text_has_its_form(document: &Document, limits: &Limits) {
    let text = &document.text;
    assert!(text.len() <= limits.text_bytes, "more text than allowed");
    assert!(!text.is_empty() && text.trim_end() == text && !text.starts_with('\n'), "blanks at the ends: {text:?}");
    assert!(!text.contains("\n\n\n"), "empty lines in a row: {text:?}");
    assert!(text.chars().all(|char| !char.is_control() || matches!(char, '\n' | '\t')), "controls: {text:?}");
    let again = read(Format::Text, text.as_bytes(), limits).expect("what was read can be read");
    assert_eq!(&again.text, text, "reading it once more changes it");
    if let Some(title) = &document.title {
        assert!(!title.is_empty() && !title.contains(['\n', '\t']), "no title: {title:?}");
    }
}

fn sections_have_all_of_it(document: &Document) {
    let mut end = 0;
    for section in &document.sections {
        assert!(document.text[end..section.start].trim().is_empty(), "text between sections");
        let text = &document.text[section.start..section.end];
        assert!(!text.is_empty(), "an empty section");
        assert!(section.heading_path.len() <= 6 && section.page.is_none(), "{section:?}");
        end = section.end;
    }
    assert_eq!(end, document.text.len(), "text after the last section");
}

fn chunks_are_what_is_at_their_place(document: &Document, size: ChunkSize) {
    let characters: Vec<char> = document.text.chars().collect();
    let mut end = 0;
    for chunk in chunks(document, size) {
        let (start, next) = (chunk.start as usize, chunk.end as usize);
        assert!(characters[end..start].iter().all(|char| char.is_whitespace()), "text between chunks");
        assert_eq!(characters[start..next].iter().collect::<String>(), chunk.text);
        assert!((1..=size.limit).contains(&(next - start)), "{size:?} but {chunk:?}");
        assert_eq!(chunk.text.trim(), chunk.text, "blanks at the ends");
        end = next;
    }
    assert!(characters[end..].iter().all(|char| char.is_whitespace()), "text after the last chunk");
}
