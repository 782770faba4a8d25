//! What every broker must do, whatever carries its events.
//!
//! Each broker's tests have a [`Harness`] and call `broker_suite!` with it.

use std::{sync::Arc, time::Duration};

use futures_util::{Stream, StreamExt};
use serde::{Deserialize, Serialize};
use tintype::{
    Broker, BrokerError, Event, EventId, Failure, Member, Message, Never, Presence, PresenceEvent, Retention,
    Subscription, Topic, TopicKey, Topics, Type, specta,
};

/// Starts brokers of one kind.
pub(crate) trait Harness {
    /// Two handles to the same topics, as two processes have them, with these limits.
    async fn start(limits: Limits) -> Self;

    /// The broker of the first process.
    fn broker(&self) -> Arc<dyn Broker>;

    /// The topics of the first process.
    fn here(&self) -> Topics {
        Topics::new(self.broker())
    }

    /// The topics of the second process; the same as those of the first if the broker is of one process.
    fn there(&self) -> Topics;

    /// Most events that the broker keeps when it was told to keep `events`.
    fn kept(events: usize) -> usize;
}

/// What cases ask of a broker.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    pub(crate) backlog_events: usize,
    pub(crate) event_bytes: usize,
    pub(crate) idempotency: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self { backlog_events: 256, event_bytes: 64 * 1024, idempotency: Duration::from_secs(600) }
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
pub(crate) enum Tick {
    At(u32),
    Gap,
    Snapshot(u32),
}

pub(crate) fn ticks(topics: &Topics) -> Topic<Tick> {
    topics.topic(TopicKey::new("tenant", &["ticks"]).unwrap())
}

pub(crate) fn subscribe(topic: &Topic<Tick>) -> Subscription<Tick> {
    topic.subscribe_with_gap(|| Tick::Gap)
}

/// The events of a subscription that has begun: what is published from now on is among them.
pub(crate) async fn listening(topic: &Topic<Tick>) -> impl Stream<Item = Result<Event<Tick>, Failure>> + Unpin + use<> {
    // A snapshot is sent when the subscription has begun, and not before.
    let mut events = Box::pin(topic.subscribe_or(|| async { Ok::<_, Never>(Tick::Snapshot(0)) }).into_events());
    assert_eq!(take(&mut events, 1).await, [Tick::Snapshot(0)]);
    events
}

/// A subscription that has begun, and says gaps.
pub(crate) async fn begun(topic: &Topic<Tick>) -> impl Stream<Item = Result<Event<Tick>, Failure>> + Unpin + use<> {
    let first = publish(topic, [0]).await.remove(0);
    publish(topic, [0]).await;
    let mut events = Box::pin(subscribe(&topic.clone().resume_after(Some(first))).into_events());
    assert_eq!(take(&mut events, 1).await, at([0]));
    events
}

/// The next events; a test that waits for one in vain fails.
pub(crate) async fn take(
    events: &mut (impl Stream<Item = Result<Event<Tick>, Failure>> + Unpin),
    count: usize,
) -> Vec<Tick> {
    let mut taken = Vec::new();
    while taken.len() < count {
        let next = tokio::time::timeout(Duration::from_secs(20), events.next()).await;
        taken.push(next.unwrap_or_else(|_| panic!("only {taken:?} came, of {count} events")).unwrap().unwrap().data);
    }
    taken
}

pub(crate) async fn publish(topic: &Topic<Tick>, numbers: impl IntoIterator<Item = u32>) -> Vec<EventId> {
    let mut ids = Vec::new();
    for number in numbers {
        ids.push(topic.publish(&Tick::At(number)).await.unwrap());
    }
    ids
}

fn at(numbers: impl IntoIterator<Item = u32>) -> Vec<Tick> {
    numbers.into_iter().map(Tick::At).collect()
}

pub(crate) async fn subscribers_see_what_is_published_after_them_in_order<H: Harness>() {
    let brokers = H::start(Limits::default()).await;
    publish(&ticks(&brokers.there()), [0]).await;
    let mut here = listening(&ticks(&brokers.here())).await;
    let mut there = listening(&ticks(&brokers.there())).await;

    publish(&ticks(&brokers.there()), 1..=20).await;

    assert_eq!(take(&mut here, 20).await, at(1..=20));
    assert_eq!(take(&mut there, 20).await, at(1..=20));
}

pub(crate) async fn a_cursor_replays_what_came_after_it_once<H: Harness>() {
    let brokers = H::start(Limits::default()).await;
    let ids = publish(&ticks(&brokers.there()), 0..4).await;
    let resumed = ticks(&brokers.here()).resume_after(Some(ids[1].clone()));
    let mut resumed = Box::pin(subscribe(&resumed).into_events());

    assert_eq!(take(&mut resumed, 2).await, at(2..4));
    publish(&ticks(&brokers.there()), [4]).await;
    assert_eq!(take(&mut resumed, 1).await, at([4]));
}

pub(crate) async fn a_cursor_at_the_end_waits_for_what_comes<H: Harness>() {
    let brokers = H::start(Limits::default()).await;
    let ids = publish(&ticks(&brokers.here()), 0..3).await;
    let resumed = ticks(&brokers.there()).resume_after(Some(ids[2].clone()));
    let mut resumed = Box::pin(subscribe(&resumed).into_events());
    assert!(futures_util::poll!(resumed.next()).is_pending());

    publish(&ticks(&brokers.here()), 3..5).await;

    assert_eq!(take(&mut resumed, 2).await, at(3..5));
}

pub(crate) async fn the_position_before_the_first_event_is_a_cursor<H: Harness>() {
    let brokers = H::start(Limits::default()).await;
    let key = TopicKey::new("tenant", &["ticks"]).unwrap();
    let position = brokers.broker().subscribe(&key).await.unwrap().position;
    publish(&ticks(&brokers.there()), 0..3).await;

    let mut resumed = Box::pin(subscribe(&ticks(&brokers.there()).resume_after(Some(position))).into_events());

    assert_eq!(take(&mut resumed, 3).await, at(0..3));
}

pub(crate) async fn a_cursor_that_left_the_backlog_is_a_gap_and_the_stream_goes_on<H: Harness>() {
    let brokers = H::start(Limits { backlog_events: 2, ..Limits::default() }).await;
    let topic = ticks(&brokers.here());
    let first = publish(&topic, [0]).await.remove(0);
    let last = u32::try_from(H::kept(2)).unwrap() + 2;
    publish(&topic, 1..=last).await;
    let mut resumed = Box::pin(subscribe(&topic.clone().resume_after(Some(first))).into_events());

    assert_eq!(take(&mut resumed, 1).await, [Tick::Gap]);
    publish(&topic, [last + 1]).await;
    assert_eq!(take(&mut resumed, 1).await, at([last + 1]));
}

pub(crate) async fn a_topic_may_keep_more_events_than_others<H: Harness>() {
    let brokers = H::start(Limits { backlog_events: 2, ..Limits::default() }).await;
    let last = u32::try_from(H::kept(2)).unwrap() + 200;
    let retention = Retention { events: Some(last as usize + 1), ..Retention::DEFAULT };
    let key = TopicKey::new("tenant", &["answer"]).unwrap().keeping(retention);
    let (here, there): (Topic<Tick>, Topic<Tick>) = (brokers.here().topic(key.clone()), brokers.there().topic(key));

    // One process has listened all the while, the other asks the broker.
    let mut live = listening(&here).await;
    let first = publish(&here, [0]).await.remove(0);
    publish(&here, 1..=last).await;
    assert_eq!(take(&mut live, last as usize + 1).await, at(0..=last));

    for topic in [here, there] {
        let mut resumed = Box::pin(subscribe(&topic.resume_after(Some(first.clone()))).into_events());
        assert_eq!(take(&mut resumed, last as usize).await, at(1..=last));
    }
}

pub(crate) async fn a_topic_may_keep_fewer_events_than_others<H: Harness>() {
    let brokers = H::start(Limits::default()).await;
    let retention = Retention { events: Some(1), ..Retention::DEFAULT };
    let key = TopicKey::new("tenant", &["status"]).unwrap().keeping(retention);
    let topic: Topic<Tick> = brokers.here().topic(key);

    let first = publish(&topic, [0]).await.remove(0);
    publish(&topic, 1..=u32::try_from(H::kept(1)).unwrap() + 2).await;

    let mut resumed = Box::pin(subscribe(&topic.resume_after(Some(first))).into_events());
    assert_eq!(take(&mut resumed, 1).await, [Tick::Gap]);
}

pub(crate) async fn a_topic_may_keep_events_for_a_shorter_time_than_others<H: Harness>() {
    let brokers = H::start(Limits::default()).await;
    let retention = Retention { age: Some(Duration::from_millis(100)), ..Retention::DEFAULT };
    let key = TopicKey::new("tenant", &["brief"]).unwrap().keeping(retention);
    let (here, there): (Topic<Tick>, Topic<Tick>) = (brokers.here().topic(key.clone()), brokers.there().topic(key));
    // One process has listened all the while, the other asks the broker.
    let mut live = listening(&here).await;
    let old = publish(&here, 0..2).await;
    assert_eq!(take(&mut live, 2).await, at(0..2));

    tokio::time::sleep(Duration::from_millis(200)).await;
    publish(&here, [2]).await;
    assert_eq!(take(&mut live, 1).await, at([2]), "who is there misses nothing");

    for topic in [here, there] {
        let mut late = Box::pin(subscribe(&topic.clone().resume_after(Some(old[0].clone()))).into_events());
        assert_eq!(take(&mut late, 1).await, [Tick::Gap]);
        let mut early = Box::pin(subscribe(&topic.resume_after(Some(old[1].clone()))).into_events());
        assert_eq!(take(&mut early, 1).await, at([2]));
    }
}

pub(crate) async fn a_cursor_that_is_not_of_this_topic_is_a_gap<H: Harness>() {
    let brokers = H::start(Limits::default()).await;
    let red: Topic<Tick> = brokers.here().topic(TopicKey::new("red", &["ticks"]).unwrap());
    let blue: Topic<Tick> = brokers.here().topic(TopicKey::new("blue", &["ticks"]).unwrap());
    let of_red = publish(&red, [1]).await.remove(0);
    let of_blue = publish(&blue, [2, 3]).await.remove(0);
    let future = of_blue.as_str().replacen(char::is_numeric, "9", 1);
    let texts = [
        of_red.as_str(),
        &future,
        "0",
        "0-0",
        "-1",
        "*",
        "$",
        "+",
        "(1-1",
        "99999999999999999999999999-1",
        "1-1 COUNT 1",
        "ключ",
        &"7".repeat(5000),
    ];

    for text in texts {
        let cursor = EventId::new(text).unwrap();
        let mut resumed = Box::pin(subscribe(&blue.clone().resume_after(Some(cursor))).into_events());
        assert_eq!(take(&mut resumed, 1).await, [Tick::Gap], "{text:?}");
    }
}

pub(crate) async fn a_subscriber_that_falls_behind_is_told<H: Harness>() {
    let brokers = H::start(Limits { backlog_events: 4, ..Limits::default() }).await;
    let topic = ticks(&brokers.here());
    let mut slow = begun(&topic).await;

    let last = u32::try_from(H::kept(4)).unwrap() + 20;
    publish(&topic, 1..=last).await;
    // When another subscriber hears the last event, this process has them all.
    let mut quick = listening(&topic).await;
    publish(&topic, [last + 1]).await;
    while take(&mut quick, 1).await != at([last + 1]) {}

    assert_eq!(take(&mut slow, 1).await, [Tick::Gap]);
    publish(&topic, [last + 2]).await;
    assert_eq!(take(&mut slow, 1).await, at([last + 2]));
}

pub(crate) async fn a_snapshot_begins_the_stream_and_heals_a_gap<H: Harness>() {
    let brokers = H::start(Limits { backlog_events: 1, ..Limits::default() }).await;
    let topic = ticks(&brokers.here());
    let first = publish(&topic, [0]).await.remove(0);
    let last = u32::try_from(H::kept(1)).unwrap() + 2;
    publish(&topic, 1..=last).await;
    let load = move || async move { Ok::<_, Never>(Tick::Snapshot(last)) };

    let mut fresh = Box::pin(topic.subscribe_or(load).into_events());
    let mut resumed = Box::pin(topic.clone().resume_after(Some(first)).subscribe_or(load).into_events());

    assert_eq!(take(&mut fresh, 1).await, [Tick::Snapshot(last)]);
    assert_eq!(take(&mut resumed, 1).await, [Tick::Snapshot(last)]);
}

pub(crate) async fn an_idempotency_key_publishes_once<H: Harness>() {
    let brokers = H::start(Limits::default()).await;
    let (here, there) = (ticks(&brokers.here()), ticks(&brokers.there()));
    let mut events = listening(&here).await;

    let first = here.publish_once(&Tick::At(1), "order-7").await.unwrap();
    let second = there.publish_once(&Tick::At(1), "order-7").await.unwrap();
    publish(&there, [2]).await;

    assert_eq!(first, second);
    assert_eq!(take(&mut events, 2).await, at([1, 2]));
}

pub(crate) async fn an_idempotency_key_is_of_its_topic_and_is_forgotten_in_time<H: Harness>() {
    let brokers = H::start(Limits { idempotency: Duration::from_millis(50), ..Limits::default() }).await;
    let red = ticks(&brokers.here());
    let blue: Topic<Tick> = brokers.here().topic(TopicKey::new("blue", &["ticks"]).unwrap());
    let first = red.publish_once(&Tick::At(1), "order-7").await.unwrap();

    assert_ne!(blue.publish_once(&Tick::At(1), "order-7").await.unwrap(), first);
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert_ne!(red.publish_once(&Tick::At(1), "order-7").await.unwrap(), first);
}

pub(crate) async fn a_message_is_published_once_by_whoever_has_it<H: Harness>() {
    let brokers = H::start(Limits::default()).await;
    let topic = ticks(&brokers.here());
    let mut events = listening(&topic).await;
    let (first, equal) = (topic.message(&Tick::At(1)).unwrap(), topic.message(&Tick::At(1)).unwrap());
    // As it is read from where it was stored.
    let key = first.key().as_str().parse().unwrap();
    let stored = Message::from_parts(first.id(), key, first.payload().clone());

    let id = brokers.here().publish(&first).await.unwrap();
    assert_eq!(brokers.there().publish(&stored).await.unwrap(), id);
    // It only says the same.
    brokers.there().publish(&equal).await.unwrap();
    publish(&topic, [2]).await;

    assert_eq!(take(&mut events, 3).await, at([1, 1, 2]));
    assert!(first.id() < equal.id());
}

pub(crate) async fn an_event_that_is_too_large_is_refused<H: Harness>() {
    let brokers = H::start(Limits { event_bytes: 4, ..Limits::default() }).await;
    let topic = ticks(&brokers.here());

    let refused = topic.publish(&Tick::At(1)).await.map(drop);
    // Before a transaction can keep it.
    let unkept = topic.message(&Tick::At(1)).map(drop);

    for error in [refused, unkept] {
        assert!(matches!(error, Err(BrokerError::TooLarge { size_bytes: 8, limit_bytes: 4, .. })), "{error:?}");
    }
}

/// Who is present; what others see of them is a number.
pub(crate) fn viewers(topics: &Topics) -> Presence<u32> {
    topics.presence(TopicKey::new("tenant", &["viewers"]).unwrap())
}

/// Waits until these are present, and nobody else.
pub(crate) async fn until_present(presence: &Presence<u32>, expected: &[&str]) {
    let deadline = tokio::time::Instant::now() + Duration::from_secs(20);
    loop {
        let members = presence.members().await;
        let mut ids: Vec<String> = members.into_iter().flatten().map(|member| member.id).collect();
        ids.sort_unstable();
        if ids == expected {
            return;
        }
        assert!(tokio::time::Instant::now() < deadline, "present are {ids:?}, and not {expected:?}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// The next event of who comes and goes: `+` or `-` with the id, and for who is there all ids.
pub(crate) async fn change(events: &mut (impl Stream<Item = Result<PresenceEvent<u32>, Failure>> + Unpin)) -> String {
    let event = tokio::time::timeout(Duration::from_secs(20), events.next()).await.expect("nobody comes or goes");
    match event.unwrap().unwrap() {
        PresenceEvent::Here { members } => {
            let mut ids: Vec<String> = members.into_iter().map(|member| member.id).collect();
            ids.sort_unstable();
            ids.join(" ")
        }
        PresenceEvent::Joined { member } => format!("+{}", member.id),
        PresenceEvent::Left { member } => format!("-{}", member.id),
    }
}

pub(crate) async fn who_is_present_is_known_everywhere<H: Harness>() {
    let brokers = H::start(Limits::default()).await;
    let (here, there) = (viewers(&brokers.here()), viewers(&brokers.there()));
    let ada = here.enter("ada", 1).await.unwrap();
    let bob = there.enter("bob", 2).await.unwrap();

    let mut members = here.members().await.unwrap();
    members.sort_by_key(|member| member.data);
    let member = |id: &str, data| Member { id: id.to_owned(), data };
    assert_eq!(members, [member("ada", 1), member("bob", 2)]);
    until_present(&there, &["ada", "bob"]).await;
    until_present(&brokers.here().presence(TopicKey::new("other", &["viewers"]).unwrap()), &[]).await;

    drop(ada);
    until_present(&there, &["bob"]).await;
    drop(bob);
    until_present(&here, &[]).await;
}

pub(crate) async fn who_comes_and_goes_is_told<H: Harness>() {
    let brokers = H::start(Limits::default()).await;
    let (here, there) = (viewers(&brokers.here()), viewers(&brokers.there()));
    let _ada = here.enter("ada", 1).await.unwrap();
    let mut watched = there.watch().into_values().boxed();
    assert_eq!(change(&mut watched).await, "ada");

    let bob = here.enter("bob", 2).await.unwrap();
    assert_eq!(change(&mut watched).await, "+bob");
    drop(bob);
    assert_eq!(change(&mut watched).await, "-bob");
}

pub(crate) async fn a_member_with_several_windows_is_there_once_until_the_last_is_closed<H: Harness>() {
    let brokers = H::start(Limits::default()).await;
    let (here, there) = (viewers(&brokers.here()), viewers(&brokers.there()));
    let mut watched = there.watch().into_values().boxed();
    assert_eq!(change(&mut watched).await, "");

    let first = here.enter("ada", 1).await.unwrap();
    let second = there.enter("ada", 2).await.unwrap();
    until_present(&there, &["ada"]).await;
    assert_eq!(here.members().await.unwrap()[0].data, 2, "what it entered with last");
    let bob = here.enter("bob", 3).await.unwrap();
    drop(first);
    // Bob goes after the first window of Ada.
    drop(bob);
    for expected in ["+ada", "+bob", "-bob"] {
        assert_eq!(change(&mut watched).await, expected);
    }
    drop(second);
    assert_eq!(change(&mut watched).await, "-ada");
}

pub(crate) async fn a_member_stays_as_long_as_its_stream<H: Harness>() {
    let brokers = H::start(Limits::default()).await;
    let viewers = viewers(&brokers.here());
    let stay = viewers.enter("ada", 1).await.unwrap();
    let topic = ticks(&brokers.here());
    let kept = topic.subscribe_or(|| async { Ok::<_, Never>(Tick::Snapshot(0)) }).map(|tick| tick).keeping(stay);
    let mut events = Box::pin(kept.filter(|_| true).into_events());
    assert_eq!(take(&mut events, 1).await, [Tick::Snapshot(0)]);
    until_present(&viewers, &["ada"]).await;

    drop(events);

    until_present(&viewers, &[]).await;
}

pub(crate) async fn what_others_see_of_a_member_is_bounded<H: Harness>() {
    let brokers = H::start(Limits { event_bytes: 20, ..Limits::default() }).await;
    let viewers = viewers(&brokers.here());

    let error = viewers.enter("ada", 1).await.unwrap_err();

    assert!(matches!(error, BrokerError::TooLarge { limit_bytes: 20, .. }), "{error}");
    until_present(&viewers, &[]).await;
}

pub(crate) async fn thousands_of_short_stays_leave_nobody_behind<H: Harness>() {
    let brokers = H::start(Limits::default()).await;
    let viewers = viewers(&brokers.here());
    for round in 0..2_000 {
        let mut entering = Box::pin(viewers.enter(format!("member-{}", round % 7), round));
        // Some give up before they are in.
        if round % 3 > 0 {
            let _ = futures_util::poll!(&mut entering);
        } else {
            drop(entering.await.unwrap());
        }
    }

    until_present(&viewers, &[]).await;
}

pub(crate) async fn scopes_do_not_hear_each_other<H: Harness>() {
    let brokers = H::start(Limits::default()).await;
    let topic =
        |topics: Topics, scope: &str| -> Topic<Tick> { topics.topic(TopicKey::new(scope, &["ticks"]).unwrap()) };
    let mut red = listening(&topic(brokers.here(), "red")).await;
    let mut blue = listening(&topic(brokers.here(), "blue")).await;

    publish(&topic(brokers.there(), "red"), [1]).await;
    publish(&topic(brokers.there(), "blue"), [2]).await;

    assert_eq!(take(&mut red, 1).await, at([1]));
    assert_eq!(take(&mut blue, 1).await, at([2]));
}

pub(crate) async fn publishers_at_the_same_time_make_one_order<H: Harness>() {
    let brokers = H::start(Limits::default()).await;
    let mut here = listening(&ticks(&brokers.here())).await;
    let mut there = listening(&ticks(&brokers.there())).await;

    let publishers = (0..4).map(|publisher| {
        let topic = ticks(&if publisher % 2 == 0 { brokers.here() } else { brokers.there() });
        tokio::spawn(async move { publish(&topic, (0..50).map(|n| publisher * 1000 + n)).await })
    });
    futures_util::future::join_all(publishers).await;

    let seen = take(&mut here, 200).await;
    assert_eq!(seen, take(&mut there, 200).await);
    for publisher in 0..4 {
        let of_publisher: Vec<Tick> =
            seen.iter().filter(|tick| matches!(tick, Tick::At(n) if n / 1000 == publisher)).cloned().collect();
        assert_eq!(of_publisher, at((0..50).map(|n| publisher * 1000 + n)));
    }
}

pub(crate) async fn thousands_of_short_subscriptions_leave_nothing_behind<H: Harness>() {
    let brokers = H::start(Limits::default()).await;
    let topic = ticks(&brokers.here());
    let first = publish(&topic, [0]).await.remove(0);

    for round in 0..2_000 {
        let topic = if round % 2 == 0 { topic.clone() } else { topic.clone().resume_after(Some(first.clone())) };
        let mut events = Box::pin(subscribe(&topic).into_events());
        // Some are dropped before they have begun, some in the middle.
        if round % 3 > 0 {
            let _ = futures_util::poll!(events.next());
        }
    }

    let mut events = listening(&topic).await;
    publish(&topic, [1]).await;
    assert_eq!(take(&mut events, 1).await, at([1]));
}

/// Makes a test of every case, with the harness of a broker.
macro_rules! broker_suite {
    ($harness:ty) => {
        broker_suite!(@cases $harness:
            subscribers_see_what_is_published_after_them_in_order
            a_cursor_replays_what_came_after_it_once
            a_cursor_at_the_end_waits_for_what_comes
            the_position_before_the_first_event_is_a_cursor
            a_cursor_that_left_the_backlog_is_a_gap_and_the_stream_goes_on
            a_topic_may_keep_more_events_than_others
            a_topic_may_keep_fewer_events_than_others
            a_topic_may_keep_events_for_a_shorter_time_than_others
            a_cursor_that_is_not_of_this_topic_is_a_gap
            a_subscriber_that_falls_behind_is_told
            a_snapshot_begins_the_stream_and_heals_a_gap
            an_idempotency_key_publishes_once
            an_idempotency_key_is_of_its_topic_and_is_forgotten_in_time
            a_message_is_published_once_by_whoever_has_it
            an_event_that_is_too_large_is_refused
            who_is_present_is_known_everywhere
            who_comes_and_goes_is_told
            a_member_with_several_windows_is_there_once_until_the_last_is_closed
            a_member_stays_as_long_as_its_stream
            what_others_see_of_a_member_is_bounded
            thousands_of_short_stays_leave_nobody_behind
            scopes_do_not_hear_each_other
            publishers_at_the_same_time_make_one_order
            thousands_of_short_subscriptions_leave_nothing_behind
        );
    };
    (@cases $harness:ty: $($case:ident)*) => {
        $(
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $case() {
                crate::broker_suite::$case::<$harness>().await;
            }
        )*
    };
}
pub(crate) use broker_suite;
