//! A workspace's documents, as people see them.

use chrono::{DateTime, Utc};
use diesel::{
    prelude::*,
    sql_types::{BigInt, Integer, Nullable, Text},
};
use diesel_async::RunQueryDsl;
use futures_util::FutureExt;

use crate::{
    DbError, DocumentId, PageCursor, TenantDb, Transaction, UserId,
    accounts::now,
    cursor::cut,
    schema::{document_contents, documents, users},
};

/// A document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// Its id.
    pub id: DocumentId,
    /// What it is called, 1 to 200 characters.
    pub title: String,
    /// What it is, by the name that its reader gives it.
    pub format: String,
    /// The size of its file.
    pub size_bytes: i64,
    /// How far it is.
    pub state: DocumentState,
    /// Why it failed, or what it waits for, for a person.
    pub reason: Option<String>,
    /// The length of its text, once it is read.
    pub characters: i64,
    /// The pieces of its text that can be found, once it is read.
    pub chunks: i32,
    /// Whether each of them has a vector.
    pub has_vectors: bool,
    /// Who added it; `None` when the person is gone.
    pub added_by: Option<UserId>,
    /// What that person is called.
    pub added_by_name: Option<String>,
    /// When it was added.
    pub created_at: DateTime<Utc>,
    /// When its state changed.
    pub updated_at: DateTime<Utc>,
}

/// How far a document is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DocumentState {
    /// It waits to be read or embedded, or somebody does it.
    Pending,
    /// It can be found.
    Indexed,
    /// It cannot be read.
    Failed,
}

impl DocumentState {
    const ALL: [Self; 3] = [Self::Pending, Self::Indexed, Self::Failed];

    /// Its name, as it is stored.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Indexed => "indexed",
            Self::Failed => "failed",
        }
    }
}

/// A document that is to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewDocument {
    /// What it is called.
    pub title: String,
    /// What it is.
    pub format: String,
    /// Its file.
    pub bytes: Vec<u8>,
    /// SHA-256 of the file.
    pub content_hash: [u8; 32],
    /// Who adds it.
    pub added_by: UserId,
}

/// What became of a document that was to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Added {
    /// It is new.
    New(Document),
    /// It had failed, and will be read again.
    Again(Document),
    /// The same content is there already.
    Present(Document),
}

/// Some documents, and where the next ones begin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentPage {
    /// The documents, newest first.
    pub items: Vec<Document>,
    /// The cursor after the last of them; `None` if there are no more.
    pub next: Option<PageCursor>,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = documents)]
struct Row {
    id: DocumentId,
    title: String,
    format: String,
    size_bytes: i64,
    state: String,
    reason: Option<String>,
    characters: i64,
    chunks: i32,
    embedding: Option<String>,
    added_by: Option<UserId>,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

/// Name and address of who added a document.
type Named = (Option<String>, String);

/// A document, and who added it.
type NamedRow = (Row, Option<Named>);

fn document((row, named): NamedRow) -> Result<Document, DbError> {
    let state = DocumentState::ALL.into_iter().find(|state| state.as_str() == row.state);
    Ok(Document {
        id: row.id,
        title: row.title,
        format: row.format,
        size_bytes: row.size_bytes,
        state: state.ok_or(DbError::UnknownValue { column: "documents.state" })?,
        reason: row.reason,
        characters: row.characters,
        chunks: row.chunks,
        has_vectors: row.embedding.is_some(),
        added_by: row.added_by,
        added_by_name: named.map(|(name, email)| name.unwrap_or(email)),
        created_at: row.created_at,
        updated_at: row.updated_at,
    })
}

#[diesel::dsl::auto_type(no_type_alias)]
fn with_names() -> _ {
    let select: diesel::dsl::AsSelect<Row, diesel::pg::Pg> = Row::as_select();
    documents::table.left_join(users::table).select((select, (users::name, users::email).nullable()))
}

/// At most `limit` documents after `cursor`, newest first.
///
/// # Errors
///
/// [`DbError`] if the database fails.
pub async fn newest_first(db: &TenantDb, cursor: Option<PageCursor>, limit: u32) -> Result<DocumentPage, DbError> {
    let rows: Vec<NamedRow> = db
        .run(move |connection| {
            async move {
                let mut query = with_names()
                    .order((documents::created_at.desc(), documents::id.desc()))
                    // One more tells whether there is a next page.
                    .limit(i64::from(limit) + 1)
                    .into_boxed();
                if let Some(PageCursor { time, id }) = cursor {
                    let is_older = documents::created_at.eq(time).and(documents::id.lt(id));
                    query = query.filter(documents::created_at.lt(time).or(is_older));
                }
                query.load(connection).await
            }
            .boxed()
        })
        .await?;
    let (rows, more) = cut(rows, limit);
    let items = rows.into_iter().map(document).collect::<Result<Vec<_>, _>>()?;
    let last = items.last().filter(|_| more);
    let next = last.map(|last| PageCursor { time: last.created_at, id: last.id.as_uuid() });
    Ok(DocumentPage { items, next })
}

/// A document and a part of its text, which is empty until it is read and behind its end; `None` if the tenant has no
/// such document. The part begins at a character, from 0 on, and has at most so many.
///
/// # Errors
///
/// [`DbError`] if the database fails.
pub async fn with_text(
    db: &TenantDb,
    id: DocumentId,
    from: u32,
    characters: u32,
) -> Result<Option<(Document, String)>, DbError> {
    let within = |number: u32| i32::try_from(number).unwrap_or(i32::MAX);
    // PostgreSQL counts from 1.
    let part = substr(document_contents::text, within(from).saturating_add(1), within(characters));
    let found: Option<(NamedRow, Option<String>)> = db
        .run(move |connection| {
            async move {
                let row = with_names().filter(documents::id.eq(id)).first(connection).await.optional()?;
                let Some(row) = row else { return Ok(None) };
                let text = document_contents::table.find(id).select(part).first(connection).await?;
                Ok(Some((row, text)))
            }
            .boxed()
        })
        .await?;
    found.map(|(row, text)| Ok((document(row)?, text.unwrap_or_default()))).transpose()
}

diesel::define_sql_function! {
    /// A part of a text, from a character on, which are counted from 1.
    fn substr(text: Nullable<Text>, from: Integer, characters: Integer) -> Nullable<Text>;
}

/// A document; `None` if the tenant has no such document.
///
/// # Errors
///
/// [`DbError`] if the database fails.
pub async fn find(tx: &mut Transaction<TenantDb>, id: DocumentId) -> Result<Option<Document>, DbError> {
    let query = with_names().filter(documents::id.eq(id));
    let row: Option<NamedRow> = tx.run(async |connection| query.first(connection).await.optional()).await?;
    row.map(document).transpose()
}

/// How many documents the tenant has.
///
/// # Errors
///
/// [`DbError`] if the database fails.
pub async fn count(tx: &mut Transaction<TenantDb>) -> Result<i64, DbError> {
    tx.run(async |connection| documents::table.count().get_result(connection).await).await
}

/// Adds a document, unless the tenant has one with the same content.
///
/// # Errors
///
/// [`DbError`] if the database fails.
pub async fn add(tx: &mut Transaction<TenantDb>, new: NewDocument) -> Result<Added, DbError> {
    let (tenant, at) = (tx.tenant_id(), now());
    let id = DocumentId::generate();
    let values = (
        documents::id.eq(id),
        documents::tenant_id.eq(tenant),
        documents::title.eq(&new.title),
        documents::format.eq(&new.format),
        documents::size_bytes.eq(i64::try_from(new.bytes.len()).unwrap_or(i64::MAX)),
        documents::content_hash.eq(new.content_hash.as_slice()),
        documents::state.eq(DocumentState::Pending.as_str()),
        documents::added_by.eq(new.added_by),
        documents::due_at.eq(at),
        documents::created_at.eq(at),
        documents::updated_at.eq(at),
    );
    let insert = diesel::insert_into(documents::table).values(values).on_conflict_do_nothing();
    if tx.run(async |connection| insert.execute(connection).await).await? > 0 {
        let content = (
            document_contents::document_id.eq(id),
            document_contents::tenant_id.eq(tenant),
            document_contents::bytes.eq(new.bytes),
        );
        let insert = diesel::insert_into(document_contents::table).values(content);
        tx.run(async |connection| insert.execute(connection).await).await?;
        return Ok(Added::New(found(tx, id).await?));
    }
    let same = documents::content_hash.eq(new.content_hash.as_slice());
    let hold = documents::table.filter(same).select((documents::id, documents::state)).for_update();
    let (id, state): (DocumentId, String) = tx.run(async |connection| hold.first(connection).await).await?;
    if state != DocumentState::Failed.as_str() {
        return Ok(Added::Present(found(tx, id).await?));
    }
    let again = diesel::update(documents::table.find(id)).set((
        documents::title.eq(&new.title),
        documents::format.eq(&new.format),
        documents::state.eq(DocumentState::Pending.as_str()),
        documents::reason.eq(None::<String>),
        documents::attempts.eq(0),
        documents::due_at.eq(at),
        documents::updated_at.eq(at),
    ));
    tx.run(async |connection| again.execute(connection).await).await?;
    Ok(Added::Again(found(tx, id).await?))
}

async fn found(tx: &mut Transaction<TenantDb>, id: DocumentId) -> Result<Document, DbError> {
    find(tx, id).await?.ok_or(DbError::UnknownValue { column: "documents.id" })
}

/// Deletes a document with all that was made of it; `false` if the tenant has no such document.
///
/// # Errors
///
/// [`DbError`] if the database fails.
pub async fn delete(tx: &mut Transaction<TenantDb>, id: DocumentId) -> Result<bool, DbError> {
    // Held first, so that nobody who reads it adds chunks that are not subtracted.
    let hold = documents::table.find(id).select((documents::chunks, documents::words)).for_update();
    let counts: Option<(i32, i64)> = tx.run(async |connection| hold.first(connection).await.optional()).await?;
    let Some((chunks, words)) = counts else { return Ok(false) };
    let subtract = diesel::sql_query("UPDATE knowledge_totals SET chunks = chunks - $1, words = words - $2")
        .bind::<Integer, _>(chunks)
        .bind::<BigInt, _>(words);
    tx.run(async |connection| subtract.execute(connection).await).await?;
    let delete = diesel::delete(documents::table.find(id));
    tx.run(async |connection| delete.execute(connection).await).await?;
    Ok(true)
}
