//! Meetings: who may join as what, who decides about others, and what the workspace sees of calls.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use api_contract::auth::UserRole;
use api_contract::meetings::{
    CreateMeeting, GetMeeting, HostingError, Identity, InCall, JoinError, JoinMeeting, ListMeetings, Meeting,
    MeetingEvent, MeetingRole, MeetingState, Pass, RejoinMeeting, RoomName, Rooms, RoomsError, changed, create, get,
    get_token, list, promote, record, remove, renew_token,
};
use chrono::{DateTime, TimeDelta, Utc};
use db::meetings::calls::{CallEvent, Happening, Stay};
use futures_util::{FutureExt, Stream, StreamExt, future::BoxFuture};
use serde::Serialize;
use tintype::{CallError, Event, Failure};

use crate::app::{App, Member};

/// A media server that only writes down what it is asked.
#[derive(Default)]
struct Doorman {
    passes: Mutex<Vec<Pass>>,
    promoted: Mutex<Vec<(RoomName, Identity)>>,
    removed: Mutex<Vec<(RoomName, Identity)>>,
    /// What it answers instead.
    fails: Mutex<Option<RoomsError>>,
}

impl Doorman {
    fn answer<T: Send + 'static>(&self, value: T) -> BoxFuture<'static, Result<T, RoomsError>> {
        let answer = self.fails.lock().unwrap().clone().map_or(Ok(value), Err);
        async move { answer }.boxed()
    }

    fn last_pass(&self) -> Pass {
        self.passes.lock().unwrap().last().unwrap().clone()
    }

    fn fail(&self, error: RoomsError) {
        *self.fails.lock().unwrap() = Some(error);
    }
}

impl Rooms for Doorman {
    fn url(&self) -> &str {
        "wss://media.example.com"
    }

    fn pass_lifetime(&self) -> Duration {
        Duration::from_secs(300)
    }

    fn admit(&self, pass: Pass) -> BoxFuture<'static, Result<String, RoomsError>> {
        self.passes.lock().unwrap().push(pass);
        self.answer("signed".to_owned())
    }

    fn promote(&self, room: RoomName, identity: Identity) -> BoxFuture<'static, Result<(), RoomsError>> {
        self.promoted.lock().unwrap().push((room, identity));
        self.answer(())
    }

    fn remove(&self, room: RoomName, identity: Identity) -> BoxFuture<'static, Result<(), RoomsError>> {
        self.removed.lock().unwrap().push((room, identity));
        self.answer(())
    }
}

/// Ada owns the workspace, Grace created the meeting, Linus is a guest.
struct Scene {
    app: App,
    doorman: Arc<Doorman>,
    ada: Member,
    grace: Member,
    linus: Member,
    meeting: Meeting,
}

impl Scene {
    async fn new() -> Self {
        let doorman = Arc::new(Doorman::default());
        let app = App::calling(Arc::clone(&doorman) as Arc<dyn Rooms>).await;
        let ada = app.member("ada@example.com").await;
        let grace = app.joined(&ada, "grace@example.com", UserRole::Member).await;
        let linus = app.joined(&ada, "linus@example.com", UserRole::Member).await;
        let meeting = grace.meeting("Monday").await;
        Self { app, doorman, ada, grace, linus, meeting }
    }

    fn room(&self) -> RoomName {
        RoomName { tenant: self.ada.account.tenant.id, meeting: self.meeting.id }
    }

    async fn tell(&self, second: i64, what: Happening) {
        record(&self.app.state, self.room(), &told(second, what)).await.unwrap();
    }

    /// A device joins the call; returns its identity.
    async fn joins(&self, member: &Member, second: i64) -> Identity {
        member.token(&self.meeting, None).await.unwrap();
        let identity = self.doorman.last_pass().identity;
        self.tell(second, Happening::Joined(stay(&identity, second))).await;
        identity
    }

    async fn now(&self) -> Meeting {
        self.ada.caller().call::<get>(GetMeeting { id: self.meeting.id }).await.unwrap().meeting
    }
}

impl Member {
    async fn meeting(&self, title: &str) -> Meeting {
        self.caller().call::<create>(CreateMeeting { title: title.to_owned() }).await.unwrap()
    }

    async fn token(
        &self,
        meeting: &Meeting,
        role: Option<MeetingRole>,
    ) -> Result<api_contract::meetings::Admission, CallError<JoinError>> {
        self.caller().call::<get_token>(JoinMeeting { meeting_id: meeting.id, role }).await
    }

    async fn promotes(&self, meeting: &Meeting, identity: &str) -> Result<(), CallError<HostingError>> {
        let input = InCall { meeting_id: meeting.id, identity: identity.to_owned() };
        self.caller().call::<promote>(input).await.map(drop)
    }

    async fn removes(&self, meeting: &Meeting, identity: &str) -> Result<(), CallError<HostingError>> {
        let input = InCall { meeting_id: meeting.id, identity: identity.to_owned() };
        self.caller().call::<remove>(input).await.map(drop)
    }

    async fn watch_meetings(&self) -> impl Stream<Item = Result<Event<MeetingEvent>, Failure>> + Unpin + use<> {
        let subscription = self.caller().call::<changed>(()).await.unwrap();
        let mut events = Box::pin(subscription.into_events());
        // A subscription begins when it is first polled.
        assert!(events.next().now_or_never().is_none());
        events
    }
}

fn second(second: i64) -> DateTime<Utc> {
    "2026-01-01T12:00:00Z".parse::<DateTime<Utc>>().unwrap() + TimeDelta::seconds(second)
}

fn told(at: i64, what: Happening) -> CallEvent {
    let id = format!("EV_{at}");
    CallEvent { id, call: "RM_1".to_owned(), began_at: second(0), at: second(at), what }
}

fn stay(identity: &Identity, joined_at: i64) -> Stay {
    Stay {
        sid: format!("PA_{joined_at}"),
        identity: identity.to_string(),
        user: identity.user,
        joined_at: second(joined_at),
    }
}

async fn next(events: &mut (impl Stream<Item = Result<Event<MeetingEvent>, Failure>> + Unpin)) -> MeetingEvent {
    let next = tokio::time::timeout(Duration::from_secs(20), events.next()).await;
    next.expect("no event comes").unwrap().unwrap().data
}

/// What the error of a procedure is called.
fn kind<E: Serialize + std::fmt::Debug>(error: CallError<E>) -> String {
    match error {
        CallError::Procedure(error) => serde_json::to_value(error).unwrap()["kind"].as_str().unwrap().to_owned(),
        other => panic!("not an error of the procedure: {other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_creator_and_the_owner_join_as_hosts_and_everybody_else_as_a_guest() {
    let scene = Scene::new().await;
    let Scene { doorman, ada, grace, linus, meeting, .. } = &scene;

    for (member, role) in [(ada, MeetingRole::Host), (grace, MeetingRole::Host), (linus, MeetingRole::Guest)] {
        let details = member.caller().call::<get>(GetMeeting { id: meeting.id }).await.unwrap();
        assert_eq!((details.role, details.can_join), (role, true));
        let admission = member.token(meeting, None).await.unwrap();
        assert_eq!((admission.token.as_str(), admission.url.as_str()), ("signed", "wss://media.example.com"));
        assert_eq!((admission.role, admission.expires_in), (role, 300));
        let pass = doorman.last_pass();
        assert_eq!((pass.role, pass.room, pass.identity.user), (role, scene.room(), member.account.user.id));
        assert_eq!(pass.identity.to_string(), admission.identity);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_joins_may_ask_for_less_and_not_for_more() {
    let scene = Scene::new().await;

    let admission = scene.grace.token(&scene.meeting, Some(MeetingRole::Guest)).await.unwrap();
    assert_eq!((admission.role, scene.doorman.last_pass().role), (MeetingRole::Guest, MeetingRole::Guest));

    let before = scene.doorman.passes.lock().unwrap().len();
    let refused = scene.linus.token(&scene.meeting, Some(MeetingRole::Host)).await.unwrap_err();
    assert_eq!(kind(refused), "NOT_HOST");
    assert_eq!(scene.doorman.passes.lock().unwrap().len(), before, "a pass was signed");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_device_has_a_name_of_its_own_and_a_renewed_pass_the_same() {
    let scene = Scene::new().await;
    let laptop = scene.linus.token(&scene.meeting, None).await.unwrap();
    let phone = scene.linus.token(&scene.meeting, None).await.unwrap();
    assert_ne!(laptop.identity, phone.identity);

    let renew = async |member: &Member, identity: Option<&str>| {
        let identity = identity.map(str::to_owned);
        member.caller().call::<renew_token>(RejoinMeeting { meeting_id: scene.meeting.id, identity }).await
    };
    assert_eq!(renew(&scene.linus, Some(&laptop.identity)).await.unwrap().identity, laptop.identity);
    let new = renew(&scene.linus, None).await.unwrap().identity;
    assert!(![laptop.identity.clone(), phone.identity].contains(&new));

    for identity in [laptop.identity.as_str(), "", "nonsense"] {
        assert_eq!(kind(renew(&scene.grace, Some(identity)).await.unwrap_err()), "INVALID_IDENTITY", "{identity:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_media_server_there_are_meetings_that_nobody_can_join() {
    let app = App::new().await;
    let ada = app.member("ada@example.com").await;
    let meeting = ada.meeting("Monday").await;

    let page = ada.caller().call::<list>(None).await.unwrap();
    assert_eq!((page.items, page.can_join), (vec![meeting.clone()], false));
    let refused = ada.token(&meeting, None).await.unwrap_err();
    assert!(refused.to_string().contains("LIVEKIT_URL"), "{refused}");
    assert_eq!(kind(refused), "CALLS_NOT_CONFIGURED");
    let device = Identity::of_new_device(ada.account.user.id).to_string();
    assert_eq!(kind(ada.promotes(&meeting, &device).await.unwrap_err()), "CALLS_NOT_CONFIGURED");
}

#[tokio::test(flavor = "multi_thread")]
async fn meetings_are_listed_newest_first_page_by_page() {
    let app = App::new().await;
    let ada = app.member("ada@example.com").await;
    let mut expected = Vec::new();
    for title in ["one", "two", "three"] {
        expected.insert(0, ada.meeting(title).await);
    }
    let page =
        async |cursor: Option<String>| ada.caller().call::<list>(Some(ListMeetings { cursor, limit: Some(2) })).await;

    let first = page(None).await.unwrap();
    let second = page(first.next_cursor.clone()).await.unwrap();

    assert_eq!([first.items, second.items].concat(), expected);
    assert_eq!(second.next_cursor, None);
    assert_eq!(kind(page(Some("nonsense".to_owned())).await.unwrap_err()), "INVALID_CURSOR");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_media_server_that_fails_is_explained_and_nothing_is_changed() {
    let scene = Scene::new().await;
    let linus = scene.joins(&scene.linus, 1).await.to_string();
    scene.doorman.fail(RoomsError::Unreachable { detail: "10.0.0.7 refused".to_owned() });

    let refused = scene.linus.token(&scene.meeting, None).await.unwrap_err();
    assert!(
        refused.to_string().contains("cannot be reached") && !refused.to_string().contains("10.0.0.7"),
        "{refused}"
    );
    assert_eq!(kind(refused), "CALLS_UNAVAILABLE");
    assert_eq!(kind(scene.grace.promotes(&scene.meeting, &linus).await.unwrap_err()), "CALLS_UNAVAILABLE");
    assert_eq!(scene.now().await.participants[0].role, MeetingRole::Guest);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_promotes_a_guest_who_is_a_host_from_then_on() {
    let scene = Scene::new().await;
    let identity = scene.joins(&scene.linus, 1).await;
    assert_eq!(scene.now().await.participants[0].role, MeetingRole::Guest);

    scene.grace.promotes(&scene.meeting, &identity.to_string()).await.unwrap();

    assert_eq!(*scene.doorman.promoted.lock().unwrap(), [(scene.room(), identity)]);
    assert_eq!(scene.now().await.participants[0].role, MeetingRole::Host);
    assert_eq!(scene.linus.token(&scene.meeting, Some(MeetingRole::Host)).await.unwrap().role, MeetingRole::Host);
    // And decides about others.
    let grace = scene.joins(&scene.grace, 2).await.to_string();
    scene.linus.promotes(&scene.meeting, &grace).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_removed_is_out_with_all_devices_and_gets_no_pass_until_the_call_is_over() {
    let scene = Scene::new().await;
    scene.tell(0, Happening::Started).await;
    let (laptop, phone) = (scene.joins(&scene.linus, 1).await, scene.joins(&scene.linus, 2).await);
    let of_grace = scene.joins(&scene.grace, 3).await;

    scene.ada.removes(&scene.meeting, &laptop.to_string()).await.unwrap();

    let mut removed = std::mem::take(&mut *scene.doorman.removed.lock().unwrap());
    removed.sort_by_key(|(_, identity)| identity.to_string());
    let mut expected = vec![(scene.room(), laptop), (scene.room(), phone.clone())];
    expected.sort_by_key(|(_, identity)| identity.to_string());
    assert_eq!(removed, expected);
    assert_eq!(kind(scene.linus.token(&scene.meeting, None).await.unwrap_err()), "REMOVED");
    let again = RejoinMeeting { meeting_id: scene.meeting.id, identity: Some(phone.to_string()) };
    assert_eq!(kind(scene.linus.caller().call::<renew_token>(again).await.unwrap_err()), "REMOVED");

    // With a pass from before.
    scene.tell(4, Happening::Joined(stay(&phone, 4))).await;
    assert_eq!(*scene.doorman.removed.lock().unwrap(), [(scene.room(), phone)]);
    // Nobody else is sent out.
    scene.tell(5, Happening::Joined(stay(&of_grace, 5))).await;
    assert_eq!(scene.doorman.removed.lock().unwrap().len(), 1);

    scene.tell(6, Happening::Finished).await;
    scene.linus.token(&scene.meeting, None).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn only_hosts_decide_about_others_and_not_about_who_is_host_by_birth() {
    let scene = Scene::new().await;
    let (of_ada, of_linus) = (scene.joins(&scene.ada, 1).await.to_string(), scene.joins(&scene.linus, 2).await);
    let blue = scene.app.member("blue@example.com").await;
    let of_blue = Identity::of_new_device(blue.account.user.id).to_string();
    let of_linus = of_linus.to_string();
    let refused = async |member: &Member, identity: &str| {
        let promoted = kind(member.promotes(&scene.meeting, identity).await.unwrap_err());
        let removed = kind(member.removes(&scene.meeting, identity).await.unwrap_err());
        assert_eq!(promoted, removed);
        removed
    };

    assert_eq!(refused(&scene.linus, &of_ada).await, "NOT_HOST");
    assert_eq!(refused(&scene.linus, &of_linus).await, "NOT_HOST");
    // Who is not of the workspace does not exist, whatever room they are in.
    assert_eq!(refused(&scene.grace, &of_blue).await, "PARTICIPANT_NOT_FOUND");
    assert_eq!(refused(&scene.grace, "nonsense").await, "PARTICIPANT_NOT_FOUND");
    assert_eq!(refused(&blue, &of_linus).await, "MEETING_NOT_FOUND");
    assert_eq!(kind(scene.grace.removes(&scene.meeting, &of_ada).await.unwrap_err()), "BORN_HOST");
    assert!(scene.doorman.removed.lock().unwrap().is_empty() && scene.doorman.promoted.lock().unwrap().is_empty());

    // Who has left cannot be promoted, and is removed already.
    scene.doorman.fail(RoomsError::NotThere);
    assert_eq!(kind(scene.grace.promotes(&scene.meeting, &of_linus).await.unwrap_err()), "PARTICIPANT_NOT_FOUND");
    scene.grace.removes(&scene.meeting, &of_linus).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_workspace_sees_a_call_begin_people_come_and_go_and_it_end() {
    let scene = Scene::new().await;
    let blue = scene.app.member("blue@example.com").await;
    let (mut events, mut of_blue) = (scene.linus.watch_meetings().await, blue.watch_meetings().await);
    let identity = Identity::of_new_device(scene.grace.account.user.id);
    let mut sees = async |state: MeetingState, present: &[&Identity]| {
        let MeetingEvent::Changed { meeting } = next(&mut events).await else { panic!("not a change") };
        let names: Vec<String> = meeting.participants.iter().map(|one| one.identity.clone()).collect();
        assert_eq!((meeting.state, names), (state, present.iter().map(ToString::to_string).collect()));
    };

    scene.tell(0, Happening::Started).await;
    sees(MeetingState::Live, &[]).await;
    scene.tell(1, Happening::Joined(stay(&identity, 1))).await;
    sees(MeetingState::Live, &[&identity]).await;
    // Told twice, and a late word of the beginning: nobody hears of it.
    scene.tell(1, Happening::Joined(stay(&identity, 1))).await;
    scene.tell(2, Happening::Started).await;
    scene.tell(3, Happening::Left(stay(&identity, 1))).await;
    sees(MeetingState::Live, &[]).await;
    scene.tell(4, Happening::Finished).await;
    sees(MeetingState::Over, &[]).await;
    scene.tell(5, Happening::Started).await;
    scene.meeting_after(&mut events).await;
    assert!(of_blue.next().now_or_never().is_none(), "another workspace hears of it");
}

impl Scene {
    /// The next thing that is heard is a new meeting.
    async fn meeting_after(&self, events: &mut (impl Stream<Item = Result<Event<MeetingEvent>, Failure>> + Unpin)) {
        let meeting = self.ada.meeting("Tuesday").await;
        assert_eq!(next(events).await, MeetingEvent::Created { meeting });
    }
}
