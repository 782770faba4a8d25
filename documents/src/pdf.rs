//! The text of PDFs, page by page.

use std::{
    fmt,
    panic::{AssertUnwindSafe, catch_unwind},
};

use pdf_extract::{ConvertToFmt, Dictionary, Error, Object, PlainTextOutput, decode_text_string, output_doc_page};

use crate::{
    Document, Limits, ReadError,
    draft::{Draft, Gap},
};

/// Reads a PDF: a section for each page.
///
/// Objects that contain each other overflow the stack, and what is compressed can become any size: this is for a child
/// process.
pub(crate) fn read(bytes: &[u8], limits: &Limits) -> Result<Document, ReadError> {
    let mut pdf = calmly(|| open(bytes)).unwrap_or_else(|| Err(damaged("its structure cannot be read")))?;
    drop_images(&mut pdf);
    let pages = pdf.get_pages();
    if pages.is_empty() {
        return Err(damaged("it has no pages"));
    }
    if pages.len() > limits.pages {
        return Err(ReadError::TooManyPages { pages: pages.len(), limit: limits.pages });
    }
    let mut draft = Draft::new(limits);
    for number in pages.keys() {
        let text = page(&pdf, *number, limits)?;
        draft.page(*number);
        draft.block(Gap::Paragraph, &readable(&text))?;
    }
    match draft.finish(title(&pdf).as_deref()) {
        Err(ReadError::Empty) => Err(ReadError::NoText { pages: pages.len() }),
        result => result,
    }
}

fn open(bytes: &[u8]) -> Result<pdf_extract::Document, ReadError> {
    let mut pdf = pdf_extract::Document::load_mem(bytes).map_err(fault)?;
    if pdf.is_encrypted() {
        // Many can be read by everybody, and are encrypted so that nobody changes them.
        pdf.decrypt("").map_err(|_| ReadError::Encrypted)?;
    }
    Ok(pdf)
}

fn fault(error: Error) -> ReadError {
    match error {
        Error::InvalidPassword | Error::Decryption(_) | Error::UnsupportedSecurityHandler(_) => ReadError::Encrypted,
        error => damaged(&error.to_string()),
    }
}

fn damaged(reason: &str) -> ReadError {
    ReadError::Damaged { reason: reason.chars().take(200).collect() }
}

/// The text of a page, as it is laid out, or if that fails in the order in which it was written.
fn page(pdf: &pdf_extract::Document, number: u32, limits: &Limits) -> Result<String, ReadError> {
    let mut text = Bounded { text: String::new(), most: limits.text_bytes, is_full: false };
    let laid_out = calmly(|| {
        let mut output = PlainTextOutput::new(&mut text);
        output_doc_page(pdf, &mut output, number).is_ok()
    });
    if text.is_full {
        return Err(ReadError::TooMuchText { limit: limits.text_bytes });
    }
    if laid_out == Some(true) {
        return Ok(text.text);
    }
    let written = calmly(|| pdf.extract_text(&[number]).ok()).flatten();
    written.ok_or_else(|| damaged(&format!("page {number} cannot be read")))
}

/// Where a page is written, until it is too much.
#[derive(Debug)]
struct Bounded {
    text: String,
    most: usize,
    is_full: bool,
}

impl fmt::Write for &mut Bounded {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        if self.text.len() + text.len() > self.most {
            self.is_full = true;
            return Err(fmt::Error);
        }
        self.text.push_str(text);
        Ok(())
    }
}

impl<'a> ConvertToFmt for &'a mut Bounded {
    type Writer = Self;

    fn convert(self) -> &'a mut Bounded {
        self
    }
}

/// Forgets what is in images: the library would read it as if it were text.
fn drop_images(pdf: &mut pdf_extract::Document) {
    for object in pdf.objects.values_mut() {
        if let Object::Stream(stream) = object
            && is_image(&stream.dict)
        {
            stream.dict.remove(b"Filter");
            stream.dict.remove(b"DecodeParms");
            stream.set_content(Vec::new());
        }
    }
}

fn is_image(dictionary: &Dictionary) -> bool {
    dictionary.get(b"Subtype").and_then(Object::as_name).is_ok_and(|subtype| subtype == b"Image")
}

fn title(pdf: &pdf_extract::Document) -> Option<String> {
    let info = pdf.trailer.get(b"Info").ok()?;
    let (_, info) = pdf.dereference(info).ok()?;
    let (_, title) = pdf.dereference(info.as_dict().ok()?.get(b"Title").ok()?).ok()?;
    calmly(|| decode_text_string(title).ok()).flatten()
}

/// The library panics at what it does not expect.
fn calmly<T>(read: impl FnOnce() -> T) -> Option<T> {
    catch_unwind(AssertUnwindSafe(read)).ok()
}

/// Words as they are spoken: letters that are drawn as one, and words that are broken at the end of a line.
fn readable(text: &str) -> String {
    let mut readable = String::with_capacity(text.len());
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        let line = line.trim();
        let goes_on = lines.peek().is_some_and(|next| next.trim_start().starts_with(char::is_lowercase));
        match line.strip_suffix('-') {
            Some(start) if goes_on && start.ends_with(char::is_alphabetic) => push(&mut readable, start),
            _ => {
                push(&mut readable, line);
                readable.push('\n');
            }
        }
    }
    readable
}

fn push(readable: &mut String, line: &str) {
    for char in line.chars() {
        match char {
            'ﬀ' => readable.push_str("ff"),
            'ﬁ' => readable.push_str("fi"),
            'ﬂ' => readable.push_str("fl"),
            'ﬃ' => readable.push_str("ffi"),
            'ﬄ' => readable.push_str("ffl"),
            'ﬅ' | 'ﬆ' => readable.push_str("st"),
            char if char.is_whitespace() => {
                if !readable.ends_with([' ', '\n']) {
                    readable.push(' ');
                }
            }
            char => readable.push(char),
        }
    }
}
