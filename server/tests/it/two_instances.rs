//! Two servers on one database and one Redis: what happens on one is seen on the other.

use std::time::{Duration, Instant};

use db::testing::TestDb;
use futures_util::future::join_all;
use http::{Request, StatusCode, header};
use http_body_util::BodyExt;
use hyper::body::Incoming;
use serde_json::{Value, json};
use tintype_redis::testing::{Authority, RedisCluster, RedisServer, TlsRedisServer};

use crate::{
    account::{Account, PASSWORD},
    client::{full, mutation, open, query, send},
    process::Server,
    scripted::{Script, Scripted, Step, text},
};

async fn two_instances(redis: &RedisServer) -> (Server, Server) {
    let url = redis.url();
    let variables = [("REDIS_URL", url.as_str())];
    let first = Server::start_with(&variables).await;
    let second = Server::start_on(first.db.clone(), &variables).await;
    (first, second)
}

/// The events of a stream, which has begun: the position before the first one has arrived.
pub(crate) struct Events {
    body: Incoming,
    pub(crate) read: String,
}

impl Events {
    pub(crate) async fn changes(server: &Server, account: &Account, last_event_id: Option<&str>) -> Self {
        Self::of("widgets.changed", None, server, account, last_event_id).await
    }

    async fn of(
        path: &str,
        input: Option<&Value>,
        server: &Server,
        account: &Account,
        last_event_id: Option<&str>,
    ) -> Self {
        let mut request = query(path, input).header(header::COOKIE, &account.cookie);
        if let Some(id) = last_event_id {
            request = request.header("last-event-id", id);
        }
        let response = open(server.address, request.body(full("")).unwrap()).await;
        assert_eq!(response.status(), StatusCode::OK);
        let mut events = Self { body: response.into_body(), read: String::new() };
        if last_event_id.is_none() {
            events.until("\nid: ").await;
        }
        events
    }

    /// Reads until `text` has come; fails if the stream ends before, or stays silent.
    pub(crate) async fn until(&mut self, text: &str) {
        while !self.read.contains(text) {
            let frame = tokio::time::timeout(Duration::from_secs(20), self.body.frame()).await;
            let frame = frame.unwrap_or_else(|_| panic!("{text:?} does not come: {}", self.read));
            let frame = frame.unwrap_or_else(|| panic!("the stream ended without {text:?}: {}", self.read));
            self.read.push_str(std::str::from_utf8(&frame.unwrap().into_data().unwrap()).unwrap());
        }
    }

    /// The data of the events that have come, and the id of the last one.
    pub(crate) fn seen(&self) -> (Vec<Value>, String) {
        let lines = |start: &'static str| self.read.lines().filter_map(move |line| line.strip_prefix(start));
        let data = lines("data: {\"kind\"").map(|rest| serde_json::from_str(&format!("{{\"kind\"{rest}")).unwrap());
        (data.collect(), lines("id: ").next_back().unwrap().to_owned())
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_on_one_instance_is_seen_on_the_other_and_resumed_there() {
    let redis = RedisServer::start().await;
    let (first, second) = two_instances(&redis).await;
    let account = Account::register(first.address, "ada@example.com").await;
    let mut events = Events::changes(&second, &account, None).await;

    account.mutate("widgets.create", &json!({ "name": "clock" })).await.data();

    events.until("clock").await;
    let (seen, cursor) = events.seen();
    assert_eq!(seen.len(), 1, "{seen:?}");
    assert_eq!((&seen[0]["kind"], &seen[0]["widget"]["name"]), (&json!("created"), &json!("clock")));

    // While nobody listens, more happens; and the client comes back to the other instance.
    drop(events);
    account.mutate("widgets.create", &json!({ "name": "map" })).await.data();
    let mut resumed = Events::changes(&first, &account, Some(&cursor)).await;
    resumed.until("map").await;
    assert!(!resumed.read.contains("clock"), "{}", resumed.read);
}

#[tokio::test(flavor = "multi_thread")]
async fn instances_share_a_redis_cluster() {
    let redis = RedisCluster::start().await;
    let urls = redis.urls();
    let start =
        async |db, url: &str| Server::start_on(db, &[("REDIS_URL", url), ("TINTYPE_REDIS_CLUSTER", "true")]).await;
    // Each knows another node of it.
    let first = start(TestDb::new().await, &urls[0]).await;
    let second = start(first.db.clone(), &urls[1..].join(",")).await;

    // Workspaces are spread over the masters.
    for number in 0..8 {
        let account = Account::register(first.address, &format!("ada{number}@example.com")).await;
        let mut events = Events::changes(&second, &account, None).await;
        account.mutate("widgets.create", &json!({ "name": "clock" })).await.data();
        events.until("clock").await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_question_on_one_instance_is_answered_for_viewers_of_every_instance() {
    let redis = RedisServer::start().await;
    let (first, second) = two_instances(&redis).await;
    let account = Account::register(first.address, "ada@example.com").await;
    let session = account.mutate("chat.sessions.create", &json!({})).await.data();
    let input = json!({ "sessionId": session["id"] });
    let mut viewers = Vec::new();
    for server in [&first, &second] {
        viewers.push(Events::of("chat.subscribe", Some(&input), server, &account, None).await);
    }

    let question = json!({
        "sessionId": session["id"],
        "content": "When does it open?",
        "clientMessageId": "01990000-0000-7000-8000-000000000000",
    });
    let sent = account.mutate("chat.sendMessage", &question).await.data();

    for viewer in &mut viewers {
        viewer.until("\"state\":\"done\"").await;
        let (seen, _) = viewer.seen();
        let of_kind = |kind: &str| seen.iter().filter(|event| event["kind"] == kind).collect::<Vec<_>>();
        let (deltas, messages) = (of_kind("delta"), of_kind("message"));
        let pieces: String = deltas.iter().map(|delta| delta["text"].as_str().unwrap()).collect();
        assert_eq!(messages[0]["message"], sent["message"]);
        assert_eq!(messages[1]["message"]["content"], pieces, "{seen:?}");
        assert!(pieces.starts_with("No model is configured"), "{pieces}");
    }
    // The same question again, on the other instance, is the first one.
    let again = account.at(second.address).mutate("chat.sendMessage", &question).await.data();
    assert_eq!(again, sent);
}

/// Two instances on one Redis with a provider that says half an answer and then nothing more, the conversation, and
/// the run that the first has begun.
struct HalfAnAnswer {
    provider: Scripted,
    _redis: RedisServer,
    first: Option<Server>,
    second: Server,
    account: Account,
    session: Value,
    run: Value,
}

impl HalfAnAnswer {
    async fn new() -> Self {
        let (provider, redis) = (Scripted::start().await, RedisServer::start().await);
        let (provider_url, redis_url) = (provider.url(), redis.url());
        let variables = [
            ("REDIS_URL", redis_url.as_str()),
            ("OPENAI_BASE_URL", &provider_url),
            ("OPENAI_API_KEY", "sk"),
            ("TINTYPE_RUN_LEASE_MS", "1000"),
        ];
        let first = Server::start_with(&variables).await;
        let account = Account::register(first.address, "ada@example.com").await;
        let session = account.mutate("chat.sessions.create", &json!({})).await.data()["id"].clone();
        let mut viewer = Self::viewer(&first, &account, &session).await;
        provider.next(Script::Stream(vec![text("Half an "), text("answer"), Step::Stall]));
        let id = "01990000-0000-7000-8000-000000000000";
        let question = json!({ "sessionId": session, "content": "When?", "clientMessageId": id });
        let run = account.mutate("chat.sendMessage", &question).await.data()["runId"].clone();
        viewer.until("answer").await;
        // So that it was the first one's to begin.
        let second = Server::start_on(first.db.clone(), &variables).await;
        Self { provider, _redis: redis, first: Some(first), second, account, session, run }
    }

    async fn viewer(server: &Server, account: &Account, session: &Value) -> Events {
        Events::of("chat.subscribe", Some(&json!({ "sessionId": session })), server, account, None).await
    }

    /// What is recorded of the answer: how it ended, its text, and how many costs there are.
    async fn recorded(&self) -> (Vec<String>, Vec<String>) {
        let ended = "SELECT ending || ': ' || content AS value FROM messages WHERE role = 'assistant'";
        let costs = "SELECT count(*)::text AS value FROM cost_events";
        (self.second.db.look(ended).await, self.second.db.look(costs).await)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_whose_instance_is_killed_is_ended_by_the_other_and_paid_once() {
    let mut scene = HalfAnAnswer::new().await;
    let mut viewer = HalfAnAnswer::viewer(&scene.second, &scene.account, &scene.session).await;
    viewer.until("Half an answer").await;

    scene.first.take().unwrap().kill().await;

    viewer.until("\"state\":\"failed\"").await;
    let (events, _) = viewer.seen();
    let of_run = |state: &str| events.iter().filter(|event| event["run"]["state"] == state).count();
    assert_eq!(of_run("failed"), 1, "{events:?}");
    assert_eq!(scene.recorded().await, (vec!["failed: Half an answer".to_owned()], vec!["1".to_owned()]));
    // Who comes now is told the same.
    let mut late = HalfAnAnswer::viewer(&scene.second, &scene.account.at(scene.second.address), &scene.session).await;
    late.until("Half an answer").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_is_stopped_from_the_other_instance_and_its_provider_hears_of_it() {
    let scene = HalfAnAnswer::new().await;
    let mut viewer = HalfAnAnswer::viewer(scene.first.as_ref().unwrap(), &scene.account, &scene.session).await;

    let elsewhere = scene.account.at(scene.second.address);
    elsewhere.mutate("chat.stop", &json!({ "runId": scene.run })).await.data();

    viewer.until("\"ending\":\"stopped\"").await;
    scene.provider.left(1).await;
    assert_eq!(scene.recorded().await, (vec!["stopped: Half an answer".to_owned()], vec!["1".to_owned()]));
    elsewhere.mutate("chat.stop", &json!({ "runId": scene.run })).await.data();
    assert_eq!(scene.recorded().await.1, ["1"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_ends_on_one_instance_ends_its_streams_on_every_instance() {
    let redis = RedisServer::start().await;
    let (first, second) = two_instances(&redis).await;
    let mut slowest = Duration::ZERO;
    for round in 0..5 {
        let account = Account::register(first.address, &format!("ada{round}@example.com")).await;
        let mut streams = Vec::new();
        for server in [&first, &second, &second] {
            streams.push(Events::changes(server, &account, None).await);
        }

        let began = Instant::now();
        let logout = mutation("auth.logout").header(header::COOKIE, &account.cookie).body(full("")).unwrap();
        assert_eq!(send(first.address, logout).await.status, StatusCode::OK);

        let ended = streams.into_iter().map(|mut events| async move {
            events.until("event: serialized-error").await;
            assert!(events.read.contains("UNAUTHORIZED"), "{}", events.read);
            began.elapsed()
        });
        slowest = join_all(ended).await.into_iter().chain([slowest]).max().unwrap();
    }
    println!("the last stream ended {slowest:?} after the signing out of its session began");
}

/// How a session is ended by somebody else than the browser in it.
#[derive(Debug, Clone, Copy)]
enum Ending {
    Revoked,
    NewPassword,
    Removed,
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_ends_a_session_on_one_instance_ends_its_streams_on_every_instance() {
    let redis = RedisServer::start().await;
    let (first, second) = two_instances(&redis).await;
    for ending in [Ending::Revoked, Ending::NewPassword, Ending::Removed] {
        let ada = Account::register(first.address, &format!("{ending:?}@example.com")).await;
        let (invited, address) = (format!("member.{ending:?}@example.com"), second.address);
        let invited = ada.mutate("members.invite", &json!({ "email": invited, "role": "member" })).await.data();
        let grace = Account::join(address, invited["token"].as_str().unwrap()).await;
        let phone = Account::sign_in(address, invited["invitation"]["email"].as_str().unwrap()).await;
        let mut streams = Vec::new();
        for (server, path) in [(&first, "widgets.changed"), (&second, "widgets.changed"), (&second, "members.changed")]
        {
            streams.push(Events::of(path, None, server, &phone, None).await);
        }
        let mut staying = Events::changes(&second, &ada, None).await;

        let began = Instant::now();
        let grace = grace.at(first.address);
        let done = match ending {
            Ending::Revoked => {
                let sessions = grace.query("auth.sessions", None).await.data();
                let other = sessions.as_array().unwrap().iter().find(|session| session["current"] == false).unwrap();
                grace.mutate("auth.revokeSession", &json!({ "id": other["id"] })).await
            }
            Ending::NewPassword => {
                let input = json!({ "current": PASSWORD, "new": "another correct horse" });
                grace.mutate("auth.changePassword", &input).await
            }
            Ending::Removed => {
                let me = grace.query("auth.me", None).await.data();
                ada.mutate("members.remove", &json!({ "id": me["user"]["id"] })).await
            }
        };
        assert_eq!(done.data(), json!({ "success": true }));

        let ended = streams.into_iter().map(|mut events| async move {
            events.until("event: serialized-error").await;
            assert!(events.read.contains("UNAUTHORIZED"), "{}", events.read);
            began.elapsed()
        });
        let slowest = join_all(ended).await.into_iter().max().unwrap();
        println!("{ending:?}: the last stream ended {slowest:?} after the call began");
        // Nobody else's stream ends, and the browser that called stays signed in unless it was removed.
        ada.mutate("widgets.create", &json!({ "name": "clock" })).await.data();
        staying.until("clock").await;
        let me = grace.query("auth.me", None).await.data();
        assert_eq!(me.is_null(), matches!(ending, Ending::Removed), "{ending:?}: {me}");
        assert!(phone.query("auth.me", None).await.data().is_null(), "{ending:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn another_tenant_hears_nothing_and_its_cursor_is_a_gap() {
    let redis = RedisServer::start().await;
    let (first, second) = two_instances(&redis).await;
    let ada = Account::register(first.address, "ada@example.com").await;
    let bob = Account::register(second.address, "bob@example.com").await;
    let mut of_bob = Events::changes(&first, &bob, None).await;
    let mut of_ada = Events::changes(&second, &ada, None).await;

    ada.mutate("widgets.create", &json!({ "name": "clock" })).await.data();
    of_ada.until("clock").await;
    bob.mutate("widgets.create", &json!({ "name": "map" })).await.data();
    of_bob.until("map").await;

    assert!(!of_bob.read.contains("clock"), "{}", of_bob.read);
    let (_, of_ada) = of_ada.seen();
    let mut foreign = Events::changes(&first, &bob, Some(&of_ada)).await;
    foreign.until("gap").await;
    assert!(!foreign.read.contains("clock"), "{}", foreign.read);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_instance_without_its_redis_is_not_ready_and_goes_on_answering() {
    let mut redis = RedisServer::start().await;
    let (first, _second) = two_instances(&redis).await;
    let account = Account::register(first.address, "ada@example.com").await;
    let ready = async || send(first.address, Request::get("/readyz").body(full("")).unwrap()).await;
    assert_eq!(ready().await.text, "ready");
    let mut events = Events::changes(&first, &account, None).await;

    redis.kill();
    account.mutate("widgets.create", &json!({ "name": "clock" })).await.data();
    while ready().await.text == "ready" {
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert_eq!(ready().await.text, "events of other instances do not arrive");
    redis.restart_empty().await;

    // The stream is still open, and says that something is missing.
    events.until("gap").await;
    while ready().await.text != "ready" {
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_crosses_a_redis_for_which_an_authority_of_the_operator_vouches() {
    let (authority, folder) = (Authority::new(), tempfile::tempdir().unwrap());
    let redis = TlsRedisServer::start(&authority).await;
    let file = folder.path().join("authorities.pem");
    std::fs::write(&file, authority.certificate()).unwrap();
    let url = redis.url();
    let variables = [("REDIS_URL", url.as_str()), ("TINTYPE_REDIS_CA", file.to_str().unwrap())];
    let first = Server::start_with(&variables).await;
    let second = Server::start_on(first.db.clone(), &variables).await;
    let account = Account::register(first.address, "ada@example.com").await;
    let mut events = Events::changes(&second, &account, None).await;

    account.mutate("widgets.create", &json!({ "name": "clock" })).await.data();

    events.until("clock").await;
}
