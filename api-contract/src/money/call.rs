use std::time::Duration;

use chrono::{DateTime, Utc};
use db::{
    ChatSessionId, DbError, ReservationId, RunId, TenantDb, UserId,
    money::{self, Exceeded, NewReservation, Service, Settlement},
};

use super::PriceTable;
use crate::{AppState, providers::Usage};

/// A call of a provider that is to be made.
#[derive(Debug, Clone)]
pub(crate) struct Call<'a> {
    pub(crate) service: Service,
    pub(crate) provider: &'a str,
    pub(crate) model: &'a str,
    /// Most tokens that go in and come out.
    pub(crate) input_tokens: u64,
    pub(crate) output_tokens: u64,
    pub(crate) user: Option<UserId>,
    pub(crate) session: Option<ChatSessionId>,
    pub(crate) run: Option<RunId>,
    /// After this nobody is at work on it any more.
    pub(crate) lifetime: Duration,
}

/// Why a call is not made.
#[derive(Debug)]
pub(crate) enum Refused {
    /// It could exceed the limit of the month.
    Exceeded(Exceeded),
    /// The database failed.
    Storage(DbError),
}

impl From<DbError> for Refused {
    fn from(error: DbError) -> Self {
        Self::Storage(error)
    }
}

/// What a call has used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Used {
    /// Nothing: it was not made, or refused.
    Nothing,
    /// What the provider said.
    Said(Usage),
    /// What we think, because the provider did not say.
    Estimated(Usage),
}

/// Sets aside the most that a call can cost.
pub(crate) async fn reserve(
    tx: &mut db::Transaction<TenantDb>,
    prices: &PriceTable,
    call: Call<'_>,
) -> Result<ReservationId, Refused> {
    let price = prices.price(call.model);
    let amount = price.map(|price| price.at_most(call.input_tokens, call.output_tokens));
    let new = NewReservation {
        user: call.user,
        session: call.session,
        run: call.run,
        service: call.service,
        provider: call.provider.to_owned(),
        model: call.model.to_owned(),
        input_tokens: signed(call.input_tokens),
        output_tokens: signed(call.output_tokens),
        amount_micro_usd: amount.map(|amount| amount.get()),
        price_version: prices.version().to_owned(),
        lifetime: call.lifetime,
    };
    money::reserve(tx, new).await?.map_err(Refused::Exceeded)
}

/// Records what a call has used, and gives back what it has not; does nothing the second time.
pub(crate) async fn settle(
    tx: &mut db::Transaction<TenantDb>,
    prices: &PriceTable,
    model: &str,
    reservation: ReservationId,
    used: Used,
) -> Result<(), DbError> {
    let (usage, is_estimate) = match used {
        Used::Nothing => return money::release(tx, reservation).await.map(drop),
        Used::Said(usage) => (usage, false),
        Used::Estimated(usage) => (usage, true),
    };
    let settlement = Settlement {
        input_tokens: signed(usage.input_tokens),
        cached_tokens: signed(usage.cached_tokens),
        output_tokens: signed(usage.output_tokens),
        is_estimate,
        cost_micro_usd: prices.price(model).map(|price| price.cost(usage).get()),
    };
    money::settle(tx, reservation, settlement).await.map(drop)
}

/// Settles calls in full that were set aside for longer than they can have taken, and returns how many.
pub(crate) async fn settle_expired(state: &AppState, at: DateTime<Utc>) -> Result<usize, DbError> {
    let expired = money::expired(&state.database().system(), at, 100).await?;
    let mut settled = 0;
    for reservation in expired {
        let mut tx = state.database().tenant(reservation.tenant).begin().await?;
        settled += usize::from(money::settle_in_full(&mut tx, reservation.id).await?);
        tx.commit().await?;
    }
    Ok(settled)
}

/// The most tokens that a text can be: tokens have at least one byte.
pub(crate) fn at_most_tokens(bytes: usize) -> u64 {
    bytes as u64
}

/// The tokens that a text probably is; more for languages that need fewer bytes for a token.
pub(crate) fn estimated_tokens(text: &str) -> u64 {
    (text.len() as u64).div_ceil(4)
}

fn signed(tokens: u64) -> i64 {
    i64::try_from(tokens).unwrap_or(i64::MAX)
}
