//! The contract, in a crate that both services share.

use tintype::prelude::*;

/// The prices of the shop.
#[derive(Debug, Clone)]
pub struct AppState {
    /// What a piece costs.
    pub cents: u32,
}

/// What somebody wants.
#[derive(Debug, Serialize, Deserialize, Type)]
pub struct Order {
    /// How many.
    pub pieces: u32,
}

/// Why there is no price.
#[derive(Debug, thiserror::Error, Serialize, Deserialize, Type, ProcedureError)]
#[serde(tag = "kind", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum QuoteError {
    /// There are not so many.
    #[error("there are {stock} pieces")]
    #[code(CONFLICT)]
    OutOfStock {
        /// How many there are.
        stock: u32,
    },
}

/// What an order costs, in cents.
///
/// # Errors
///
/// [`QuoteError`] if there are not so many.
#[query]
pub async fn quote(state: State<AppState>, input: Order) -> Result<u32, QuoteError> {
    if input.pieces > 10 {
        return Err(QuoteError::OutOfStock { stock: 10 });
    }
    Ok(state.0.cents * input.pieces)
}

/// Every procedure.
#[must_use]
pub fn router() -> Router<AppState> {
    router! { shop: [quote] }
}
