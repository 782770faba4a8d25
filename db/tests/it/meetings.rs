//! A meeting is as the media server tells, in whatever order that arrives.

use chrono::{DateTime, TimeDelta, Utc};
use db::{
    MeetingId, TenantDb, UserId,
    accounts::Account,
    meetings::{
        self, Creator, Meeting,
        calls::{self, CallEvent, Happening, Stay},
        standings::{self, Standing},
    },
    testing::TestDb,
};
use uuid::Uuid;

use crate::register;

/// The beginning of all calls here.
fn begin() -> DateTime<Utc> {
    "2026-01-01T12:00:00Z".parse().unwrap()
}

fn second(second: i64) -> DateTime<Utc> {
    begin() + TimeDelta::seconds(second)
}

fn event(call: &str, began_at: i64, at: i64, what: Happening) -> CallEvent {
    let id = format!("EV_{call}_{at}_{}", what_of(&what));
    CallEvent { id, call: call.to_owned(), began_at: second(began_at), at: second(at), what }
}

fn what_of(what: &Happening) -> String {
    match what {
        Happening::Started => "started".to_owned(),
        Happening::Finished => "finished".to_owned(),
        Happening::Joined(stay) => format!("joined_{}", stay.sid),
        Happening::Left(stay) => format!("left_{}", stay.sid),
    }
}

/// The stay of a device.
fn stay(user: UserId, device: &str, sid: &str, joined_at: i64) -> Stay {
    Stay { sid: sid.to_owned(), identity: format!("{user}_{device}"), user, joined_at: second(joined_at) }
}

struct Scene {
    db: TestDb,
    account: Account,
    tenant: TenantDb,
}

impl Scene {
    async fn new() -> Self {
        let db = TestDb::new().await;
        let (account, tenant) = register(&db, "ada@example.com", 1).await;
        Self { db, account, tenant }
    }

    async fn meeting(&self) -> MeetingId {
        let user = &self.account.user;
        let mut tx = self.tenant.begin().await.unwrap();
        let creator = Creator { id: user.id, name: user.display_name().to_owned() };
        let meeting = meetings::create(&mut tx, "Monday", creator).await.unwrap();
        tx.commit().await.unwrap();
        meeting.id
    }

    async fn record(&self, meeting: MeetingId, event: &CallEvent) -> bool {
        let mut tx = self.tenant.begin().await.unwrap();
        let changed = calls::record(&mut tx, meeting, event).await.unwrap();
        tx.commit().await.unwrap();
        changed
    }

    async fn find(&self, meeting: MeetingId) -> Meeting {
        meetings::find(&self.tenant, meeting).await.unwrap().unwrap()
    }

    /// Another person of the tenant.
    async fn member(&self, email: &str) -> UserId {
        let (id, tenant) = (Uuid::now_v7(), self.account.tenant.id);
        let member = format!(
            "INSERT INTO users VALUES ('{id}', '{tenant}', '{email}', NULL, 'member', 'hash', '2026-01-01T00:00:00Z')"
        );
        self.db.run_sql(&member).await.unwrap();
        id.into()
    }

    async fn standing(&self, meeting: MeetingId, user: UserId) -> Option<Standing> {
        let mut tx = self.tenant.begin().await.unwrap();
        standings::find(&mut tx, meeting, user).await.unwrap()
    }
}

/// Every order of `items`.
fn orders<T: Clone>(items: &[T]) -> Vec<Vec<T>> {
    if items.is_empty() {
        return vec![Vec::new()];
    }
    (0..items.len())
        .flat_map(|first| {
            let mut rest = items.to_vec();
            let first = rest.remove(first);
            orders(&rest).into_iter().map(move |rest| [vec![first.clone()], rest].concat())
        })
        .collect()
}

fn present(meeting: &Meeting) -> Vec<(&str, DateTime<Utc>)> {
    meeting.participants.iter().map(|one| (one.identity.rsplit('_').next().unwrap(), one.joined_at)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_that_goes_on_looks_the_same_in_every_order_of_what_is_told() {
    let scene = Scene::new().await;
    let user = scene.account.user.id;
    let (laptop, phone) = (stay(user, "laptop", "PA_1", 1), stay(user, "phone", "PA_2", 3));
    let again = stay(user, "phone", "PA_3", 4);
    let told = [
        event("RM_1", 0, 0, Happening::Started),
        event("RM_1", 0, 1, Happening::Joined(laptop.clone())),
        event("RM_1", 0, 2, Happening::Left(laptop)),
        event("RM_1", 0, 3, Happening::Joined(phone)),
        // It connects again before anybody notices that it was gone.
        event("RM_1", 0, 4, Happening::Joined(again)),
    ];

    for order in orders(&told) {
        let id = scene.meeting().await;
        for event in &order {
            scene.record(id, event).await;
        }

        let meeting = scene.find(id).await;
        assert_eq!((meeting.started_at, meeting.ended_at), (Some(begin()), None), "{order:?}");
        assert_eq!(present(&meeting), [("phone", second(4))], "{order:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_that_is_over_does_not_begin_again_in_any_order_of_what_is_told() {
    let scene = Scene::new().await;
    let user = scene.account.user.id;
    let (laptop, phone) = (stay(user, "laptop", "PA_1", 1), stay(user, "phone", "PA_2", 3));
    let told = [
        event("RM_1", 0, 0, Happening::Started),
        event("RM_1", 0, 1, Happening::Joined(laptop.clone())),
        event("RM_1", 0, 2, Happening::Left(laptop)),
        // Nobody tells that it left: the call ended.
        event("RM_1", 0, 3, Happening::Joined(phone)),
        event("RM_1", 0, 5, Happening::Finished),
    ];

    for order in orders(&told) {
        let id = scene.meeting().await;
        for event in &order {
            scene.record(id, event).await;
        }

        let meeting = scene.find(id).await;
        assert_eq!((meeting.started_at, meeting.ended_at), (Some(begin()), Some(second(5))), "{order:?}");
        assert_eq!(present(&meeting), [], "{order:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_told_of_an_earlier_call_changes_nothing_in_a_later_one() {
    let scene = Scene::new().await;
    let user = scene.account.user.id;
    let told = [
        event("RM_1", 0, 0, Happening::Started),
        event("RM_1", 0, 1, Happening::Joined(stay(user, "laptop", "PA_1", 1))),
        event("RM_1", 0, 5, Happening::Finished),
        event("RM_2", 9, 9, Happening::Started),
        event("RM_2", 9, 10, Happening::Joined(stay(user, "phone", "PA_2", 10))),
    ];

    for order in orders(&told) {
        let id = scene.meeting().await;
        for event in &order {
            scene.record(id, event).await;
        }

        let meeting = scene.find(id).await;
        assert_eq!((meeting.started_at, meeting.ended_at), (Some(second(9)), None), "{order:?}");
        assert_eq!(present(&meeting), [("phone", second(10))], "{order:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_told_twice_changes_nothing_the_second_time() {
    let scene = Scene::new().await;
    let id = scene.meeting().await;
    let laptop = stay(scene.account.user.id, "laptop", "PA_1", 1);
    let told = [
        event("RM_1", 0, 0, Happening::Started),
        event("RM_1", 0, 1, Happening::Joined(laptop.clone())),
        event("RM_1", 0, 2, Happening::Left(laptop)),
        event("RM_1", 0, 5, Happening::Finished),
    ];

    for event in &told {
        assert!(scene.record(id, event).await, "{event:?}");
        let after = scene.find(id).await;
        assert!(!scene.record(id, event).await, "{event:?}");
        assert_eq!(scene.find(id).await, after);
    }
    // The same with another id, as a media server would that has forgotten what it told.
    for event in &told {
        let again = CallEvent { id: format!("{}_again", event.id), ..event.clone() };
        assert!(!scene.record(id, &again).await, "{event:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_recorded_for_a_meeting_of_another_tenant_or_of_somebody_else() {
    let scene = Scene::new().await;
    let id = scene.meeting().await;
    let (_, blue) = register(&scene.db, "blue@example.com", 2).await;
    let stranger = stay(Uuid::now_v7().into(), "laptop", "PA_1", 1);

    let mut tx = blue.begin().await.unwrap();
    assert!(!calls::record(&mut tx, id, &event("RM_1", 0, 0, Happening::Started)).await.unwrap());
    tx.commit().await.unwrap();
    assert_eq!(meetings::find(&blue, id).await.unwrap(), None);
    assert_eq!(scene.find(id).await.started_at, None);

    assert!(scene.record(id, &event("RM_1", 0, 1, Happening::Joined(stranger))).await);
    let meeting = scene.find(id).await;
    assert_eq!((meeting.started_at, present(&meeting)), (Some(begin()), vec![]));
}

#[tokio::test(flavor = "multi_thread")]
async fn hosts_are_made_for_good_and_guests_are_removed_for_one_call() {
    let scene = Scene::new().await;
    let id = scene.meeting().await;
    let (grace, linus) = (scene.member("grace@example.com").await, scene.member("linus@example.com").await);
    scene.record(id, &event("RM_1", 0, 0, Happening::Started)).await;
    assert_eq!(scene.standing(id, scene.account.user.id).await, Some(Standing::BornHost));
    assert_eq!(scene.standing(id, grace).await, Some(Standing::Guest));
    assert_eq!(scene.standing(id, Uuid::now_v7().into()).await, None);
    assert_eq!(scene.standing(MeetingId::generate(), grace).await, None);

    let mut tx = scene.tenant.begin().await.unwrap();
    standings::promote(&mut tx, id, grace).await.unwrap();
    standings::promote(&mut tx, id, linus).await.unwrap();
    standings::remove(&mut tx, id, linus).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(scene.standing(id, grace).await, Some(Standing::Host));
    assert_eq!(scene.standing(id, linus).await, Some(Standing::Removed));
    scene.record(id, &event("RM_1", 0, 1, Happening::Joined(stay(grace, "laptop", "PA_1", 1)))).await;
    assert!(scene.find(id).await.participants[0].is_host);

    scene.record(id, &event("RM_1", 0, 5, Happening::Finished)).await;
    assert_eq!(scene.standing(id, grace).await, Some(Standing::Host));
    assert_eq!(scene.standing(id, linus).await, Some(Standing::Guest));
}
