//! From bytes to characters.

use std::borrow::Cow;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8};

use crate::ReadError;

/// How many characters there must be for one that cannot be read.
const CHARACTERS_PER_FAULT: usize = 200;

/// Decodes a text: by its byte order mark, else by the encoding that it names, else as UTF-8 if it is that, else by
/// what it most looks like.
///
/// A text with a few bytes that are wrong is still read; they become U+FFFD.
pub(crate) fn decode<'a>(bytes: &'a [u8], named: Option<&'static Encoding>) -> Result<Cow<'a, str>, ReadError> {
    if let Some((encoding, length)) = Encoding::for_bom(bytes) {
        return decode_as(encoding, &bytes[length..]);
    }
    if let Some(named) = named {
        return decode_as(named, bytes);
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(Cow::Borrowed(text)),
        // One broken character does not make another encoding of it.
        Err(_) if is_mostly_utf8(bytes) => decode_as(UTF_8, bytes),
        Err(_) => {
            let mut detector = EncodingDetector::new(Iso2022JpDetection::Allow);
            detector.feed(bytes, true);
            decode_as(detector.guess(None, Utf8Detection::Deny), bytes)
        }
    }
}

fn decode_as<'a>(encoding: &'static Encoding, bytes: &'a [u8]) -> Result<Cow<'a, str>, ReadError> {
    let (text, is_faulty) = encoding.decode_without_bom_handling(bytes);
    if is_faulty {
        let faults = text.chars().filter(|char| *char == char::REPLACEMENT_CHARACTER).count();
        if faults.saturating_mul(CHARACTERS_PER_FAULT) > text.chars().count().max(CHARACTERS_PER_FAULT) {
            return Err(ReadError::WrongEncoding { encoding: encoding.name().to_owned() });
        }
    }
    Ok(text)
}

/// Whether it has characters of several bytes, as UTF-8 writes them, and hardly anything else that is not ASCII.
fn is_mostly_utf8(bytes: &[u8]) -> bool {
    let long = |text: &str| text.chars().filter(|char| !char.is_ascii()).count();
    let (mut good, mut bad) = (0, 0);
    for chunk in bytes.utf8_chunks() {
        good += long(chunk.valid());
        bad += usize::from(!chunk.invalid().is_empty());
    }
    good >= bad.saturating_mul(8)
}

/// Refuses what is no text though it can be decoded.
pub(crate) fn refuse_binary(text: &str) -> Result<(), ReadError> {
    let is_odd = |char: &char| char.is_control() && !matches!(char, '\t' | '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{1b}');
    let odd = text.chars().filter(is_odd).count();
    if text.contains('\0') || odd.saturating_mul(CHARACTERS_PER_FAULT) > text.chars().count().max(CHARACTERS_PER_FAULT)
    {
        return Err(ReadError::Binary);
    }
    Ok(())
}
