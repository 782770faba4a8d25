use documents::{Chunk, ChunkSize, Document, Format, Section, chunks};
use proptest::prelude::*;

use crate::read;

/// The chunks of a Markdown text.
fn cut(markdown: &str, target: usize, limit: usize) -> Vec<Chunk> {
    chunks(&read(Format::Markdown, markdown).unwrap(), ChunkSize { target, limit })
}

fn texts(chunks: &[Chunk]) -> Vec<&str> {
    chunks.iter().map(|chunk| &*chunk.text).collect()
}

fn paths(chunks: &[Chunk]) -> Vec<String> {
    chunks.iter().map(|chunk| chunk.heading_path.join(" > ")).collect()
}

#[track_caller]
fn check(text: &str, target: usize, limit: usize, expected: &[&str]) {
    let document = read(Format::Text, text).unwrap();
    assert_eq!(texts(&chunks(&document, ChunkSize { target, limit })), expected);
}

#[test]
fn chunks_end_where_something_ends() {
    check("one two six.\n\nthree. four\nfive seven", 20, 30, &["one two six.", "three. four\nfive seven"]);
    check("One two three. Four five six seven eight", 20, 30, &["One two three.", "Four five six seven eight"]);
    check("one two three\nfour five six seven eight", 20, 30, &["one two three", "four five six seven eight"]);
    check("one two three four five six seven eight", 20, 30, &["one two three four", "five six seven eight"]);
    check("He said \"stop.\" Then he went away again", 20, 30, &["He said \"stop.\"", "Then he went away again"]);
    check("一二三四五六七。八九十一二三四五六", 10, 15, &["一二三四五六七。", "八九十一二三四五六"]);
    check("short", 20, 30, &["short"]);
}

#[test]
fn words_longer_than_a_chunk_are_cut_between_characters_as_people_see_them() {
    check("abcdefghijklmnopqrstuvwxyz", 10, 12, &["abcdefghij", "klmnopqrst", "uvwxyz"]);
    let families = "👨‍👩‍👧".repeat(6);
    let family = "👨‍👩‍👧".repeat(2);
    check(&families, 12, 14, &[&family, &family, &family]);
    // One that is larger than a chunk is cut nevertheless.
    let marks = format!("q{}", "\u{323}".repeat(25));
    assert_eq!(chunks(&read(Format::Text, &marks).unwrap(), ChunkSize { target: 10, limit: 12 }).len(), 3);
}

#[test]
fn offsets_are_in_characters() {
    let chunks = cut("Grüße an мир.\n\nAnd more words", 14, 20);

    let places: Vec<(u32, u32)> = chunks.iter().map(|chunk| (chunk.start, chunk.end)).collect();
    assert_eq!(texts(&chunks), ["Grüße an мир.", "And more words"]);
    assert_eq!(places, [(0, 13), (15, 29)]);
}

#[test]
fn small_sections_share_a_chunk_under_the_headings_they_share() {
    let chunks = cut("# Top\n\n## A\n\none\n\n## B\n\ntwo\n\n# Other\n\nthree four five six seven eight nine", 40, 60);

    assert_eq!(paths(&chunks), ["Top", "Other"]);
    assert_eq!(texts(&chunks), ["Top\n\nA\n\none\n\nB\n\ntwo", "Other\n\nthree four five six seven eight nine"]);
}

#[test]
fn a_heading_goes_with_what_is_under_it() {
    let body = "many words ".repeat(20);
    let chunks = cut(&format!("# Top\n\n## A\n\n{body}\n\n## B\n\n{body}"), 100, 150);

    assert!(chunks[0].text.starts_with("Top\n\nA\n\nmany words"), "{:?}", chunks[0]);
    assert_eq!(paths(&chunks)[0], "Top > A");
    assert!(paths(&chunks).contains(&"Top > B".to_owned()) && !paths(&chunks).contains(&"Top".to_owned()));
}

#[test]
fn sections_under_different_headings_stay_apart() {
    let body = "many words ".repeat(5);
    let chunks = cut(&format!("# A\n\n{body}\n\n# B\n\n{body}"), 200, 300);

    assert_eq!(paths(&chunks), ["A", "B"]);
}

#[test]
fn sizes_that_make_no_sense_are_no_reason_to_panic() {
    for (target, limit) in [(0, 0), (0, 1), (5, 1), (usize::MAX, usize::MAX)] {
        let chunks = cut("# Ä\n\nsome words", target, limit);
        assert!(chunks.iter().all(|chunk| chunk.text.chars().count() <= limit.max(1)));
    }
}

/// A document with sections anywhere.
fn any_document() -> impl Strategy<Value = Document> {
    let block = "(\\PC{0,12}|[ \\n.!?。\u{301}👨‍👩‍👧a-c]{0,40})";
    let blocks = proptest::collection::vec((block, proptest::collection::vec("[ab]", 0..3)), 0..12);
    (blocks, any::<bool>()).prop_map(|(blocks, has_pages)| {
        let (mut text, mut sections) = (String::new(), Vec::new());
        for (number, (block, heading_path)) in (1..).zip(blocks) {
            let start = text.len();
            text.push_str(&block);
            if !block.is_empty() {
                sections.push(Section { heading_path, start, end: text.len(), page: has_pages.then_some(number) });
            }
            text.push_str("\n\n");
        }
        Document { text, title: None, sections }
    })
}

proptest! {
    #[test]
    fn chunks_are_exactly_what_is_at_their_place(document in any_document(), target in 1..40_usize, more in 0..20_usize) {
        let size = ChunkSize { target, limit: target + more };
        let characters: Vec<char> = document.text.chars().collect();
        let mut end = 0;
        let mut all = String::new();
        for chunk in chunks(&document, size) {
            let place = chunk.start as usize..chunk.end as usize;
            prop_assert!(end <= place.start && place.start < place.end);
            end = place.end;
            prop_assert_eq!(characters[place].iter().collect::<String>(), chunk.text.clone());
            prop_assert!(chunk.text.chars().count() <= size.limit);
            prop_assert_eq!(chunk.text.trim(), &chunk.text);
            all.push_str(&chunk.text);
        }
        let words = |text: &str| text.split_whitespace().collect::<String>();
        prop_assert_eq!(words(&all), words(&document.text));
    }
}
