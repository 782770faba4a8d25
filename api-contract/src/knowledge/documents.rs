//! A workspace's documents: added, listed, opened, deleted.

use ::documents::Format;
use db::{
    DbError, DocumentId,
    knowledge::documents::{self, Added, NewDocument},
};
use garde::Validate;
use sha2::{Digest, Sha256};
use tintype::{Form, prelude::*, wire::SafeUint};

use super::{Document, DocumentEvent, DocumentFormat};
use crate::{
    AppState, OutboxError,
    auth::{Session, Success},
    cursor,
    money::to_wire,
    outbox::Transaction,
    text::{not_blank, storable},
    upload::{NoUpload, first_file},
};

/// Which documents to list.
#[derive(Debug, Default, Serialize, Deserialize, Type, Validate, Rules)]
pub struct ListDocuments {
    /// The `nextCursor` of the page before.
    #[garde(skip)]
    pub cursor: Option<String>,
    /// How many, 1 to 100; 50 without it.
    #[garde(range(min = 1, max = 100))]
    pub limit: Option<u32>,
}

/// Some documents, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct DocumentPage {
    /// The documents.
    pub items: Vec<Document>,
    /// Where the next page begins; `null` if this is the last.
    pub next_cursor: Option<String>,
}

/// A document that is to be, which follows as a file.
#[derive(Debug, Default, Serialize, Deserialize, Type, Validate, Rules)]
pub struct AddDocument {
    /// What it is called, 1 to 200 characters; the name of the file without it.
    #[garde(length(chars, min = 1, max = 200), inner(custom(not_blank), custom(storable)))]
    pub title: Option<String>,
}

/// A document that was added.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct AddedDocument {
    /// The document.
    pub document: Document,
    /// Whether a document with the same content was there already, and this is it.
    pub was_present: bool,
}

/// Which document, and which part of it.
#[derive(Debug, Serialize, Deserialize, Type, Validate, Rules)]
pub struct OpenDocument {
    /// Its id.
    #[garde(skip)]
    pub id: DocumentId,
    /// The first character (Unicode scalar value) of the part; 0 without it.
    #[garde(skip)]
    pub from: Option<u32>,
    /// How many characters, 1 to 100,000; 50,000 without it.
    #[garde(range(min = 1, max = 100_000))]
    pub limit: Option<u32>,
}

/// A part of a document's text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct OpenedDocument {
    /// The document.
    pub document: Document,
    /// The first character of the part.
    pub from: u32,
    /// The part; empty until the document is read, and behind its end.
    pub text: String,
}

/// Which document to delete.
#[derive(Debug, Serialize, Deserialize, Type)]
pub struct DeleteDocument {
    /// Its id.
    pub id: DocumentId,
}

/// Why documents were not listed.
#[derive(Debug, thiserror::Error, Serialize, Deserialize, Type, ProcedureError)]
#[serde(tag = "kind", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ListDocumentsError {
    /// The cursor is not one of this server's.
    #[error("{cursor:?} is not a cursor: pass the nextCursor of a page as it is")]
    #[code(BAD_REQUEST)]
    InvalidCursor {
        /// The cursor that was passed.
        cursor: String,
    },
    /// The database failed.
    #[error("the documents could not be read")]
    #[internal]
    #[serde(skip)]
    Storage(#[from] DbError),
}

/// Why a call about a document failed.
#[derive(Debug, thiserror::Error, Serialize, Deserialize, Type, ProcedureError)]
#[serde(tag = "kind", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum DocumentError {
    /// The workspace has no such document.
    #[error("no document {id} in this workspace")]
    #[code(NOT_FOUND)]
    DocumentNotFound {
        /// The id that was asked for.
        id: DocumentId,
    },
    /// The database failed.
    #[error("the document could not be read or written")]
    #[internal]
    #[serde(skip)]
    Storage(#[from] DbError),
    /// The change could not be announced, so it was not made.
    #[error("the change could not be announced")]
    #[internal]
    #[serde(skip)]
    Announcement(#[from] OutboxError),
}

/// Why a document was not added.
#[derive(Debug, thiserror::Error, Serialize, Deserialize, Type, ProcedureError)]
#[serde(tag = "kind", rename_all = "SCREAMING_SNAKE_CASE", rename_all_fields = "camelCase")]
pub enum AddDocumentError {
    /// The form has no file.
    #[error("there is no document: send it as a file, after the fields")]
    #[code(BAD_REQUEST)]
    NoFile,
    /// The file is empty.
    #[error("the file is empty: send one with text")]
    #[code(BAD_REQUEST)]
    EmptyFile,
    /// The file is too large.
    #[error("the file has more than {limit_bytes} bytes: split it")]
    #[code(PAYLOAD_TOO_LARGE)]
    DocumentTooLarge {
        /// Most bytes.
        limit_bytes: SafeUint,
    },
    /// It is none of the formats that can be read.
    #[error("{found} cannot be read: save it as a PDF, HTML, Markdown or plain text")]
    #[code(UNSUPPORTED_MEDIA_TYPE)]
    UnsupportedDocument {
        /// What it is, as far as that is known.
        found: String,
    },
    /// The workspace has as many documents as it may.
    #[error("this workspace has {limit} documents, which are the most: delete one that is not needed")]
    #[code(CONFLICT)]
    TooManyDocuments {
        /// The most.
        limit: u32,
    },
    /// The form did not arrive as it should.
    #[error("{reason}")]
    #[code(BAD_REQUEST)]
    BrokenForm {
        /// What is wrong with it.
        reason: String,
    },
    /// The database failed.
    #[error("the document could not be stored")]
    #[internal]
    #[serde(skip)]
    Storage(#[from] DbError),
    /// The change could not be announced, so it was not made.
    #[error("the change could not be announced")]
    #[internal]
    #[serde(skip)]
    Announcement(#[from] OutboxError),
}

/// How many documents a page has unless the caller says.
const DEFAULT_LIMIT: u32 = 50;

/// How many characters of a document are read unless the caller says.
const DEFAULT_CHARACTERS: u32 = 50_000;

/// The workspace's documents, newest first.
#[query]
pub async fn list(
    session: Session,
    state: State<AppState>,
    input: Option<ListDocuments>,
) -> Result<DocumentPage, ListDocumentsError> {
    let ListDocuments { cursor, limit } = input.unwrap_or_default();
    let cursor = cursor::parse(cursor).map_err(|cursor| ListDocumentsError::InvalidCursor { cursor })?;
    let page = documents::newest_first(&session.db(&state.0), cursor, limit.unwrap_or(DEFAULT_LIMIT)).await?;
    Ok(DocumentPage {
        items: page.items.into_iter().map(Document::from).collect(),
        next_cursor: page.next.map(|cursor| cursor.to_string()),
    })
}

/// A part of a document's text, to show what was found in its place.
#[query]
pub async fn open(
    session: Session,
    state: State<AppState>,
    input: OpenDocument,
) -> Result<OpenedDocument, DocumentError> {
    let OpenDocument { id, from, limit } = input;
    let (from, limit) = (from.unwrap_or(0), limit.unwrap_or(DEFAULT_CHARACTERS));
    let found = documents::with_text(&session.db(&state.0), id, from, limit).await?;
    let (document, text) = found.ok_or(DocumentError::DocumentNotFound { id })?;
    Ok(OpenedDocument { document: document.into(), from, text })
}

/// Adds a document, which is sent as the file of a form, and returns at once: it is read in the background.
///
/// The same content twice is one document.
#[mutation(invalidates(list))]
pub async fn add(
    session: Session,
    state: State<AppState>,
    changes: Topic<DocumentEvent>,
    input: Form<AddDocument>,
) -> Result<AddedDocument, AddDocumentError> {
    let Form { fields, entries } = input;
    let state = state.0;
    let limits = &state.ai().knowledge.limits;
    let file = first_file(entries, limits.document_bytes).await.map_err(|none| match none {
        NoUpload::Missing => AddDocumentError::NoFile,
        NoUpload::TooLarge => {
            let limit = i64::try_from(limits.document_bytes).unwrap_or(i64::MAX);
            AddDocumentError::DocumentTooLarge { limit_bytes: to_wire(limit) }
        }
        NoUpload::Broken { reason } => AddDocumentError::BrokenForm { reason },
    })?;
    if file.bytes.is_empty() {
        return Err(AddDocumentError::EmptyFile);
    }
    let format = Format::sniff(file.name.as_deref(), file.media_type.as_deref(), &file.bytes)
        .map_err(|unknown| AddDocumentError::UnsupportedDocument { found: unknown.found })?;
    let title_of_fields = fields.title.map(|title| title.trim().to_owned());
    let title = title_of_fields.or_else(|| title(file.name.as_deref()?));
    let new = NewDocument {
        title: title.unwrap_or_else(|| "Untitled".to_owned()),
        format: DocumentFormat::from(format).as_str().to_owned(),
        content_hash: Sha256::digest(&file.bytes).into(),
        bytes: file.bytes.into(),
        added_by: session.active.account.user.id,
    };
    let db = session.db(&state);
    let work = async |tx: &mut Transaction<db::TenantDb>| {
        let added = documents::add(tx, new).await?;
        let (document, was_present) = match added {
            Added::New(document) => {
                if documents::count(tx).await? > i64::from(limits.documents) {
                    return Err(AddDocumentError::TooManyDocuments { limit: limits.documents });
                }
                (Document::from(document), false)
            }
            Added::Again(document) => (document.into(), false),
            Added::Present(document) => (document.into(), true),
        };
        if !was_present {
            changes.publish_in(tx, &DocumentEvent::Changed { document: document.clone() }).await?;
        }
        Ok(AddedDocument { document, was_present })
    };
    let added = state.outbox().transaction(db.begin().await?, db.tenant_id(), work).await?;
    state.indexing().look();
    Ok(added)
}

/// Deletes a document, and all that was made of it.
#[mutation(invalidates(list))]
pub async fn delete(
    session: Session,
    state: State<AppState>,
    changes: Topic<DocumentEvent>,
    input: DeleteDocument,
) -> Result<Success, DocumentError> {
    let (db, id) = (session.db(&state.0), input.id);
    let work = async |tx: &mut Transaction<db::TenantDb>| {
        if !documents::delete(tx, id).await? {
            return Err(DocumentError::DocumentNotFound { id });
        }
        changes.publish_in(tx, &DocumentEvent::Deleted { id }).await?;
        Ok(Success { success: true })
    };
    state.0.outbox().transaction(db.begin().await?, db.tenant_id(), work).await
}

/// The name of a file without its folder and ending, if that can be a title.
fn title(name: &str) -> Option<String> {
    let name = name.rsplit(['/', '\\']).next()?;
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let title: String = stem.chars().filter(|char| !char.is_control()).take(200).collect();
    let title = title.trim();
    (!title.is_empty()).then(|| title.to_owned())
}
