use chrono::NaiveDate;
use db::{
    accounts::Role,
    money::{self, GroupBy},
};
use garde::Validate;
use tintype::{prelude::*, wire::SafeUint};

use super::prices::to_wire;
use crate::{AppState, auth::Session};

/// Which costs to sum up: those from `startDate` on and before `endDate`, days in UTC.
#[derive(Debug, Serialize, Deserialize, Type, Validate, Rules)]
#[serde(rename_all = "camelCase")]
pub struct CostQuery {
    /// The first day.
    #[garde(skip)]
    pub start_date: NaiveDate,
    /// The day after the last one.
    #[garde(custom(after(&self.start_date)))]
    pub end_date: NaiveDate,
    /// What to sum up by.
    #[garde(skip)]
    pub group_by: CostGroupBy,
}

/// What costs are summed up by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum CostGroupBy {
    /// The day, in UTC.
    Day,
    /// What calls were for: `chat`, `vision`, `embedding` or `rerank`.
    Service,
    /// The model.
    Model,
    /// Who caused them.
    User,
}

/// Costs of a workspace.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct CostMetrics {
    /// All of them.
    pub totals: CostTotals,
    /// By what was asked for, in the order of the keys; groups without costs are left out.
    pub series: Vec<CostGroup>,
}

/// A sum of costs.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct CostTotals {
    /// Calls, those without a price included.
    pub calls: SafeUint,
    /// Calls of models without a price, which are in no sum of money.
    pub unpriced_calls: SafeUint,
    /// Calls whose tokens were estimated, because the provider did not say them.
    pub estimated_calls: SafeUint,
    /// Tokens that went in.
    pub input_tokens: SafeUint,
    /// Of these, tokens from the provider's cache.
    pub cached_tokens: SafeUint,
    /// Tokens that came out.
    pub output_tokens: SafeUint,
    /// Money, in micro-dollars: 1,000,000 are a US dollar.
    pub cost_micro_usd: SafeUint,
}

/// Costs of one day, service, model or user.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct CostGroup {
    /// The day as `2026-11-26`, the service, the model, or the id of the user; empty for nobody.
    pub key: String,
    /// Its costs.
    pub totals: CostTotals,
}

/// Longest time that is summed up at once, in days: two years.
const MOST_DAYS: i64 = 731;

/// What AI has cost: owners see everybody's costs, and members their own.
#[query]
pub async fn get_cost_metrics(
    session: Session,
    state: State<AppState>,
    input: CostQuery,
) -> Result<CostMetrics, InternalError> {
    let user = &session.active.account.user;
    let query = money::CostQuery {
        from: input.start_date,
        to: input.end_date,
        by: match input.group_by {
            CostGroupBy::Day => GroupBy::Day,
            CostGroupBy::Service => GroupBy::Service,
            CostGroupBy::Model => GroupBy::Model,
            CostGroupBy::User => GroupBy::User,
        },
        user: (user.role != Role::Owner).then_some(user.id),
    };
    let groups = money::costs(&session.db(&state.0), query).await?;
    let totals = totals(&groups);
    let series = groups.into_iter().map(|group| CostGroup { totals: self::totals([&group]), key: group.key }).collect();
    Ok(CostMetrics { totals, series })
}

fn totals<'a>(groups: impl IntoIterator<Item = &'a money::CostGroup> + Clone) -> CostTotals {
    let sum =
        |of: fn(&money::CostGroup) -> i64| to_wire(groups.clone().into_iter().map(of).fold(0, i64::saturating_add));
    CostTotals {
        calls: sum(|group| group.calls),
        unpriced_calls: sum(|group| group.unpriced_calls),
        estimated_calls: sum(|group| group.estimated_calls),
        input_tokens: sum(|group| group.input_tokens),
        cached_tokens: sum(|group| group.cached_tokens),
        output_tokens: sum(|group| group.output_tokens),
        cost_micro_usd: sum(|group| group.cost_micro_usd),
    }
}

fn after<'a>(start: &'a NaiveDate) -> impl FnOnce(&NaiveDate, &()) -> garde::Result + 'a {
    move |end, ()| {
        let days = end.signed_duration_since(*start).num_days();
        match days {
            ..=0 => Err(garde::Error::new("must be after the first day: the last day is the one before it")),
            1..=MOST_DAYS => Ok(()),
            _ => Err(garde::Error::new(format!("too far from the first day: {days} days, at most {MOST_DAYS}"))),
        }
    }
}
