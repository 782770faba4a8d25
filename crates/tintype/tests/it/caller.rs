use std::sync::atomic::Ordering;

use tintype::{CallError, Context, ErrorCode};

use crate::{
    AppState,
    product::{self, Add, NoteError, Read},
};

#[tokio::test]
async fn a_call_in_process_returns_the_functions_own_types() {
    let router = product::router();
    let caller = router.caller(Context::builder(AppState::new()).header("authorization", "Bearer red").build());

    assert_eq!(caller.call::<product::ping>(()).await.unwrap(), "pong");
    assert_eq!(caller.call::<product::read>(Read { id: 1 }).await.unwrap(), "one");
    let error = caller.call::<product::read>(Read { id: 2 }).await.unwrap_err();
    assert!(matches!(error, CallError::Procedure(NoteError::NotFound { id: 2 })), "{error:?}");
}

#[tokio::test]
async fn a_call_in_process_is_refused_like_any_other() {
    let router = product::router();
    let caller = router.caller(Context::builder(AppState::new()).build());

    let error = caller.call::<product::read>(Read { id: 1 }).await.unwrap_err();

    assert_eq!(error.code(), ErrorCode::Unauthorized);
}

#[tokio::test]
async fn a_call_in_process_keeps_the_rules_of_the_input() {
    let router = product::router();
    let caller = router.caller(Context::builder(AppState::new()).header("authorization", "Bearer red").build());

    let error = caller.call::<product::add>(Add { note_text: String::new() }).await.unwrap_err();

    assert_eq!(error.to_string(), "invalid input: noteText: must not be empty");
}

#[tokio::test]
async fn calls_of_one_context_share_what_extractors_look_up() {
    let state = AppState::new();
    let caller =
        product::router().caller(Context::builder(state.clone()).header("authorization", "Bearer red").build());

    for _ in 0..3 {
        caller.call::<product::read>(Read { id: 1 }).await.unwrap();
    }

    assert_eq!(state.look_ups.load(Ordering::Relaxed), 1);
}
