use std::fmt;

use bytes::Bytes;
use futures_core::Stream;
use multer::Multipart;
use serde::de::DeserializeOwned;

use super::{ByteStream, FormError, fields};
use crate::error::{Failure, ProcedureError};

/// A form: text fields as a struct, and files as they arrive.
///
/// The fields are those in front of the first file, because what follows a file has not arrived when the procedure
/// begins: clients append the files last.
///
/// ```
/// use serde::Deserialize;
/// use tintype::{Form, FormError, mutation};
///
/// #[derive(Deserialize)]
/// pub struct Upload {
///     album: String,
///     tags: Vec<String>,
/// }
///
/// /// Counts the bytes of the pictures.
/// #[mutation(state = ())]
/// pub async fn upload(input: Form<Upload>) -> Result<u32, FormError> {
///     let Form { fields, mut entries } = input;
///     let mut bytes = 0;
///     while let Some(mut picture) = entries.next().await? {
///         while let Some(piece) = picture.chunk().await? {
///             bytes += u32::try_from(piece.len()).unwrap_or(u32::MAX);
///         }
///     }
///     println!("{bytes} bytes for {} with {:?}", fields.album, fields.tags);
///     Ok(bytes)
/// }
/// ```
#[derive(Debug)]
pub struct Form<T> {
    /// The text fields, converted by serde: numbers, booleans and enums are read from their text, a list from every
    /// field of its name.
    pub fields: T,
    /// The first file and everything after it.
    pub entries: FormEntries,
}

/// The entries of a form in their order: the input of a procedure that reads any form.
pub struct FormEntries {
    multipart: Multipart<'static>,
    limits: FormLimits,
    seen: u32,
    /// An entry that was read to find the end of the fields, and is the next.
    next: Option<multer::Field<'static>>,
}

/// One entry of a form: a text, or a file.
pub struct FormEntry<'a> {
    field: multer::Field<'static>,
    limit: u32,
    left: u32,
    // Holds the form, so that there is one entry at a time.
    _form: &'a mut FormEntries,
}

/// What a form may have, with defaults that are safe for a public server.
///
/// The size of the form as a whole is up to the host.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct FormLimits {
    /// Most entries; 100 by default.
    pub entries: u32,
    /// Most bytes of a text; 64 KiB by default.
    pub text_bytes: u32,
    /// Most bytes of a file; 8 MiB by default.
    pub file_bytes: u32,
}

impl Default for FormLimits {
    fn default() -> Self {
        Self { entries: 100, text_bytes: 64 * 1024, file_bytes: 8 * 1024 * 1024 }
    }
}

impl FormEntries {
    /// Reads a body with the `content_type` that it came with.
    ///
    /// # Errors
    ///
    /// [`FormError::Malformed`] if it names no boundary.
    pub fn new(
        content_type: &str,
        body: impl Stream<Item = Result<Bytes, Failure>> + Send + 'static,
        limits: FormLimits,
    ) -> Result<Self, FormError> {
        let boundary = multer::parse_boundary(content_type).map_err(|error| FormError::from_multer(&error))?;
        Ok(Self { multipart: Multipart::new(ByteStream::new(body), boundary), limits, seen: 0, next: None })
    }

    /// The next entry; what was not read of the one before is skipped.
    ///
    /// # Errors
    ///
    /// Why the form could not be read further.
    pub async fn next(&mut self) -> Result<Option<FormEntry<'_>>, FormError> {
        let field = self.next_field().await?;
        Ok(field.map(|field| self.entry(field)))
    }

    async fn next_field(&mut self) -> Result<Option<multer::Field<'static>>, FormError> {
        if let Some(field) = self.next.take() {
            return Ok(Some(field));
        }
        let field = self.multipart.next_field().await.map_err(|error| FormError::from_multer(&error))?;
        if field.is_some() {
            self.seen += 1;
            if self.seen > self.limits.entries {
                return Err(FormError::TooManyEntries { limit: self.limits.entries });
            }
        }
        Ok(field)
    }

    fn entry(&mut self, field: multer::Field<'static>) -> FormEntry<'_> {
        let limit = if field.file_name().is_some() { self.limits.file_bytes } else { self.limits.text_bytes };
        FormEntry { field, limit, left: limit, _form: self }
    }

    /// Reads the text fields in front of the first file.
    pub(crate) async fn into_form<T: DeserializeOwned>(mut self) -> Result<Form<T>, Failure> {
        let mut texts = Vec::new();
        while let Some(field) = self.next_field().await.map_err(FormError::into_failure)? {
            if field.file_name().is_some() {
                self.next = Some(field);
                break;
            }
            let name = field.name().unwrap_or_default().to_owned();
            texts.push((name, self.entry(field).text().await.map_err(FormError::into_failure)?));
        }
        Ok(Form { fields: fields::parse(texts)?, entries: self })
    }
}

impl FormEntry<'_> {
    /// The name of the field.
    #[must_use]
    pub fn name(&self) -> &str {
        self.field.name().unwrap_or_default()
    }

    /// The name of the file; `None` if the entry is a text.
    #[must_use]
    pub fn file_name(&self) -> Option<&str> {
        self.field.file_name()
    }

    /// The media type, if the client gave one.
    #[must_use]
    pub fn content_type(&self) -> Option<&str> {
        self.field.content_type().map(AsRef::as_ref)
    }

    /// The next piece of the content; `None` at its end.
    ///
    /// # Errors
    ///
    /// Why the form could not be read further.
    pub async fn chunk(&mut self) -> Result<Option<Bytes>, FormError> {
        let chunk = self.field.chunk().await.map_err(|error| FormError::from_multer(&error))?;
        if let Some(chunk) = &chunk {
            let length = u32::try_from(chunk.len()).unwrap_or(u32::MAX);
            self.left = self
                .left
                .checked_sub(length)
                .ok_or_else(|| FormError::EntryTooLarge { name: self.name().to_owned(), limit: self.limit })?;
        }
        Ok(chunk)
    }

    /// The whole content, in memory.
    ///
    /// # Errors
    ///
    /// Why the form could not be read further.
    pub async fn bytes(mut self) -> Result<Bytes, FormError> {
        let Some(first) = self.chunk().await? else { return Ok(Bytes::new()) };
        let mut whole = Vec::from(first);
        while let Some(more) = self.chunk().await? {
            whole.extend_from_slice(&more);
        }
        Ok(whole.into())
    }

    /// The whole content as text; what is not UTF-8 becomes replacement characters, as in browsers.
    ///
    /// # Errors
    ///
    /// Why the form could not be read further.
    pub async fn text(self) -> Result<String, FormError> {
        Ok(String::from_utf8_lossy(&self.bytes().await?).into_owned())
    }
}

impl fmt::Debug for FormEntries {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FormEntries").field("seen", &self.seen).finish_non_exhaustive()
    }
}

impl fmt::Debug for FormEntry<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FormEntry")
            .field("name", &self.name())
            .field("file_name", &self.file_name())
            .finish_non_exhaustive()
    }
}
