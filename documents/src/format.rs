use serde::{Deserialize, Serialize};

/// What a document is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// Plain text.
    Text,
    /// CommonMark with the extensions that GitHub has.
    Markdown,
    /// HTML of any age.
    Html,
    /// PDF with text in it.
    Pdf,
}

/// The document is in none of the formats.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{found} cannot be read: save it as a PDF, HTML, Markdown or plain text")]
pub struct UnknownFormat {
    /// What it is instead, as far as that is known.
    pub found: String,
}

/// How far into a document the header of a PDF may stand, as its readers tolerate it.
const PDF_HEADER_WITHIN: usize = 1_024;

/// First bytes of what is often uploaded and is none of the formats.
const OTHERS: &[(&[u8], &str)] = &[
    (b"PK\x03\x04", "an office document or ZIP archive"),
    (b"PK\x05\x06", "an office document or ZIP archive"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old office document"),
    (b"{\\rtf", "a document in Rich Text Format"),
    (b"\x89PNG\r\n\x1a\n", "an image"),
    (b"\xff\xd8\xff", "an image"),
    (b"GIF8", "an image"),
    (b"\x1f\x8b", "a compressed file"),
    (b"%!PS", "a PostScript document"),
    (b"\x7fELF", "a program"),
];

impl Format {
    /// Every format.
    pub const ALL: [Self; 4] = [Self::Text, Self::Markdown, Self::Html, Self::Pdf];

    /// Whether reading it belongs into a process of its own.
    ///
    /// All but plain text, which takes no more than a few times its size. Markdown of 8 MiB that is nothing but marks
    /// takes a gigabyte.
    #[must_use]
    pub fn needs_child(self) -> bool {
        self != Self::Text
    }

    /// The usual media type.
    #[must_use]
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Text => "text/plain",
            Self::Markdown => "text/markdown",
            Self::Html => "text/html",
            Self::Pdf => "application/pdf",
        }
    }

    /// Says what a document is: by its first bytes where those decide, else by its media type, its name, and what it
    /// looks like.
    ///
    /// # Errors
    ///
    /// It is none of the formats.
    pub fn sniff(name: Option<&str>, media_type: Option<&str>, bytes: &[u8]) -> Result<Self, UnknownFormat> {
        let start = &bytes[..bytes.len().min(PDF_HEADER_WITHIN)];
        if start.windows(5).any(|window| window == b"%PDF-") {
            return Ok(Self::Pdf);
        }
        if let Some((_, found)) = OTHERS.iter().find(|(magic, _)| bytes.starts_with(magic)) {
            return Err(UnknownFormat { found: (*found).to_owned() });
        }
        let media_type = media_type.map(essence).unwrap_or_default();
        let extension = name.and_then(|name| name.rsplit_once('.')).map(|(_, after)| after.to_ascii_lowercase());
        let by_name = extension.as_deref().and_then(by_extension);
        let format = match media_type.as_str() {
            "application/pdf" | "application/x-pdf" => Self::Pdf,
            "text/html" | "application/xhtml+xml" => Self::Html,
            "text/markdown" | "text/x-markdown" => Self::Markdown,
            // Browsers say one of these for whatever they do not know.
            "" | "text/plain" | "application/octet-stream" => match by_name {
                Some(format) => format,
                None if looks_like_html(start) => Self::Html,
                None => Self::Text,
            },
            "application/json" | "application/xml" | "application/yaml" | "application/x-yaml" => Self::Text,
            other if other.starts_with("text/") => by_name.unwrap_or(Self::Text),
            other => return Err(UnknownFormat { found: format!("{other:.100}") }),
        };
        match format {
            Self::Text | Self::Markdown if looks_binary(start) => {
                Err(UnknownFormat { found: "binary data".to_owned() })
            }
            format => Ok(format),
        }
    }
}

/// The media type without its parameters.
fn essence(media_type: &str) -> String {
    let essence = media_type.split_once(';').map_or(media_type, |(essence, _)| essence);
    essence.trim().to_ascii_lowercase()
}

fn by_extension(extension: &str) -> Option<Format> {
    match extension {
        "pdf" => Some(Format::Pdf),
        "html" | "htm" | "xhtml" => Some(Format::Html),
        "md" | "markdown" | "mdown" | "mkd" => Some(Format::Markdown),
        "txt" | "text" | "log" | "csv" | "tsv" | "json" | "xml" | "yaml" | "yml" | "toml" => Some(Format::Text),
        _ => None,
    }
}

fn looks_like_html(start: &[u8]) -> bool {
    let start = start.strip_prefix(b"\xef\xbb\xbf").unwrap_or(start).trim_ascii_start();
    [&b"<!doctype html"[..], b"<html"]
        .iter()
        .any(|tag| start.get(..tag.len()).is_some_and(|found| found.eq_ignore_ascii_case(tag)))
}

/// Zeros are in no text but UTF-16, which says so in its first bytes.
fn looks_binary(start: &[u8]) -> bool {
    let is_utf16 = start.starts_with(b"\xff\xfe") || start.starts_with(b"\xfe\xff");
    !is_utf16 && start.contains(&0)
}
