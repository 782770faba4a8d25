//! An index over vectors, for workspaces that have too many to compare them all.

use diesel::sql_types::{BigInt, Bool, Text};
use diesel_async::{AsyncPgConnection, RunQueryDsl, SimpleAsyncConnection};
use futures_util::FutureExt;

use super::EmbeddingTag;
use crate::{ConnectError, Database, DbError};

/// Locks of PostgreSQL that programs agree upon are numbers; this one is for the making of the index.
const LOCK: i64 = 0x7469_6e74_6878;

#[derive(diesel::QueryableByName)]
struct Largest {
    #[diesel(sql_type = BigInt)]
    chunks: i64,
}

#[derive(diesel::QueryableByName)]
struct Index {
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Bool)]
    is_whole: bool,
}

#[derive(diesel::QueryableByName)]
struct Locked {
    #[diesel(sql_type = Bool)]
    is_locked: bool,
}

/// Makes the index of vectors of this kind if some workspace has more than `exact_chunks` chunks, and drops those of
/// other kinds; says whether the index is there.
///
/// Vectors can be added and compared meanwhile.
///
/// # Errors
///
/// [`ConnectError`] if the role that owns the tables cannot be reached, or may not make the index.
pub async fn ensure(database: &Database, tag: &EmbeddingTag, exact_chunks: u64) -> Result<bool, ConnectError> {
    let largest: Largest = database
        .system()
        .run(|connection| {
            diesel::sql_query("SELECT coalesce(max(chunks), 0) AS chunks FROM knowledge_totals")
                .get_result(connection)
                .boxed()
        })
        .await?;
    if u64::try_from(largest.chunks).unwrap_or(0) <= exact_chunks {
        return Ok(false);
    }
    let mut owner = database.owner().await?;
    let lock: Locked = diesel::sql_query(format!("SELECT pg_try_advisory_lock({LOCK}) AS is_locked"))
        .get_result(&mut owner)
        .await
        .map_err(DbError::from)?;
    if !lock.is_locked {
        // Another instance makes it.
        return Ok(false);
    }
    let made = make(&mut owner, tag).await;
    // It ends with its connection too, but some time after that is closed here.
    execute(&mut owner, &format!("SELECT pg_advisory_unlock({LOCK})")).await?;
    made.map(|()| true)
}

async fn make(owner: &mut AsyncPgConnection, tag: &EmbeddingTag) -> Result<(), ConnectError> {
    // A name has at most 63 bytes, and the model's may be longer.
    let name: Named = diesel::sql_query("SELECT 'chunk_vectors_near_' || md5($1) AS name")
        .bind::<Text, _>(tag.to_string())
        .get_result(owner)
        .await
        .map_err(DbError::from)?;
    let there: Vec<Index> = diesel::sql_query(
        "SELECT relname::text AS name, indisvalid AS is_whole FROM pg_index
           JOIN pg_class ON pg_class.oid = indexrelid
          WHERE indrelid = 'chunk_vectors'::regclass AND relname LIKE 'chunk\\_vectors\\_near\\_%'",
    )
    .load(owner)
    .await
    .map_err(DbError::from)?;
    let is_there = there.iter().any(|index| index.name == name.name && index.is_whole);
    for index in there.iter().filter(|index| index.name != name.name || !index.is_whole) {
        execute(owner, &format!("DROP INDEX CONCURRENTLY IF EXISTS {}", index.name)).await?;
    }
    if is_there {
        return Ok(());
    }
    let literal = tag.to_string().replace('\'', "''");
    let statement = format!(
        "CREATE INDEX CONCURRENTLY {} ON chunk_vectors USING hnsw \
         ((vector::halfvec({})) halfvec_cosine_ops) WHERE embedding = '{literal}'",
        name.name,
        tag.dimensions()
    );
    tracing::info!(model = tag.model(), "making an index of vectors, because a workspace has many");
    execute(owner, &statement).await
}

async fn execute(owner: &mut AsyncPgConnection, statement: &str) -> Result<(), ConnectError> {
    let done = owner.batch_execute(statement).await;
    done.map_err(|source| ConnectError::Prepare { statement: statement.to_owned(), source })
}

#[derive(diesel::QueryableByName)]
struct Named {
    #[diesel(sql_type = Text)]
    name: String,
}
