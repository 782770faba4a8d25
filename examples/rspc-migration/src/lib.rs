//! What was an rspc router, as procedures of tintype.

use std::sync::{Arc, Mutex, PoisonError};

use tintype::{ErrorCode, FromContext, prelude::*};

/// What was the `Ctx` of rspc, without what belongs to one request.
#[derive(Debug, Clone, Default)]
pub struct AppState {
    notes: Arc<Mutex<Vec<String>>>,
}

/// What was a field of `Ctx` that procedures checked: who is calling.
#[derive(Debug)]
pub struct User(String);

impl FromContext<AppState> for User {
    async fn from_context(cx: &Context<AppState>) -> Result<Self, Failure> {
        let name = cx.headers().get("x-user").and_then(|name| name.to_str().ok());
        let name = name.ok_or_else(|| Failure::new(ErrorCode::Unauthorized, "send a name in the header x-user"))?;
        Ok(Self(name.to_owned()))
    }
}

/// Why there is no note.
#[derive(Debug, PartialEq, thiserror::Error, Serialize, Type, ProcedureError)]
#[serde(tag = "kind", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum NoteError {
    /// None has this number.
    #[error("there is no note {number}")]
    #[code(NOT_FOUND)]
    NotFound {
        /// The number that was asked for.
        number: u32,
    },
}

/// One note, by its number from 0.
///
/// # Errors
///
/// [`NoteError`] if there is none.
#[query]
pub async fn note(state: State<AppState>, input: u32) -> Result<String, NoteError> {
    let notes = state.0.notes.lock().unwrap_or_else(PoisonError::into_inner);
    let note = usize::try_from(input).ok().and_then(|number| notes.get(number));
    note.cloned().ok_or(NoteError::NotFound { number: input })
}

/// Writes a note in the name of the caller, and returns how many there are.
#[mutation]
pub async fn write(user: User, state: State<AppState>, input: String) -> Result<u32, Never> {
    let mut notes = state.0.notes.lock().unwrap_or_else(PoisonError::into_inner);
    notes.push(format!("{}: {input}", user.0));
    Ok(u32::try_from(notes.len()).unwrap_or(u32::MAX))
}

/// Every procedure; `notes` was a router of its own, nested under this name.
#[must_use]
pub fn router() -> Router<AppState> {
    router! { notes: [note, write] }
}

#[cfg(test)]
mod tests {
    use tintype::{CallError, Caller};

    use super::*;

    fn caller(state: &AppState, user: Option<&str>) -> Caller<AppState> {
        let context = Context::builder(state.clone());
        router().caller(match user {
            Some(user) => context.header("x-user", user).build(),
            None => context.build(),
        })
    }

    #[tokio::test]
    async fn what_a_user_writes_can_be_read_by_everybody() {
        let state = AppState::default();

        let count = caller(&state, Some("ada")).call::<write>("hello".to_owned()).await.unwrap();

        assert_eq!(count, 1);
        assert_eq!(caller(&state, None).call::<note>(0).await.unwrap(), "ada: hello");
    }

    #[tokio::test]
    async fn strangers_are_refused() {
        let state = AppState::default();

        let refused = caller(&state, None).call::<write>("hello".to_owned()).await.unwrap_err();

        assert_eq!(refused.code(), ErrorCode::Unauthorized);
        assert!(state.notes.lock().unwrap().is_empty());
    }

    #[tokio::test]
    async fn a_note_that_is_not_there_is_a_typed_error() {
        let missing = caller(&AppState::default(), None).call::<note>(7).await.unwrap_err();

        assert_eq!(missing.code(), ErrorCode::NotFound);
        assert!(matches!(missing, CallError::Procedure(NoteError::NotFound { number: 7 })));
    }
}
