//! A short part of what was found, with the words that were looked for.

use db::knowledge::search::{MARK_END, MARK_START};
use tintype::prelude::*;

/// Where a word that was looked for is in a snippet, in UTF-16 code units as JavaScript counts them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct Highlight {
    /// Where it begins.
    pub start: u32,
    /// Where it ends.
    pub end: u32,
}

/// A text and the places of the marked words in it, in characters.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Marked {
    pub(super) text: String,
    marks: Vec<(usize, usize)>,
}

impl Marked {
    /// Takes the marks out of a text.
    pub(super) fn read(marked: &str) -> Self {
        let (mut text, mut marks, mut length, mut start) = (String::with_capacity(marked.len()), Vec::new(), 0, None);
        for char in marked.chars() {
            match char {
                MARK_START => start = Some(length),
                MARK_END => marks.extend(start.take().map(|start| (start, length))),
                char => {
                    text.push(char);
                    length += 1;
                }
            }
        }
        Self { text, marks }
    }

    /// At most `most` characters around the place with most marked words, and those words.
    pub(super) fn snippet(&self, most: usize) -> (String, Vec<Highlight>) {
        let chars: Vec<char> = self.text.chars().collect();
        let (from, to) = self.window(&chars, most);
        let ellipsis = |is_cut: bool| if is_cut { "…" } else { "" };
        let before = ellipsis(from > 0);
        let body: String = chars[from..to].iter().collect();
        let utf16 = |chars: &[char]| chars.iter().map(|char| char.len_utf16()).sum::<usize>();
        let offset = before.encode_utf16().count();
        let inside = self.marks.iter().filter(|(start, end)| from <= *start && *end <= to);
        let highlights = inside.map(|(start, end)| {
            let place = |at: usize| u32::try_from(offset + utf16(&chars[from..at])).unwrap_or(u32::MAX);
            Highlight { start: place(*start), end: place(*end) }
        });
        let highlights = highlights.collect();
        (format!("{before}{body}{}", ellipsis(to < chars.len())), highlights)
    }

    /// The window: it begins a little before a marked word, and where a word begins.
    fn window(&self, chars: &[char], most: usize) -> (usize, usize) {
        /// What a reader wants to see before the first word.
        const BEFORE: usize = 40;
        if chars.len() <= most {
            return (0, chars.len());
        }
        let begins = self.marks.iter().map(|(start, _)| start.saturating_sub(BEFORE)).chain([0]);
        let marks_from =
            |from: usize| self.marks.iter().filter(|(start, end)| from <= *start && *end <= from + most).count();
        // The first of the best.
        let best = begins.rev().max_by_key(|from| (marks_from(*from), std::cmp::Reverse(*from))).unwrap_or(0);
        let is_blank = |at: usize| chars[at].is_whitespace();
        let first_mark = self.marks.iter().map(|(start, _)| *start).find(|start| *start >= best).unwrap_or(best);
        let from = match best {
            0 => 0,
            best => (best..first_mark).find(|at| is_blank(*at)).map_or(best, |blank| blank + 1),
        };
        let end = (from + most).min(chars.len());
        if end == chars.len() {
            return (from, end);
        }
        // Back to the end of a word, unless the word is very long.
        let cut = (from + most / 2..end).rev().find(|at| is_blank(*at)).unwrap_or(end);
        (from, cut)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(snippet: &str, highlights: &[Highlight]) -> Vec<String> {
        let units: Vec<u16> = snippet.encode_utf16().collect();
        let word = |highlight: &Highlight| {
            String::from_utf16(&units[highlight.start as usize..highlight.end as usize]).unwrap()
        };
        highlights.iter().map(word).collect()
    }

    #[test]
    fn a_short_text_is_shown_whole_with_its_words() {
        let marked = Marked::read("A 😀 \u{2}shop\u{3} and a \u{2}map\u{3}.");

        let (snippet, highlights) = marked.snippet(100);

        assert_eq!(snippet, "A 😀 shop and a map.");
        assert_eq!(highlights[0], Highlight { start: 5, end: 9 });
        assert_eq!(words(&snippet, &highlights), ["shop", "map"]);
    }

    #[test]
    fn of_a_long_text_the_part_with_most_words_is_shown() {
        let filler = "lorem ipsum ".repeat(50);
        let marked = Marked::read(&format!("one \u{2}shop\u{3} {filler}a \u{2}shop\u{3} with \u{2}maps\u{3} {filler}"));

        let (snippet, highlights) = marked.snippet(120);

        assert_eq!(words(&snippet, &highlights), ["shop", "maps"]);
        assert!(snippet.starts_with('…') && snippet.ends_with('…'), "{snippet}");
        assert!(snippet.chars().count() <= 122, "{snippet}");
        assert!(snippet.contains("a shop with maps"), "{snippet}");
        assert!(snippet.starts_with("…lorem") || snippet.starts_with("…ipsum"), "{snippet}");
    }

    #[test]
    fn odd_texts_do_no_harm() {
        let word = "x".repeat(1_000);
        let (snippet, highlights) = Marked::read(&word).snippet(100);
        assert_eq!((snippet.chars().count(), highlights), (101, vec![]));
        assert_eq!(Marked::read("\u{3}\u{2}").snippet(10), (String::new(), vec![]));
        assert_eq!(Marked::read(&format!("\u{2}{word}\u{3}")).snippet(10).1, vec![]);
        assert_eq!(Marked::read("").snippet(0), (String::new(), vec![]));
    }
}
