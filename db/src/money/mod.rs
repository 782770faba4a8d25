//! What AI costs a tenant: a limit for each month, what is set aside for calls under way, and what calls have cost.
//!
//! A call is reserved with the most that it can cost, made, and settled with what it did cost.
//! Reserving is one statement that holds the month's row, so calls at the same moment cannot exceed the limit together.
//! Money is integer micro-dollars, and months are those of UTC.

mod budget;
mod costs;
mod reservation;

pub use budget::{Budget, budget, month_of, set_limit};
pub use costs::{CostGroup, CostQuery, GroupBy, costs};
pub use reservation::{
    Exceeded, ExpiredReservation, NewReservation, Service, Settlement, expired, release, reserve, settle,
    settle_in_full,
};
