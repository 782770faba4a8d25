use std::time::Duration;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use futures_util::FutureExt;

use super::budget::{self, Budget, month_of};
use crate::{
    ChatSessionId, DbError, ReservationId, RunId, SystemDb, TenantDb, TenantId, Transaction, UserId,
    schema::{cost_events, reservations, runs},
};

/// What a call is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Service {
    /// An answer in a conversation.
    Chat,
    /// A look at an image.
    Vision,
    /// Vectors of texts.
    Embedding,
    /// Ranking what was found.
    Rerank,
}

impl Service {
    /// Its name, as it is stored.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Chat => "chat",
            Self::Vision => "vision",
            Self::Embedding => "embedding",
            Self::Rerank => "rerank",
        }
    }
}

/// A call that is to be made, and the most that it can use and cost.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewReservation {
    /// Who causes it.
    pub user: Option<UserId>,
    /// The conversation in which it is made.
    pub session: Option<ChatSessionId>,
    /// The run that makes it.
    pub run: Option<RunId>,
    /// What it is for.
    pub service: Service,
    /// Who is called.
    pub provider: String,
    /// The model.
    pub model: String,
    /// Most tokens that go in.
    pub input_tokens: i64,
    /// Most tokens that come out.
    pub output_tokens: i64,
    /// Most that it costs, in micro-dollars; `None` for a model without a price.
    pub amount_micro_usd: Option<i64>,
    /// Which prices these are.
    pub price_version: String,
    /// How long it takes at most; later it is settled as if it had cost all of it.
    pub lifetime: Duration,
}

/// The call could cost more than the month's limit leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Exceeded {
    /// The most that the call could cost, in micro-dollars.
    pub amount_micro_usd: i64,
    /// The month so far.
    pub budget: Budget,
}

/// What a call has used and cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settlement {
    /// Tokens that went in.
    pub input_tokens: i64,
    /// Of these, tokens from the provider's cache.
    pub cached_tokens: i64,
    /// Tokens that came out.
    pub output_tokens: i64,
    /// Whether the tokens are estimated.
    pub is_estimate: bool,
    /// What it cost, in micro-dollars; `None` for a model without a price.
    pub cost_micro_usd: Option<i64>,
}

/// A reservation that nobody will settle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ExpiredReservation {
    /// Its id.
    pub id: ReservationId,
    /// Whose it is.
    pub tenant: TenantId,
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = reservations)]
struct Row {
    id: ReservationId,
    tenant_id: TenantId,
    user_id: Option<UserId>,
    session_id: Option<ChatSessionId>,
    run_id: Option<RunId>,
    service: String,
    provider: String,
    model: String,
    input_tokens: i64,
    output_tokens: i64,
    amount_micro_usd: Option<i64>,
    price_version: String,
    created_at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
}

/// Sets the most that a call can cost aside, if the month's limit allows it.
///
/// # Errors
///
/// [`DbError`] if the database fails.
pub async fn reserve(
    tx: &mut Transaction<TenantDb>,
    new: NewReservation,
) -> Result<Result<ReservationId, Exceeded>, DbError> {
    let now = crate::accounts::now();
    let amount = new.amount_micro_usd.unwrap_or(0);
    if let Err(budget) = budget::set_aside(tx, month_of(now), amount).await? {
        return Ok(Err(Exceeded { amount_micro_usd: amount, budget }));
    }
    let row = Row {
        id: ReservationId::generate(),
        tenant_id: tx.tenant_id(),
        user_id: new.user,
        session_id: new.session,
        run_id: new.run,
        service: new.service.as_str().to_owned(),
        provider: new.provider,
        model: new.model,
        input_tokens: new.input_tokens,
        output_tokens: new.output_tokens,
        amount_micro_usd: new.amount_micro_usd,
        price_version: new.price_version,
        created_at: now,
        expires_at: now + new.lifetime,
    };
    let insert = diesel::insert_into(reservations::table).values(&row);
    tx.run(async |connection| insert.execute(connection).await).await?;
    Ok(Ok(row.id))
}

/// Records what a call has cost and gives back the rest; `false` if that was done before.
///
/// # Errors
///
/// [`DbError`] if the database fails.
pub async fn settle(
    tx: &mut Transaction<TenantDb>,
    id: ReservationId,
    settlement: Settlement,
) -> Result<bool, DbError> {
    let Some(row) = remove(tx, id).await? else { return Ok(false) };
    record(tx, row, settlement).await?;
    Ok(true)
}

/// Records the most that a call can have cost, of which nobody knows what it did cost; `false` if it was settled.
///
/// # Errors
///
/// [`DbError`] if the database fails.
pub async fn settle_in_full(tx: &mut Transaction<TenantDb>, id: ReservationId) -> Result<bool, DbError> {
    let Some(row) = remove(tx, id).await? else { return Ok(false) };
    let settlement = Settlement {
        input_tokens: row.input_tokens,
        cached_tokens: 0,
        output_tokens: row.output_tokens,
        is_estimate: true,
        cost_micro_usd: row.amount_micro_usd,
    };
    record(tx, row, settlement).await?;
    Ok(true)
}

/// Gives back what was set aside for a call that was not made; `false` if it was settled.
///
/// # Errors
///
/// [`DbError`] if the database fails.
pub async fn release(tx: &mut Transaction<TenantDb>, id: ReservationId) -> Result<bool, DbError> {
    let Some(row) = remove(tx, id).await? else { return Ok(false) };
    budget::change(tx, month_of(row.created_at), -row.amount_micro_usd.unwrap_or(0), 0).await?;
    Ok(true)
}

/// At most `limit` reservations of all tenants that nobody will settle any more, oldest first.
///
/// Those of runs that are not over are none of them.
///
/// # Errors
///
/// [`DbError`] if the database fails.
pub async fn expired(db: &SystemDb, at: DateTime<Utc>, limit: u32) -> Result<Vec<ExpiredReservation>, DbError> {
    let found: Vec<(ReservationId, TenantId)> = db
        .run(move |connection| {
            async move {
                let open = runs::table
                    .filter(runs::reservation_id.eq(reservations::id))
                    .filter(runs::state.eq_any(["queued", "running"]));
                reservations::table
                    .filter(reservations::expires_at.le(at).and(diesel::dsl::not(diesel::dsl::exists(open))))
                    .select((reservations::id, reservations::tenant_id))
                    .order(reservations::expires_at)
                    .limit(i64::from(limit))
                    .load(connection)
                    .await
            }
            .boxed()
        })
        .await?;
    Ok(found.into_iter().map(|(id, tenant)| ExpiredReservation { id, tenant }).collect())
}

async fn remove(tx: &mut Transaction<TenantDb>, id: ReservationId) -> Result<Option<Row>, DbError> {
    let delete = diesel::delete(reservations::table.find(id)).returning(Row::as_returning());
    tx.run(async |connection| delete.get_result(connection).await.optional()).await
}

async fn record(tx: &mut Transaction<TenantDb>, row: Row, settlement: Settlement) -> Result<(), DbError> {
    let Settlement { input_tokens, cached_tokens, output_tokens, is_estimate, cost_micro_usd } = settlement;
    let event = (
        cost_events::id.eq(row.id),
        cost_events::tenant_id.eq(row.tenant_id),
        cost_events::user_id.eq(row.user_id),
        cost_events::session_id.eq(row.session_id),
        cost_events::run_id.eq(row.run_id),
        cost_events::service.eq(row.service),
        cost_events::provider.eq(row.provider),
        cost_events::model.eq(row.model),
        cost_events::input_tokens.eq(input_tokens),
        cost_events::cached_tokens.eq(cached_tokens.min(input_tokens)),
        cost_events::output_tokens.eq(output_tokens),
        cost_events::is_estimate.eq(is_estimate),
        cost_events::cost_micro_usd.eq(cost_micro_usd),
        cost_events::price_version.eq(row.price_version),
        // A call counts for the month in which it was reserved.
        cost_events::created_at.eq(row.created_at),
    );
    let insert = diesel::insert_into(cost_events::table).values(event);
    tx.run(async |connection| insert.execute(connection).await).await?;
    let reserved = row.amount_micro_usd.unwrap_or(0);
    budget::change(tx, month_of(row.created_at), -reserved, cost_micro_usd.unwrap_or(0)).await
}
