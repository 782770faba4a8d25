use chrono::Utc;
use db::money;
use tintype::{prelude::*, wire::SafeUint};

use super::prices::to_wire;
use crate::{
    AppState,
    auth::{Owner, Session},
};

/// The money of a workspace in this month, in micro-dollars: 1,000,000 are a US dollar.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Budget {
    /// The most that may be spent in a month, in UTC; `null` without a limit.
    pub limit_micro_usd: Option<SafeUint>,
    /// What calls have cost this month.
    pub spent_micro_usd: SafeUint,
    /// What is set aside for calls that are under way.
    pub reserved_micro_usd: SafeUint,
}

/// A limit that is to hold from now on.
#[derive(Debug, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct SetBudget {
    /// The most that may be spent in a month, in micro-dollars; `null` takes the limit away.
    pub limit_micro_usd: Option<SafeUint>,
}

impl From<money::Budget> for Budget {
    fn from(budget: money::Budget) -> Self {
        Self {
            limit_micro_usd: budget.limit_micro_usd.map(to_wire),
            spent_micro_usd: to_wire(budget.spent_micro_usd),
            reserved_micro_usd: to_wire(budget.reserved_micro_usd),
        }
    }
}

/// What the workspace may spend this month, and what it has spent.
#[query]
pub async fn get(session: Session, state: State<AppState>) -> Result<Budget, InternalError> {
    let month = money::month_of(Utc::now());
    Ok(money::budget(&session.db(&state.0), month).await?.into())
}

/// Limits what the workspace may spend in a month; its owners may.
#[mutation(invalidates(get))]
pub async fn set(owner: Owner, state: State<AppState>, input: SetBudget) -> Result<Budget, InternalError> {
    let db = owner.0.db(&state.0);
    let mut tx = db.begin().await?;
    let limit = input.limit_micro_usd.map(|limit| i64::try_from(limit.get()).unwrap_or(i64::MAX));
    money::set_limit(&mut tx, limit).await?;
    tx.commit().await?;
    Ok(money::budget(&db, money::month_of(Utc::now())).await?.into())
}
