//! A file that comes with a form.

use bytes::Bytes;
use tintype::{FormEntries, FormError};

/// A file.
pub(crate) struct Upload {
    /// What it is called where it comes from.
    pub(crate) name: Option<String>,
    /// What it is, as the client says.
    pub(crate) media_type: Option<String>,
    /// What is in it.
    pub(crate) bytes: Bytes,
}

/// Why there is no file.
pub(crate) enum NoUpload {
    /// The form has none.
    Missing,
    /// It has more bytes than allowed.
    TooLarge,
    /// The form cannot be read.
    Broken { reason: String },
}

impl From<FormError> for NoUpload {
    fn from(error: FormError) -> Self {
        match error {
            FormError::EntryTooLarge { .. } | FormError::TooLarge => Self::TooLarge,
            error => Self::Broken { reason: error.to_string() },
        }
    }
}

/// The first file of a form, with at most `limit` bytes.
pub(crate) async fn first_file(mut entries: FormEntries, limit: usize) -> Result<Upload, NoUpload> {
    let mut entry = entries.next().await?.ok_or(NoUpload::Missing)?;
    let (name, media_type) = (entry.file_name().map(str::to_owned), entry.content_type().map(str::to_owned));
    let mut bytes = Vec::new();
    while let Some(chunk) = entry.chunk().await? {
        if bytes.len() + chunk.len() > limit {
            return Err(NoUpload::TooLarge);
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(Upload { name, media_type, bytes: bytes.into() })
}
