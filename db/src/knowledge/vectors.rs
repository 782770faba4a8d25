//! Vectors of chunks.

use diesel::{
    prelude::*,
    sql_types::{Array, BigInt, Integer, Text, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;
use futures_util::FutureExt;

use super::EmbeddingTag;
use crate::{DbError, DocumentId, TenantDb, Transaction};

/// A chunk without a vector.
#[derive(Debug, Clone, PartialEq, Eq, QueryableByName)]
pub struct WithoutVector {
    /// Its number in the document.
    #[diesel(sql_type = Integer)]
    pub ordinal: i32,
    /// The headings above it.
    #[diesel(sql_type = Array<Text>)]
    pub heading_path: Vec<String>,
    /// The text.
    #[diesel(sql_type = Text)]
    pub text: String,
}

/// Gives chunks of a document the vectors of chunks that say the same.
///
/// # Errors
///
/// [`DbError`] if the database fails.
pub async fn reuse(db: &TenantDb, document: DocumentId, tag: &EmbeddingTag) -> Result<(), DbError> {
    let tag = tag.to_string();
    db.run(move |connection| {
        async move {
            diesel::sql_query(
                "INSERT INTO chunk_vectors (document_id, ordinal, tenant_id, embedding, vector)
                 SELECT DISTINCT ON (mine.ordinal) mine.document_id, mine.ordinal, mine.tenant_id, $2, vector
                   FROM chunks mine
                   JOIN chunks same ON same.tenant_id = mine.tenant_id AND same.embedded_hash = mine.embedded_hash
                   JOIN chunk_vectors ON chunk_vectors.document_id = same.document_id
                    AND chunk_vectors.ordinal = same.ordinal AND embedding = $2
                  WHERE mine.document_id = $1
                 ON CONFLICT DO NOTHING",
            )
            .bind::<SqlUuid, _>(document)
            .bind::<Text, _>(tag)
            .execute(connection)
            .await
            .map(drop)
        }
        .boxed()
    })
    .await
}

/// At most `limit` chunks of a document that have no vector of this kind, in their order.
///
/// # Errors
///
/// [`DbError`] if the database fails.
pub async fn missing(
    db: &TenantDb,
    document: DocumentId,
    tag: &EmbeddingTag,
    limit: u32,
) -> Result<Vec<WithoutVector>, DbError> {
    let tag = tag.to_string();
    db.run(move |connection| {
        async move {
            diesel::sql_query(
                "SELECT ordinal, heading_path, text FROM chunks
                  WHERE document_id = $1 AND NOT EXISTS (
                        SELECT FROM chunk_vectors WHERE chunk_vectors.document_id = chunks.document_id
                           AND chunk_vectors.ordinal = chunks.ordinal AND embedding = $2)
                  ORDER BY ordinal LIMIT $3",
            )
            .bind::<SqlUuid, _>(document)
            .bind::<Text, _>(tag)
            .bind::<BigInt, _>(i64::from(limit))
            .load(connection)
            .await
        }
        .boxed()
    })
    .await
}

/// Stores vectors of chunks of a document, of which some may be gone.
///
/// # Errors
///
/// [`DbError`] if the database fails, or if a vector has a number that half precision cannot hold.
pub async fn store(
    tx: &mut Transaction<TenantDb>,
    document: DocumentId,
    tag: &EmbeddingTag,
    vectors: &[(i32, Vec<f32>)],
) -> Result<(), DbError> {
    let ordinals: Vec<i32> = vectors.iter().map(|(ordinal, _)| *ordinal).collect();
    let texts: Vec<String> = vectors.iter().map(|(_, vector)| literal(vector)).collect();
    let insert = diesel::sql_query(
        "INSERT INTO chunk_vectors (document_id, ordinal, tenant_id, embedding, vector)
         SELECT chunks.document_id, chunks.ordinal, chunks.tenant_id, $2, new.vector::halfvec
           FROM unnest($3, $4) AS new (ordinal, vector)
           JOIN chunks ON chunks.document_id = $1 AND chunks.ordinal = new.ordinal
         ON CONFLICT DO NOTHING",
    )
    .bind::<SqlUuid, _>(document)
    .bind::<Text, _>(tag.to_string())
    .bind::<Array<Integer>, _>(ordinals)
    .bind::<Array<Text>, _>(texts);
    tx.run(async |connection| insert.execute(connection).await).await.map(drop)
}

/// Deletes the vectors of a document that are of another kind.
///
/// # Errors
///
/// [`DbError`] if the database fails.
pub async fn delete_others(
    tx: &mut Transaction<TenantDb>,
    document: DocumentId,
    tag: &EmbeddingTag,
) -> Result<(), DbError> {
    let delete = diesel::sql_query("DELETE FROM chunk_vectors WHERE document_id = $1 AND embedding <> $2")
        .bind::<SqlUuid, _>(document)
        .bind::<Text, _>(tag.to_string());
    tx.run(async |connection| delete.execute(connection).await).await.map(drop)
}

/// A vector as pgvector reads it.
pub(super) fn literal(vector: &[f32]) -> String {
    let numbers: Vec<String> = vector.iter().map(f32::to_string).collect();
    format!("[{}]", numbers.join(","))
}
