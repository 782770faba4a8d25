//! What a workspace knows about a question: by words, by meaning, or by both, in one statement.

use diesel::{
    prelude::*,
    sql_types::{Array, BigInt, Double, Integer, Nullable, Text, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;
use futures_util::FutureExt;

use super::{EmbeddingTag, vectors::literal};
use crate::{DbError, DocumentId, TenantDb};

/// What is looked for.
#[derive(Debug, Clone, PartialEq)]
pub struct Search {
    /// The question, whose words are looked for.
    pub query: String,
    /// Its vector, to look for its meaning; its dimensions are those of the tag.
    pub vector: Option<(EmbeddingTag, Vec<f32>)>,
    /// Most chunks that are found.
    pub limit: u32,
    /// How many chunks are taken from each side before they are merged; at least `limit`.
    pub candidates: u32,
    /// Chunks of one document after which those of other documents come first.
    pub per_document: u32,
    /// With more chunks than this, a workspace's vectors are found by an index, if there is one.
    pub exact_chunks: u64,
}

/// A chunk that was found.
#[derive(Debug, Clone, PartialEq, QueryableByName)]
pub struct Found {
    /// Its document.
    #[diesel(sql_type = SqlUuid)]
    pub document_id: DocumentId,
    /// What the document is called.
    #[diesel(sql_type = Text)]
    pub title: String,
    /// Its number in the document.
    #[diesel(sql_type = Integer)]
    pub ordinal: i32,
    /// The headings above it, outermost first.
    #[diesel(sql_type = Array<Text>)]
    pub heading_path: Vec<String>,
    /// Where it begins, in characters of the document's text.
    #[diesel(sql_type = Integer)]
    pub start_char: i32,
    /// Where it ends.
    #[diesel(sql_type = Integer)]
    pub end_char: i32,
    /// The text, with [`MARK_START`] and [`MARK_END`] around the words that were looked for.
    #[diesel(sql_type = Text)]
    pub marked: String,
    /// How close its meaning is: the cosine of the angle between the vectors, up to 1; `None` if it was found by its
    /// words only.
    #[diesel(sql_type = Nullable<Double>)]
    pub semantic: Option<f64>,
    /// How much its words say, by BM25, from 0 on; `None` if it was found by its meaning only.
    #[diesel(sql_type = Nullable<Double>)]
    pub keyword: Option<f64>,
    /// The part of what the question's words weigh that the chunk has, 0 to 1. A word that no document has weighs most.
    #[diesel(sql_type = Double)]
    pub coverage: f64,
}

/// Comes before a word that was looked for; no text has it.
pub const MARK_START: char = '\u{2}';

/// Comes after such a word.
pub const MARK_END: char = '\u{3}';

/// The chunks that a question is about, best first.
///
/// Words are weighed by Okapi BM25 (Robertson and Zaragoza, 2009), with k1 = 1.2 and b = 0.75.
/// The two sides are merged by reciprocal rank fusion (Cormack, Clarke and Büttcher, SIGIR 2009), with k = 60.
///
/// # Errors
///
/// [`DbError`] if the database fails, or if the vector has a number that half precision cannot hold.
pub async fn search(db: &TenantDb, search: Search) -> Result<Vec<Found>, DbError> {
    let candidates = search.candidates.max(search.limit);
    let (dimensions, tag, vector) = match search.vector {
        Some((tag, vector)) => (tag.dimensions(), Some(tag.to_string()), Some(literal(&vector))),
        None => (1, None, None),
    };
    // A number that is a part of an index cannot be an argument.
    let statement = include_str!("search.sql").replace("DIMENSIONS", &dimensions.to_string());
    db.run_with(INDEX_SETTINGS, move |connection| {
        async move {
            diesel::sql_query(statement)
                .bind::<Text, _>(search.query)
                .bind::<Nullable<Text>, _>(tag)
                .bind::<Nullable<Text>, _>(vector)
                .bind::<BigInt, _>(i64::from(search.limit))
                .bind::<BigInt, _>(i64::from(candidates))
                .bind::<BigInt, _>(i64::from(search.per_document))
                .bind::<BigInt, _>(i64::try_from(search.exact_chunks).unwrap_or(i64::MAX))
                .load(connection)
                .await
        }
        .boxed()
    })
    .await
}

/// An index of all tenants' vectors is read until enough are the tenant's own.
const INDEX_SETTINGS: &str = "SET LOCAL hnsw.iterative_scan = relaxed_order; SET LOCAL hnsw.ef_search = 100; SET LOCAL hnsw.max_scan_tuples = 200000";
