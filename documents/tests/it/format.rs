use documents::Format;

#[track_caller]
fn check(name: &str, media_type: &str, bytes: impl AsRef<[u8]>, expected: Result<Format, &str>) {
    let given = |text: &'static str| (!text.is_empty()).then_some(text);
    let (name, media_type) = (String::from(name).leak(), String::from(media_type).leak());
    let found = Format::sniff(given(name), given(media_type), bytes.as_ref());

    assert_eq!(found.as_ref().map_err(|error| error.found.as_str()), expected.as_ref().map_err(|found| *found));
}

#[test]
fn the_first_bytes_decide_over_name_and_media_type() {
    check("notes.txt", "text/plain", "%PDF-1.7\n", Ok(Format::Pdf));
    check("notes.txt", "text/plain", "rubbish\n%PDF-1.7\n", Ok(Format::Pdf));
    check("report.pdf", "application/pdf", "PK\x03\x04", Err("an office document or ZIP archive"));
    check("photo.md", "text/markdown", b"\xff\xd8\xff\xe0", Err("an image"));
}

#[test]
fn names_say_more_than_what_browsers_say_of_everything() {
    check("README.MD", "application/octet-stream", "# Hello", Ok(Format::Markdown));
    check("page.htm", "text/plain", "hello", Ok(Format::Html));
    check("notes.unknown", "", "hello", Ok(Format::Text));
    check("notes", "text/markdown; charset=utf-8", "hello", Ok(Format::Markdown));
    check("main.rs", "text/x-rust", "fn main() {}", Ok(Format::Text));
}

#[test]
fn pages_without_a_name_are_known_by_their_beginning() {
    check("", "", "\u{feff} <!DOCTYPE HTML><p>", Ok(Format::Html));
    check("", "", "<HTML>", Ok(Format::Html));
    check("", "", "<p>", Ok(Format::Text));
    check("", "", "", Ok(Format::Text));
}

#[test]
fn what_is_no_text_is_refused_and_named() {
    check("a.bin", "", b"ab\0cd", Err("binary data"));
    check("a.txt", "", b"\xff\xfea\0b\0", Ok(Format::Text));
    check("a.mp4", "video/mp4", "x", Err("video/mp4"));
}

#[test]
fn all_but_plain_text_is_read_in_a_child() {
    let in_child = Format::ALL.map(|format| (format, format.needs_child()));

    assert_eq!(in_child, [(Format::Text, false), (Format::Markdown, true), (Format::Html, true), (Format::Pdf, true)]);
}
