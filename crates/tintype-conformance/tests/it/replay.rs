//! Every recorded case, and the list of those that do not hold yet.

use std::{
    collections::{BTreeMap, BTreeSet},
    net::{Ipv4Addr, SocketAddr},
    time::Duration,
};

use futures_util::{StreamExt, stream};
use serde_json::Value;
use tokio::{net::TcpListener, sync::Mutex};

use crate::{
    compare,
    http::{Answer, exchange},
    json_lines, sse,
    vectors::{Bound, Content, HttpVector, WsVector, load},
    websocket,
};

const HTTP_VECTORS: &str = include_str!("../../vectors/http-vectors.json");
const WS_VECTORS: &str = include_str!("../../vectors/ws-vectors.json");

/// Cases that are known to fail, one per line. A case that holds has no business there.
const NOT_YET: &str = include_str!("not-yet.txt");

/// Cases that run side by side.
const CONCURRENCY: usize = 8;

/// How often a case that failed is tried in all, alone: a busy machine misses a bound of time now and then, and a server
/// that does not stream misses it always.
const ATTEMPTS: usize = 4;

/// Cases with bounds of time need the machine for themselves, so one of the two files is replayed at a time.
static MACHINE: Mutex<()> = Mutex::const_new(());

#[tokio::test]
async fn every_recorded_http_exchange_is_answered_like_the_reference_does() {
    let _machine = MACHINE.lock().await;
    let address = start_server().await;
    let vectors: Vec<HttpVector> = load(HTTP_VECTORS, &run_id());
    let (timed, untimed): (Vec<&HttpVector>, Vec<&HttpVector>) = vectors.iter().partition(|vector| has_timing(vector));
    let mut results: Results = stream::iter(untimed)
        .map(|vector| async move { (vector.name.clone(), replay_http(address, vector).await) })
        .buffer_unordered(CONCURRENCY)
        .collect()
        .await;
    for vector in timed {
        results.insert(vector.name.clone(), replay_http(address, vector).await);
    }
    for _ in 1..ATTEMPTS {
        for vector in load::<HttpVector>(HTTP_VECTORS, &run_id()) {
            if results[&vector.name].is_err() {
                results.insert(vector.name.clone(), replay_http(address, &vector).await);
            }
        }
    }
    judge("http", &results);
}

#[tokio::test]
async fn every_recorded_websocket_exchange_is_answered_like_the_reference_does() {
    let _machine = MACHINE.lock().await;
    let address = start_server().await;
    let vectors: Vec<WsVector> = load(WS_VECTORS, &run_id());
    let (timed, untimed): (Vec<&WsVector>, Vec<&WsVector>) =
        vectors.iter().partition(|vector| vector.profile == "ping");
    let mut results: Results = stream::iter(untimed)
        .map(|vector| async move { (vector.name.clone(), websocket::play(address, vector).await) })
        .buffer_unordered(CONCURRENCY)
        .collect()
        .await;
    for vector in timed {
        results.insert(vector.name.clone(), websocket::play(address, vector).await);
    }
    for _ in 1..ATTEMPTS {
        for vector in load::<WsVector>(WS_VECTORS, &run_id()) {
            if results[&vector.name].is_err() {
                results.insert(vector.name.clone(), websocket::play(address, &vector).await);
            }
        }
    }
    judge("ws", &results);
}

/// What became of each case, by name.
type Results = BTreeMap<String, Result<(), String>>;

/// Keeps the counters and gauges of one run apart from those of another.
fn run_id() -> String {
    uuid::Uuid::new_v4().simple().to_string()
}

async fn start_server() -> SocketAddr {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(
        async move { tintype_conformance::serve(listener, tintype_conformance::Drain::default()).await.unwrap() },
    );
    address
}

/// Fails unless exactly the cases of the list fail.
#[track_caller]
fn judge(kind: &str, results: &Results) {
    let prefix = format!("{kind}/");
    let not_yet: BTreeSet<&str> = NOT_YET.lines().filter_map(|line| line.strip_prefix(&prefix)).collect();
    let names: BTreeSet<&str> = results.keys().map(String::as_str).collect();
    let mut complaints: Vec<String> =
        not_yet.difference(&names).map(|name| format!("{prefix}{name}: is listed and does not exist")).collect();
    for (name, result) in results {
        let is_listed = not_yet.contains(name.as_str());
        match result {
            Err(difference) if !is_listed => complaints.push(format!("{prefix}{name}: {difference}")),
            Err(difference) => println!("not yet: {prefix}{name}: {difference}"),
            Ok(()) if is_listed => complaints.push(format!("{prefix}{name}: holds, and is still listed")),
            Ok(()) => {}
        }
    }
    let held = results.values().filter(|result| result.is_ok()).count();
    println!("{kind}: {held} of {}", results.len());
    complaints.sort();
    assert!(complaints.is_empty(), "{}\n{kind}: {held} of {}", complaints.join("\n"), results.len());
}

fn has_timing(vector: &HttpVector) -> bool {
    let body = &vector.expected.body;
    let is_ordered = matches!(&body.content, Content::Jsonl { completion_order: Some(_), .. });
    is_ordered
        || !body.timing.is_empty()
        || body.min_pings > 0
        || matches!(vector.profile.as_str(), "ping" | "maxdur")
        || !vector.before.is_empty()
}

async fn replay_http(address: SocketAddr, vector: &HttpVector) -> Result<(), String> {
    for before in &vector.before {
        exchange(address, &before.request, before.read_until).await?;
        tokio::time::sleep(before.pause()).await;
    }
    let answer = exchange(address, &vector.request, vector.read_until).await?.ok_or("no answer")?;
    let expected = &vector.expected;
    if answer.status != expected.status {
        let body = compare::shorten(&String::from_utf8_lossy(&answer.body));
        return Err(format!("status: expected {}, got {} with {body}", expected.status, answer.status));
    }
    for (name, rule) in &expected.headers {
        compare::header(name, rule, answer.header(name).as_deref())?;
    }
    compare_body(vector, &answer)
}

fn compare_body(vector: &HttpVector, answer: &Answer) -> Result<(), String> {
    let expected = &vector.expected.body;
    let compare_json = |wanted: &Value, found: &Value| compare::json(wanted, found, &expected.drop, &expected.mask);
    match &expected.content {
        Content::StatusOnly => Ok(()),
        Content::Empty if answer.body.is_empty() => Ok(()),
        Content::Empty => Err(format!("expected no body, got {} bytes", answer.body.len())),
        Content::Json { json } => {
            let found = serde_json::from_slice(&answer.body)
                .map_err(|error| format!("{error}: {}", compare::shorten(&String::from_utf8_lossy(&answer.body))))?;
            compare_json(json, &found)
        }
        Content::Sse { events, final_last_event_id, ended } => {
            let stream = sse::parse(&answer.body);
            compare_json(events, &Value::Array(stream.events.clone()))?;
            equal("the last event id", final_last_event_id, &stream.last_event_id)?;
            equal("whether the server ended the stream", ended, &answer.ended)?;
            enough_pings(expected.min_pings, stream.pings)?;
            in_time(&expected.timing, |bound| answer.arrival(*stream.ends.get(bound.event?)?))
        }
        Content::Jsonl { decoded, completion_order } => {
            let found = json_lines::decode(&answer.body, vector.profile == "superjson")?;
            compare_json(decoded, &found.calls)?;
            if let Some(order) = completion_order {
                equal("the order of completion", order, &found.completion_order())?;
            }
            enough_pings(expected.min_pings, found.pings)?;
            in_time(&expected.timing, |bound| answer.arrival(*found.ends.get(bound.index.as_ref()?)?))
        }
    }
}

fn equal<T: PartialEq + std::fmt::Debug>(what: &str, expected: &T, actual: &T) -> Result<(), String> {
    if expected == actual { Ok(()) } else { Err(format!("{what}: expected {expected:?}, got {actual:?}")) }
}

fn enough_pings(expected: usize, actual: usize) -> Result<(), String> {
    if actual >= expected { Ok(()) } else { Err(format!("expected {expected} pings, got {actual}")) }
}

/// Checks the bounds that show whether the server streams: when something arrived, not how long it took.
fn in_time(bounds: &[Bound], arrival: impl Fn(&Bound) -> Option<Duration>) -> Result<(), String> {
    for bound in bounds {
        let at = arrival(bound).ok_or_else(|| format!("{bound:?}: nothing arrived"))?;
        let early = bound.after_ms.is_some_and(|ms| at < Duration::from_millis(ms));
        let late = bound.before_ms.is_some_and(|ms| at > Duration::from_millis(ms));
        if early || late {
            return Err(format!("{bound:?}: arrived after {} ms", at.as_millis()));
        }
    }
    Ok(())
}
