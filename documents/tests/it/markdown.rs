use documents::{Format, Limits, ReadError};

use crate::{read, read_in_child, sections};

#[track_caller]
fn check(markdown: &str, expected: &str) {
    assert_eq!(read(Format::Markdown, markdown).unwrap().text, expected);
}

#[test]
fn headings_make_sections_with_paths() {
    let markdown = "before\n\n# A *title*\none\n\n### Deep\n\ntwo\n\nMiddle\n---\nthree\n\n# Next\n\n## \n";
    let document = read(Format::Markdown, markdown).unwrap();

    assert_eq!(document.title.as_deref(), Some("A title"));
    assert_eq!(
        sections(&document),
        [
            (String::new(), "before"),
            ("A title".to_owned(), "A title\n\none"),
            ("A title > Deep".to_owned(), "Deep\n\ntwo"),
            ("A title > Middle".to_owned(), "Middle\n\nthree"),
            ("Next".to_owned(), "Next"),
        ]
    );
}

#[test]
fn marks_go_and_words_stay() {
    check("a **bold** `code` [link](https://example.com \"t\") ![alt](x.png)~~no~~", "a bold code link altno");
    check("soft\nbreak, hard\\\nbreak<br/>and tag <b>bold</b>", "soft break, hard\nbreak\nand tag bold");
    check("> quoted\n> more\n\n---\n\nafter", "quoted more\n\nafter");
    check("&amp; &eacute; \\*", "& é *");
    check("see[^1]\n\n[^1]: the note", "see[1]\n\n[1] the note");
}

#[test]
fn lists_and_tables_stay_readable() {
    check("list:\n\n- a\n- b\n  1. c\n  2. d\n- [x] e\n\nend", "list:\n\n- a\n- b\n  1. c\n  2. d\n- [x] e\n\nend");
    check("7. a\n\n   more of a\n\n8. b", "7. a\nmore of a\n8. b");
    check("| h | i |\n|---|---|\n| 1 | *2* |\n| 3 |  |\n\nend", "h | i\n1 | 2\n3 |\n\nend");
}

#[test]
fn code_is_kept_as_it_is() {
    check(
        "```rust\nfn main() {\n    # not a heading\n}\n```\n\n    indented\n      more",
        "fn main() {\n    # not a heading\n}\n\nindented\n  more",
    );
}

#[test]
fn html_in_markdown_loses_its_tags_and_scripts() {
    check("<div class=\"a\">\ntext <b>bold</b>\n</div>\n", "text bold");
    check("<script>\nalert('<b>')\n</SCRIPT>\n\n<!-- a > b -->\n\n<style>p { }</style>\n\nend", "end");
    check("a <script>x</script> b", "a x b");
    check("<div>\n1 < 2, 3<4\n</div\n", "1 < 2, 3<4\n</div");
}

#[test]
fn metadata_names_the_title_and_is_no_text() {
    let document = read(Format::Markdown, "---\ntitle: \"The: title\"\ntags: [a]\n---\n\n# Heading\n").unwrap();

    assert_eq!((document.title.as_deref(), &*document.text), (Some("The: title"), "Heading"));
}

#[test]
fn blocks_may_be_nested_as_deep_as_allowed() {
    let nested = |depth: usize| format!("{}deep", "> ".repeat(depth));

    assert_eq!(read(Format::Markdown, nested(200)).unwrap().text, "deep");
    assert_eq!(read(Format::Markdown, nested(300)), Err(ReadError::TooDeep { limit: 256 }));
}

#[tokio::test]
async fn marks_that_take_much_memory_end_with_it() {
    let limits = Limits { memory_bytes: 64 << 20, ..Limits::default() };

    let error = read_in_child(Format::Markdown, "[".repeat(2 << 20), &limits).await;

    assert_eq!(error, Err(ReadError::TooMuchMemory { limit: 64 << 20 }));
}

#[test]
fn headings_above_sections_cost_no_more_than_the_text() {
    let long = format!("# {}\n", "heading ".repeat(20));
    let many = format!("{long}{}", "## a\n".repeat(2_000));
    let limits = Limits { text_bytes: 100_000, ..Limits::default() };

    assert_eq!(
        documents::read(Format::Markdown, many.as_bytes(), &limits),
        Err(ReadError::TooMuchText { limit: 100_000 })
    );
    assert_eq!(read(Format::Markdown, many).unwrap().sections.len(), 2_001);
}
