//! A declaration map: from a name in `index.d.ts` to its place in a Rust source.

use serde_json::json;

/// Text that knows where it is, and what in it has a source.
#[derive(Debug, Default)]
pub(super) struct MappedText {
    text: String,
    line: usize,
    /// In UTF-16 units, as editors count.
    column: usize,
    sources: Vec<String>,
    mappings: Vec<Mapping>,
}

#[derive(Debug)]
struct Mapping {
    line: usize,
    column: usize,
    source: usize,
    source_line: u32,
    source_column: u32,
}

impl MappedText {
    pub(super) fn push(&mut self, text: &str) {
        for part in text.split_inclusive('\n') {
            if part.ends_with('\n') {
                self.line += 1;
                self.column = 0;
            } else {
                self.column += part.encode_utf16().count();
            }
        }
        self.text.push_str(text);
    }

    /// Writes `name`, which stands at `line` and `column` (both from 1) of the Rust file `file`.
    ///
    /// A file that is not part of the workspace has an absolute path, which means something on one machine only, so it
    /// is left out.
    pub(super) fn push_name(&mut self, name: &str, file: &str, line: u32, column: u32) {
        if !file.is_empty() && !std::path::Path::new(file).is_absolute() {
            // Cargo on Windows gives backslashes.
            let file = file.replace('\\', "/");
            let source = self.sources.iter().position(|known| *known == file).unwrap_or_else(|| {
                self.sources.push(file);
                self.sources.len() - 1
            });
            self.mappings.push(Mapping {
                line: self.line,
                column: self.column,
                source,
                source_line: line.saturating_sub(1),
                source_column: column.saturating_sub(1),
            });
        }
        self.push(name);
    }

    /// The text, and the map of version 3 that belongs to it when it is stored as `file`.
    ///
    /// `root` is the path from the map's folder to the one that the Rust paths are relative to.
    pub(super) fn finish(self, file: &str, root: &str) -> (String, String) {
        let sources: Vec<String> = self.sources.iter().map(|source| format!("{root}/{source}")).collect();
        let map = json!({
            "version": 3,
            "file": file,
            "sourceRoot": "",
            "sources": sources,
            "names": [],
            "mappings": encode(&self.mappings),
        });
        (self.text, format!("{map}\n"))
    }
}

/// The `mappings` of a source map: lines are separated by `;`, and each number is the difference to the one before.
fn encode(mappings: &[Mapping]) -> String {
    let mut text = String::new();
    let (mut line, mut column) = (0, 0);
    let (mut source, mut source_line, mut source_column) = (0, 0, 0);
    for mapping in mappings {
        if mapping.line > line {
            text.extend(std::iter::repeat_n(';', mapping.line - line));
            (line, column) = (mapping.line, 0);
        } else if !text.is_empty() && !text.ends_with(';') {
            text.push(',');
        }
        push_vlq(&mut text, difference(mapping.column, column));
        push_vlq(&mut text, difference(mapping.source, source));
        push_vlq(&mut text, i64::from(mapping.source_line) - i64::from(source_line));
        push_vlq(&mut text, i64::from(mapping.source_column) - i64::from(source_column));
        column = mapping.column;
        (source, source_line, source_column) = (mapping.source, mapping.source_line, mapping.source_column);
    }
    text
}

fn difference(new: usize, old: usize) -> i64 {
    let signed = |number| i64::try_from(number).expect("a text has fewer than 2^63 lines and columns");
    signed(new) - signed(old)
}

/// Base 64 digits of 5 bits each, lowest first; the sign is the lowest bit, the highest says that more follow.
fn push_vlq(text: &mut String, number: i64) {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut rest = (number.unsigned_abs() << 1) | u64::from(number < 0);
    loop {
        let more = rest > 0b1_1111;
        let digit = (rest & 0b1_1111) | (u64::from(more) << 5);
        text.push(char::from(DIGITS[usize::try_from(digit).expect("6 bits")]));
        rest >>= 5;
        if !more {
            break;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_encoded_as_the_source_map_specification_says() {
        let vlq = |number| {
            let mut text = String::new();
            push_vlq(&mut text, number);
            text
        };

        assert_eq!([0, 1, -1, 15, 16, -16, 123, 456_789].map(vlq), ["A", "C", "D", "e", "gB", "hB", "2H", "ql8b"]);
    }

    #[test]
    fn mappings_are_relative_to_the_one_before() {
        let mut text = MappedText::default();
        text.push("/** \u{1f600} */ ");
        text.push_name("a", "src/a.rs", 3, 5);
        text.push(", ");
        text.push_name("b", "src/b.rs", 1, 1);
        text.push("\n\n");
        text.push_name("c", "src/a.rs", 4, 1);
        text.push_name("d", "/elsewhere/d.rs", 4, 1);

        let (text, map) = text.finish("index.d.ts", "..");

        assert_eq!(text, "/** \u{1f600} */ a, b\n\ncd");
        let map: serde_json::Value = serde_json::from_str(&map).unwrap();
        assert_eq!(map["sources"], json!(["../src/a.rs", "../src/b.rs"]));
        assert_eq!(map["mappings"], "UAEI,GCFJ;;ADGA");
    }
}
