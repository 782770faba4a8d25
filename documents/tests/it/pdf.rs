use std::time::Duration;

use documents::{ChunkSize, Format, Limits, ReadError};
use pdf_extract::{Object, Stream, dictionary};

use crate::{
    pdf_file::{PdfFile, bomb},
    read_in_child,
};

async fn read(pdf: impl AsRef<[u8]>) -> Result<documents::Document, ReadError> {
    read_in_child(Format::Pdf, pdf, &Limits::default()).await
}

#[tokio::test]
async fn pages_are_sections_and_chunks_name_them() {
    let long = "The quick brown fox jumps over the lazy dog.\n".repeat(30);
    let mut pdf = PdfFile::of(&["First page\nof the exam-\nple", "", "Third page", &long]);
    pdf.titled(Object::string_literal("The report"));
    let document = read(pdf.finish()).await.unwrap();

    assert_eq!(document.title.as_deref(), Some("The report"));
    assert!(
        document.text.starts_with("First page\nof the example\n\nThird page\n\nThe quick brown"),
        "{}",
        document.text
    );
    let pages: Vec<Option<u32>> = document.sections.iter().map(|section| section.page).collect();
    assert_eq!(pages, [Some(1), Some(3), Some(4)]);
    assert!(document.sections.iter().all(|section| section.heading_path.is_empty()));
    let chunks = documents::chunks(&document, ChunkSize::default());
    let paths: Vec<&str> = chunks.iter().map(|chunk| &*chunk.heading_path[0]).collect();
    assert_eq!(paths, ["Pages 1–3", "Page 4"]);
}

#[tokio::test]
async fn images_are_not_read_as_if_they_were_text() {
    let mut pdf = PdfFile::new();
    let dictionary = dictionary! { "Type" => "XObject", "Subtype" => "Image", "Width" => 1, "Height" => 1 };
    pdf.drawing("Im1", Stream::new(dictionary, b"BT /F1 12 Tf 50 600 Td (in the image) Tj ET".to_vec()));
    pdf.page(Stream::new(dictionary! {}, b"/Im1 Do BT /F1 12 Tf 50 700 Td (on the page) Tj ET".to_vec()));

    assert_eq!(read(pdf.finish()).await.unwrap().text, "on the page");
}

#[tokio::test]
async fn a_page_that_one_reader_fails_at_is_read_by_another() {
    let mut pdf = PdfFile::new();
    // An operator without what it needs.
    pdf.page(Stream::new(dictionary! {}, b"BT /F1 12 Tf 50 700 Td (before) Tj 1 Td (after) Tj ET".to_vec()));

    let text = read(pdf.finish()).await.unwrap().text;

    assert!(text.contains("before") && text.contains("after"), "{text}");
}

#[tokio::test]
async fn encrypted_documents_are_read_if_everybody_may() {
    let (locked, open) = (PdfFile::of(&["secret"]).encrypted("user"), PdfFile::of(&["for all"]).encrypted(""));

    assert_eq!(read(locked).await, Err(ReadError::Encrypted));
    assert_eq!(read(open).await.unwrap().text, "for all");
}

#[tokio::test]
async fn scans_are_told_from_empty_texts() {
    assert_eq!(read(PdfFile::of(&["", ""]).finish()).await, Err(ReadError::NoText { pages: 2 }));
}

#[tokio::test]
async fn what_is_cut_off_or_no_pdf_is_damaged() {
    let whole = PdfFile::of(&["page"; 20]).finish();
    for damaged in [&whole[..whole.len() / 2], b"%PDF-1.7\n", b"no pdf", b""] {
        let error = read(damaged).await.unwrap_err();

        assert!(matches!(error, ReadError::Damaged { .. }), "{error:?}");
    }
}

#[tokio::test]
async fn no_byte_that_is_changed_does_more_than_an_error() {
    let whole = PdfFile::of(&["page"; 3]).finish();
    for at in (0..whole.len()).step_by(31) {
        let mut changed = whole.clone();
        changed[at] ^= 0x15;
        match read(&changed).await {
            Ok(_) | Err(ReadError::Damaged { .. } | ReadError::NoText { .. } | ReadError::Encrypted) => {}
            Err(error) => panic!("byte {at}: {error:?}"),
        }
    }
}

#[tokio::test]
async fn parts_that_contain_each_other_are_an_error() {
    let mut pdf = PdfFile::new();
    let form = Stream::new(dictionary! { "Type" => "XObject", "Subtype" => "Form" }, b"/Fm1 Do".to_vec());
    pdf.drawing("Fm1", form);
    pdf.page(Stream::new(dictionary! {}, b"/Fm1 Do".to_vec()));

    let error = read(pdf.finish()).await.unwrap_err();

    assert_eq!(error, ReadError::Damaged { reason: "its parts contain one another".to_owned() });
}

#[tokio::test]
async fn parts_that_multiply_each_other_end_with_the_time() {
    let limits = Limits { time: Duration::from_millis(500), ..Limits::default() };

    let error = read_in_child(Format::Pdf, PdfFile::that_takes_ages(), &limits).await;

    assert_eq!(error, Err(ReadError::TooLong { seconds: 0 }));
}

#[tokio::test]
async fn a_tree_of_pages_that_is_none_is_an_error() {
    let mut pdf = PdfFile::of(&["page"]);
    pdf.repeat_pages(1_000);
    let repeated = read(pdf.finish()).await;
    // The pages are the first object, and so would be their first page.
    let mut looping = PdfFile::of(&["page"]).finish();
    let kids = looping.windows(6).position(|window| window == b"/Kids[").unwrap() + 6;
    looping[kids] = b'1';
    let looping = read(looping).await;

    assert!(repeated.is_ok() || matches!(repeated, Err(ReadError::TooManyPages { .. })), "{repeated:?}");
    assert!(matches!(looping, Err(ReadError::Damaged { .. })), "{looping:?}");
}

#[tokio::test]
async fn there_are_no_more_pages_than_allowed() {
    let limits = Limits { pages: 2, ..Limits::default() };
    let pdf = PdfFile::of(&["page"; 3]).finish();

    let error = read_in_child(Format::Pdf, pdf, &limits).await;

    assert_eq!(error, Err(ReadError::TooManyPages { pages: 3, limit: 2 }));
}

#[tokio::test]
async fn a_page_has_no_more_text_than_allowed() {
    let limits = Limits { text_bytes: 1_000, ..Limits::default() };
    let pdf = PdfFile::of(&[&"many words ".repeat(200)]).finish();

    let error = read_in_child(Format::Pdf, pdf, &limits).await;

    assert_eq!(error, Err(ReadError::TooMuchText { limit: 1_000 }));
}

#[tokio::test]
async fn what_grows_without_end_ends_with_the_memory() {
    let mut pdf = PdfFile::new();
    pdf.page(bomb(300));
    let pdf = pdf.finish();
    assert!(pdf.len() < 1 << 20);
    let limits = Limits { memory_bytes: 64 << 20, ..Limits::default() };

    let error = read_in_child(Format::Pdf, pdf, &limits).await;

    assert_eq!(error, Err(ReadError::TooMuchMemory { limit: 64 << 20 }));
}

#[tokio::test]
async fn documents_are_read_with_little_memory() {
    let limits = Limits { memory_bytes: 12 << 20, ..Limits::default() };
    let pdf = PdfFile::of(&["words"; 100]).finish();

    assert_eq!(read_in_child(Format::Pdf, pdf, &limits).await.unwrap().sections.len(), 100);
}
