//! A client that goes away takes its calls along; what they have spawned is told.

use crate::{
    client::{Connection, Events, get, post},
    server::Server,
};

/// The two reports that follow, in either order.
async fn assert_cancelled(server: &mut Server) {
    let mut reports = [server.report().await, server.report().await];
    reports.sort_unstable();
    assert_eq!(reports, ["aborted", "dropped"]);
}

#[tokio::test]
async fn closing_the_connection_cancels_the_subscription() {
    let mut server = Server::start().await;
    let mut events = Events::open(server.address, get("events.watch")).await;
    assert!(events.next().await.unwrap().starts_with("event: connected"));
    assert_eq!(server.report().await, "begun");

    drop(events);

    assert_cancelled(&mut server).await;
}

#[tokio::test]
async fn closing_the_connection_cancels_the_call() {
    let mut server = Server::start().await;
    let mut connection = Connection::open(server.address).await;
    connection.begin(post("hang", ""));
    assert_eq!(server.report().await, "begun");

    drop(connection);

    assert_cancelled(&mut server).await;
}

#[tokio::test]
async fn closing_the_connection_cancels_every_call_of_a_batch() {
    let mut server = Server::start().await;
    let mut connection = Connection::open(server.address).await;
    connection.begin(post("hang,hang?batch=1", "{}"));
    assert_eq!([server.report().await, server.report().await], ["begun", "begun"]);

    drop(connection);

    let mut reports = Vec::new();
    for _ in 0..4 {
        reports.push(server.report().await);
    }
    reports.sort_unstable();
    assert_eq!(reports, ["aborted", "aborted", "dropped", "dropped"]);
}
