use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use serde_json::{Value, json};
use specta::Type;

use super::{shape::Shape, *};

#[track_caller]
fn reads(wrapped: &str, expected: Option<&str>) {
    let plain = read(wrapped.as_bytes()).unwrap();
    assert_eq!(plain.as_deref().map(|json| std::str::from_utf8(json).unwrap()), expected, "{wrapped}");
}

fn written<T: Serialize + Type>(value: &T) -> Value {
    let place = Place::from(Shape::of(|types| Some(T::definition(types))));
    let mut document = Document::default();
    document.value(&[], Some(&serde_json::to_vec(value).unwrap()), &place);
    serde_json::from_slice(&document.finish()).unwrap()
}

#[test]
fn inputs_are_read_with_their_annotations() {
    reads(r#"{"json":{"a":[1.0,"x"]}}"#, Some(r#"{"a":[1.0,"x"]}"#));
    reads(r#"{"json":null}"#, Some("null"));
    reads(r#"{"json":null,"meta":{"values":["undefined"]}}"#, None);
    reads("{}", None);
    reads("5", None);
    reads(
        r#"{"json":{"a":null,"b":[null]},"meta":{"values":{"a":["undefined"],"b.0":["undefined"]}}}"#,
        Some(r#"{"b":[null]}"#),
    );
    reads(r#"{"json":"2020-01-02T03:04:05.678Z","meta":{"values":["Date"]}}"#, Some(r#""2020-01-02T03:04:05.678Z""#));
    reads(
        r#"{"json":{"n":"-123456789012345678901234567890"},"meta":{"values":{"n":["bigint"]},"v":1}}"#,
        Some(r#"{"n":-123456789012345678901234567890}"#),
    );
    reads(
        r#"{"json":{"m":[["a",[1]],["b",["2"]]]},"meta":{"values":{"m":["map",{"0.1":["set"],"1.1.0":["bigint"]}]}}}"#,
        Some(r#"{"m":{"a":[1],"b":[2]}}"#),
    );
    reads(r#"{"json":[[1,"x"],[true,"y"]],"meta":{"values":["map"]}}"#, Some(r#"{"1":"x","true":"y"}"#));
    reads(r#"{"json":[[{"k":1},"x"]],"meta":{"values":["map"]}}"#, Some(r#"[[{"k":1},"x"]]"#));
    reads(r#"{"json":[1,2],"meta":{"values":[["typed-array","Uint8Array"]]}}"#, Some("[1,2]"));
    reads(r#"{"json":"NaN","meta":{"values":["number"]}}"#, Some(r#""NaN""#));
    reads(r#"{"json":"-0","meta":{"values":["number"]}}"#, Some("-0.0"));
    reads(
        r#"{"json":{"a.b":{"c\\d":"1"}},"meta":{"values":{"a\\.b.c\\\\d":["bigint"]},"v":1}}"#,
        Some(r#"{"a.b":{"c\\d":1}}"#),
    );
    reads(r#"{"json":{"a":1},"meta":{"values":{"b.c":["bigint"]}}}"#, Some(r#"{"a":1}"#));
}

#[test]
fn references_are_written_out() {
    reads(
        r#"{"json":{"a":{"x":"1"},"b":null,"c":{"d":null}},
            "meta":{"values":{"a.x":["bigint"]},"referentialEqualities":{"a":["b","c.d"]}}}"#,
        Some(r#"{"a":{"x":1},"b":{"x":1},"c":{"d":{"x":1}}}"#),
    );
    // Without `dedupe` the copies are there.
    reads(r#"{"json":[[1],[1]],"meta":{"referentialEqualities":{"0":["1"]}}}"#, Some("[[1],[1]]"));
    // A value that contains itself.
    reads(
        r#"{"json":{"a":{"self":null}},"meta":{"referentialEqualities":{"a":["a.self"]}}}"#,
        Some(r#"{"a":{"self":null}}"#),
    );
    reads(r#"{"json":{"self":null},"meta":{"referentialEqualities":[["self"],{}]}}"#, Some(r#"{"self":null}"#));
}

#[test]
fn references_cannot_make_a_small_input_a_large_one() {
    let mut json = json!({ "0": "x".repeat(1000) });
    let mut references = json!({});
    for level in 1..60 {
        json[level.to_string()] = json!([null, null]);
        references[(level - 1).to_string()] = json!([format!("{level}.0"), format!("{level}.1")]);
    }
    let wrapped = json!({ "json": json, "meta": { "referentialEqualities": references } }).to_string();

    let failure = read(wrapped.as_bytes()).unwrap_err();

    assert_eq!(failure.code().key(), "PAYLOAD_TOO_LARGE");
}

#[test]
fn what_superjson_does_not_send_is_refused() {
    let deep = format!(r#"{{"json":{}{},"meta":{{}}}}"#, "[".repeat(500), "]".repeat(500));
    for wrapped in [
        "null",
        "{",
        r#"{"json":1,"meta":5}"#,
        r#"{"json":1,"meta":{"values":5}}"#,
        r#"{"json":"x","meta":{"values":["bigint"]}}"#,
        r#"{"json":"1e5","meta":{"values":["bigint"]}}"#,
        r#"{"json":"1],[2","meta":{"values":["bigint"]}}"#,
        r#"{"json":{},"meta":{"values":["map"]}}"#,
        r#"{"json":"x","meta":{"values":[["custom","Decimal"]]}}"#,
        r#"{"json":"x","meta":{"values":[["class","User"]]}}"#,
        r#"{"json":"x","meta":{"values":[["symbol","s"]]}}"#,
        r#"{"json":"x","meta":{"values":[7]}}"#,
        r#"{"json":1,"meta":{"referentialEqualities":7}}"#,
        deep.as_str(),
    ] {
        let failure = read(wrapped.as_bytes()).expect_err(wrapped);
        assert_eq!(failure.code().key(), "BAD_REQUEST");
    }
}

#[derive(Serialize, Type)]
#[serde(rename_all = "camelCase")]
struct Everything {
    big_number: u64,
    signed: Option<i128>,
    bytes: Vec<u8>,
    names: BTreeSet<String>,
    by_name: BTreeMap<String, Vec<i64>>,
    by_number: BTreeMap<u32, bool>,
    by_big_number: BTreeMap<u64, bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    left_out: Option<u32>,
    pair: (u64, String),
    plain: Vec<u32>,
    any: Value,
}

fn everything() -> Everything {
    Everything {
        big_number: u64::MAX,
        signed: Some(-1),
        bytes: vec![1, 2],
        names: BTreeSet::from(["a".to_owned()]),
        by_name: BTreeMap::from([("k.x".to_owned(), vec![1])]),
        by_number: BTreeMap::from([(7, true)]),
        by_big_number: BTreeMap::from([(8, false)]),
        left_out: None,
        pair: (1, "x".to_owned()),
        plain: vec![1],
        any: json!({ "a": 5, "leftOut": [1] }),
    }
}

#[test]
fn outputs_say_what_the_contract_says() {
    assert_eq!(
        written(&everything()),
        json!({
            "json": {
                "bigNumber": "18446744073709551615", "signed": "-1", "bytes": [1, 2], "names": ["a"],
                "byName": [["k.x", ["1"]]], "byNumber": [[7, true]], "byBigNumber": [["8", false]], "leftOut": null, "pair": ["1", "x"],
                "plain": [1], "any": { "a": 5, "leftOut": [1] },
            },
            "meta": {
                "values": {
                    "bigNumber": ["bigint"],
                    "signed": ["bigint"],
                    "bytes": [["typed-array", "Uint8Array"]],
                    "names": ["set"],
                    "byName": ["map", { "0.1.0": ["bigint"] }],
                    "byNumber": ["map"],
                    "byBigNumber": ["map", { "0.0": ["bigint"] }],
                    "leftOut": ["undefined"],
                    "pair.0": ["bigint"],
                },
                "v": 1,
            },
        })
    );
}

#[test]
fn what_json_says_is_only_wrapped() {
    assert_eq!(written(&vec!["a"]), json!({ "json": ["a"] }));
    assert!(Shape::of(|types| Some(<Vec<(String, Option<f64>)>>::definition(types))).is_none());
    assert!(Shape::of(|types| Some(Value::definition(types))).is_none());
}

#[derive(Serialize, Type)]
#[serde(tag = "kind", rename_all = "camelCase")]
enum Change {
    Added { at: u64 },
    Removed { at: String },
    Nothing,
}

#[derive(Serialize, Type)]
enum External {
    Id(u64),
    Name(String),
    Pair(u64, u64),
    Both { id: u64 },
    Unit,
}

#[derive(Serialize, Type)]
#[serde(tag = "t", content = "c")]
enum Adjacent {
    Id(u64),
    Text(String),
}

#[derive(Serialize, Type)]
#[serde(untagged)]
enum Untagged {
    Text(String),
    Number(u64),
    Many(Vec<u64>),
}

#[test]
fn the_variant_of_an_enum_decides() {
    let values = |value: Value| value["meta"]["values"].clone();
    assert_eq!(
        values(written(&[Change::Removed { at: "x".into() }, Change::Added { at: 1 }, Change::Nothing])),
        json!({ "1.at": ["bigint"] })
    );
    assert_eq!(
        values(written(&[
            External::Id(1),
            External::Name("n".into()),
            External::Pair(1, 2),
            External::Both { id: 3 },
            External::Unit
        ])),
        json!({ "0.Id": ["bigint"], "2.Pair.0": ["bigint"], "2.Pair.1": ["bigint"], "3.Both.id": ["bigint"] })
    );
    assert_eq!(values(written(&[Adjacent::Text("1".into()), Adjacent::Id(1)])), json!({ "1.c": ["bigint"] }));
    assert_eq!(
        values(written(&[Untagged::Text("1".into()), Untagged::Number(1), Untagged::Many(vec![2])])),
        json!({ "1": ["bigint"], "2.0": ["bigint"] })
    );
}

#[derive(Serialize, Type)]
struct Node<T> {
    value: T,
    children: Vec<Node<T>>,
}

#[derive(Serialize, Type)]
struct Flat {
    #[serde(flatten)]
    change: Change,
    #[serde(flatten)]
    page: Page<u64>,
}

#[derive(Serialize, Type)]
struct Page<T> {
    items: Vec<T>,
    next: Option<T>,
}

#[derive(Serialize, Type)]
struct Outer<T> {
    inner: Page<Page<(T, &'static str)>>,
}

#[test]
fn recursive_generic_and_flattened_types_are_followed() {
    let leaf = || Node { value: 1_u64, children: Vec::new() };
    let tree = Node { value: 2, children: vec![leaf(), Node { value: 3, children: vec![leaf()] }] };
    assert_eq!(
        written(&tree)["meta"]["values"],
        json!({
            "value": ["bigint"],
            "children.0.value": ["bigint"],
            "children.1.value": ["bigint"],
            "children.1.children.0.value": ["bigint"],
        })
    );
    assert!(Shape::of(|types| Some(<Node<String>>::definition(types))).is_none());
    let pages = Outer { inner: Page { items: vec![Page { items: vec![(1_u64, "x")], next: None }], next: None } };
    assert_eq!(written(&pages)["meta"]["values"], json!({ "inner.items.0.items.0.0": ["bigint"] }));
    let flat = Flat { change: Change::Added { at: 1 }, page: Page { items: vec![1], next: None } };
    assert_eq!(written(&flat)["meta"]["values"], json!({ "at": ["bigint"], "items.0": ["bigint"] }));
}

#[test]
fn a_line_says_where_its_values_are() {
    let place = Place::from(Shape::of(|types| Some(u64::definition(types))));
    let mut document = Document::default();
    document.plain("[2,0,[[");
    document.value(&["2", "0", "0"], Some(b"7"), &place);
    document.plain("]]]");

    assert_eq!(
        String::from_utf8(document.finish()).unwrap(),
        r#"{"json":[2,0,[["7"]]],"meta":{"values":{"2.0.0":["bigint"]},"v":1}}"#
    );
}

#[test]
fn any_bytes_are_read_or_refused() {
    // Seeded, so that a failure can be repeated: xorshift of Marsaglia.
    let mut state = 0x5eed_u64;
    let mut random = |limit: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state % u64::try_from(limit).unwrap()).unwrap()
    };
    let pieces = [
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "\"json\"",
        "\"meta\"",
        "\"values\"",
        "\"referentialEqualities\"",
        "\"a\"",
        "\"a.0\"",
        "\"\"",
        "[\"map\"]",
        "[\"bigint\"]",
        "[\"undefined\"]",
        "\"1\"",
        "1",
        "null",
        "\"v\":1",
        "\\",
        "\u{e9}",
    ];
    for _ in 0..50_000 {
        let text: String = (0..random(24)).map(|_| pieces[random(pieces.len())]).collect();
        drop(read(text.as_bytes()));
        let whole = format!("{{\"json\":{{\"a\":[[\"1\",null]],\"b\":null}},\"meta\":{{\"values\":{text}}}}}");
        if let Ok(Some(json)) = read(whole.as_bytes()) {
            assert!(serde_json::from_slice::<Value>(&json).is_ok(), "{whole}");
        }
    }
}

#[test]
fn many_members_may_be_annotated() {
    let members: Vec<String> = (0..20_000).map(|key| format!("\"k{key}\":\"{key}\"")).collect();
    let values: Vec<String> = (0..20_000).map(|key| format!("\"k{key}\":[\"bigint\"]")).collect();
    let text = format!("{{\"json\":{{{}}},\"meta\":{{\"values\":{{{}}}}}}}", members.join(","), values.join(","));

    let plain: Value = serde_json::from_slice(&read(text.as_bytes()).unwrap().unwrap()).unwrap();

    assert_eq!(plain["k19999"], 19_999);
}
