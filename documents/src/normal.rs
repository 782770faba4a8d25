//! The one form in which all text is kept.

use unicode_normalization::{UnicodeNormalization, is_nfc};

/// A block of text: control characters removed, in normalisation form C, lines without blanks at their ends and no
/// more than one empty line in a row.
///
/// Blanks at the beginning of lines stay: in code they mean something.
pub(crate) fn block(text: &str) -> String {
    let plain = without_controls(text);
    let plain = if is_nfc(&plain) { plain } else { plain.nfc().collect() };
    let mut tidy = String::with_capacity(plain.len());
    let mut empty_lines = 0;
    for line in plain.split('\n').map(str::trim_end) {
        if line.is_empty() {
            empty_lines += 1;
            continue;
        }
        if !tidy.is_empty() {
            tidy.push_str(if empty_lines > 0 { "\n\n" } else { "\n" });
        }
        empty_lines = 0;
        tidy.push_str(line);
    }
    tidy
}

/// A text on one line, of at most so many characters.
pub(crate) fn line(text: &str, most: usize) -> String {
    let mut line = String::new();
    let mut length = 0;
    for word in without_controls(text).split_whitespace() {
        if !line.is_empty() {
            line.push(' ');
            length += 1;
        }
        for char in word.chars() {
            if length == most {
                line.push('…');
                return line.nfc().collect();
            }
            line.push(char);
            length += 1;
        }
    }
    line.nfc().collect()
}

/// Every sort of line end becomes `\n`; what controls devices or cannot be seen is left out.
fn without_controls(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(char) = chars.next() {
        match char {
            '\r' if chars.peek() == Some(&'\n') => {}
            '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}' => plain.push('\n'),
            '\n' | '\t' => plain.push(char),
            // The byte order mark, and hyphens that show at the end of lines only.
            '\u{feff}' | '\u{ad}' => {}
            char if char.is_control() => {}
            char => plain.push(char),
        }
    }
    plain
}
