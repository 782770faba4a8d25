//! The server, JSON Schema and the schemas of clients say the same of the same values.

use bytes::Bytes;
use http::{Request, header};
use serde_json::{Value, json};
use tintype::{
    contract::json_schema,
    protocol::{Hooks, ProtocolOptions, Responder, ResponseBody},
};

use super::{check_file, contract, shop};

/// Who takes a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Fits,
    /// Nobody does.
    Wrong,
    /// JSON Schema has no words for the rule, clients do.
    BeyondJsonSchema,
    /// Only the server knows the rule.
    ServerOnly,
}

use Verdict::{BeyondJsonSchema, Fits, ServerOnly, Wrong};

/// Procedure, definition, value, and who takes it.
fn cases() -> Vec<(&'static str, &'static str, Value, Verdict)> {
    let texts = |value: Value, verdict| ("check.texts", "Texts", value, verdict);
    let numbers = |value: Value, verdict| ("check.numbers", "Numbers", value, verdict);
    let lists = |value: Value, verdict| {
        let mut whole = json!({ "tags": ["a"], "needed": true });
        whole.as_object_mut().unwrap().extend(value.as_object().unwrap().clone());
        ("check.lists", "Lists", whole, verdict)
    };
    let unions = |value: Value, verdict| ("check.unions", "Unions", value, verdict);
    let rich = |value: Value, verdict| ("check.richValues", "RichValues", value, verdict);
    let long = "a".repeat(65);
    vec![
        texts(json!({}), Fits),
        texts(json!({ "unknown": [1], "displayName": null }), Fits),
        texts(json!([]), Wrong),
        texts(json!(null), Wrong),
        texts(json!("text"), Wrong),
        texts(json!({ "displayName": "" }), Wrong),
        texts(json!({ "displayName": "a" }), Fits),
        texts(json!({ "displayName": "🦀🦀🦀🦀🦀" }), Fits),
        texts(json!({ "displayName": "🦀🦀🦀🦀🦀🦀" }), Wrong),
        texts(json!({ "displayName": 7 }), Wrong),
        texts(json!({ "displayName": "hey!" }), ServerOnly),
        texts(json!({ "inBytes": "abcd" }), Fits),
        texts(json!({ "inBytes": "abcde" }), Wrong),
        texts(json!({ "inBytes": "äöü" }), BeyondJsonSchema),
        texts(json!({ "inUnits": "a" }), BeyondJsonSchema),
        texts(json!({ "inUnits": "🦀" }), Fits),
        texts(json!({ "inUnits": "🦀🦀a" }), BeyondJsonSchema),
        texts(json!({ "inGraphemes": "👨‍👩‍👧" }), Fits),
        texts(json!({ "inGraphemes": "ab" }), BeyondJsonSchema),
        texts(json!({ "email": "ada@example.com" }), Fits),
        texts(json!({ "email": "a+b.c@x" }), Fits),
        texts(json!({ "email": "a@[127.0.0.1]" }), Fits),
        texts(json!({ "email": "a@[127.0.0.999]" }), Wrong),
        texts(json!({ "email": "" }), Wrong),
        texts(json!({ "email": "ada" }), Wrong),
        texts(json!({ "email": "a b@example.com" }), Wrong),
        texts(json!({ "email": "@example.com" }), Wrong),
        texts(json!({ "email": "a@-x.com" }), Wrong),
        texts(json!({ "email": "a@x.com\n" }), Wrong),
        texts(json!({ "email": "a@ex_ample.com" }), Wrong),
        texts(json!({ "email": format!("{long}@example.com") }), Wrong),
        texts(json!({ "email": format!("a@{}", vec!["abcdefghi"; 26].join(".")) }), Wrong),
        texts(json!({ "url": "https://example.com/ä?b#c" }), Fits),
        texts(json!({ "url": "mailto:ada@example.com" }), Fits),
        texts(json!({ "url": "example.com" }), Wrong),
        texts(json!({ "url": "https://" }), BeyondJsonSchema),
        texts(json!({ "ip": "127.0.0.1" }), Fits),
        texts(json!({ "ip": "::1" }), Fits),
        texts(json!({ "ip": "::ffff:1.2.3.4" }), Fits),
        texts(json!({ "ip": "256.0.0.1" }), Wrong),
        texts(json!({ "ip": "1.2.3" }), Wrong),
        texts(json!({ "ip": "01.2.3.4" }), Wrong),
        texts(json!({ "ipv4": "1.2.3.4" }), Fits),
        texts(json!({ "ipv4": "::1" }), Wrong),
        texts(json!({ "ipv6": "2001:db8::1" }), Fits),
        texts(json!({ "ipv6": "2001:db8::1::2" }), Wrong),
        texts(json!({ "ipv6": "fe80::1%eth0" }), Wrong),
        texts(json!({ "ipv6": "1.2.3.4" }), Wrong),
        texts(json!({ "code": "abc12" }), Fits),
        texts(json!({ "code": "abc١٢" }), Fits),
        texts(json!({ "code": "1abc" }), Wrong),
        texts(json!({ "code": "abcdefghi" }), Wrong),
        texts(json!({ "insensitive": "YES" }), Fits),
        texts(json!({ "insensitive": "no" }), ServerOnly),
        texts(json!({ "framed": "<xa.by>" }), Fits),
        texts(json!({ "framed": "<xaxby>" }), Wrong),
        texts(json!({ "framed": "xa.by>" }), Wrong),
        texts(json!({ "framed": "<xa.by" }), Wrong),
        texts(json!({ "ascii": "a\u{7f}\n" }), Fits),
        texts(json!({ "ascii": "ä" }), Wrong),
        texts(json!({ "letters-and-digits": "aÄ٣" }), Fits),
        texts(json!({ "letters-and-digits": "a b" }), Wrong),
        texts(json!({ "email": "x", "ascii": "ä", "code": "1" }), Wrong),
        numbers(json!({ "limit": 1 }), Fits),
        numbers(json!({ "limit": 100.0 }), Fits),
        numbers(json!({ "limit": 0 }), Wrong),
        numbers(json!({ "limit": 101 }), Wrong),
        numbers(json!({ "limit": 1.5 }), Wrong),
        numbers(json!({ "limit": "1" }), Wrong),
        numbers(json!({}), Wrong),
        numbers(json!({ "limit": null }), Wrong),
        numbers(json!({ "limit": 1, "share": -0.5 }), Fits),
        numbers(json!({ "limit": 1, "share": 0.6 }), Wrong),
        numbers(json!({ "limit": 1, "small": -128 }), Fits),
        numbers(json!({ "limit": 1, "small": 128 }), Wrong),
        numbers(json!({ "limit": 1, "safe": 9_007_199_254_740_991_i64 }), Fits),
        numbers(json!({ "limit": 1, "safe": 9_007_199_254_740_992_i64 }), Wrong),
        numbers(json!({ "limit": 1, "any": "NaN" }), Fits),
        numbers(json!({ "limit": 1, "any": "nan" }), Wrong),
        numbers(json!({ "limit": 1, "any": 1e300 }), Fits),
        numbers(json!({ "limit": 1, "big": "18446744073709551615" }), Fits),
        numbers(json!({ "limit": 1, "big": "18446744073709551616" }), BeyondJsonSchema),
        numbers(json!({ "limit": 1, "big": "-1" }), Wrong),
        numbers(json!({ "limit": 1, "big": "1.0" }), Wrong),
        lists(json!({}), Fits),
        ("check.lists", "Lists", json!({ "tags": ["a"] }), Wrong),
        lists(json!({ "needed": null }), Wrong),
        lists(json!({ "tags": [] }), Wrong),
        lists(json!({ "tags": ["a", "b", "c"] }), Wrong),
        lists(json!({ "tags": ["a", "abcd"] }), Wrong),
        lists(json!({ "tags": ["a", 1] }), Wrong),
        lists(json!({ "tags": { "0": "a" } }), Wrong),
        lists(json!({ "maybe": [1, 2] }), Fits),
        lists(json!({ "maybe": [1, 2, 3] }), Wrong),
        lists(json!({ "maybe": [256] }), Wrong),
        lists(json!({ "byName": { "a": true } }), Fits),
        lists(json!({ "byName": { "a": true, "b": false } }), Wrong),
        lists(json!({ "byName": { "a": 1 } }), Wrong),
        lists(json!({ "byName": [] }), Wrong),
        lists(json!({ "pair": [1, "a"] }), Fits),
        lists(json!({ "pair": [1] }), Wrong),
        lists(json!({ "pair": [1, "a", 2] }), Wrong),
        lists(json!({ "set": ["a", "a"] }), Fits),
        lists(json!({ "triple": [1, 2, 3] }), Fits),
        lists(json!({ "triple": [1, 2] }), Wrong),
        lists(json!({ "byColor": { "darkBlue": 1 } }), Fits),
        lists(json!({ "byColor": { "green": 1 } }), Wrong),
        lists(json!({ "byNumber": { "7": true } }), Fits),
        lists(json!({ "byNumber": { "x": true } }), Wrong),
        lists(json!({ "tree": { "name": "a", "children": [{ "name": "b", "children": [] }] } }), Fits),
        lists(json!({ "tree": { "name": "a", "children": [{ "name": "", "children": [] }] } }), Wrong),
        lists(json!({ "tree": { "name": "a", "children": [{ "name": "b" }] } }), Wrong),
        unions(json!({}), Fits),
        unions(json!({ "color": "darkBlue" }), Fits),
        unions(json!({ "color": "blue" }), Wrong),
        unions(json!({ "color": 1 }), Wrong),
        unions(json!({ "shape": { "kind": "circle", "outerRadius": 1.5, "more": 1 } }), Fits),
        unions(json!({ "shape": { "kind": "circle", "outerRadius": -1 } }), Wrong),
        unions(json!({ "shape": { "kind": "circle" } }), Wrong),
        unions(json!({ "shape": { "kind": "square", "side": 3 } }), Fits),
        unions(json!({ "shape": { "kind": "point" } }), Fits),
        unions(json!({ "shape": { "kind": "toString" } }), Wrong),
        unions(json!({ "shape": {} }), Wrong),
        unions(json!({ "shape": "point" }), Wrong),
        unions(json!({ "adjacent": { "type": "Count", "data": 1 } }), Fits),
        unions(json!({ "adjacent": { "type": "Count", "data": "1" } }), Wrong),
        unions(json!({ "adjacent": { "type": "Nothing" } }), Fits),
        unions(json!({ "external": "plain" }), Fits),
        unions(json!({ "external": { "named": { "name": "a" } } }), Fits),
        unions(json!({ "external": { "named": { "name": 1 } } }), Wrong),
        unions(json!({ "external": { "pair": [1, 2] } }), Fits),
        unions(json!({ "external": "named" }), Wrong),
        unions(json!({ "untagged": 1.5 }), Fits),
        unions(json!({ "untagged": { "name": "a" } }), Fits),
        unions(json!({ "untagged": "a" }), Wrong),
        rich(json!({ "id": "6f1c2b62-6f5f-4f0e-9d0a-0a4c2f9b7f11" }), Fits),
        rich(json!({ "id": "6f1c2b62" }), Wrong),
        rich(json!({ "local": "2026-11-25T18:00:00" }), Fits),
        rich(json!({ "local": "2026-11-25" }), Wrong),
        rich(json!({ "day": "2024-02-29" }), Fits),
        rich(json!({ "day": "2026-02-29" }), Wrong),
        rich(json!({ "day": "2026-13-01" }), Wrong),
        rich(json!({ "time": "18:00:00.5" }), Fits),
        rich(json!({ "time": "6 pm" }), Wrong),
        rich(json!({ "timeout": "PT1.5S" }), Fits),
        rich(json!({ "timeout": "P1Y" }), Wrong),
        rich(json!({ "timeout": "PT" }), Wrong),
        rich(json!({ "letter": "🦀" }), Fits),
        rich(json!({ "letter": "ab" }), Wrong),
        rich(json!({ "json": { "a": [null, { "b": 1 }] } }), Fits),
        rich(json!({ "json": [] }), Wrong),
        rich(json!({ "at": "2026-11-25T18:00:00Z" }), Fits),
        rich(json!({ "at": "2026-11-25T18:00:00.123+01:00" }), Fits),
        rich(json!({ "at": "2026-02-30T18:00:00Z" }), Wrong),
        rich(json!({ "at": "yesterday" }), Wrong),
        rich(json!({ "bytes": "AAEC" }), Fits),
        rich(json!({ "bytes": "AA==" }), Fits),
        rich(json!({ "bytes": "AAE" }), Wrong),
        rich(json!({ "bytes": "A_-E" }), Wrong),
        rich(json!({ "entries": [[1, "a"]] }), Fits),
        rich(json!({ "entries": [[1]] }), Wrong),
        ("check.names", "Names", json!({}), Fits),
        ("check.names", "Names", json!({ "it's": 1, "constructor": 2 }), Fits),
        ("check.names", "Names", json!({ "it's": "1" }), Wrong),
        ("check.names", "Names", json!({ "constructor": "1" }), Wrong),
        ("check.names", "Names", json!({ "__proto__": "1" }), Wrong),
        ("check.flattened", "Flattened", json!({ "own": 1, "type": "Count", "data": 2 }), Fits),
        ("check.flattened", "Flattened", json!({ "own": 1, "type": "Count", "data": "2" }), Wrong),
        ("check.flattened", "Flattened", json!({ "type": "Nothing" }), Wrong),
        ("check.page", "PageInputOfTree", json!({ "items": [{ "name": "a", "children": [] }] }), Fits),
        ("check.page", "PageInputOfTree", json!({ "items": [{ "name": 1, "children": [] }] }), Wrong),
        ("check.pages", "PageInputOfPageInputOfColor", json!({ "items": [{ "items": ["red"] }] }), Fits),
        ("check.pages", "PageInputOfPageInputOfColor", json!({ "items": [{ "items": ["green"] }] }), Wrong),
    ]
}

/// The issues that the server finds; none if it takes the value.
async fn server_says(responder: &Responder<()>, procedure: &str, value: &Value) -> Vec<Value> {
    let request = Request::post(format!("/{procedure}")).header(header::CONTENT_TYPE, "application/json");
    let (head, ()) = request.body(()).unwrap().into_parts();
    let body = Bytes::from(value.to_string());
    let response = responder.respond(head, Box::pin(async move { Ok(body) }), None).await;
    let ResponseBody::Full(bytes) = response.into_body() else { panic!("expected a whole body") };
    let answer: Value = serde_json::from_slice(&bytes).unwrap();
    match answer["error"]["data"]["validation"].as_array() {
        Some(issues) => issues.clone(),
        None => {
            assert!(answer["result"].is_object(), "{procedure} {value}: {answer}");
            Vec::new()
        }
    }
}

#[tokio::test]
async fn server_and_json_schema_agree_on_every_value() {
    let responder = Responder::new(shop::router(), (), ProtocolOptions::default(), Hooks::default()).unwrap();
    let schema: Value = serde_json::from_str(&json_schema(&contract()).unwrap()).unwrap();
    let mut recorded = Vec::new();
    let mut disagreements = Vec::new();
    for (procedure, definition, value, verdict) in cases() {
        let issues = server_says(&responder, procedure, &value).await;
        if issues.is_empty() != (verdict == Fits) {
            disagreements.push(format!("server: {definition} {value}: {issues:?}"));
        }
        let mut schema = schema.clone();
        schema["$ref"] = format!("#/$defs/{definition}").into();
        let validator = jsonschema::options().should_validate_formats(true).build(&schema).unwrap();
        let fits = validator.is_valid(&value);
        if fits != (verdict != Wrong) {
            let errors: Vec<String> = validator.iter_errors(&value).map(|error| error.to_string()).collect();
            disagreements.push(format!("schema: {definition} {value}: {errors:?}"));
        }
        recorded.push(json!({
            "type": definition,
            "value": value,
            "client": verdict == Fits || verdict == ServerOnly,
            "server": issues,
        }));
    }

    assert!(disagreements.is_empty(), "{}", disagreements.join("\n"));
    let lines: Vec<String> = recorded.iter().map(Value::to_string).collect();
    check_file("cases.json", &format!("[\n{}\n]\n", lines.join(",\n")));
}
