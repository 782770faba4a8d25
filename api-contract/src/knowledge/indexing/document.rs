//! The way of one document: read, cut, embedded.

use std::time::Duration;

use chrono::Utc;
use db::{
    DbError, TenantDb,
    knowledge::{
        EmbeddingTag,
        indexing::{self, Claimed, Ending, NewChunk, NewText},
        vectors::{self, WithoutVector},
    },
};
use documents::ReadError;
use sha2::{Digest, Sha256};
use tintype::{Topic, TopicKey, TopicPayload};

use super::super::{
    DocumentEvent, DocumentFormat,
    embedding::{NotPaid, Payer, embed},
    retrieval::embedded_text,
};
use crate::{AppState, OutboxError, outbox::Transaction};

/// Why the work on a document stopped.
enum Stopped {
    /// It ends like this.
    Ended(Ending),
    /// It is another instance's, or gone.
    Lost,
    /// It could not be stored how far it is.
    Storage(OutboxError),
}

impl From<DbError> for Stopped {
    fn from(error: DbError) -> Self {
        Self::Storage(error.into())
    }
}

impl From<OutboxError> for Stopped {
    fn from(error: OutboxError) -> Self {
        Self::Storage(error)
    }
}

pub(super) async fn index(state: &AppState, claimed: Claimed) {
    let db = state.database().tenant(claimed.tenant_id);
    let work = Work { state, db: &db, claimed: &claimed };
    let ending = match work.run().await {
        Ok(embedding) => Ending::Indexed(embedding),
        Err(Stopped::Ended(ending)) => ending,
        Err(Stopped::Lost) => return,
        Err(Stopped::Storage(error)) => {
            tracing::warn!(document = %claimed.id, %error, "a document waits, because the database failed");
            work.postponed("the database failed: it is tried again".to_owned())
        }
    };
    if let Err(error) = work.end(ending).await {
        // Its lease runs out, and it is begun anew.
        tracing::error!(document = %claimed.id, %error, "the end of the work on a document cannot be stored");
    }
}

struct Work<'a> {
    state: &'a AppState,
    db: &'a TenantDb,
    claimed: &'a Claimed,
}

impl Work<'_> {
    async fn run(&self) -> Result<Option<EmbeddingTag>, Stopped> {
        if !self.claimed.is_read {
            self.read().await?;
        }
        let ai = self.state.ai();
        match &ai.models.embedding {
            Some(tag) if ai.providers.embedder.is_some() => {
                self.embed(tag).await?;
                Ok(Some(tag.clone()))
            }
            _ => Ok(None),
        }
    }

    /// Reads the file, and stores text and chunks.
    async fn read(&self) -> Result<(), Stopped> {
        let (id, limits) = (self.claimed.id, &self.state.ai().knowledge.limits);
        if self.claimed.attempts > i32::try_from(limits.attempts).unwrap_or(i32::MAX) {
            let reason = format!("the server stopped {} times while it was read: save it anew", limits.attempts);
            return Err(Stopped::Ended(Ending::Failed(reason)));
        }
        let Some(bytes) = indexing::file(self.db, id).await? else { return Err(Stopped::Lost) };
        let format = DocumentFormat::from_stored(&self.claimed.format);
        let document = match self.state.ai().knowledge.reader.read(format.into(), bytes.into()).await {
            Ok(document) => document,
            Err(error) if error.is_transient() => {
                tracing::error!(document = %id, %error, "a document cannot be read now");
                return Err(Stopped::Ended(self.postponed(error.to_string())));
            }
            Err(error) => return Err(Stopped::Ended(Ending::Failed(error.to_string()))),
        };
        let (title, fallback, size) = (self.claimed.title.clone(), limits.language.clone(), limits.chunk);
        let cut = move || text(&title, &fallback, document, size);
        // Cutting megabytes takes a while.
        let cut = tokio::task::spawn_blocking(cut).await;
        let text = cut.unwrap_or_else(|error| Err(ReadError::Died { how: error.to_string() }));
        let text = text.map_err(|error| Stopped::Ended(Ending::Failed(error.to_string())))?;
        let owner = self.state.indexing().0.instance;
        let store = async |tx: &mut Transaction<TenantDb>| {
            if !indexing::store(tx, id, owner, text).await? {
                return Ok(false);
            }
            self.announce(tx).await?;
            Ok::<_, OutboxError>(true)
        };
        match self.state.outbox().transaction(self.db.begin().await?, self.claimed.tenant_id, store).await? {
            true => Ok(()),
            false => Err(Stopped::Lost),
        }
    }

    /// Gives each chunk a vector, batch by batch.
    async fn embed(&self, tag: &EmbeddingTag) -> Result<(), Stopped> {
        let id = self.claimed.id;
        vectors::reuse(self.db, id, tag).await?;
        let payer = Payer { user: self.claimed.added_by, session: None, run: None };
        loop {
            let limits = &self.state.ai().knowledge.limits;
            let batch = vectors::missing(self.db, id, tag, limits.batch_texts.max(1)).await?;
            if batch.is_empty() {
                break;
            }
            let text = |chunk: &WithoutVector| embedded_text(&self.claimed.title, &chunk.heading_path, &chunk.text);
            let texts = batch.iter().map(text).collect();
            let embedded = match embed(self.state, self.db, payer, tag, texts, limits.chunks_time).await {
                Ok(embedded) => embedded,
                Err(NotPaid::Storage(error)) => return Err(error.into()),
                Err(error) => {
                    tracing::warn!(document = %id, ?error, "a document waits for its vectors");
                    return Err(Stopped::Ended(self.postponed(error.to_string())));
                }
            };
            let embedded: Vec<(i32, Vec<f32>)> = batch.iter().map(|chunk| chunk.ordinal).zip(embedded).collect();
            let mut tx = self.db.begin().await?;
            vectors::store(&mut tx, id, tag, &embedded).await?;
            tx.commit().await?;
        }
        let mut tx = self.db.begin().await?;
        vectors::delete_others(&mut tx, id, tag).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Later and later, up to ten minutes.
    fn postponed(&self, reason: String) -> Ending {
        const LONGEST: Duration = Duration::from_secs(10 * 60);
        let doublings = u32::try_from(self.claimed.attempts - 1).unwrap_or(0).min(16);
        let delay = self.state.ai().knowledge.limits.retry_delay.saturating_mul(1 << doublings).min(LONGEST);
        Ending::Postponed(reason, Utc::now() + delay)
    }

    async fn end(&self, ending: Ending) -> Result<(), OutboxError> {
        let owner = self.state.indexing().0.instance;
        let end = async |tx: &mut Transaction<TenantDb>| {
            if let Some(document) = indexing::end(tx, self.claimed.id, owner, ending).await? {
                self.changes().publish_in(tx, &DocumentEvent::Changed { document: document.into() }).await?;
            }
            Ok::<_, OutboxError>(())
        };
        self.state.outbox().transaction(self.db.begin().await?, self.claimed.tenant_id, end).await
    }

    /// Says how far the document is.
    async fn announce(&self, tx: &mut Transaction<TenantDb>) -> Result<(), OutboxError> {
        if let Some(document) = db::knowledge::documents::find(tx, self.claimed.id).await? {
            self.changes().publish_in(tx, &DocumentEvent::Changed { document: document.into() }).await?;
        }
        Ok(())
    }

    fn changes(&self) -> Topic<DocumentEvent> {
        let key = TopicKey::new(&self.claimed.tenant_id.to_string(), &[DocumentEvent::TOPIC]);
        self.state.topics().topic(key.expect("an id and a short name are parts of a key"))
    }
}

/// What is stored of a document.
fn text(
    title: &str,
    fallback: &str,
    document: documents::Document,
    size: documents::ChunkSize,
) -> Result<NewText, ReadError> {
    let language = language(&document.text).unwrap_or(fallback).to_owned();
    let chunks: Vec<NewChunk> = documents::chunks(&document, size)
        .into_iter()
        .map(|chunk| NewChunk {
            embedded_hash: Sha256::digest(embedded_text(title, &chunk.heading_path, &chunk.text)).into(),
            start: i32::try_from(chunk.start).unwrap_or(i32::MAX),
            end: i32::try_from(chunk.end).unwrap_or(i32::MAX),
            heading_path: chunk.heading_path,
            text: chunk.text,
        })
        .collect();
    if chunks.is_empty() {
        return Err(ReadError::Empty);
    }
    Ok(NewText { text: document.text, language, chunks })
}

/// The configuration of PostgreSQL's full-text search for the language of a text, if that is sure.
fn language(text: &str) -> Option<&'static str> {
    /// So much of a text says its language.
    const MOST: usize = 10_000;
    let beginning = &text[..text.floor_char_boundary(MOST)];
    let detected = whatlang::detect(beginning).filter(whatlang::Info::is_reliable)?;
    // Those that every PostgreSQL since 15 has.
    Some(match detected.lang() {
        whatlang::Lang::Ara => "arabic",
        whatlang::Lang::Hye => "armenian",
        whatlang::Lang::Cat => "catalan",
        whatlang::Lang::Dan => "danish",
        whatlang::Lang::Nld => "dutch",
        whatlang::Lang::Eng => "english",
        whatlang::Lang::Fin => "finnish",
        whatlang::Lang::Fra => "french",
        whatlang::Lang::Deu => "german",
        whatlang::Lang::Ell => "greek",
        whatlang::Lang::Hin => "hindi",
        whatlang::Lang::Hun => "hungarian",
        whatlang::Lang::Ind => "indonesian",
        whatlang::Lang::Ita => "italian",
        whatlang::Lang::Lit => "lithuanian",
        whatlang::Lang::Nep => "nepali",
        whatlang::Lang::Nob => "norwegian",
        whatlang::Lang::Por => "portuguese",
        whatlang::Lang::Ron => "romanian",
        whatlang::Lang::Rus => "russian",
        whatlang::Lang::Srp => "serbian",
        whatlang::Lang::Spa => "spanish",
        whatlang::Lang::Swe => "swedish",
        whatlang::Lang::Tam => "tamil",
        whatlang::Lang::Tur => "turkish",
        whatlang::Lang::Yid => "yiddish",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_language_is_known_where_that_is_sure() {
        let german = "Der Laden öffnet um neun Uhr und schließt am Abend, wenn die letzten Kunden gegangen sind.";
        let english = "The shop opens at nine and closes in the evening, when the last customers have left.";

        assert_eq!(language(german), Some("german"));
        assert_eq!(language(english), Some("english"));
        assert_eq!(language("42"), None);
        assert_eq!(language(&"世界".repeat(5_000)), None);
    }
}
