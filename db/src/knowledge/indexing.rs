//! The work on documents: who has them, and what they become.

use std::time::Duration;

use chrono::{DateTime, Utc};
use diesel::{
    prelude::*,
    sql_types::{Array, BigInt, Binary, Bool, Integer, Nullable, Text, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;
use futures_util::FutureExt;

use super::{
    EmbeddingTag,
    documents::{self, Document, DocumentState},
};
use crate::{
    DbError, DocumentId, InstanceId, SystemDb, TenantDb, TenantId, Transaction, UserId,
    accounts::{millis, now},
    schema::{document_contents, documents as table},
};

/// A document on which an instance works.
#[derive(Debug, Clone, PartialEq, Eq, QueryableByName)]
pub struct Claimed {
    /// Its id.
    #[diesel(sql_type = SqlUuid)]
    pub id: DocumentId,
    /// Whose it is.
    #[diesel(sql_type = SqlUuid)]
    pub tenant_id: TenantId,
    /// What it is called.
    #[diesel(sql_type = Text)]
    pub title: String,
    /// What it is.
    #[diesel(sql_type = Text)]
    pub format: String,
    /// Whether it is read, so that only vectors are missing.
    #[diesel(sql_type = Bool)]
    pub is_read: bool,
    /// Who added it.
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub added_by: Option<UserId>,
    /// How often an instance began with it and did not end it, this time included.
    #[diesel(sql_type = Integer)]
    pub attempts: i32,
}

/// What was read of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewText {
    /// The text.
    pub text: String,
    /// The configuration of full-text search that takes its language apart, for example `english`.
    pub language: String,
    /// Its pieces, in their order.
    pub chunks: Vec<NewChunk>,
}

/// A piece of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewChunk {
    /// The headings above it, outermost first.
    pub heading_path: Vec<String>,
    /// Where it begins, in characters.
    pub start: i32,
    /// Where it ends, in characters.
    pub end: i32,
    /// The text.
    pub text: String,
    /// SHA-256 of what is embedded of it.
    pub embedded_hash: [u8; 32],
}

const RETURNING: &str = "RETURNING id, tenant_id, title, format, language IS NOT NULL AS is_read, added_by, attempts";

/// Takes at most `limit` documents of all tenants that wait to be read or embedded, those first that wait longest.
///
/// # Errors
///
/// [`DbError`] if the database fails.
pub async fn claim(db: &SystemDb, owner: InstanceId, lease: Duration, limit: u32) -> Result<Vec<Claimed>, DbError> {
    let statement = format!(
        "UPDATE documents SET owner = $1, lease_until = now() + $2 * interval '1 millisecond', attempts = attempts + 1
          WHERE id IN (SELECT id FROM documents
                        WHERE state = 'pending' AND due_at <= now() AND (lease_until IS NULL OR lease_until < now())
                        ORDER BY due_at LIMIT $3 FOR UPDATE SKIP LOCKED)
         {RETURNING}"
    );
    take(db, statement, owner, lease, limit, None).await
}

/// Takes at most `limit` documents of all tenants that can be found, but whose vectors are not those of `wanted`.
///
/// # Errors
///
/// [`DbError`] if the database fails.
pub async fn claim_outdated(
    db: &SystemDb,
    owner: InstanceId,
    lease: Duration,
    limit: u32,
    wanted: &EmbeddingTag,
) -> Result<Vec<Claimed>, DbError> {
    let statement = format!(
        "UPDATE documents SET owner = $1, lease_until = now() + $2 * interval '1 millisecond', attempts = attempts + 1
          WHERE id IN (SELECT id FROM documents
                        WHERE state = 'indexed' AND embedding IS DISTINCT FROM $4
                          AND due_at <= now() AND (lease_until IS NULL OR lease_until < now())
                        ORDER BY due_at LIMIT $3 FOR UPDATE SKIP LOCKED)
         {RETURNING}"
    );
    take(db, statement, owner, lease, limit, Some(wanted.to_string())).await
}

async fn take(
    db: &SystemDb,
    statement: String,
    owner: InstanceId,
    lease: Duration,
    limit: u32,
    wanted: Option<String>,
) -> Result<Vec<Claimed>, DbError> {
    db.run(move |connection| {
        async move {
            let query = diesel::sql_query(statement)
                .bind::<SqlUuid, _>(owner)
                .bind::<BigInt, _>(millis(lease))
                .bind::<BigInt, _>(i64::from(limit));
            match wanted {
                Some(wanted) => query.bind::<Text, _>(wanted).load(connection).await,
                None => query.load(connection).await,
            }
        }
        .boxed()
    })
    .await
}

/// Renews the leases that `owner` has of documents; what is not returned is not its own any more.
///
/// # Errors
///
/// [`DbError`] if the database fails.
pub async fn renew(
    db: &SystemDb,
    owner: InstanceId,
    lease: Duration,
    ids: Vec<DocumentId>,
) -> Result<Vec<DocumentId>, DbError> {
    #[derive(QueryableByName)]
    struct KeptRow {
        #[diesel(sql_type = SqlUuid)]
        id: DocumentId,
    }
    let kept: Vec<KeptRow> = db
        .run(move |connection| {
            async move {
                diesel::sql_query(
                    "UPDATE documents SET lease_until = now() + $2 * interval '1 millisecond'
                      WHERE owner = $1 AND id = ANY ($3) RETURNING id",
                )
                .bind::<SqlUuid, _>(owner)
                .bind::<BigInt, _>(millis(lease))
                .bind::<Array<SqlUuid>, _>(ids)
                .load(connection)
                .await
            }
            .boxed()
        })
        .await?;
    Ok(kept.into_iter().map(|row| row.id).collect())
}

/// Gives back everything that `owner` has, as if it had not begun with it.
///
/// # Errors
///
/// [`DbError`] if the database fails.
pub async fn give_back(db: &SystemDb, owner: InstanceId) -> Result<(), DbError> {
    db.run(move |connection| {
        async move {
            diesel::update(table::table.filter(table::owner.eq(owner)))
                .set((
                    table::owner.eq(None::<InstanceId>),
                    table::lease_until.eq(None::<DateTime<Utc>>),
                    table::attempts.eq(diesel::dsl::case_when(table::attempts.gt(0), table::attempts - 1).otherwise(0)),
                ))
                .execute(connection)
                .await
                .map(drop)
        }
        .boxed()
    })
    .await
}

/// The file of a document that is not read yet.
///
/// # Errors
///
/// [`DbError`] if the database fails.
pub async fn file(db: &TenantDb, id: DocumentId) -> Result<Option<Vec<u8>>, DbError> {
    db.run(move |connection| {
        async move {
            let bytes = document_contents::table.find(id).select(document_contents::bytes).first(connection).await;
            bytes.optional().map(Option::flatten)
        }
        .boxed()
    })
    .await
}

/// Stores what was read of a document, so that it can be found by its words; `false` if it is not `owner`'s any more.
///
/// # Errors
///
/// [`DbError`] if the database fails.
pub async fn store(
    tx: &mut Transaction<TenantDb>,
    id: DocumentId,
    owner: InstanceId,
    new: NewText,
) -> Result<bool, DbError> {
    let is_its = table::id.eq(id).and(table::owner.eq(owner)).and(table::language.is_null());
    let characters = i64::try_from(new.text.chars().count()).unwrap_or(i64::MAX);
    let chunks = i32::try_from(new.chunks.len()).unwrap_or(i32::MAX);
    let update = diesel::update(table::table.filter(is_its)).set((
        table::language.eq(&new.language),
        table::characters.eq(characters),
        table::chunks.eq(chunks),
        table::attempts.eq(0),
        table::updated_at.eq(now()),
    ));
    if tx.run(async |connection| update.execute(connection).await).await? == 0 {
        return Ok(false);
    }
    let content = diesel::update(document_contents::table.find(id))
        .set((document_contents::bytes.eq(None::<Vec<u8>>), document_contents::text.eq(Some(&new.text))));
    tx.run(async |connection| content.execute(connection).await).await?;
    insert_chunks(tx, id, new.chunks).await?;
    index_words(tx, id, &new.language).await?;
    Ok(true)
}

async fn insert_chunks(tx: &mut Transaction<TenantDb>, id: DocumentId, chunks: Vec<NewChunk>) -> Result<(), DbError> {
    /// Few enough that a statement stays small.
    const AT_ONCE: usize = 1_000;
    /// Between headings, which hold no control characters.
    const SEPARATOR: &str = "\u{1f}";
    let tenant = tx.tenant_id();
    for (batch, first) in chunks.chunks(AT_ONCE).zip((0..).step_by(AT_ONCE)) {
        let ordinals: Vec<i32> = (first..).take(batch.len()).collect();
        let column = |value: fn(&NewChunk) -> i32| batch.iter().map(value).collect::<Vec<_>>();
        let headings: Vec<String> = batch.iter().map(|chunk| chunk.heading_path.join(SEPARATOR)).collect();
        let texts: Vec<&str> = batch.iter().map(|chunk| chunk.text.as_str()).collect();
        let hashes: Vec<&[u8]> = batch.iter().map(|chunk| chunk.embedded_hash.as_slice()).collect();
        let insert = diesel::sql_query(
            "INSERT INTO chunks (document_id, tenant_id, ordinal, heading_path, start_char, end_char, text,
                                 embedded_hash)
             SELECT $1, $2, ordinal, string_to_array(headings, chr(31)), start_char, end_char, text, hash
               FROM unnest($3, $4, $5, $6, $7, $8)
                 AS chunk (ordinal, headings, start_char, end_char, text, hash)",
        )
        .bind::<SqlUuid, _>(id)
        .bind::<SqlUuid, _>(tenant)
        .bind::<Array<Integer>, _>(ordinals)
        .bind::<Array<Text>, _>(headings)
        .bind::<Array<Integer>, _>(column(|chunk| chunk.start))
        .bind::<Array<Integer>, _>(column(|chunk| chunk.end))
        .bind::<Array<Text>, _>(texts)
        .bind::<Array<Binary>, _>(hashes);
        tx.run(async |connection| insert.execute(connection).await).await?;
    }
    Ok(())
}

/// Takes the chunks of a document apart into words; a word of the title or of a heading is one of the chunk.
async fn index_words(tx: &mut Transaction<TenantDb>, id: DocumentId, language: &str) -> Result<(), DbError> {
    #[derive(QueryableByName)]
    struct Counted {
        #[diesel(sql_type = BigInt)]
        words: i64,
    }
    let tenant = tx.tenant_id();
    let insert = diesel::sql_query(
        "WITH found AS (
             SELECT ordinal, lexeme, cardinality(positions) AS frequency,
                    (sum(cardinality(positions)) OVER (PARTITION BY ordinal))::integer AS length
               FROM documents
               JOIN chunks ON chunks.document_id = documents.id,
                    unnest(to_tsvector($3::regconfig,
                           concat_ws(' ', title, array_to_string(heading_path, ' '), chunks.text)))
              WHERE documents.id = $1),
         posted AS (
             INSERT INTO postings (tenant_id, word, document_id, ordinals, frequencies, lengths)
             SELECT $2, lexeme, $1, array_agg(ordinal ORDER BY ordinal), array_agg(frequency ORDER BY ordinal),
                    array_agg(length ORDER BY ordinal)
               FROM found GROUP BY lexeme)
         SELECT coalesce(sum(frequency), 0)::bigint AS words FROM found",
    )
    .bind::<SqlUuid, _>(id)
    .bind::<SqlUuid, _>(tenant)
    .bind::<Text, _>(language);
    let Counted { words } = tx.run(async |connection| insert.get_result(connection).await).await?;
    let count = diesel::sql_query(
        "WITH counted AS (UPDATE documents SET words = $3 WHERE id = $1 RETURNING chunks)
         INSERT INTO knowledge_totals AS totals (tenant_id, chunks, words, languages)
         SELECT $2, chunks, $3, ARRAY[$4] FROM counted
         ON CONFLICT (tenant_id) DO UPDATE SET
             chunks = totals.chunks + excluded.chunks, words = totals.words + excluded.words,
             languages = CASE WHEN $4 = ANY (totals.languages) THEN totals.languages
                              ELSE totals.languages || excluded.languages END",
    )
    .bind::<SqlUuid, _>(id)
    .bind::<SqlUuid, _>(tenant)
    .bind::<BigInt, _>(words)
    .bind::<Text, _>(language);
    tx.run(async |connection| count.execute(connection).await).await.map(drop)
}

/// What becomes of a document on which an instance has worked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ending {
    /// It can be found; by meaning too if its chunks have vectors of this kind.
    Indexed(Option<EmbeddingTag>),
    /// It cannot be read, for this reason.
    Failed(String),
    /// It waits until then, for this reason; if it could be found before, it still can.
    Postponed(String, DateTime<Utc>),
}

/// Ends the work on a document; `None` if it is not `owner`'s any more.
///
/// # Errors
///
/// [`DbError`] if the database fails.
pub async fn end(
    tx: &mut Transaction<TenantDb>,
    id: DocumentId,
    owner: InstanceId,
    ending: Ending,
) -> Result<Option<Document>, DbError> {
    let is_its = table::id.eq(id).and(table::owner.eq(owner));
    let free = (table::owner.eq(None::<InstanceId>), table::lease_until.eq(None::<DateTime<Utc>>));
    let changed = match ending {
        Ending::Indexed(embedding) => {
            let update = diesel::update(table::table.filter(is_its)).set((
                free,
                table::state.eq(DocumentState::Indexed.as_str()),
                table::reason.eq(None::<String>),
                table::embedding.eq(embedding.map(|tag| tag.to_string())),
                table::attempts.eq(0),
                table::updated_at.eq(now()),
            ));
            tx.run(async |connection| update.execute(connection).await).await?
        }
        Ending::Failed(reason) => {
            let update = diesel::update(table::table.filter(is_its)).set((
                free,
                table::state.eq(DocumentState::Failed.as_str()),
                table::reason.eq(reason),
                table::updated_at.eq(now()),
            ));
            tx.run(async |connection| update.execute(connection).await).await?
        }
        Ending::Postponed(reason, due_at) => {
            let update = diesel::update(table::table.filter(is_its)).set((
                free,
                table::reason.eq(reason),
                table::due_at.eq(due_at),
                table::updated_at.eq(now()),
            ));
            tx.run(async |connection| update.execute(connection).await).await?
        }
    };
    if changed == 0 { Ok(None) } else { documents::find(tx, id).await }
}
