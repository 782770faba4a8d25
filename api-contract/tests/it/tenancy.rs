//! Walks the router: every procedure refuses who has no valid session, knows owners from members, and hides what
//! belongs to another tenant from both, in what it reads, writes, streams and replays.
//!
//! A procedure that is added later without a fixture fails here.

use api_contract::{auth::UserRole, members::invitations::Invited, router};
use serde_json::{Value, json};
use tintype::{ProcedureInfo, ProcedureKind};
use uuid::Uuid;

use crate::{
    app::{App, Member},
    assistant::looking,
    wire::Wire,
};

/// Who is not signed in may call these, and whoever adds one says why: an invitation is for who has no account yet.
const PUBLIC: [&str; 5] = ["auth.login", "auth.me", "auth.register", "members.accept", "members.invitations.preview"];

/// Only owners may call these.
const FOR_OWNERS: [&str; 7] = [
    "ai.setPolicy",
    "budget.set",
    "members.invitations.list",
    "members.invitations.revoke",
    "members.invite",
    "members.remove",
    "members.setRole",
];

/// These need a media server, and the scene has none: a valid call is not refused for who calls, and not answered.
const IN_CALLS: [&str; 4] = ["livekit.getToken", "livekit.renewToken", "meetings.promote", "meetings.remove"];

/// How a procedure is tried.
enum Fixture {
    /// It takes no id of anything that a tenant has; the answer must not hold what is another tenant's.
    WithoutIds(Option<Value>),
    /// It takes an id of something that a tenant has, and another tenant's does not exist.
    WithId(Kind, fn(Uuid) -> Value),
    /// The same, of a form with a file.
    Form(Kind, fn(Uuid) -> Value),
    /// It streams, also from a cursor of another tenant's stream; this is what makes an event.
    Stream(Happening),
}

/// Something that is heard of.
#[derive(Clone, Copy)]
enum Happening {
    Document,
    Meeting,
    Widget,
    Role,
}

/// What a tenant has.
#[derive(Clone, Copy)]
enum Kind {
    Widget,
    Session,
    Run,
    Document,
    Meeting,
    Member,
    Invitation,
    /// A session of the caller, and not of another member.
    SignIn,
}

/// What red has and blue must not see.
struct Foreign {
    widget: Uuid,
    session: Uuid,
    run: Uuid,
    member: Uuid,
    sign_in: Uuid,
    invited: Invited,
    document: Uuid,
    meeting: Uuid,
    list_cursor: String,
    document_cursor: String,
    meeting_cursor: String,
    session_cursor: String,
}

impl Foreign {
    fn of(&self, kind: Kind) -> Uuid {
        match kind {
            Kind::Widget => self.widget,
            Kind::Session => self.session,
            Kind::Run => self.run,
            Kind::Document => self.document,
            Kind::Meeting => self.meeting,
            Kind::Member => self.member,
            Kind::Invitation => self.invited.invitation.id.as_uuid(),
            Kind::SignIn => self.sign_in,
        }
    }
}

fn fixture(path: &str, foreign: &Foreign) -> Fixture {
    use Fixture::{Form, Stream, WithId, WithoutIds};
    use Kind::{Document, Invitation, Meeting, Member, Run, Session, SignIn, Widget};
    match path {
        "ai.analyzeVision" => Form(Session, |id| json!({ "sessionId": id.to_string(), "prompt": "What is there?" })),
        "ai.models" | "ai.policy" | "budget.get" => WithoutIds(None),
        "ai.setPolicy" => WithoutIds(Some(json!({ "size": "small" }))),
        "analytics.getCostMetrics" => {
            WithoutIds(Some(json!({ "startDate": "2026-01-01", "endDate": "2027-01-01", "groupBy": "user" })))
        }
        "auth.changePassword" => WithoutIds(Some(json!({ "current": "wrong horse", "new": "another correct horse" }))),
        "auth.login" => WithoutIds(Some(json!({ "email": "nobody@example.com", "password": "wrong horse" }))),
        "auth.logout" | "auth.me" | "auth.sessions" => WithoutIds(None),
        "auth.register" => WithoutIds(Some(
            json!({ "email": "green@example.com", "password": "correct horse", "tenantName": "Green" }),
        )),
        "auth.revokeSession" => WithId(SignIn, |id| json!({ "id": id })),
        "budget.set" => WithoutIds(Some(json!({ "limitMicroUsd": 5_000_000 }))),
        "chat.history" | "chat.subscribe" | "presence.list" | "presence.watch" => {
            WithId(Session, |id| json!({ "sessionId": id }))
        }
        "chat.sendMessage" => WithId(
            Session,
            |id| json!({ "sessionId": id, "content": "Hello?", "clientMessageId": "01990000-0000-7000-8000-000000000000" }),
        ),
        "chat.sessions.create" => WithoutIds(Some(json!({ "title": "of blue" }))),
        "chat.sessions.delete" => WithId(Session, |id| json!({ "id": id })),
        "chat.sessions.list" => WithoutIds(Some(json!({ "cursor": foreign.session_cursor }))),
        "chat.sessions.rename" => WithId(Session, |id| json!({ "id": id, "title": "stolen" })),
        "chat.stop" => WithId(Run, |id| json!({ "runId": id })),
        "knowledge.changed" => Stream(Happening::Document),
        "knowledge.documents.add" => WithoutIds(None),
        "knowledge.documents.delete" | "knowledge.documents.open" => WithId(Document, |id| json!({ "id": id })),
        "knowledge.documents.list" => WithoutIds(Some(json!({ "cursor": foreign.document_cursor }))),
        "knowledge.search" => WithoutIds(Some(json!({ "query": "red secret passage" }))),
        "livekit.getToken" => WithId(Meeting, |id| json!({ "meetingId": id, "role": "guest" })),
        "livekit.renewToken" => WithId(Meeting, |id| json!({ "meetingId": id, "identity": "red" })),
        "meetings.changed" => Stream(Happening::Meeting),
        "meetings.create" => WithoutIds(Some(json!({ "title": "of blue" }))),
        "meetings.get" => WithId(Meeting, |id| json!({ "id": id })),
        "meetings.list" => WithoutIds(Some(json!({ "cursor": foreign.meeting_cursor }))),
        "meetings.promote" | "meetings.remove" => WithId(Meeting, |id| json!({ "meetingId": id, "identity": "red" })),
        "members.accept" => {
            WithoutIds(Some(json!({ "token": "0".repeat(64), "name": "Grace", "password": "correct horse" })))
        }
        "members.changed" => Stream(Happening::Role),
        "members.invitations.list" | "members.list" => WithoutIds(None),
        "members.invitations.preview" => WithoutIds(Some(json!({ "token": "0".repeat(64) }))),
        "members.invitations.revoke" => WithId(Invitation, |id| json!({ "id": id })),
        "members.invite" => WithoutIds(Some(json!({ "email": "crimson.guest@example.com", "role": "owner" }))),
        "members.remove" => WithId(Member, |id| json!({ "id": id })),
        "members.setRole" => WithId(Member, |id| json!({ "id": id, "role": "owner" })),
        "widgets.changed" => Stream(Happening::Widget),
        "widgets.create" => WithoutIds(Some(json!({ "name": "of blue" }))),
        "widgets.delete" => WithId(Widget, |id| json!({ "id": id })),
        "widgets.list" => WithoutIds(Some(json!({ "cursor": foreign.list_cursor }))),
        "widgets.update" => WithId(Widget, |id| json!({ "id": id, "name": "stolen" })),
        path => panic!("{path} has no fixture: say here how it is tried with what belongs to another tenant"),
    }
}

/// How a query or a mutation is sent: what is secret comes by `POST`.
fn method(info: &ProcedureInfo) -> ProcedureKind {
    if info.flags.sensitive { ProcedureKind::Mutation } else { info.kind }
}

/// Two tenants with an owner and a member each; red has something of everything, blue has nothing.
struct Scene {
    app: App,
    red: Member,
    crimson: Member,
    blue: Member,
    navy: Member,
    foreign: Foreign,
}

impl Scene {
    async fn new() -> Self {
        let app = App::asking(looking()).await;
        let red = app.member("red@example.com").await;
        let crimson = app.joined(&red, "crimson@example.com", UserRole::Member).await;
        let blue = app.member("blue@example.com").await;
        let navy = app.joined(&blue, "navy@example.com", UserRole::Member).await;
        let invited = red.invite("crimson.guest@example.com", UserRole::Owner).await;
        let clock = red.widget("red clock").await;
        red.widget("red map").await;
        let page = wire(&app, &red).query("widgets.list", Some(&json!({ "limit": 1 }))).await;
        let list_cursor = page.json["result"]["data"]["nextCursor"].as_str().unwrap().to_owned();
        let talk = |title: &str| json!({ "title": title });
        let session = wire(&app, &red).mutate("chat.sessions.create", &talk("red secret")).await;
        wire(&app, &red).mutate("chat.sessions.create", &talk("red secrets")).await;
        let page = wire(&app, &red).query("chat.sessions.list", Some(&json!({ "limit": 1 }))).await;
        let session_cursor = page.json["result"]["data"]["nextCursor"].as_str().unwrap().to_owned();
        let session: Uuid = uuid(&session.json["result"]["data"]["id"]);
        let question = json!({ "sessionId": session, "content": "red secret?", "clientMessageId": Uuid::now_v7() });
        let sent = wire(&app, &red).mutate("chat.sendMessage", &question).await;
        let run = uuid(&sent.json["result"]["data"]["runId"]);
        // Its answer changes rows, so the scene begins after it.
        while app.look("SELECT state AS value FROM runs").await != ["done"] {
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
        for text in ["A red secret passage.", "Another red secret passage."] {
            add_document(&app, &red, "red secret", text).await;
        }
        let page = wire(&app, &red).query("knowledge.documents.list", Some(&json!({ "limit": 1 }))).await;
        let page = &page.json["result"]["data"];
        let (document, document_cursor) =
            (uuid(&page["items"][0]["id"]), page["nextCursor"].as_str().unwrap().to_owned());
        while app.look("SELECT DISTINCT state AS value FROM documents").await != ["indexed"] {
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
        let meeting = wire(&app, &red).mutate("meetings.create", &talk("red secret")).await;
        let meeting = uuid(&meeting.json["result"]["data"]["id"]);
        wire(&app, &red).mutate("meetings.create", &talk("red secrets")).await;
        let page = wire(&app, &red).query("meetings.list", Some(&json!({ "limit": 1 }))).await;
        let meeting_cursor = page.json["result"]["data"]["nextCursor"].as_str().unwrap().to_owned();
        let (member, sign_in) = (crimson.account.user.id.as_uuid(), sign_in(&app, &red).await);
        let widget = clock.id.as_uuid();
        let foreign = Foreign {
            widget,
            session,
            run,
            document,
            meeting,
            member,
            sign_in,
            invited,
            list_cursor,
            session_cursor,
            document_cursor,
            meeting_cursor,
        };
        Self { app, red, crimson, blue, navy, foreign }
    }

    /// Everything that red has.
    async fn rows_of_red(&self) -> Vec<String> {
        let of_red = format!(
            "SELECT widgets::text AS value FROM widgets WHERE tenant_id = '{0}'
             UNION ALL SELECT chat_sessions::text FROM chat_sessions WHERE tenant_id = '{0}'
             UNION ALL SELECT messages::text FROM messages WHERE tenant_id = '{0}'
             UNION ALL SELECT runs::text FROM runs WHERE tenant_id = '{0}'
             UNION ALL SELECT budgets::text FROM budgets WHERE tenant_id = '{0}'
             UNION ALL SELECT budget_months::text FROM budget_months WHERE tenant_id = '{0}'
             UNION ALL SELECT cost_events::text FROM cost_events WHERE tenant_id = '{0}'
             UNION ALL SELECT model_policies::text FROM model_policies WHERE tenant_id = '{0}'
             UNION ALL SELECT vision_frames::text FROM vision_frames WHERE tenant_id = '{0}'
             UNION ALL SELECT documents::text FROM documents WHERE tenant_id = '{0}'
             UNION ALL SELECT document_contents::text FROM document_contents WHERE tenant_id = '{0}'
             UNION ALL SELECT chunks::text FROM chunks WHERE tenant_id = '{0}'
             UNION ALL SELECT meetings::text FROM meetings WHERE tenant_id = '{0}'
             UNION ALL SELECT meeting_participants::text FROM meeting_participants WHERE tenant_id = '{0}'
             UNION ALL SELECT meeting_standings::text FROM meeting_standings WHERE tenant_id = '{0}'
             UNION ALL SELECT meeting_events::text FROM meeting_events WHERE tenant_id = '{0}'
             UNION ALL SELECT invitations::text FROM invitations WHERE tenant_id = '{0}'
             UNION ALL SELECT users::text FROM users WHERE tenant_id = '{0}'
             UNION ALL SELECT tenants::text FROM tenants WHERE id = '{0}'
             UNION ALL SELECT id::text || token_hash::text FROM sessions WHERE tenant_id = '{0}' ORDER BY 1",
            self.red.account.tenant.id
        );
        self.app.look(&of_red).await
    }

    /// The input of a fixture, with what `member` may use.
    async fn input(&self, path: &str, member: &Member) -> Option<Value> {
        match fixture(path, &self.foreign) {
            Fixture::WithoutIds(input) => input,
            Fixture::WithId(Kind::SignIn, input) => Some(input(sign_in(&self.app, member).await)),
            Fixture::WithId(kind, input) | Fixture::Form(kind, input) => Some(input(self.foreign.of(kind))),
            Fixture::Stream(_) => None,
        }
    }

    /// Fails if `text` holds anything of red's.
    fn assert_hides_red(&self, path: &str, text: &str) {
        let Foreign { widget, session, run, document, meeting, member, sign_in, invited, .. } = &self.foreign;
        let (tenant, user) = (self.red.account.tenant.id.as_uuid(), self.red.account.user.id.as_uuid());
        let invitation = invited.invitation.id.as_uuid();
        let ids = [*widget, *session, *run, *document, *meeting, *member, *sign_in, invitation, tenant, user]
            .map(|id| id.to_string());
        let texts = ["red clock", "red map", "red secret", "red@example.com", "crimson@example.com", "$argon2id"];
        for secret in ids.iter().map(String::as_str).chain(texts) {
            assert!(!text.contains(secret), "{path} shows {secret}: {text}");
        }
    }

    /// Tries a procedure as somebody of blue, with what belongs to red.
    async fn check_foreign(&self, path: &str, info: &ProcedureInfo, member: &Member) {
        let blue = wire(&self.app, member);
        let is_refused = member.account.user.role == UserRole::Member && FOR_OWNERS.contains(&path);
        let hidden = if is_refused { "FORBIDDEN" } else { "NOT_FOUND" };
        match fixture(path, &self.foreign) {
            Fixture::WithoutIds(input) => {
                let answer = blue.call(method(info), path, input.as_ref()).await;
                self.assert_hides_red(path, &answer.json.to_string());
            }
            Fixture::WithId(kind, input) if info.kind == ProcedureKind::Subscription => {
                let foreign = input(self.foreign.of(kind));
                let (_, cursor) = wire(&self.app, &self.red).subscribe(path, Some(&foreign)).await.event().await;
                for blue in [blue.clone(), blue.header("last-event-id", &cursor)] {
                    let refused = blue.subscribe(path, Some(&foreign)).await.failure().await;
                    assert_eq!(refused, hidden, "{path} shows another tenant's");
                }
            }
            Fixture::WithId(kind, input) => {
                let (missing, foreign) = (Uuid::now_v7(), self.foreign.of(kind));
                let of_red = blue.call(method(info), path, Some(&input(foreign))).await;
                let of_nobody = blue.call(method(info), path, Some(&input(missing))).await;
                assert_eq!(of_red.error()["code"], hidden, "{path}: {}", of_red.json);
                let same = of_nobody.json.to_string().replace(&missing.to_string(), &foreign.to_string());
                assert_eq!(of_red.json.to_string(), same, "{path} tells what exists from what does not");
            }
            Fixture::Form(kind, fields) => {
                let (missing, foreign) = (Uuid::now_v7(), self.foreign.of(kind));
                let of_red = blue.form(path, &fields(foreign), b"a file").await;
                let of_nobody = blue.form(path, &fields(missing), b"a file").await;
                assert_eq!(of_red.error()["code"], hidden, "{path}: {}", of_red.json);
                let same = of_nobody.json.to_string().replace(&missing.to_string(), &foreign.to_string());
                assert_eq!(of_red.json.to_string(), same, "{path} tells what exists from what does not");
            }
            Fixture::Stream(happening) => {
                let mut of_red = wire(&self.app, &self.red).subscribe(path, None).await;
                let cursor = of_red.position().await;
                let mut live = blue.subscribe(path, None).await;
                live.position().await;
                self.make(happening, &self.red).await;
                let (_, later_cursor) = of_red.event().await;
                for cursor in [cursor, later_cursor] {
                    let mut replay = blue.clone().header("last-event-id", &cursor).subscribe(path, None).await;
                    assert_eq!(replay.event().await.0, json!({ "kind": "gap" }), "{path} replays another tenant's");
                    assert!(replay.is_silent(), "{path} replays another tenant's");
                }
                self.make(happening, &self.blue).await;
                let event = live.event().await.0.to_string();
                assert!(event.contains("blue"), "{path} streams another event: {event}");
                self.assert_hides_red(path, &event);
            }
        }
    }

    /// Does what is heard of by whoever listens.
    async fn make(&self, happening: Happening, owner: &Member) {
        let name = if owner.account.user.email.starts_with("red") { "red clock" } else { "of blue" };
        match happening {
            Happening::Document => {
                // The same content would be the same document.
                let text = format!("Whatever is {name}: {}", Uuid::now_v7());
                add_document(&self.app, owner, name, &text).await;
            }
            Happening::Meeting => {
                let created = wire(&self.app, owner).mutate("meetings.create", &json!({ "title": name })).await;
                assert_eq!(created.status, 200, "{:?}", created.json);
            }
            Happening::Widget => {
                owner.widget(name).await;
            }
            Happening::Role => {
                let role = json!({ "id": owner.account.user.id, "role": "owner" });
                let answer = wire(&self.app, owner).mutate("members.setRole", &role).await;
                assert_eq!(answer.status, 200, "{:?}", answer.json);
            }
        }
    }
}

fn wire(app: &App, member: &Member) -> Wire {
    Wire::new(app).header("cookie", &member.cookie())
}

fn uuid(value: &Value) -> Uuid {
    value.as_str().unwrap().parse().unwrap()
}

async fn add_document(app: &App, member: &Member, title: &str, text: &str) {
    let added = wire(app, member).form("knowledge.documents.add", &json!({ "title": title }), text.as_bytes()).await;
    assert_eq!(added.status, 200, "{:?}", added.json);
}

/// The id of the session in which somebody calls.
async fn sign_in(app: &App, member: &Member) -> Uuid {
    let sessions = wire(app, member).query("auth.sessions", None).await;
    let sessions = sessions.json["result"]["data"].as_array().unwrap_or_else(|| panic!("{:?}", sessions.json)).clone();
    uuid(&sessions.iter().find(|session| session["current"] == true).unwrap()["id"])
}

/// The code with which `wire` is refused for who calls, and not for what they say.
async fn refusal(wire: &Wire, path: &str, info: &ProcedureInfo, input: Option<&Value>) -> Option<String> {
    if info.kind == ProcedureKind::Subscription {
        let mut stream = wire.subscribe(path, input).await;
        let frame = stream.next().await.unwrap();
        let shape = frame.strip_prefix("event: serialized-error\ndata: ")?;
        return Some(stream.last_words(shape).await);
    }
    let answer = wire.call(method(info), path, input).await;
    let message = answer.json["error"]["message"].as_str()?;
    let of_caller = ["sign in first", "only an owner"].iter().any(|start| message.starts_with(start));
    of_caller.then(|| answer.error()["code"].as_str().unwrap().to_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn every_procedure_but_the_public_ones_refuses_who_has_no_valid_session() {
    let scene = Scene::new().await;
    let app = &scene.app;
    let mut callers = vec![("anonymous", Wire::new(app))];
    for member in [&scene.red, &scene.crimson] {
        let revoked = member.elsewhere(app).await;
        let id = sign_in(app, &revoked).await;
        let answer = wire(app, member).mutate("auth.revokeSession", &json!({ "id": id })).await;
        assert_eq!(answer.status, 200, "{:?}", answer.json);
        callers.extend([("expired", wire(app, member)), ("revoked", wire(app, &revoked))]);
    }
    let mut inputs = Vec::new();
    for entry in router().procedures() {
        inputs.push(scene.input(entry.path, &scene.red).await);
    }
    app.db.run_sql("UPDATE sessions SET expires_at = now() - interval '1 second'").await.unwrap();
    let before = scene.rows_of_red().await;

    for (who, wire) in callers {
        let mut open = Vec::new();
        for (entry, input) in router().procedures().zip(&inputs) {
            match refusal(&wire, entry.path, entry.info, input.as_ref()).await {
                None => open.push(entry.path.to_owned()),
                Some(code) => assert_eq!(code, "UNAUTHORIZED", "{} by who is {who}", entry.path),
            }
        }
        open.sort();
        assert_eq!(open, PUBLIC, "who is {who} may call these");
    }

    assert_eq!(scene.rows_of_red().await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn owners_may_call_everything_and_members_all_but_what_is_for_owners() {
    let mut for_owners = Vec::new();
    for entry in router().procedures() {
        // Each in a scene of its own, as some end the session.
        let scene = Scene::new().await;
        let before = scene.rows_of_red().await;
        let input = scene.input(entry.path, &scene.crimson).await;
        let of_member = refusal(&wire(&scene.app, &scene.crimson), entry.path, entry.info, input.as_ref()).await;
        if let Some(code) = &of_member {
            assert_eq!(code, "FORBIDDEN", "{}", entry.path);
            assert_eq!(scene.rows_of_red().await, before, "{} was refused and changed something", entry.path);
            for_owners.push(entry.path.to_owned());
        }

        let scene = Scene::new().await;
        let input = scene.input(entry.path, &scene.red).await;
        let owner = wire(&scene.app, &scene.red);
        // With ids with which somebody of another tenant is told that there is no such thing.
        match fixture(entry.path, &scene.foreign) {
            Fixture::WithId(..)
                if entry.info.kind != ProcedureKind::Subscription && !IN_CALLS.contains(&entry.path) =>
            {
                let answer = owner.call(method(entry.info), entry.path, input.as_ref()).await;
                assert_eq!(answer.status, 200, "{} by an owner: {}", entry.path, answer.json);
            }
            _ => assert_eq!(refusal(&owner, entry.path, entry.info, input.as_ref()).await, None, "{}", entry.path),
        }
    }
    for_owners.sort();
    assert_eq!(for_owners, FOR_OWNERS);
}

#[tokio::test(flavor = "multi_thread")]
async fn no_procedure_reaches_what_belongs_to_another_tenant() {
    for entry in router().procedures() {
        // Each in a scene of its own: one of them signs blue out.
        let scene = Scene::new().await;
        let before = scene.rows_of_red().await;

        for member in [&scene.navy, &scene.blue] {
            scene.check_foreign(entry.path, entry.info, member).await;
        }

        let mut after = scene.rows_of_red().await;
        // The stream was tried with what red did meanwhile.
        after.retain(|row| before.contains(row) || entry.info.kind != ProcedureKind::Subscription);
        assert_eq!(after, before, "{} changed what belongs to another tenant", entry.path);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_stream_ends_with_its_session_however_that_ends() {
    for entry in router().procedures().filter(|entry| entry.info.kind == ProcedureKind::Subscription) {
        let scene = Scene::new().await;
        let (app, input) = (&scene.app, scene.input(entry.path, &scene.crimson).await);
        let (revoked, expired) = (scene.crimson.elsewhere(app).await, scene.red.elsewhere(app).await);
        let id = sign_in(app, &expired).await;
        app.db
            .run_sql(&format!("UPDATE sessions SET expires_at = now() + interval '1 second' WHERE id = '{id}'"))
            .await
            .unwrap();
        let mut streams = Vec::new();
        for member in [&expired, &revoked, &scene.crimson] {
            streams.push(wire(app, member).subscribe(entry.path, input.as_ref()).await);
            streams.last_mut().unwrap().next().await.unwrap();
        }

        let id = sign_in(app, &revoked).await;
        wire(app, &scene.crimson).mutate("auth.revokeSession", &json!({ "id": id })).await;
        wire(app, &scene.red).mutate("members.remove", &json!({ "id": scene.crimson.account.user.id })).await;

        for mut stream in streams {
            assert_eq!(stream.failure_after_events().await, "UNAUTHORIZED", "{}", entry.path);
        }
    }
}
