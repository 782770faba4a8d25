//! Where a long text can be cut.

use unicode_segmentation::GraphemeCursor;

use crate::ChunkSize;

/// Cuts a text into pieces of at most the limit, near the target, and says where in it they are, in bytes.
///
/// Blanks at the ends of pieces are left out.
pub(crate) fn split(text: &str, size: ChunkSize) -> Vec<(usize, usize)> {
    let mut pieces = Vec::new();
    let mut start = 0;
    loop {
        let rest = &text[start..];
        let trimmed = rest.trim_start();
        start += rest.len() - trimmed.len();
        if trimmed.is_empty() {
            return pieces;
        }
        let length = match trimmed.char_indices().nth(size.limit) {
            None => trimmed.len(),
            Some((end, _)) => cut(&trimmed[..end], size.target),
        };
        pieces.push((start, start + trimmed[..length].trim_end().len()));
        start += length;
    }
}

/// Ends of something, the best first.
#[derive(Debug, Clone, Copy)]
enum End {
    Paragraph,
    Sentence,
    Line,
    Word,
}

const ENDS: usize = 4;

/// The place in a window at which to end a piece, in bytes: never its beginning.
fn cut(window: &str, target: usize) -> usize {
    let mut before = [None; ENDS];
    let mut after = [None; ENDS];
    let mut target_byte = window.len();
    let mut sentence = false;
    let mut chars = window.char_indices().enumerate().peekable();
    while let Some((count, (byte, char))) = chars.next() {
        if count == target {
            target_byte = byte;
        }
        let next = chars.peek().map(|(_, (_, next))| *next);
        let end = match char {
            '\n' if next == Some('\n') => Some(End::Paragraph),
            char if char.is_whitespace() && sentence => Some(End::Sentence),
            '\n' => Some(End::Line),
            char if char.is_whitespace() => Some(End::Word),
            '。' | '！' | '？' => Some(End::Sentence),
            _ => None,
        };
        sentence = matches!(char, '.' | '!' | '?' | '…') || sentence && is_closing(char);
        if let Some(end) = end {
            // What ends a sentence belongs to it; blanks are left out later.
            let place = byte + char.len_utf8();
            if count < target && count >= target / 2 {
                before[end as usize] = Some(place);
            } else if count >= target {
                after[end as usize].get_or_insert(place);
            }
        }
    }
    let best = before.into_iter().zip(after).find_map(|(before, after)| before.or(after));
    best.unwrap_or_else(|| within_word(window, target_byte))
}

fn is_closing(char: char) -> bool {
    matches!(char, '"' | '\'' | '”' | '’' | ')' | ']' | '»' | '*' | '_')
}

/// The end of the last whole grapheme before a place, or the place itself where that would be nothing.
fn within_word(window: &str, place: usize) -> usize {
    let mut cursor = GraphemeCursor::new(place, window.len(), true);
    match cursor.is_boundary(window, 0) {
        Ok(true) => place,
        _ => match cursor.prev_boundary(window, 0) {
            Ok(Some(boundary)) if boundary > 0 => boundary,
            _ => place,
        },
    }
}
