//! The same code over a caller in process and over HTTP: it cannot tell which it has.

use std::fmt::Debug;

use futures_util::{FutureExt, StreamExt, TryStreamExt};
use tintype::{CallError, Calls, Context, ErrorCode, Procedure, ProcedureError};
use tokio::sync::mpsc;

use crate::{
    AppState,
    contract::{
        self, Rename, break_down, count, countdown, echo, fail_later, hang, length, panic, ping, refuse, rename,
        some_numbered, touch, watch,
    },
    server::Server,
};

/// What can be known of an error.
fn describe<E: ProcedureError + Debug>(error: CallError<E>) -> String {
    match error {
        CallError::Procedure(error) => format!("{} {error:?}", error.code()),
        CallError::Failure(failure) => {
            let log_id = failure.log_id().map(|id| id.to_string()).unwrap_or_default();
            let message =
                if log_id.is_empty() { failure.message().to_owned() } else { failure.message().replace(&log_id, "ID") };
            format!("{} {message} {:?} {:?}", failure.code(), failure.validation_issues(), failure.error_json())
        }
    }
}

async fn told<P>(calls: &impl Calls<AppState>, input: P::Input) -> String
where
    P: Procedure<State = AppState>,
    P::Input: serde::Serialize,
    P::Output: serde::de::DeserializeOwned + Debug,
    P::Error: serde::de::DeserializeOwned + Debug,
{
    match calls.call::<P>(input).await {
        Ok(output) => format!("{output:?}"),
        Err(error) => describe(error),
    }
}

/// Everything that a subscription says until it ends.
async fn heard<P>(calls: &impl Calls<AppState>, input: P::Input) -> Vec<String>
where
    P: Procedure<State = AppState>,
    P::Input: serde::Serialize,
    P::Output: tintype::Events<Event: Debug, Data: serde::de::DeserializeOwned>,
    P::Error: serde::de::DeserializeOwned + Debug,
{
    let events = calls.subscribe::<P>(input);
    events.map(|event| event.map_or_else(describe, |event| format!("{event:?}"))).collect().await
}

/// Calls that succeed and calls that fail, for every reason there is.
async fn everything(calls: &impl Calls<AppState>) -> Vec<String> {
    let mut told = vec![
        told::<ping>(calls, ()).await,
        told::<echo>(calls, "a b".to_owned()).await,
        told::<length>(calls, None).await,
        told::<touch>(calls, ()).await,
        told::<rename>(calls, Rename::to("clock")).await,
        told::<rename>(calls, Rename::to("taken")).await,
        told::<rename>(calls, Rename::to("full")).await,
        told::<rename>(calls, Rename::to("")).await,
        told::<break_down>(calls, ()).await,
        told::<refuse>(calls, ()).await,
        told::<panic>(calls, ()).await,
    ];
    told.extend(heard::<count>(calls, 3).await);
    told.extend(heard::<countdown>(calls, 3).await);
    told.extend(heard::<some_numbered>(calls, ()).await);
    told.extend(heard::<fail_later>(calls, Rename::to("later")).await);
    told.extend(heard::<fail_later>(calls, Rename::to("at once")).await);
    told.extend(heard::<fail_later>(calls, Rename::to("")).await);
    told
}

fn in_process(token: &str) -> (impl Calls<AppState> + use<>, mpsc::UnboundedReceiver<&'static str>) {
    let (sender, reports) = mpsc::unbounded_channel();
    let cx = Context::builder(AppState::new(sender)).header("authorization", &format!("Bearer {token}"));
    (contract::router().caller(cx.build()), reports)
}

#[tokio::test]
async fn outputs_events_and_errors_are_the_same() {
    for token in ["red", "blue"] {
        let server = Server::start().await;
        let (caller, _reports) = in_process(token);

        let here = everything(&caller).await;
        let there = everything(&server.client().with_bearer(token).unwrap()).await;

        assert_eq!(here, there);
        assert!(here.len() > 20, "{here:#?}");
    }
}

#[tokio::test]
async fn an_error_of_the_server_itself_ends_a_subscription_on_both_sides() {
    let server = Server::start().await;
    let (caller, _reports) = in_process("red");

    let here = heard::<fail_later>(&caller, Rename::to("full")).await;
    let there = heard::<fail_later>(&server.client().with_bearer("red").unwrap(), Rename::to("full")).await;

    // Over HTTP the subscription is tried again first, as the protocol says: its events come again.
    assert_eq!(here[..2], ["1", "2"]);
    assert!(here[2].starts_with("INTERNAL_SERVER_ERROR something failed on the server: look for ID"), "{here:?}");
    assert_eq!((here.first(), here.last()), (there.first(), there.last()));
}

/// Subscribes, and goes away while the subscription waits.
async fn leave(calls: &impl Calls<AppState>, reports: &mut mpsc::UnboundedReceiver<&'static str>) {
    let mut events = calls.subscribe::<watch>(());
    assert_eq!(events.next().await.unwrap().unwrap().data, 1);
    assert!(events.next().now_or_never().is_none());
    drop(events);
    let call = calls.call::<hang>(());
    let mut seen = Vec::new();
    tokio::select! {
        result = call => panic!("{result:?}"),
        () = async {
            while seen.iter().filter(|report| **report == "begun").count() < 2 {
                seen.push(reports.recv().await.unwrap());
            }
        } => {}
    }
    while seen.len() < 6 {
        seen.push(reports.recv().await.unwrap());
    }
    seen.sort_unstable();
    assert_eq!(seen, ["aborted", "aborted", "begun", "begun", "dropped", "dropped"]);
}

#[tokio::test]
async fn whoever_goes_away_takes_the_procedure_along() {
    let mut server = Server::start().await;
    let (caller, mut reports) = in_process("red");

    leave(&caller, &mut reports).await;
    leave(&server.client(), &mut server.reports).await;
}

#[tokio::test]
async fn a_subscription_resumes_after_the_same_event() {
    let server = Server::start().await;
    let id = tintype::EventId::new("2").unwrap();
    let cx = Context::builder(server.state.clone()).last_event_id(Some(id.clone())).build();

    let here: Vec<_> = Calls::subscribe::<count>(&contract::router().caller(cx), 4).try_collect().await.unwrap();
    let there: Vec<_> = server.client().with_last_event_id(id).subscribe::<count>(4).try_collect().await.unwrap();

    assert_eq!(here, there);
    assert_eq!(here.iter().map(|event| event.data).collect::<Vec<_>>(), [3, 4]);
}

#[tokio::test]
async fn a_server_that_is_away_is_a_failure_that_keeps_its_cause() {
    let address = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let client = crate::server::client(address);

    let error = Calls::<AppState>::call::<ping>(&client, ()).await.unwrap_err();

    assert_eq!(error.code(), ErrorCode::ServiceUnavailable);
    let source = std::error::Error::source(&error).unwrap().downcast_ref::<tintype_client::TransportError>().unwrap();
    assert_eq!(source.procedure(), "ping");
    let failure = error.into_failure();
    assert!(!failure.message().contains("127.0.0.1") && failure.log_id().is_some(), "{failure:?}");
}
