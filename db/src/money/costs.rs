use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use diesel::{
    prelude::*,
    sql_types::{BigInt, Nullable, Text, Timestamptz, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;
use futures_util::FutureExt;

use crate::{DbError, TenantDb, UserId};

/// Which costs to sum up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CostQuery {
    /// The first day, in UTC.
    pub from: NaiveDate,
    /// The day after the last one.
    pub to: NaiveDate,
    /// What to sum up by.
    pub by: GroupBy,
    /// Whose costs; everybody's without it.
    pub user: Option<UserId>,
}

/// What costs are summed up by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GroupBy {
    /// The day, in UTC.
    Day,
    /// What calls were for.
    Service,
    /// The model.
    Model,
    /// Who caused them.
    User,
}

/// Costs of one day, service, model or user.
#[derive(Debug, Clone, PartialEq, Eq, QueryableByName)]
pub struct CostGroup {
    /// The day as `2026-11-26`, the service, the model, or the id of the user; empty for nobody.
    #[diesel(sql_type = Text)]
    pub key: String,
    /// Calls, those without a price included.
    #[diesel(sql_type = BigInt)]
    pub calls: i64,
    /// Calls of models without a price, which are in no sum of money.
    #[diesel(sql_type = BigInt)]
    pub unpriced_calls: i64,
    /// Calls whose tokens were estimated.
    #[diesel(sql_type = BigInt)]
    pub estimated_calls: i64,
    /// Tokens that went in.
    #[diesel(sql_type = BigInt)]
    pub input_tokens: i64,
    /// Of these, tokens from the provider's cache.
    #[diesel(sql_type = BigInt)]
    pub cached_tokens: i64,
    /// Tokens that came out.
    #[diesel(sql_type = BigInt)]
    pub output_tokens: i64,
    /// Money, in micro-dollars.
    #[diesel(sql_type = BigInt)]
    pub cost_micro_usd: i64,
}

/// Costs of a tenant, by the key of their group.
///
/// # Errors
///
/// [`DbError`] if the database fails.
pub async fn costs(db: &TenantDb, query: CostQuery) -> Result<Vec<CostGroup>, DbError> {
    // Fixed texts: nothing of the caller's is in the statement.
    let key = match query.by {
        GroupBy::Day => "to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD')",
        GroupBy::Service => "service",
        GroupBy::Model => "model",
        GroupBy::User => "coalesce(user_id::text, '')",
    };
    let statement = format!(
        "SELECT {key} AS key, count(*) AS calls,
                count(*) FILTER (WHERE cost_micro_usd IS NULL) AS unpriced_calls,
                count(*) FILTER (WHERE is_estimate) AS estimated_calls,
                sum(input_tokens)::bigint AS input_tokens, sum(cached_tokens)::bigint AS cached_tokens,
                sum(output_tokens)::bigint AS output_tokens,
                coalesce(sum(cost_micro_usd), 0)::bigint AS cost_micro_usd
           FROM cost_events
          WHERE tenant_id = current_tenant() AND created_at >= $1 AND created_at < $2
            AND ($3 IS NULL OR user_id = $3)
          GROUP BY 1 ORDER BY 1"
    );
    db.run(move |connection| {
        async move {
            diesel::sql_query(statement)
                .bind::<Timestamptz, _>(start_of(query.from))
                .bind::<Timestamptz, _>(start_of(query.to))
                .bind::<Nullable<SqlUuid>, _>(query.user)
                .load(connection)
                .await
        }
        .boxed()
    })
    .await
}

fn start_of(day: NaiveDate) -> DateTime<Utc> {
    day.and_time(NaiveTime::MIN).and_utc()
}
