//! A caller that goes away takes the procedure along.

use std::time::Duration;

use futures_util::{FutureExt, StreamExt};
use tintype_client::{ClientError, Problem, Timeouts};

use crate::{
    contract::{hang, watch},
    server::{Server, builder},
};

/// The two reports that follow, in either order.
async fn assert_cancelled(server: &mut Server) {
    let mut reports = [server.report().await, server.report().await];
    reports.sort_unstable();
    assert_eq!(reports, ["aborted", "dropped"]);
}

#[tokio::test]
async fn dropping_a_call_cancels_the_procedure() {
    for http2 in [false, true] {
        let mut server = Server::start().await;
        let client = builder(server.address).http2_prior_knowledge(http2).build().unwrap();
        let mut call = Box::pin(client.call::<hang>(()));
        tokio::select! {
            result = &mut call => panic!("{result:?}"),
            report = server.report() => assert_eq!(report, "begun"),
        }

        drop(call);

        assert_cancelled(&mut server).await;
    }
}

#[tokio::test]
async fn dropping_a_subscription_cancels_the_procedure() {
    for http2 in [false, true] {
        let mut server = Server::start().await;
        let client = builder(server.address).http2_prior_knowledge(http2).build().unwrap();
        let mut events = client.subscribe::<watch>(());
        assert_eq!(events.next().await.unwrap().unwrap().data, 1);
        assert_eq!(server.report().await, "begun");
        assert!(events.next().now_or_never().is_none());

        drop(events);

        assert_cancelled(&mut server).await;
    }
}

#[tokio::test]
async fn a_subscription_that_nobody_polls_asks_for_nothing() {
    let server = Server::start().await;

    drop(server.client().subscribe::<watch>(()));

    assert!(server.front.seen().is_empty());
}

#[tokio::test]
async fn a_call_that_takes_too_long_is_cancelled() {
    let mut server = Server::start().await;
    let call = Duration::from_millis(50);
    let timeouts = Timeouts { call: Some(call), ..Timeouts::default() };
    let client = builder(server.address).timeouts(timeouts).build().unwrap();

    let error = client.call::<hang>(()).await.unwrap_err();

    let ClientError::Transport(error) = error else { panic!("{error:?}") };
    assert!(matches!(error.problem(), Problem::TimedOut(time) if *time == call), "{error:?}");
    assert!(error.to_string().ends_with("there was no whole answer within 50ms"), "{error}");
    // On a slow machine the call may not have come through at all.
    if let Ok(report) = server.reports.try_recv() {
        assert_eq!(report, "begun");
        assert_cancelled(&mut server).await;
    }
}
