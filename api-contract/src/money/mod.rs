//! What AI costs, and how much of it a workspace may spend.
//!
//! Every call of a provider goes the same way: the most that it can cost is set aside, the call is made, and what it
//! did cost is recorded, once.
//! A call that could exceed the month's limit is refused before it is made.

mod analytics;
mod budget;
mod call;
mod prices;

pub use analytics::{CostGroup, CostGroupBy, CostMetrics, CostQuery, CostTotals, get_cost_metrics};
pub use budget::{Budget, SetBudget, get, set};
pub use prices::{MicroUsd, Price, PriceTable};

pub(crate) use call::{Call, Refused, Used, at_most_tokens, estimated_tokens, reserve, settle, settle_expired};
pub(crate) use prices::to_wire;
