//! Events that were caused by a transaction and are not published yet.
//!
//! What is published for whom is not known here: an event has a topic, which is text, and a payload, which is bytes.

use std::time::Duration;

use chrono::{DateTime, Utc};
use diesel::{
    dsl::{self, IntervalDsl},
    prelude::*,
    sql_types::Timestamptz,
};
use diesel_async::RunQueryDsl;

use crate::{DbError, OutboxId, SystemDb, TenantId, Transaction, schema::outbox};

/// An event that waits to be published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutboxEvent {
    /// Its id, which its publisher gave it.
    pub id: OutboxId,
    /// Where it is to be published.
    pub topic: String,
    /// What is to be published.
    pub payload: Vec<u8>,
    /// How many events of the topic are kept, if it says so.
    pub kept_events: Option<i64>,
    /// How long events of the topic are kept, in milliseconds, if it says so.
    pub kept_ms: Option<i64>,
}

/// An event that was kept a while ago.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WaitingEvent {
    /// The event.
    pub event: OutboxEvent,
    /// The time since its transaction began.
    pub age: Duration,
}

#[derive(Insertable)]
#[diesel(table_name = outbox)]
struct NewRow<'a> {
    id: OutboxId,
    tenant_id: TenantId,
    topic: &'a str,
    payload: &'a [u8],
    kept_events: Option<i64>,
    kept_ms: Option<i64>,
}

/// Id, topic, payload, events and milliseconds that are kept, when it was stored, and when it was taken.
type TakenRow = (OutboxId, String, Vec<u8>, Option<i64>, Option<i64>, DateTime<Utc>, DateTime<Utc>);

/// Keeps an event of `tenant`, if the transaction commits.
///
/// # Errors
///
/// [`DbError`] if the database fails, or if the transaction is another tenant's.
pub async fn keep<D>(tx: &mut Transaction<D>, tenant: TenantId, event: &OutboxEvent) -> Result<(), DbError> {
    let row = NewRow {
        id: event.id,
        tenant_id: tenant,
        topic: &event.topic,
        payload: &event.payload,
        kept_events: event.kept_events,
        kept_ms: event.kept_ms,
    };
    tx.run(async |connection| diesel::insert_into(outbox::table).values(&row).execute(connection).await.map(drop)).await
}

/// At most `limit` events of all tenants that have waited for `age`, oldest first, and none of the topics in `except`.
///
/// Until the transaction ends nobody else is given them.
///
/// # Errors
///
/// [`DbError`] if the database fails.
pub async fn take(
    tx: &mut Transaction<SystemDb>,
    except: &[String],
    age: Duration,
    limit: u32,
) -> Result<Vec<WaitingEvent>, DbError> {
    let age = i64::try_from(age.as_micros()).unwrap_or(i64::MAX).microseconds();
    let rows: Vec<TakenRow> = tx
        .run(async |connection| {
            let columns = (
                outbox::id,
                outbox::topic,
                outbox::payload,
                outbox::kept_events,
                outbox::kept_ms,
                outbox::created_at,
                dsl::now.into_sql::<Timestamptz>(),
            );
            let is_old = outbox::created_at.le(dsl::now.into_sql::<Timestamptz>() - age);
            outbox::table
                .select(columns)
                .filter(is_old.and(outbox::topic.ne_all(except)))
                .order(outbox::id)
                .limit(i64::from(limit))
                .for_update()
                .skip_locked()
                .load(connection)
                .await
        })
        .await?;
    let waiting = rows.into_iter().map(|(id, topic, payload, kept_events, kept_ms, created_at, now)| WaitingEvent {
        event: OutboxEvent { id, topic, payload, kept_events, kept_ms },
        age: (now - created_at).to_std().unwrap_or_default(),
    });
    Ok(waiting.collect())
}

/// Deletes events, which are published.
///
/// # Errors
///
/// [`DbError`] if the database fails.
pub async fn delete(tx: &mut Transaction<SystemDb>, ids: &[OutboxId]) -> Result<(), DbError> {
    tx.run(async |connection| {
        diesel::delete(outbox::table.filter(outbox::id.eq_any(ids))).execute(connection).await.map(drop)
    })
    .await
}
