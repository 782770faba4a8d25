//! What Rust sends, JavaScript holds, sends back, and Rust reads is what it was.

use std::{
    collections::{BTreeMap, HashMap},
    fs,
    process::Command,
    time::Duration,
};

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Utc};
use proptest::{
    collection::{btree_map, hash_map, vec},
    prelude::*,
    strategy::ValueTree,
    test_runner::{Config, TestRunner},
};
use serde::{Deserialize, Serialize};
use tintype::{
    Router,
    prelude::*,
    router,
    typescript::{Bindings, Options},
    wire::{self, BigInt, Bytes, Entries, Float, SafeInt, SafeUint},
};
use uuid::Uuid;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
struct Everything {
    small: (i8, u16, i32, u32),
    signed: BigInt<i64>,
    unsigned: BigInt<u64>,
    wide: BigInt<i128>,
    widest: Option<BigInt<u128>>,
    safe: (SafeInt, SafeUint),
    ratio: f64,
    float: SameFloat,
    at: DateTime<Utc>,
    day: NaiveDate,
    time: NaiveTime,
    local: NaiveDateTime,
    takes: wire::Duration,
    id: Uuid,
    bytes: Bytes,
    octets: Vec<u8>,
    text: String,
    by_number: HashMap<u64, BigInt<i64>>,
    by_pair: Entries<BTreeMap<(u8, String), DateTime<Utc>>>,
    decimal: rust_decimal::Decimal,
    choice: Choice,
    bare: Bare,
    inner: Vec<Everything>,
}

/// `NaN` is itself here, so that values can be compared.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, Type)]
struct SameFloat(Float);

impl PartialEq for SameFloat {
    fn eq(&self, other: &Self) -> bool {
        let (one, other) = (self.0.0, other.0.0);
        one == other || (one.is_nan() && other.is_nan())
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(tag = "kind", rename_all = "camelCase")]
enum Choice {
    Nothing,
    At { at: DateTime<Utc> },
    Views { views: BigInt<u64> },
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
enum Bare {
    Nothing,
    Bytes(Bytes),
    At(DateTime<Utc>),
}

#[query(state = ())]
async fn echo(input: Everything) -> Result<Everything, Never> {
    Ok(input)
}

fn date() -> impl Strategy<Value = DateTime<Utc>> {
    // The years that both RFC 3339 and JavaScript write with four digits, in the milliseconds that a `Date` counts.
    (-62_135_596_800_000_i64..253_402_300_800_000).prop_map(|ms| DateTime::from_timestamp_millis(ms).unwrap())
}

fn local() -> impl Strategy<Value = NaiveDateTime> {
    (date(), 0_u32..1_000_000_000).prop_map(|(date, nanos)| {
        let whole = DateTime::from_timestamp(date.timestamp(), nanos).unwrap();
        whole.naive_utc()
    })
}

fn float() -> impl Strategy<Value = f64> {
    prop_oneof![
        4 => any::<f64>(),
        1 => prop::sample::select(vec![f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 0.0, 5e-324, f64::MAX]),
    ]
}

fn everything(depth: u32) -> BoxedStrategy<Everything> {
    const SAFE: i64 = (1 << 53) - 1;
    let numbers = (
        any::<(i8, u16, i32, u32)>(),
        any::<i64>(),
        any::<u64>(),
        any::<i128>(),
        any::<Option<u128>>(),
        -SAFE..=SAFE,
        0..=SAFE.unsigned_abs(),
        any::<f64>().prop_filter("JSON has finite numbers", |number| number.is_finite()),
        float(),
    );
    let times = (date(), local(), any::<(u64, u32)>());
    let texts = (any::<[u8; 16]>(), vec(any::<u8>(), 0..40), vec(any::<u8>(), 0..8), any::<String>());
    let maps = (
        hash_map(any::<u64>(), any::<i64>(), 0..4),
        btree_map((any::<u8>(), "[a-z_]{0,4}"), date(), 0..4),
        (any::<i64>(), 0_u32..28),
    );
    let choices = (
        prop_oneof![
            Just(Choice::Nothing),
            date().prop_map(|at| Choice::At { at }),
            any::<u64>().prop_map(|views| Choice::Views { views: BigInt(views) }),
        ],
        prop_oneof![
            Just(Bare::Nothing),
            vec(any::<u8>(), 0..8).prop_map(|bytes| Bare::Bytes(Bytes(bytes))),
            date().prop_map(Bare::At),
        ],
    );
    let inner = if depth == 0 { Just(Vec::new()).boxed() } else { vec(everything(depth - 1), 0..3).boxed() };
    (numbers, times, texts, maps, choices, inner)
        .prop_map(|(numbers, times, texts, maps, choices, inner)| {
            let (small, signed, unsigned, wide, widest, safe, safe_unsigned, ratio, float) = numbers;
            let (at, local, (seconds, nanos)) = times;
            let (id, bytes, octets, text) = texts;
            let (by_number, by_pair, (mantissa, scale)) = maps;
            Everything {
                small,
                signed: BigInt(signed),
                unsigned: BigInt(unsigned),
                wide: BigInt(wide),
                widest: widest.map(BigInt),
                safe: (SafeInt::try_from(safe).unwrap(), SafeUint::try_from(safe_unsigned).unwrap()),
                // JavaScript writes -0 as 0.
                ratio: if ratio == 0.0 { 0.0 } else { ratio },
                float: SameFloat(Float(float)),
                at,
                day: local.date(),
                time: local.time(),
                local,
                takes: Duration::new(seconds, nanos % 1_000_000_000).into(),
                id: Uuid::from_bytes(id),
                bytes: Bytes(bytes),
                octets,
                text,
                by_number: by_number.into_iter().map(|(key, value)| (key, BigInt(value))).collect(),
                by_pair: Entries(by_pair),
                decimal: rust_decimal::Decimal::new(mantissa, scale),
                choice: choices.0,
                bare: choices.1,
                inner,
            }
        })
        .boxed()
}

/// Decodes each line as the client decodes an answer, checks what it has become, and writes it as the client writes an
/// input.
const SCRIPT: &str = r"
import { createInterface } from 'node:readline';
import { rich } from './api.mjs';

const check = (value) => {
  const types = [value.signed, value.unsigned, value.wide].map((part) => typeof part).join();
  if (types !== 'bigint,bigint,bigint') throw new Error(`integers are ${types}`);
  if (!(value.at instanceof Date) || !(value.bytes instanceof Uint8Array)) throw new Error('no date, no bytes');
  if (!(value.byPair instanceof Map) || typeof value.float !== 'number') throw new Error('no map, no number');
  value.inner.forEach(check);
};
for await (const line of createInterface({ input: process.stdin })) {
  const value = rich.decode('echo', JSON.parse(line), false);
  check(value);
  console.log(rich.encode(value));
}
";

#[test]
fn every_value_comes_back_from_javascript_as_it_went() {
    let router: Router<()> = router! { [echo] };
    let folder = tempfile::tempdir().unwrap();
    let client = bindings::folder().join("client/dist");
    let bindings = Bindings::generate(&router, &Options::default()).unwrap();
    let (_, metadata) = bindings.files().find(|(name, _)| *name == "api.js").unwrap();
    let rich = format!("{}/rich.js", client.display());
    fs::write(folder.path().join("api.mjs"), metadata.replace("@tintype/client/rich", &rich)).unwrap();
    fs::write(folder.path().join("echo.mjs"), SCRIPT).unwrap();

    let mut runner = TestRunner::new(Config { failure_persistence: None, ..Config::default() });
    let values: Vec<Everything> = (0..1_000).map(|_| everything(2).new_tree(&mut runner).unwrap().current()).collect();
    let lines: Vec<String> = values.iter().map(|value| serde_json::to_string(value).unwrap()).collect();
    fs::write(folder.path().join("lines"), lines.join("\n")).unwrap();

    let output = Command::new("node")
        .arg(folder.path().join("echo.mjs"))
        .stdin(fs::File::open(folder.path().join("lines")).unwrap())
        .output()
        .expect("Node.js is installed");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let answers: Vec<Everything> = String::from_utf8(output.stdout)
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}")))
        .collect();

    assert_eq!(answers.len(), values.len());
    for (answer, value) in answers.iter().zip(&values) {
        assert_eq!(answer, value);
    }
}
