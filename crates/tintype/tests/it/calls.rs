//! `Calls` in process: what a client would see, without one.

use futures_util::{FutureExt, StreamExt, TryStreamExt, stream};
use serde::{Deserialize, Serialize};
use tintype::{Abort, CallError, Calls, Context, Event, EventId, LastEventId, prelude::*};
use tokio_util::sync::CancellationToken;

#[derive(Debug, thiserror::Error, Serialize, Deserialize, Type, ProcedureError)]
#[serde(tag = "kind", rename_all = "camelCase")]
enum JarError {
    #[error("the jar holds {left} more")]
    #[code(CONFLICT)]
    Full { left: u32 },
    #[error("the jar is broken")]
    #[internal]
    #[serde(skip)]
    Broken(std::fmt::Error),
}

#[mutation(state = ())]
async fn fill(input: u32) -> Result<u32, JarError> {
    match input {
        0 => Err(JarError::Broken(std::fmt::Error)),
        1..=9 => Ok(input),
        _ => Err(JarError::Full { left: 9 }),
    }
}

#[query(state = ())]
async fn shake() -> Result<(), Never> {
    panic!("it fell")
}

#[subscription(state = CancellationToken)]
async fn drops(
    aborted: State<CancellationToken>,
    abort: Abort,
    last: LastEventId,
    input: u32,
) -> Result<Subscription<u32>, JarError> {
    if input == 0 {
        return Err(JarError::Full { left: 0 });
    }
    tokio::spawn(async move {
        abort.0.cancelled().await;
        aborted.0.cancel();
    });
    let last = last.0.map_or(0, |id| id.as_str().parse().unwrap());
    let drop = |n: u32| Ok(Event { id: EventId::new(n.to_string()).unwrap(), data: n });
    let broken = stream::iter([Err(JarError::Broken(std::fmt::Error))]);
    Ok(Subscription::try_tracked(stream::iter((last + 1..=input).map(drop)).chain(broken)))
}

fn jar() -> impl Calls<()> {
    let router: Router<()> = router! { [fill, shake] };
    router.caller(Context::builder(()).build())
}

fn tap(aborted: &CancellationToken, last: Option<&str>) -> impl Calls<CancellationToken> + use<> {
    let router: Router<CancellationToken> = router! { [drops] };
    let last = last.map(|id| EventId::new(id).unwrap());
    router.caller(Context::builder(aborted.clone()).last_event_id(last).build())
}

#[tokio::test]
async fn a_typed_error_is_the_procedures_own() {
    assert_eq!(jar().call::<fill>(3).await.unwrap(), 3);

    let error = jar().call::<fill>(10).await.unwrap_err();

    assert!(matches!(error, CallError::Procedure(JarError::Full { left: 9 })), "{error:?}");
}

#[tokio::test]
async fn an_error_that_clients_never_see_is_a_failure_with_its_cause() {
    let error = jar().call::<fill>(0).await.unwrap_err();

    let CallError::Failure(failure) = &error else { panic!("{error:?}") };
    assert!(failure.log_id().is_some() && failure.error_json().is_none());
    let source = std::error::Error::source(&error).unwrap();
    assert_eq!(source.to_string(), std::fmt::Error.to_string());
}

#[tokio::test]
async fn a_panic_is_a_failure_of_its_call() {
    let error = jar().call::<shake>(()).await.unwrap_err();

    let CallError::Failure(failure) = error;
    assert_eq!(std::error::Error::source(&failure).unwrap().to_string(), "the procedure panicked: it fell");
}

#[tokio::test]
async fn events_come_after_the_last_one_and_an_error_comes_last() {
    let aborted = CancellationToken::new();
    let mut events = tap(&aborted, Some("1")).subscribe::<drops>(3);

    assert_eq!(events.next().await.unwrap().unwrap(), Event { id: EventId::new("2").unwrap(), data: 2 });
    assert_eq!(events.next().await.unwrap().unwrap().data, 3);
    assert!(matches!(events.next().await, Some(Err(CallError::Failure(failure))) if failure.log_id().is_some()));
    assert!(events.next().await.is_none());
    let refused = tap(&aborted, None).subscribe::<drops>(0).try_collect::<Vec<_>>().await.unwrap_err();
    assert!(matches!(refused, CallError::Procedure(JarError::Full { left: 0 })), "{refused:?}");
}

#[tokio::test]
async fn dropping_the_stream_tells_what_the_procedure_has_spawned() {
    let aborted = CancellationToken::new();
    let mut events = tap(&aborted, None).subscribe::<drops>(3);
    events.next().await.unwrap().unwrap();
    tokio::task::yield_now().await;
    assert!(aborted.cancelled().now_or_never().is_none());

    drop(events);

    aborted.cancelled().await;
}
