//! Walks the router: every procedure refuses who is not signed in, and hides what belongs to another tenant.
//!
//! A procedure that is added later without a fixture fails here.

use api_contract::router;
use serde_json::{Value, json};
use tintype::{ProcedureInfo, ProcedureKind};
use uuid::Uuid;

use crate::{
    app::{App, Member},
    assistant::looking,
    wire::Wire,
};

/// Who is not signed in may call these; the list may only shrink.
const PUBLIC: [&str; 3] = ["auth.login", "auth.me", "auth.register"];

/// How a procedure is tried.
enum Fixture {
    /// It takes no id of anything that a tenant has; the answer must not hold what is another tenant's.
    WithoutIds(Option<Value>),
    /// It takes an id of something that a tenant has, and another tenant's does not exist.
    WithId(Kind, fn(Uuid) -> Value),
    /// The same, of a form with a file.
    Form(Kind, fn(Uuid) -> Value),
    /// It streams what this mutation creates, also from a cursor of another tenant's stream.
    Stream(&'static str, fn(&str) -> Value),
}

/// What a tenant has.
#[derive(Clone, Copy)]
enum Kind {
    Widget,
    Session,
    Run,
    Meeting,
}

/// What red has and blue must not see.
struct Foreign {
    widget: Uuid,
    session: Uuid,
    run: Uuid,
    meeting: Uuid,
    meeting_cursor: String,
    list_cursor: String,
    session_cursor: String,
}

impl Foreign {
    fn of(&self, kind: Kind) -> Uuid {
        match kind {
            Kind::Widget => self.widget,
            Kind::Session => self.session,
            Kind::Run => self.run,
            Kind::Meeting => self.meeting,
        }
    }
}

fn fixture(path: &str, foreign: &Foreign) -> Fixture {
    use Fixture::{Form, Stream, WithId, WithoutIds};
    use Kind::{Meeting, Run, Session, Widget};
    match path {
        "ai.analyzeVision" => Form(Session, |id| json!({ "sessionId": id.to_string(), "prompt": "What is there?" })),
        "ai.models" | "ai.policy" | "budget.get" => WithoutIds(None),
        "ai.setPolicy" => WithoutIds(Some(json!({ "size": "small" }))),
        "analytics.getCostMetrics" => {
            WithoutIds(Some(json!({ "startDate": "2026-01-01", "endDate": "2027-01-01", "groupBy": "user" })))
        }
        "auth.login" => WithoutIds(Some(json!({ "email": "nobody@example.com", "password": "wrong horse" }))),
        "auth.logout" | "auth.me" => WithoutIds(None),
        "auth.register" => WithoutIds(Some(
            json!({ "email": "green@example.com", "password": "correct horse", "tenantName": "Green" }),
        )),
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
        "livekit.getToken" => WithId(Meeting, |id| json!({ "meetingId": id, "role": "guest" })),
        "livekit.renewToken" => WithId(Meeting, |id| json!({ "meetingId": id, "identity": "red" })),
        "meetings.changed" => Stream("meetings.create", |title| json!({ "title": title })),
        "meetings.create" => WithoutIds(Some(json!({ "title": "of blue" }))),
        "meetings.get" => WithId(Meeting, |id| json!({ "id": id })),
        "meetings.list" => WithoutIds(Some(json!({ "cursor": foreign.meeting_cursor }))),
        "meetings.promote" | "meetings.remove" => WithId(Meeting, |id| json!({ "meetingId": id, "identity": "red" })),
        "widgets.changed" => Stream("widgets.create", |name| json!({ "name": name })),
        "widgets.create" => WithoutIds(Some(json!({ "name": "of blue" }))),
        "widgets.delete" => WithId(Widget, |id| json!({ "id": id })),
        "widgets.list" => WithoutIds(Some(json!({ "cursor": foreign.list_cursor }))),
        "widgets.update" => WithId(Widget, |id| json!({ "id": id, "name": "stolen" })),
        path => panic!("{path} has no fixture: say here how it is tried with what belongs to another tenant"),
    }
}

/// Two tenants; red has widgets, blue has none.
struct Scene {
    app: App,
    red: Member,
    blue: Member,
    foreign: Foreign,
}

impl Scene {
    async fn new() -> Self {
        let app = App::asking(looking()).await;
        let red = app.member("red@example.com").await;
        let blue = app.member("blue@example.com").await;
        let clock = red.widget("red clock").await;
        red.widget("red map").await;
        let page = wire(&app, &red).query("widgets.list", Some(&json!({ "limit": 1 }))).await;
        let list_cursor = page.json["result"]["data"]["nextCursor"].as_str().unwrap().to_owned();
        let talk = |title: &str| json!({ "title": title });
        let session = wire(&app, &red).mutate("chat.sessions.create", &talk("red secret")).await;
        wire(&app, &red).mutate("chat.sessions.create", &talk("red secrets")).await;
        let page = wire(&app, &red).query("chat.sessions.list", Some(&json!({ "limit": 1 }))).await;
        let session_cursor = page.json["result"]["data"]["nextCursor"].as_str().unwrap().to_owned();
        let id = |value: &Value| value.as_str().unwrap().parse().unwrap();
        let session: Uuid = id(&session.json["result"]["data"]["id"]);
        let question = json!({ "sessionId": session, "content": "red secret?", "clientMessageId": Uuid::now_v7() });
        let sent = wire(&app, &red).mutate("chat.sendMessage", &question).await;
        let run = id(&sent.json["result"]["data"]["runId"]);
        // Its answer changes rows, so the scene begins after it.
        while app.look("SELECT state AS value FROM runs").await != ["done"] {
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
        let meeting = wire(&app, &red).mutate("meetings.create", &talk("red secret")).await;
        let meeting = id(&meeting.json["result"]["data"]["id"]);
        wire(&app, &red).mutate("meetings.create", &talk("red secrets")).await;
        let page = wire(&app, &red).query("meetings.list", Some(&json!({ "limit": 1 }))).await;
        let meeting_cursor = page.json["result"]["data"]["nextCursor"].as_str().unwrap().to_owned();
        let widget = clock.id.as_uuid();
        let foreign = Foreign { widget, session, run, meeting, meeting_cursor, list_cursor, session_cursor };
        Self { foreign, app, red, blue }
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
             UNION ALL SELECT meetings::text FROM meetings WHERE tenant_id = '{0}'
             UNION ALL SELECT meeting_participants::text FROM meeting_participants WHERE tenant_id = '{0}'
             UNION ALL SELECT meeting_standings::text FROM meeting_standings WHERE tenant_id = '{0}'
             UNION ALL SELECT meeting_events::text FROM meeting_events WHERE tenant_id = '{0}'
             UNION ALL SELECT users::text FROM users WHERE tenant_id = '{0}'
             UNION ALL SELECT tenants::text FROM tenants WHERE id = '{0}'
             UNION ALL SELECT id::text || token_hash::text FROM sessions WHERE tenant_id = '{0}' ORDER BY 1",
            self.red.account.tenant.id
        );
        self.app.look(&of_red).await
    }

    /// Fails if `text` holds anything of red's.
    fn assert_hides_red(&self, path: &str, text: &str) {
        let Foreign { widget, session, run, meeting, .. } = self.foreign;
        let (tenant, user) = (self.red.account.tenant.id, self.red.account.user.id);
        let ids = [widget, session, run, meeting, tenant.as_uuid(), user.as_uuid()].map(|id| id.to_string());
        let texts = ["red clock", "red map", "red secret", "red@example.com", "$argon2id"];
        for secret in ids.iter().map(String::as_str).chain(texts) {
            assert!(!text.contains(secret), "{path} shows {secret}: {text}");
        }
    }

    async fn check_foreign(&self, path: &str, info: &ProcedureInfo) {
        let blue = wire(&self.app, &self.blue);
        match fixture(path, &self.foreign) {
            Fixture::WithoutIds(input) => {
                let answer = blue.call(info.kind, path, input.as_ref()).await;
                self.assert_hides_red(path, &answer.json.to_string());
            }
            Fixture::WithId(kind, input) if info.kind == ProcedureKind::Subscription => {
                let foreign = input(self.foreign.of(kind));
                let (_, cursor) = wire(&self.app, &self.red).subscribe(path, Some(&foreign)).await.event().await;
                for blue in [blue.clone(), blue.header("last-event-id", &cursor)] {
                    let refused = blue.subscribe(path, Some(&foreign)).await.failure().await;
                    assert_eq!(refused, "NOT_FOUND", "{path} shows another tenant's");
                }
            }
            Fixture::WithId(kind, input) => {
                let (missing, foreign) = (Uuid::now_v7(), self.foreign.of(kind));
                let of_red = blue.call(info.kind, path, Some(&input(foreign))).await;
                let of_nobody = blue.call(info.kind, path, Some(&input(missing))).await;
                assert_eq!(of_red.error()["code"], "NOT_FOUND", "{path}: {}", of_red.json);
                let same = of_nobody.json.to_string().replace(&missing.to_string(), &foreign.to_string());
                assert_eq!(of_red.json.to_string(), same, "{path} tells what exists from what does not");
            }
            Fixture::Form(kind, fields) => {
                let (missing, foreign) = (Uuid::now_v7(), self.foreign.of(kind));
                let of_red = blue.form(path, &fields(foreign), b"a file").await;
                let of_nobody = blue.form(path, &fields(missing), b"a file").await;
                assert_eq!(of_red.error()["code"], "NOT_FOUND", "{path}: {}", of_red.json);
                let same = of_nobody.json.to_string().replace(&missing.to_string(), &foreign.to_string());
                assert_eq!(of_red.json.to_string(), same, "{path} tells what exists from what does not");
            }
            Fixture::Stream(create, input) => {
                let mut of_red = wire(&self.app, &self.red).subscribe(path, None).await;
                let cursor = of_red.position().await;
                let mut live = blue.subscribe(path, None).await;
                live.position().await;
                wire(&self.app, &self.red).mutate(create, &input("red clock")).await;
                let (_, later_cursor) = of_red.event().await;
                for cursor in [cursor, later_cursor] {
                    let mut replay = blue.clone().header("last-event-id", &cursor).subscribe(path, None).await;
                    assert_eq!(replay.event().await.0, json!({ "kind": "gap" }), "{path} replays another tenant's");
                    assert!(replay.is_silent(), "{path} replays another tenant's");
                }
                assert!(live.is_silent(), "{path} shows another tenant's events");
                blue.mutate(create, &input("of blue")).await;
                let (event, _) = live.event().await;
                assert!(event["kind"] == "created" && event.to_string().contains("\"of blue\""), "{path}: {event}");
            }
        }
    }
}

fn wire(app: &App, member: &Member) -> Wire {
    Wire::new(app).header("cookie", &member.cookie())
}

/// The code with which `wire` is refused, if it is refused for want of a session.
async fn refusal(wire: &Wire, path: &str, info: &ProcedureInfo, input: Option<&Value>) -> Option<String> {
    if info.kind == ProcedureKind::Subscription {
        return Some(wire.subscribe(path, input).await.failure().await);
    }
    let answer = wire.call(info.kind, path, input).await;
    let of_session =
        answer.json["error"]["message"].as_str().is_some_and(|message| message.starts_with("sign in first"));
    of_session.then(|| answer.error()["code"].as_str().unwrap().to_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn every_procedure_but_the_public_ones_refuses_who_is_not_signed_in() {
    let scene = Scene::new().await;
    scene.app.db.run_sql("UPDATE sessions SET expires_at = now() - interval '1 second'").await.unwrap();
    let anonymous = Wire::new(&scene.app);
    let expired = wire(&scene.app, &scene.red);
    let before = scene.rows_of_red().await;

    let mut open = Vec::new();
    for entry in router().procedures() {
        let input = match fixture(entry.path, &scene.foreign) {
            Fixture::WithoutIds(input) => input,
            Fixture::WithId(kind, input) | Fixture::Form(kind, input) => Some(input(scene.foreign.of(kind))),
            Fixture::Stream(..) => None,
        };
        let refused = refusal(&anonymous, entry.path, entry.info, input.as_ref()).await;
        assert_eq!(refusal(&expired, entry.path, entry.info, input.as_ref()).await, refused, "{}", entry.path);
        match refused {
            None => open.push(entry.path.to_owned()),
            Some(code) => assert_eq!(code, "UNAUTHORIZED", "{}", entry.path),
        }
    }

    assert_eq!(open, PUBLIC);
    assert_eq!(scene.rows_of_red().await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn no_procedure_reaches_what_belongs_to_another_tenant() {
    for entry in router().procedures() {
        // Each in a scene of its own: one of them signs blue out.
        let scene = Scene::new().await;
        let before = scene.rows_of_red().await;

        scene.check_foreign(entry.path, entry.info).await;

        let mut after = scene.rows_of_red().await;
        // The stream was tried with something that red made meanwhile.
        after.retain(|row| before.contains(row) || entry.info.kind != ProcedureKind::Subscription);
        assert_eq!(after, before, "{} changed what belongs to another tenant", entry.path);
    }
}
