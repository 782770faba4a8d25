//! `widgets.changed`: every change of the own tenant, in order, and nothing else.

use std::time::Duration;

use api_contract::widgets::{DeleteWidget, UpdateWidget, WidgetEvent, changed, delete, update};
use futures_util::{FutureExt, Stream, StreamExt};
use serde_json::json;
use tintype::{Event, Failure};

use crate::{
    app::{App, Member},
    wire::Wire,
};

/// Subscribes in process, from now on.
pub(crate) async fn subscribe(
    member: &Member,
) -> impl Stream<Item = Result<Event<WidgetEvent>, Failure>> + Unpin + use<> {
    let subscription = member.caller().call::<changed>(()).await.unwrap();
    let mut events = Box::pin(subscription.into_events());
    // A subscription begins when it is first polled.
    assert!(events.next().now_or_never().is_none());
    events
}

pub(crate) async fn next(
    events: &mut (impl Stream<Item = Result<Event<WidgetEvent>, Failure>> + Unpin),
) -> WidgetEvent {
    let next = tokio::time::timeout(Duration::from_secs(20), events.next()).await;
    next.expect("no event comes").unwrap().unwrap().data
}

#[tokio::test(flavor = "multi_thread")]
async fn changes_arrive_in_their_order() {
    let app = App::new().await;
    let ada = app.member("ada@example.com").await;
    let mut events = subscribe(&ada).await;

    let clock = ada.widget("clock").await;
    let patch = UpdateWidget { id: clock.id, name: Some("map".to_owned()), config: None };
    let map = ada.caller().call::<update>(patch).await.unwrap();
    ada.caller().call::<delete>(DeleteWidget { id: map.id }).await.unwrap();

    assert_eq!(next(&mut events).await, WidgetEvent::Created { widget: clock });
    assert_eq!(next(&mut events).await, WidgetEvent::Updated { widget: map.clone() });
    assert_eq!(next(&mut events).await, WidgetEvent::Deleted { id: map.id });
}

#[tokio::test(flavor = "multi_thread")]
async fn every_window_of_the_tenant_sees_a_change_and_no_other_tenant_does() {
    let app = App::new().await;
    let red = app.member("red@example.com").await;
    let blue = app.member("blue@example.com").await;
    let (mut first, mut second) = (subscribe(&red).await, subscribe(&red).await);
    let mut other = subscribe(&blue).await;

    let of_red = red.widget("of red").await;
    let of_blue = blue.widget("of blue").await;

    assert_eq!(next(&mut first).await, WidgetEvent::Created { widget: of_red.clone() });
    assert_eq!(next(&mut second).await, WidgetEvent::Created { widget: of_red });
    assert_eq!(next(&mut other).await, WidgetEvent::Created { widget: of_blue });
    assert!(first.next().now_or_never().is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_that_failed_is_not_announced() {
    let app = App::new().await;
    let red = app.member("red@example.com").await;
    let blue = app.member("blue@example.com").await;
    let of_blue = blue.widget("of blue").await;
    let mut events = subscribe(&red).await;

    red.caller().call::<delete>(DeleteWidget { id: of_blue.id }).await.unwrap_err();
    let patch = UpdateWidget { id: of_blue.id, name: Some("stolen".to_owned()), config: None };
    red.caller().call::<update>(patch).await.unwrap_err();
    let clock = red.widget("clock").await;

    assert_eq!(next(&mut events).await, WidgetEvent::Created { widget: clock });
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_comes_back_gets_what_it_missed_once() {
    let app = App::new().await;
    let ada = app.member("ada@example.com").await;
    let wire = Wire::new(&app).header("cookie", &ada.cookie());
    let mut stream = wire.subscribe("widgets.changed", None).await;
    stream.position().await;
    for name in ["one", "two", "three"] {
        ada.widget(name).await;
    }
    let (event, cursor) = stream.event().await;
    assert_eq!(event["widget"]["name"], "one");
    drop(stream);

    let resumed = wire.clone().header("last-event-id", &cursor);
    let mut stream = resumed.subscribe("widgets.changed", None).await;
    ada.widget("four").await;

    for name in ["two", "three", "four"] {
        assert_eq!(stream.event().await.0["widget"]["name"], name);
    }
    assert!(stream.is_silent());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_whose_cursor_is_unknown_is_told_to_load_again() {
    let app = App::new().await;
    let ada = app.member("ada@example.com").await;
    let wire = Wire::new(&app).header("cookie", &ada.cookie()).header("last-event-id", "nonsense");

    let mut stream = wire.subscribe("widgets.changed", None).await;

    assert_eq!(stream.event().await.0, json!({ "kind": "gap" }));
    ada.widget("clock").await;
    assert_eq!(stream.event().await.0["kind"], "created");
}
