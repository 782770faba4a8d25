use chrono::{DateTime, Datelike, NaiveDate, Utc};
use diesel::{prelude::*, sql_types::BigInt};
use diesel_async::RunQueryDsl;
use futures_util::FutureExt;

use crate::{
    DbError, TenantDb, Transaction,
    schema::{budget_months, budgets},
};

/// A tenant's money in one month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Budget {
    /// The most that may be spent, in micro-dollars; `None` without a limit.
    pub limit_micro_usd: Option<i64>,
    /// What calls have cost, in micro-dollars.
    pub spent_micro_usd: i64,
    /// What is set aside for calls under way, in micro-dollars.
    pub reserved_micro_usd: i64,
}

/// The first day of the month of `time`, in UTC.
#[must_use]
pub fn month_of(time: DateTime<Utc>) -> NaiveDate {
    let day = time.date_naive();
    day.with_day(1).unwrap_or(day)
}

/// The budget of the month that begins with the day `month`.
///
/// # Errors
///
/// [`DbError`] if the database fails.
pub async fn budget(db: &TenantDb, month: NaiveDate) -> Result<Budget, DbError> {
    let tenant = db.tenant_id();
    db.run(move |connection| {
        async move {
            let limit: Option<Option<i64>> =
                budgets::table.find(tenant).select(budgets::limit_micro_usd).first(connection).await.optional()?;
            let month: Option<(i64, i64)> = budget_months::table
                .find((tenant, month))
                .select((budget_months::spent_micro_usd, budget_months::reserved_micro_usd))
                .first(connection)
                .await
                .optional()?;
            let (spent_micro_usd, reserved_micro_usd) = month.unwrap_or_default();
            Ok(Budget { limit_micro_usd: limit.flatten(), spent_micro_usd, reserved_micro_usd })
        }
        .boxed()
    })
    .await
}

/// Limits what may be spent in a month, from now on; `None` takes the limit away.
///
/// # Errors
///
/// [`DbError`] if the database fails, or the limit is negative.
pub async fn set_limit(tx: &mut Transaction<TenantDb>, limit_micro_usd: Option<i64>) -> Result<(), DbError> {
    let values = (
        budgets::tenant_id.eq(tx.tenant_id()),
        budgets::limit_micro_usd.eq(limit_micro_usd),
        budgets::updated_at.eq(crate::accounts::now()),
    );
    tx.run(async |connection| {
        diesel::insert_into(budgets::table)
            .values(values)
            .on_conflict(budgets::tenant_id)
            .do_update()
            .set((
                budgets::limit_micro_usd.eq(diesel::upsert::excluded(budgets::limit_micro_usd)),
                budgets::updated_at.eq(diesel::upsert::excluded(budgets::updated_at)),
            ))
            .execute(connection)
            .await
            .map(drop)
    })
    .await
}

/// Sets an amount aside if the month's limit allows it.
pub(super) async fn set_aside(
    tx: &mut Transaction<TenantDb>,
    month: NaiveDate,
    amount: i64,
) -> Result<Result<(), Budget>, DbError> {
    let tenant = tx.tenant_id();
    tx.run(async |connection| {
        diesel::insert_into(budget_months::table)
            .values((budget_months::tenant_id.eq(tenant), budget_months::month.eq(month)))
            .on_conflict_do_nothing()
            .execute(connection)
            .await
            .map(drop)
    })
    .await?;
    // Whoever comes second waits for the row, and then sees what the first has set aside.
    let (spent_micro_usd, reserved_micro_usd): (i64, i64) = tx
        .run(async |connection| {
            budget_months::table
                .find((tenant, month))
                .select((budget_months::spent_micro_usd, budget_months::reserved_micro_usd))
                .for_update()
                .first(connection)
                .await
        })
        .await?;
    let limit: Option<Option<i64>> = tx
        .run(async |connection| {
            budgets::table.find(tenant).select(budgets::limit_micro_usd).first(connection).await.optional()
        })
        .await?;
    let budget = Budget { limit_micro_usd: limit.flatten(), spent_micro_usd, reserved_micro_usd };
    let total = spent_micro_usd.saturating_add(reserved_micro_usd).saturating_add(amount);
    if budget.limit_micro_usd.is_some_and(|limit| total > limit) {
        return Ok(Err(budget));
    }
    change(tx, month, amount, 0).await?;
    Ok(Ok(()))
}

/// Adds to what is set aside and to what is spent.
pub(super) async fn change(
    tx: &mut Transaction<TenantDb>,
    month: NaiveDate,
    reserved: i64,
    spent: i64,
) -> Result<(), DbError> {
    let tenant = tx.tenant_id();
    tx.run(async |connection| {
        diesel::update(budget_months::table.find((tenant, month)))
            .set((
                budget_months::reserved_micro_usd.eq(budget_months::reserved_micro_usd + reserved.into_sql::<BigInt>()),
                budget_months::spent_micro_usd.eq(budget_months::spent_micro_usd + spent.into_sql::<BigInt>()),
            ))
            .execute(connection)
            .await
            .map(drop)
    })
    .await
}
