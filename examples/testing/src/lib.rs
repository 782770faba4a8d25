//! A counter that only its owner may change, and its tests.

use std::sync::{Arc, Mutex, PoisonError};

use garde::Validate;
use tintype::{ErrorCode, Failure, FromContext, Rules, prelude::*};

/// What procedures can reach.
#[derive(Debug, Clone, Default)]
pub struct AppState {
    count: Arc<Mutex<u32>>,
}

/// Proof that the caller has the key.
#[derive(Debug)]
pub struct Owner;

impl FromContext<AppState> for Owner {
    async fn from_context(cx: &Context<AppState>) -> Result<Self, Failure> {
        match cx.headers().get("x-key") {
            Some(key) if key == "secret" => Ok(Self),
            _ => Err(Failure::new(ErrorCode::Unauthorized, "send the key in the header x-key")),
        }
    }
}

/// By how much to count.
#[derive(Debug, Deserialize, Type, Validate, Rules)]
pub struct Add {
    /// 1 to 10.
    #[garde(range(min = 1, max = 10))]
    pub by: u32,
}

/// Why it was not counted.
#[derive(Debug, PartialEq, thiserror::Error, Serialize, Type, ProcedureError)]
#[serde(tag = "kind", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum AddError {
    /// It would be too much.
    #[error("{count} is the most")]
    #[code(CONFLICT)]
    Full {
        /// The count, which stays.
        count: u32,
    },
}

/// Counts on.
#[mutation]
pub async fn add(_owner: Owner, state: State<AppState>, input: Add) -> Result<u32, AddError> {
    let mut count = state.0.count.lock().unwrap_or_else(PoisonError::into_inner);
    if *count + input.by > 12 {
        return Err(AddError::Full { count: *count });
    }
    *count += input.by;
    Ok(*count)
}

/// Every procedure.
#[must_use]
pub fn router() -> Router<AppState> {
    router! { counter: [add] }
}

#[cfg(test)]
mod tests {
    use tintype::{CallError, Caller};

    use super::*;

    /// A caller with or without the key; all of a test share its state.
    fn caller(state: &AppState, key: Option<&str>) -> Caller<AppState> {
        let context = Context::builder(state.clone());
        router().caller(match key {
            Some(key) => context.header("x-key", key).build(),
            None => context.build(),
        })
    }

    #[tokio::test]
    async fn the_owner_counts_until_it_is_full() {
        let owner = caller(&AppState::default(), Some("secret"));

        assert_eq!(owner.call::<add>(Add { by: 10 }).await.unwrap(), 10);
        let full = owner.call::<add>(Add { by: 3 }).await.unwrap_err();

        assert!(matches!(full, CallError::Procedure(AddError::Full { count: 10 })));
    }

    #[tokio::test]
    async fn a_stranger_counts_nothing() {
        let state = AppState::default();

        let refused = caller(&state, None).call::<add>(Add { by: 1 }).await.unwrap_err();

        assert_eq!(refused.code(), ErrorCode::Unauthorized);
        assert_eq!(*state.count.lock().unwrap(), 0);
    }

    #[tokio::test]
    async fn what_breaks_a_rule_is_named() {
        let owner = caller(&AppState::default(), Some("secret"));

        let refused = owner.call::<add>(Add { by: 11 }).await.unwrap_err();

        let CallError::Failure(failure) = refused else { panic!("{refused:?}") };
        assert_eq!((failure.code(), failure.validation_issues().len()), (ErrorCode::BadRequest, 1));
    }

    #[tokio::test]
    async fn what_it_does_can_be_tested_alone() {
        // A procedure is still the function it was.
        assert_eq!(add(Owner, State(AppState::default()), Add { by: 2 }).await, Ok(2));
    }
}
