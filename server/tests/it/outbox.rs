//! Every change that is stored is announced once, whatever happens to the process and to Redis.

use std::{collections::BTreeMap, net::SocketAddr, time::Duration};

use db::testing::TestDb;
use serde_json::{Value, json};
use tintype_redis::testing::{RedisServer, StallingProxy};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    task::JoinSet,
    time::timeout,
};

use crate::{
    account::Account,
    process::{Server, db_name},
    two_instances::Events,
};

/// An hour, which is longer than any of these tests.
const NEVER: &str = "3600000";

/// Waits until `text` has come.
async fn arrives(events: &mut Events, text: &str) {
    let arrived = timeout(Duration::from_secs(60), events.until(text)).await;
    assert!(arrived.is_ok(), "{text} does not come: {}", events.read);
}

/// Waits until a look at the database gives `expected`.
async fn until(db: &TestDb, query: &str, expected: &str) {
    let reached = async {
        while db.look(query).await != [expected] {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    let reached = timeout(Duration::from_secs(30), reached).await;
    reached.unwrap_or_else(|_| panic!("{query} does not become {expected}"));
}

const WAITING: &str = "SELECT count(*)::text AS value FROM outbox";

/// How often each name was announced as that of a new widget.
fn created(events: &[Value]) -> BTreeMap<String, usize> {
    let mut times = BTreeMap::new();
    for event in events.iter().filter(|event| event["kind"] == "created") {
        *times.entry(event["widget"]["name"].as_str().unwrap().to_owned()).or_default() += 1;
    }
    times
}

/// The names of new widgets, in the order of their announcement.
fn in_order(events: &Events) -> Vec<Value> {
    let (seen, _) = events.seen();
    seen.into_iter().filter(|event| event["kind"] == "created").map(|event| event["widget"]["name"].clone()).collect()
}

/// Creates widgets on a server until the change of each is stored, and kills it before it has heard from Redis.
///
/// Returns how many of these calls were never answered.
async fn crash(server: Server, account: &Account, names: Vec<String>) -> usize {
    let db = server.db.clone();
    let stored = |count: usize| format!("SELECT (count(*) >= {count})::text AS value FROM widgets");
    let before: usize = db.look("SELECT count(*)::text AS value FROM widgets").await[0].parse().unwrap();
    let count = names.len();
    let mut calls = JoinSet::new();
    for name in names {
        calls.spawn(is_answered(server.address, account.cookie.clone(), name));
    }
    until(&db, &stored(before + count), "true").await;
    server.kill().await;
    calls.join_all().await.into_iter().filter(|answered| !answered).count()
}

/// Creates a widget, and says whether an answer came.
async fn is_answered(address: SocketAddr, cookie: String, name: String) -> bool {
    let body = json!({ "name": name }).to_string();
    let request = format!(
        "POST /trpc/widgets.create HTTP/1.1\r\nhost: {address}\r\ncontent-type: application/json\r\n\
         content-length: {}\r\ncookie: {cookie}\r\nconnection: close\r\n\r\n{body}",
        body.len(),
    );
    let mut socket = TcpStream::connect(address).await.unwrap();
    socket.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    // A connection that is cut is no answer.
    let _ = socket.read_to_end(&mut answer).await;
    answer.starts_with(b"HTTP/1.1 200")
}

#[tokio::test(flavor = "multi_thread")]
async fn changes_of_processes_that_die_between_commit_and_publishing_are_announced_once() {
    const CRASHES: usize = 200;
    const CALLS: usize = 20;

    let redis = RedisServer::start().await;
    let url = redis.url();
    // It listens, and leaves the outbox alone.
    let watcher = Server::start_with(&[("REDIS_URL", &url), ("TINTYPE_OUTBOX_SWEEP_MS", NEVER)]).await;
    let db = watcher.db.clone();
    let account = Account::register(watcher.address, "ada@example.com").await;
    let mut events = Events::changes(&watcher, &account, None).await;
    let watching = tokio::spawn(async move {
        arrives(&mut events, "\"last\"").await;
        events.seen().0
    });

    let mut crashed = 0;
    for round in 0.. {
        let names = (0..CALLS).map(|n| format!("{round}-{n}")).collect();
        let start = async |redis: &str| {
            Server::start_on(db.clone(), &[("REDIS_URL", redis), ("TINTYPE_OUTBOX_SWEEP_MS", NEVER)]).await
        };
        crashed += if round % 2 == 0 {
            // Redis gets the events, and the process does not learn of it.
            let network = StallingProxy::start(redis.port()).await;
            let server = start(&network.url()).await;
            // The connection on which events are published exists from the first one on.
            account.at(server.address).mutate("widgets.create", &json!({ "name": format!("{round}") })).await.data();
            network.stall();
            crash(server, &account, names).await
        } else {
            // Redis never gets the events.
            let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
            let server = start(&format!("redis://{}", silent.local_addr().unwrap())).await;
            crash(server, &account, names).await
        };
        if crashed >= CRASHES {
            break;
        }
        assert!(round < 50, "only {crashed} calls were cut off");
    }
    let waiting: usize = db.look(WAITING).await[0].parse().unwrap();
    assert!(waiting >= CRASHES, "{waiting}");

    // Two at the same time.
    let sweepers = [("REDIS_URL", url.as_str()), ("TINTYPE_OUTBOX_SWEEP_MS", "50")];
    let _first = Server::start_on(db.clone(), &sweepers).await;
    let _second = Server::start_on(db.clone(), &sweepers).await;
    until(&db, WAITING, "0").await;
    account.mutate("widgets.create", &json!({ "name": "last" })).await.data();

    let announced = created(&watching.await.unwrap());
    let stored: BTreeMap<String, usize> =
        db.look("SELECT name AS value FROM widgets").await.into_iter().map(|name| (name, 1)).collect();
    assert_eq!(announced, stored);
}

#[tokio::test(flavor = "multi_thread")]
async fn changes_while_redis_is_away_are_stored_and_announced_once_when_it_is_back() {
    let mut redis = RedisServer::start().await;
    // Or a crash may lose the position of the subscriber, who would rightly be told of a gap.
    redis.run(&["CONFIG", "SET", "appendfsync", "always"]).await;
    let url = redis.url();
    let mut server = Server::start_with(&[
        ("REDIS_URL", &url),
        ("TINTYPE_OUTBOX_SWEEP_MS", "100"),
        ("TINTYPE_LOG", "info,server=debug"),
    ])
    .await;
    let account = Account::register(server.address, "ada@example.com").await;
    let mut events = Events::changes(&server, &account, None).await;
    let create = async |name: &str| account.mutate("widgets.create", &json!({ "name": name })).await.data();

    for (outage, names) in [("dead", ["one", "two"]), ("standing still", ["three", "four"])] {
        match outage {
            "dead" => redis.kill(),
            _ => redis.pause(),
        }
        for name in names {
            create(name).await;
        }
        for _ in 0..3 {
            server.logged("events wait in the outbox still").await;
        }
        match outage {
            "dead" => redis.restart().await,
            _ => redis.resume(),
        }
        for name in names {
            arrives(&mut events, &format!("\"{name}\"")).await;
        }
        server.logged("the outbox is worked off again").await;
    }
    until(&server.db, WAITING, "0").await;
    create("last").await;
    arrives(&mut events, "\"last\"").await;

    assert_eq!(in_order(&events), ["one", "two", "three", "four", "last"]);
    drop(events);
    server.terminate();
    let (_, log) = server.ended().await;
    // Once per outage.
    let errors: Vec<&str> = log.lines().filter(|line| line.contains("ERROR")).collect();
    assert_eq!(errors.iter().filter(|line| line.contains("events wait in the outbox")).count(), 2, "{errors:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_deletes_what_it_has_published_at_once_and_before_it_stops() {
    let server = Server::start_with(&[("TINTYPE_OUTBOX_SWEEP_MS", NEVER), ("TINTYPE_OUTBOX_DELETE_EVENTS", "3")]).await;
    let account = Account::register(server.address, "ada@example.com").await;
    for n in 0..10 {
        account.mutate("widgets.create", &json!({ "name": format!("{n}") })).await.data();
    }
    until(&server.db, WAITING, "0").await;

    let slow = [("TINTYPE_OUTBOX_SWEEP_MS", NEVER), ("TINTYPE_OUTBOX_DELETE_MS", NEVER)];
    let slow = Server::start_on(server.db.clone(), &slow).await;
    account.at(slow.address).mutate("widgets.create", &json!({ "name": "last" })).await.data();
    assert_eq!(slow.db.look(WAITING).await, ["1"]);
    slow.terminate();
    let db = slow.db.clone();
    assert!(slow.ended().await.0.success());
    assert_eq!(db.look(WAITING).await, ["0"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sweeper_outlives_an_outage_of_the_database() {
    let mut server = Server::start_with(&[("TINTYPE_OUTBOX_SWEEP_MS", "50")]).await;
    let account = Account::register(server.address, "ada@example.com").await;
    let mut events = Events::changes(&server, &account, None).await;
    let name = db_name(&server.db).await;
    // Nobody may connect but the superuser, who looks on.
    server.db.run_sql(&format!("ALTER DATABASE {name} CONNECTION LIMIT 0")).await.unwrap();
    let end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                WHERE datname = current_database() AND pid <> pg_backend_pid()";
    server.db.run_sql(end).await.unwrap();
    server.logged("the outbox cannot be read").await;
    server.db.run_sql(&format!("ALTER DATABASE {name} CONNECTION LIMIT -1")).await.unwrap();
    server.logged("the outbox is worked off again").await;

    server
        .db
        .run_sql(
            "INSERT INTO outbox (id, tenant_id, topic, payload, created_at)
             SELECT gen_random_uuid(), id, id || ':widgets', convert_to('{\"kind\":\"gap\"}', 'utf8'),
                    now() - interval '3 seconds' FROM tenants",
        )
        .await
        .unwrap();

    arrives(&mut events, "gap").await;
    until(&server.db, WAITING, "0").await;
}
