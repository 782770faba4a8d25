use documents::{Format, Limits, ReadError};
use proptest::prelude::*;

use crate::read;

#[track_caller]
fn check(bytes: impl AsRef<[u8]>, expected: &str) {
    assert_eq!(read(Format::Text, bytes).unwrap().text, expected);
}

#[test]
fn encodings_are_told_apart() {
    check("Grüße, мир", "Grüße, мир");
    check(b"\xef\xbb\xbfGr\xc3\xbc\xc3\x9fe", "Grüße");
    check(b"\xff\xfeG\0r\0\xfc\0", "Grü");
    check(b"\xfe\xff\0G\0r\0\xfc", "Grü");
    check(
        b"Die sch\xf6nen Gr\xfc\xdfe aus M\xfcnchen k\xf6nnen warten.",
        "Die schönen Grüße aus München können warten.",
    );
    let russian =
        b"\xcf\xf0\xe8\xe2\xe5\xf2, \xec\xe8\xf0! \xca\xe0\xea \xe4\xe5\xeb\xe0 \xf1\xe5\xe3\xee\xe4\xed\xff?";
    check(russian, "Привет, мир! Как дела сегодня?");
}

#[test]
fn one_broken_character_makes_no_other_encoding_of_a_text() {
    let mut bytes = "Grüße aus München, ".repeat(20).into_bytes();
    bytes.extend(b"und \xc3 weiter");

    let text = read(Format::Text, bytes).unwrap().text;

    assert!(text.starts_with("Grüße aus München") && text.ends_with("und \u{fffd} weiter"), "{text}");
}

#[test]
fn a_text_that_is_not_what_its_mark_says_is_refused() {
    let mut bytes = b"\xef\xbb\xbf".to_vec();
    bytes.extend(b"\xfc\xf6\xe4".repeat(100));

    assert_eq!(read(Format::Text, bytes), Err(ReadError::WrongEncoding { encoding: "UTF-8".to_owned() }));
}

#[test]
fn binary_data_and_nothing_are_refused() {
    assert_eq!(read(Format::Text, b"a\0b"), Err(ReadError::Binary));
    assert_eq!(read(Format::Text, b"\x01\x02\x03 abc"), Err(ReadError::Binary));
    assert_eq!(read(Format::Markdown, b"a\0b"), Err(ReadError::Binary));
    assert_eq!(read(Format::Text, " \r\n\u{feff} \u{c}"), Err(ReadError::Empty));
    assert_eq!(read(Format::Text, ""), Err(ReadError::Empty));
}

#[test]
fn texts_have_one_form() {
    check("a\r\nb\rc\u{2028}d\u{85}e", "a\nb\nc\nd\ne");
    check("\n\n  a  \n\n\n\n\tb\u{7}\u{1b}c\n\n", "  a\n\n\tbc");
    check("u\u{308}ber \u{feff}co\u{ad}op", "über coop");
    check("e\u{8}\u{301}", "é");
}

#[test]
fn limits_hold() {
    let limits = Limits { bytes: 4, ..Limits::default() };
    let too_large = documents::read(Format::Text, b"hello", &limits);
    let limits = Limits { text_bytes: 4, ..Limits::default() };
    let too_much = documents::read(Format::Text, b"hello", &limits);
    let limits = Limits { chunks: 2, ..Limits::default() };
    let too_many = documents::read(Format::Text, "word ".repeat(1_000).as_bytes(), &limits);

    assert_eq!(too_large, Err(ReadError::TooLarge { bytes: 5, limit: 4 }));
    assert_eq!(too_much, Err(ReadError::TooMuchText { limit: 4 }));
    assert_eq!(too_many, Err(ReadError::TooManyChunks { chunks: 5, limit: 2 }));
}

#[test]
fn errors_cross_the_pipe_and_say_whether_to_try_again() {
    let errors = [
        (ReadError::Encrypted, false),
        (ReadError::TooLarge { bytes: 5, limit: 4 }, false),
        (ReadError::Damaged { reason: "it ends early".to_owned() }, false),
        (ReadError::NotStarted { reason: "no memory".to_owned() }, true),
        (ReadError::Stopped { how: "signal: 9".to_owned() }, true),
    ];
    for (error, is_transient) in errors {
        let json = serde_json::to_string(&error).unwrap();

        assert_eq!(serde_json::from_str::<ReadError>(&json).unwrap(), error, "{json}");
        assert_eq!(error.is_transient(), is_transient, "{json}");
    }
}

proptest! {
    #[test]
    fn reading_what_was_read_changes_nothing(bytes in any::<Vec<u8>>(), text in "(\\PC|\\s|\u{301}|\u{0}|\u{85}){0,80}") {
        for bytes in [&bytes[..], text.as_bytes()] {
            let Ok(document) = read(Format::Text, bytes) else { continue };
            prop_assert!(document.text.chars().all(|char| !char.is_control() || matches!(char, '\n' | '\t')));
            prop_assert_eq!(&read(Format::Text, &document.text).unwrap(), &document);
        }
    }
}
