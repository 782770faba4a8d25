//! Runs: answers that the server is writing, and who of its instances writes them.
//!
//! An instance owns a run for as long as its lease lasts, which it renews whenever it saves.
//! By the database's clock, because instances compare it.

use std::time::Duration;

use chrono::{DateTime, Utc};
use diesel::{
    prelude::*,
    sql_types::{Array, BigInt, Bool, Nullable, Text, Uuid as SqlUuid},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use futures_util::FutureExt;

use crate::{
    ChatSessionId, DbError, InstanceId, MessageId, ReservationId, RunId, SystemDb, TenantDb, TenantId, Transaction,
    UserId,
    accounts::{millis, now},
    knowledge::Passage,
    schema::runs::{self, dsl},
};

/// A run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// Its id.
    pub id: RunId,
    /// Whose it is.
    pub tenant: TenantId,
    /// The conversation in which it answers.
    pub session: ChatSessionId,
    /// The message that it answers.
    pub question: MessageId,
    /// Who asked; `None` when the person is gone.
    pub asked_by: Option<UserId>,
    /// Where it is.
    pub state: RunState,
    /// Why it failed, for a person.
    pub reason: Option<String>,
    /// Who is asked.
    pub provider: String,
    /// The model.
    pub model: String,
    /// Why this model.
    pub model_reason: String,
    /// The model that was to answer before this one had to.
    pub fallback_from: Option<String>,
    /// What is set aside for it.
    pub reservation: ReservationId,
    /// The answer as far as it was saved.
    pub text: String,
    /// The id of the event that brought the last of `text`.
    pub text_cursor: Option<String>,
    /// How often it was saved.
    pub saves: i64,
    /// How often an instance began with it.
    pub attempts: i32,
    /// Whether somebody wants it to stop.
    pub stop_requested: bool,
    /// When it was asked for.
    pub created_at: DateTime<Utc>,
}

/// Where a run is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RunState {
    /// No instance has begun with it.
    Queued,
    /// An instance writes it.
    Running,
    /// The answer is written.
    Done,
    /// It failed.
    Failed,
    /// Somebody stopped it.
    Cancelled,
}

impl RunState {
    const ALL: [Self; 5] = [Self::Queued, Self::Running, Self::Done, Self::Failed, Self::Cancelled];

    /// Its name, as it is stored.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Running => "running",
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }
}

/// A run that is to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewRun {
    /// Its id.
    pub id: RunId,
    /// The conversation in which it answers.
    pub session: ChatSessionId,
    /// The message that it answers.
    pub question: MessageId,
    /// Who asked.
    pub asked_by: UserId,
    /// Who is asked.
    pub provider: String,
    /// The model.
    pub model: String,
    /// Why this model.
    pub model_reason: String,
    /// What is set aside for it.
    pub reservation: ReservationId,
}

/// How far an instance is with a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Progress {
    /// The run.
    pub run: RunId,
    /// The whole answer so far; `None` if it is as it was saved last.
    pub text: Option<String>,
    /// The id of the event that brought the last of it.
    pub text_cursor: Option<String>,
}

/// A run that the instance still owns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kept {
    /// The run.
    pub run: RunId,
    /// Whether somebody wants it to stop.
    pub stop_requested: bool,
}

/// How a run ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunEnd {
    /// [`RunState::Done`], [`RunState::Failed`] or [`RunState::Cancelled`].
    pub state: RunState,
    /// Why it failed, for a person.
    pub reason: Option<String>,
}

/// Another model takes the place of the one that was to answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fallback {
    /// The model that answers.
    pub model: String,
    /// Why.
    pub model_reason: String,
    /// What is set aside for it.
    pub reservation: ReservationId,
}

#[derive(Debug, Queryable, Selectable, QueryableByName)]
#[diesel(table_name = runs)]
pub(super) struct Row {
    id: RunId,
    tenant_id: TenantId,
    session_id: ChatSessionId,
    question: MessageId,
    asked_by: Option<UserId>,
    state: String,
    reason: Option<String>,
    provider: String,
    model: String,
    model_reason: String,
    fallback_from: Option<String>,
    reservation_id: ReservationId,
    text: String,
    text_cursor: Option<String>,
    saves: i64,
    attempts: i32,
    stop_requested: bool,
    created_at: DateTime<Utc>,
}

impl TryFrom<Row> for Run {
    type Error = DbError;

    fn try_from(row: Row) -> Result<Self, DbError> {
        let state = RunState::ALL.into_iter().find(|state| state.as_str() == row.state);
        Ok(Self {
            id: row.id,
            tenant: row.tenant_id,
            session: row.session_id,
            question: row.question,
            asked_by: row.asked_by,
            state: state.ok_or(DbError::UnknownValue { column: "runs.state" })?,
            reason: row.reason,
            provider: row.provider,
            model: row.model,
            model_reason: row.model_reason,
            fallback_from: row.fallback_from,
            reservation: row.reservation_id,
            text: row.text,
            text_cursor: row.text_cursor,
            saves: row.saves,
            attempts: row.attempts,
            stop_requested: row.stop_requested,
            created_at: row.created_at,
        })
    }
}

/// Puts a run in the queue.
///
/// # Errors
///
/// [`DbError`] if the database fails.
pub async fn queue(tx: &mut Transaction<TenantDb>, new: NewRun) -> Result<Run, DbError> {
    let values = (
        dsl::id.eq(new.id),
        dsl::tenant_id.eq(tx.tenant_id()),
        dsl::session_id.eq(new.session),
        dsl::question.eq(new.question),
        dsl::asked_by.eq(new.asked_by),
        dsl::state.eq(RunState::Queued.as_str()),
        dsl::provider.eq(new.provider),
        dsl::model.eq(new.model),
        dsl::model_reason.eq(new.model_reason),
        dsl::reservation_id.eq(new.reservation),
        dsl::created_at.eq(now()),
    );
    let insert = diesel::insert_into(dsl::runs).values(values).returning(Row::as_returning());
    tx.run(async |connection| insert.get_result(connection).await).await?.try_into()
}

/// The run that answers a message.
///
/// # Errors
///
/// [`DbError`] if the database fails.
pub async fn answering(tx: &mut Transaction<TenantDb>, question: MessageId) -> Result<Option<Run>, DbError> {
    let query = dsl::runs.filter(dsl::question.eq(question)).select(Row::as_select());
    let row: Option<Row> = tx.run(async |connection| query.first(connection).await.optional()).await?;
    row.map(Run::try_from).transpose()
}

/// How many runs of a conversation are not over.
///
/// # Errors
///
/// [`DbError`] if the database fails.
pub async fn count_open(tx: &mut Transaction<TenantDb>, session: ChatSessionId) -> Result<i64, DbError> {
    let open = [RunState::Queued.as_str(), RunState::Running.as_str()];
    let query = dsl::runs.filter(dsl::session_id.eq(session).and(dsl::state.eq_any(open))).count();
    tx.run(async |connection| query.get_result(connection).await).await
}

/// A run of the tenant, which nobody else changes until the transaction ends.
///
/// # Errors
///
/// [`DbError`] if the database fails.
pub async fn hold(tx: &mut Transaction<TenantDb>, id: RunId) -> Result<Option<Run>, DbError> {
    let query = dsl::runs.find(id).select(Row::as_select()).for_update();
    let row: Option<Row> = tx.run(async |connection| query.first(connection).await.optional()).await?;
    row.map(Run::try_from).transpose()
}

/// Asks whoever writes a run to stop.
///
/// # Errors
///
/// [`DbError`] if the database fails.
pub async fn request_stop(tx: &mut Transaction<TenantDb>, id: RunId) -> Result<(), DbError> {
    let update = diesel::update(dsl::runs.find(id)).set(dsl::stop_requested.eq(true));
    tx.run(async |connection| update.execute(connection).await.map(drop)).await
}

/// Ends a run that `owner` writes, or that nobody does; `false` if it is somebody else's or over.
///
/// # Errors
///
/// [`DbError`] if the database fails.
pub async fn end(
    tx: &mut Transaction<TenantDb>,
    id: RunId,
    owner: Option<InstanceId>,
    end: RunEnd,
) -> Result<bool, DbError> {
    let open = match owner {
        Some(_) => RunState::Running,
        None => RunState::Queued,
    };
    let is_its = dsl::id.eq(id).and(dsl::state.eq(open.as_str())).and(dsl::owner.is_not_distinct_from(owner));
    let update = diesel::update(dsl::runs.filter(is_its)).set((
        dsl::state.eq(end.state.as_str()),
        dsl::reason.eq(end.reason),
        // The whole answer is a message now.
        dsl::text.eq(""),
        dsl::text_cursor.eq(None::<String>),
        dsl::owner.eq(None::<InstanceId>),
        dsl::lease_until.eq(None::<DateTime<Utc>>),
        dsl::ended_at.eq(now()),
    ));
    let count = tx.run(async |connection| update.execute(connection).await).await?;
    Ok(count > 0)
}

/// Lets another model answer; `false` if `owner` does not write the run.
///
/// # Errors
///
/// [`DbError`] if the database fails.
pub async fn fall_back(
    tx: &mut Transaction<TenantDb>,
    id: RunId,
    owner: InstanceId,
    to: Fallback,
) -> Result<bool, DbError> {
    let is_its = dsl::id.eq(id).and(dsl::state.eq(RunState::Running.as_str())).and(dsl::owner.eq(owner));
    let update = diesel::update(dsl::runs.filter(is_its)).set((
        dsl::fallback_from.eq(dsl::model.nullable()),
        dsl::model.eq(to.model),
        dsl::model_reason.eq(to.model_reason),
        dsl::reservation_id.eq(to.reservation),
    ));
    let count = tx.run(async |connection| update.execute(connection).await).await?;
    Ok(count > 0)
}

/// Keeps what the answer of a run is told; `false` if `owner` does not write the run.
///
/// # Errors
///
/// [`DbError`] if the database fails.
pub async fn keep_passages(db: &TenantDb, id: RunId, owner: InstanceId, passages: &[Passage]) -> Result<bool, DbError> {
    let passages = serde_json::to_value(passages).map_err(|_| DbError::UnknownValue { column: "runs.passages" })?;
    let count = db
        .run(move |connection| {
            async move {
                let is_its = dsl::id.eq(id).and(dsl::state.eq(RunState::Running.as_str())).and(dsl::owner.eq(owner));
                diesel::update(dsl::runs.filter(is_its)).set(dsl::passages.eq(passages)).execute(connection).await
            }
            .boxed()
        })
        .await?;
    Ok(count > 0)
}

/// What the answer of a run was told.
///
/// # Errors
///
/// [`DbError`] if the database fails.
pub async fn passages(tx: &mut Transaction<TenantDb>, id: RunId) -> Result<Vec<Passage>, DbError> {
    let query = dsl::runs.find(id).select(dsl::passages);
    let passages: Option<serde_json::Value> =
        tx.run(async |connection| query.first(connection).await.optional()).await?;
    let passages = passages.map(serde_json::from_value).transpose();
    Ok(passages.map_err(|_| DbError::UnknownValue { column: "runs.passages" })?.unwrap_or_default())
}

/// Takes at most `limit` runs of all tenants from the queue, each the first of its conversation, where none is written.
///
/// # Errors
///
/// [`DbError`] if the database fails.
pub async fn claim(db: &SystemDb, owner: InstanceId, lease: Duration, limit: u32) -> Result<Vec<Run>, DbError> {
    const CLAIM: &str = "
        UPDATE runs SET state = 'running', owner = $1, lease_until = now() + $2 * interval '1 millisecond',
                        attempts = attempts + 1, started_at = coalesce(started_at, now())
         WHERE id IN (
            SELECT id FROM runs waiting
             WHERE state = 'queued' AND NOT EXISTS (
                SELECT FROM runs earlier
                 WHERE earlier.session_id = waiting.session_id
                   AND (earlier.state = 'running' OR (earlier.state = 'queued' AND earlier.id < waiting.id)))
             ORDER BY id LIMIT $3 FOR UPDATE SKIP LOCKED)
        RETURNING *";
    take(db, CLAIM, owner, lease, limit).await
}

/// Takes at most `limit` runs of all tenants whose owner let its lease run out.
///
/// # Errors
///
/// [`DbError`] if the database fails.
pub async fn take_over(db: &SystemDb, owner: InstanceId, lease: Duration, limit: u32) -> Result<Vec<Run>, DbError> {
    const TAKE_OVER: &str = "
        UPDATE runs SET owner = $1, lease_until = now() + $2 * interval '1 millisecond'
         WHERE id IN (SELECT id FROM runs WHERE state = 'running' AND lease_until < now()
                       ORDER BY lease_until LIMIT $3 FOR UPDATE SKIP LOCKED)
        RETURNING *";
    take(db, TAKE_OVER, owner, lease, limit).await
}

/// Puts a run that `owner` has back at its place in the queue.
///
/// # Errors
///
/// [`DbError`] if the database fails.
pub async fn give_back(db: &SystemDb, id: RunId, owner: InstanceId) -> Result<(), DbError> {
    db.run(move |connection| {
        async move {
            let is_its = dsl::id.eq(id).and(dsl::state.eq(RunState::Running.as_str())).and(dsl::owner.eq(owner));
            diesel::update(dsl::runs.filter(is_its))
                .set((
                    dsl::state.eq(RunState::Queued.as_str()),
                    dsl::owner.eq(None::<InstanceId>),
                    dsl::lease_until.eq(None::<DateTime<Utc>>),
                ))
                .execute(connection)
                .await
                .map(drop)
        }
        .boxed()
    })
    .await
}

/// Saves how far `owner` is with its runs, and renews their leases; what is not returned is not its own any more.
///
/// # Errors
///
/// [`DbError`] if the database fails.
pub async fn save(
    db: &SystemDb,
    owner: InstanceId,
    lease: Duration,
    progress: Vec<Progress>,
) -> Result<Vec<Kept>, DbError> {
    #[derive(QueryableByName)]
    struct KeptRow {
        #[diesel(sql_type = SqlUuid)]
        id: RunId,
        #[diesel(sql_type = Bool)]
        stop_requested: bool,
    }

    const SAVE: &str = "
        UPDATE runs SET lease_until = now() + $2 * interval '1 millisecond', saves = saves + 1,
                        text = coalesce(progress.text, runs.text),
                        text_cursor = coalesce(progress.text_cursor, runs.text_cursor)
          FROM unnest($3, $4, $5) AS progress (id, text, text_cursor)
         WHERE runs.id = progress.id AND state = 'running' AND owner = $1
        RETURNING runs.id, stop_requested";
    let mut columns = (Vec::new(), Vec::new(), Vec::new());
    for Progress { run, text, text_cursor } in progress {
        columns.0.push(run);
        columns.1.push(text);
        columns.2.push(text_cursor);
    }
    let kept: Vec<KeptRow> = db
        .run(move |connection| {
            async move {
                diesel::sql_query(SAVE)
                    .bind::<SqlUuid, _>(owner)
                    .bind::<BigInt, _>(millis(lease))
                    .bind::<Array<SqlUuid>, _>(columns.0)
                    .bind::<Array<Nullable<Text>>, _>(columns.1)
                    .bind::<Array<Nullable<Text>>, _>(columns.2)
                    .load(connection)
                    .await
            }
            .boxed()
        })
        .await?;
    Ok(kept.into_iter().map(|KeptRow { id, stop_requested }| Kept { run: id, stop_requested }).collect())
}

/// The runs of a conversation that are not over, oldest first.
pub(super) async fn load_open(connection: &mut AsyncPgConnection, session: ChatSessionId) -> QueryResult<Vec<Row>> {
    let open = [RunState::Queued.as_str(), RunState::Running.as_str()];
    dsl::runs
        .filter(dsl::session_id.eq(session).and(dsl::state.eq_any(open)))
        .select(Row::as_select())
        .order(dsl::id)
        .load(connection)
        .await
}

async fn take(
    db: &SystemDb,
    statement: &'static str,
    owner: InstanceId,
    lease: Duration,
    limit: u32,
) -> Result<Vec<Run>, DbError> {
    let rows: Vec<Row> = db
        .run(move |connection| {
            async move {
                diesel::sql_query(statement)
                    .bind::<SqlUuid, _>(owner)
                    .bind::<BigInt, _>(millis(lease))
                    .bind::<BigInt, _>(i64::from(limit))
                    .load(connection)
                    .await
            }
            .boxed()
        })
        .await?;
    rows.into_iter().map(Run::try_from).collect()
}
