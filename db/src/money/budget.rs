use chrono::{DateTime, Datelike, NaiveDate, Utc};
use diesel::{
    prelude::*,
    sql_types::{BigInt, Date, Uuid as SqlUuid},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use futures_util::FutureExt;

use crate::{
    DbError, TenantDb, TenantId, Transaction,
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
    db.run(move |connection| load(connection, tenant, month).boxed()).await
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
///
/// One statement: whoever comes second waits for the row, and then sees what the first has set aside.
pub(super) async fn set_aside(
    tx: &mut Transaction<TenantDb>,
    month: NaiveDate,
    amount: i64,
) -> Result<Result<(), Budget>, DbError> {
    const SET_ASIDE: &str = "
        INSERT INTO budget_months AS month (tenant_id, month, reserved_micro_usd)
        SELECT $1, $2, $3
         WHERE coalesce($3 <= (SELECT limit_micro_usd FROM budgets WHERE tenant_id = $1), true)
        ON CONFLICT (tenant_id, month) DO UPDATE
           SET reserved_micro_usd = month.reserved_micro_usd + $3
         WHERE coalesce(month.spent_micro_usd::numeric + month.reserved_micro_usd + $3
                        <= (SELECT limit_micro_usd FROM budgets WHERE tenant_id = $1), true)";
    let tenant = tx.tenant_id();
    let count = tx
        .run(async |connection| {
            diesel::sql_query(SET_ASIDE)
                .bind::<SqlUuid, _>(tenant)
                .bind::<Date, _>(month)
                .bind::<BigInt, _>(amount)
                .execute(connection)
                .await
        })
        .await?;
    if count > 0 {
        return Ok(Ok(()));
    }
    Ok(Err(tx.run(async |connection| load(connection, tenant, month).await).await?))
}

async fn load(connection: &mut AsyncPgConnection, tenant: TenantId, month: NaiveDate) -> QueryResult<Budget> {
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
