use chrono::{DateTime, Utc};
use db::{DocumentId, knowledge::documents};
use tintype::{TopicPayload, prelude::*, wire::SafeUint};

use crate::{AppState, auth::Session, money::to_wire};

/// A document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Document {
    /// Its id.
    pub id: DocumentId,
    /// What it is called, 1 to 200 characters.
    pub title: String,
    /// What it is.
    pub format: DocumentFormat,
    /// The size of its file.
    pub size_bytes: SafeUint,
    /// How far it is.
    pub state: DocumentState,
    /// Why it failed, or what it waits for, for a person.
    pub reason: Option<String>,
    /// The length of its text in characters (Unicode scalar values), once it is read.
    pub characters: SafeUint,
    /// The pieces of its text that can be found, once it is read.
    pub chunks: u32,
    /// Whether it can be found by its meaning too.
    pub has_vectors: bool,
    /// Who added it; `null` when the person is gone.
    pub added_by: Option<String>,
    /// When it was added.
    pub created_at: DateTime<Utc>,
    /// When its state changed.
    pub updated_at: DateTime<Utc>,
}

/// What a document is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum DocumentFormat {
    /// Plain text.
    Text,
    /// Markdown.
    Markdown,
    /// HTML.
    Html,
    /// PDF.
    Pdf,
}

/// How far a document is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum DocumentState {
    /// It waits to be read or embedded, or is just being; once it is read, its words can be found.
    Pending,
    /// It can be found.
    Indexed,
    /// It cannot be read.
    Failed,
}

/// A change to a workspace's documents.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub enum DocumentEvent {
    /// A document was added, or its state changed.
    Changed {
        /// The document as it is now.
        document: Document,
    },
    /// A document was deleted.
    Deleted {
        /// The id that it had.
        id: DocumentId,
    },
    /// Changes are missing here: load the list again.
    Gap,
}

impl TopicPayload<AppState> for DocumentEvent {
    type Scope = Session;
    const TOPIC: &'static str = "knowledge";

    fn gap() -> Self {
        Self::Gap
    }
}

/// The states of the workspace's documents as they change.
#[subscription]
pub async fn changed(changes: Topic<DocumentEvent>) -> Result<Subscription<DocumentEvent>, Never> {
    Ok(changes.subscribe())
}

impl From<documents::Document> for Document {
    fn from(document: documents::Document) -> Self {
        Self {
            id: document.id,
            title: document.title,
            format: DocumentFormat::from_stored(&document.format),
            size_bytes: to_wire(document.size_bytes),
            state: match document.state {
                documents::DocumentState::Pending => DocumentState::Pending,
                documents::DocumentState::Indexed => DocumentState::Indexed,
                documents::DocumentState::Failed => DocumentState::Failed,
            },
            reason: document.reason,
            characters: to_wire(document.characters),
            chunks: u32::try_from(document.chunks).unwrap_or(0),
            has_vectors: document.has_vectors,
            added_by: document.added_by_name,
            created_at: document.created_at,
            updated_at: document.updated_at,
        }
    }
}

impl DocumentFormat {
    const ALL: [Self; 4] = [Self::Text, Self::Markdown, Self::Html, Self::Pdf];

    /// Its name, as it is stored.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Markdown => "markdown",
            Self::Html => "html",
            Self::Pdf => "pdf",
        }
    }

    /// The database holds no other names.
    pub(super) fn from_stored(name: &str) -> Self {
        Self::ALL.into_iter().find(|format| format.as_str() == name).unwrap_or(Self::Text)
    }
}

impl From<::documents::Format> for DocumentFormat {
    fn from(format: ::documents::Format) -> Self {
        match format {
            ::documents::Format::Text => Self::Text,
            ::documents::Format::Markdown => Self::Markdown,
            ::documents::Format::Html => Self::Html,
            ::documents::Format::Pdf => Self::Pdf,
        }
    }
}

impl From<DocumentFormat> for ::documents::Format {
    fn from(format: DocumentFormat) -> Self {
        match format {
            DocumentFormat::Text => Self::Text,
            DocumentFormat::Markdown => Self::Markdown,
            DocumentFormat::Html => Self::Html,
            DocumentFormat::Pdf => Self::Pdf,
        }
    }
}
