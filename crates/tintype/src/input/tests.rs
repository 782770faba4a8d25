use std::collections::HashMap;

use serde::Deserialize;
use serde_json::{Value, json};

use super::*;

#[derive(Debug, Deserialize, garde::Validate)]
#[serde(rename_all = "camelCase")]
struct Registration {
    #[garde(length(chars, min = 1))]
    tenant_name: String,
}

#[test]
fn a_broken_rule_is_reported_under_the_name_of_the_wire() {
    let input: Registration = parse(Some(br#"{"tenantName":""}"#), None).unwrap();

    let failure = (&&Constraints::of(&input)).check().unwrap_err();

    assert_eq!(failure.validation_issues()[0].path, [PathSegment::Key("tenantName".to_owned())]);
}

#[test]
fn a_wrong_type_names_the_field() {
    let failure = parse::<Registration>(Some(br#"{"tenantName":7}"#), None).unwrap_err();

    assert_eq!(failure.message(), "invalid input: tenantName: invalid type: integer `7`, expected a string");
}

#[test]
fn a_missing_field_is_reported_at_the_field() {
    let failure = parse::<Registration>(Some(b"{}"), None).unwrap_err();

    assert_eq!(failure.message(), "invalid input: tenantName: required");
}

#[test]
fn absent_input_is_none_for_an_option_and_an_error_for_everything_else() {
    assert!(parse::<Option<Registration>>(None, None).unwrap().is_none());
    assert_eq!(parse::<Registration>(None, None).unwrap_err().code(), ErrorCode::BadRequest);
}

#[test]
fn the_resume_id_becomes_a_field_of_the_input() {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Resume {
        last_event_id: String,
    }
    let id = "7-1";

    assert_eq!(parse::<Resume>(None, Some(id)).unwrap().last_event_id, "7-1");
    assert_eq!(parse::<Resume>(Some(br#"{"lastEventId":"1"}"#), Some(id)).unwrap().last_event_id, "7-1");
}

#[test]
fn the_resume_id_leaves_the_other_fields_as_they_are_written() {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Resume {
        last_event_id: String,
        wide: u128,
    }
    let json = format!(r#"{{"wide":1,"wide":{},"x":1e400}}"#, u128::MAX);

    let resume: Resume = parse(Some(json.as_bytes()), Some("7-1")).unwrap();

    assert_eq!((resume.last_event_id.as_str(), resume.wide), ("7-1", u128::MAX));
    assert_eq!(parse::<Resume>(Some(b"{\"wide\":"), Some("7-1")).err().unwrap().code(), ErrorCode::BadRequest);
    assert_eq!(parse::<u32>(Some(b" 5"), Some("7-1")).unwrap(), 5);
}

#[derive(Debug, PartialEq, Deserialize)]
struct Point {
    x: i32,
    y: i32,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
enum Color {
    Red,
    Mixed(Vec<u8>),
    Named { name: String },
    Pair(u8, u8),
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(tag = "kind", rename_all = "camelCase")]
enum Shape {
    Circle { r: f64 },
    Count { n: u32 },
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(tag = "kind", content = "data")]
enum Adjacent {
    Count(u32),
}

#[derive(Debug, PartialEq, Deserialize)]
struct Outer {
    points: Vec<Point>,
    #[serde(default)]
    by_name: HashMap<String, Option<Color>>,
}

#[derive(Debug, PartialEq, Deserialize)]
struct Wrapped(Option<Point>);

#[track_caller]
fn accepts<T: DeserializeOwned + PartialEq + fmt::Debug>(json: &str, expected: T) {
    assert_eq!(parse::<T>(Some(json.as_bytes()), None).unwrap(), expected, "{json}");
}

/// Refused with `BAD_REQUEST` and an issue at `path`.
#[track_caller]
fn refuses<T: DeserializeOwned + fmt::Debug>(json: &str, path: &Value) {
    let failure = parse::<T>(Some(json.as_bytes()), None).expect_err(json);
    assert_eq!(failure.code(), ErrorCode::BadRequest);
    let issues = serde_json::to_value(failure.validation_issues()).unwrap();
    assert_eq!(issues[0]["path"], *path, "{json}: {failure}");
}

#[test]
fn an_array_is_no_object() {
    let root = json!([]);
    refuses::<Point>("[1,2]", &root);
    refuses::<Shape>(r#"["circle",2]"#, &root);
    refuses::<Adjacent>(r#"["Count",2]"#, &root);
    refuses::<Color>(r#"["red"]"#, &root);
    refuses::<Outer>(r#"{"points":[{"x":1,"y":2},[1,2]]}"#, &json!(["points", 1]));
    refuses::<Color>(r#"{"named":["n"]}"#, &json!([]));
    accepts("[[1,2]]", vec![(1_u8, 2_u8)]);
}

#[test]
fn a_variant_without_data_is_a_string_and_one_with_data_an_object() {
    accepts(r#""red""#, Color::Red);
    accepts(r#"{"mixed":[1,2]}"#, Color::Mixed(vec![1, 2]));
    accepts(r#"{"named":{"name":"n"}}"#, Color::Named { name: "n".into() });
    accepts(r#"{"pair":[1,2]}"#, Color::Pair(1, 2));
    for json in [r#"{"red":null}"#, r#"{"red":{}}"#, r#""mixed""#, r#""named""#, "{}", "1", "null", r#"{"blue":1}"#] {
        refuses::<Color>(json, &json!([]));
    }
    refuses::<Color>(r#"{"mixed":[1],"red":1}"#, &json!([]));
    refuses::<Outer>(r#"{"points":[],"by_name":{"a":{"red":null}}}"#, &json!(["by_name", "a"]));
}

#[test]
fn whole_numbers_are_integers_however_they_are_written() {
    for json in ["5", "5.0", "0.5e1", "50e-1"] {
        accepts(json, 5_u8);
        accepts(json, 5_i64);
        accepts(json, 5.0_f64);
    }
    accepts("-1e2", -100_i32);
    accepts("-0.0", 0_u32);
    accepts("9007199254740991.0", 9_007_199_254_740_991_u64);
    accepts("18446744073709551615", u64::MAX);
    accepts(r#"{"kind":"count","n":1e2}"#, Shape::Count { n: 100 });
    accepts(r#"{"kind":"circle","r":2}"#, Shape::Circle { r: 2.0 });
    accepts(r#"{"x":1.0,"y":2e0}"#, Point { x: 1, y: 2 });
    for json in ["5.5", "1e300", "256", "-1", "-1.0", "\"5\"", "true", "1e400", "NaN", "[5]"] {
        refuses::<u8>(json, &json!([]));
    }
}

#[test]
fn the_last_of_duplicate_keys_counts() {
    accepts(r#"{"x":1,"y":2,"x":3}"#, Point { x: 3, y: 2 });
    accepts(r#"{"x":"text","y":2,"x":3}"#, Point { x: 3, y: 2 });
    accepts(r#"{"kind":"circle","r":1,"kind":"count","n":2}"#, Shape::Count { n: 2 });
    accepts(
        r#"{"points":[{"x":1,"x":2,"y":3}]}"#,
        Outer { points: vec![Point { x: 2, y: 3 }], by_name: HashMap::new() },
    );
    refuses::<Point>(r#"{"x":1,"y":2,"x":"text"}"#, &json!(["x"]));
}

#[test]
fn numbers_beside_duplicate_keys_keep_their_digits() {
    #[derive(Debug, PartialEq, Deserialize)]
    struct Wide {
        wide: u128,
        real: f64,
    }
    let json = format!(r#"{{"wide":1, "real":1.5e0, "wide":{}, "other":[{{"a":1e400,"a":{{}}}}]}}"#, u128::MAX);

    accepts(&json, Wide { wide: u128::MAX, real: 1.5 });
}

#[test]
fn absent_and_null_are_apart() {
    assert_eq!(parse::<Option<Option<Point>>>(None, None).unwrap(), None);
    accepts("null", Some(None::<Point>));
    accepts(r#"{"x":1,"y":2}"#, Some(Some(Point { x: 1, y: 2 })));
    refuses::<Option<Point>>("null", &json!([]));
    accepts("null", Wrapped(None));
    assert_eq!(parse::<Wrapped>(None, None).unwrap_err().code(), ErrorCode::BadRequest);
    accepts("[null,1]", vec![None, Some(1)]);
}

#[test]
fn unknown_fields_are_ignored_and_lone_surrogates_refused() {
    accepts(r#"{"x":1,"y":2,"z":{"a":[1]}}"#, Point { x: 1, y: 2 });
    refuses::<String>(r#""\ud800""#, &json!([]));
    refuses::<HashMap<String, String>>(r#"{"a":"\udc00\ud800"}"#, &json!(["a"]));
    accepts(r#""\ud83e\udd80""#, "\u{1f980}".to_owned());
}

#[test]
fn raw_json_is_kept_as_it_is_written() {
    let raw: HashMap<String, Box<serde_json::value::RawValue>> = parse(Some(br#"{"a":[1.0,  2]}"#), None).unwrap();

    assert_eq!(raw["a"].get(), "[1.0,  2]");
}

/// Seeded, so that a failure can be repeated: xorshift of Marsaglia.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % limit
    }

    fn json(&mut self, depth: u32) -> Value {
        match self.below(if depth == 0 { 6 } else { 8 }) {
            0 => Value::Null,
            1 => (self.below(2) == 0).into(),
            2 => self.below(1 << 60).into(),
            3 => (-i64::try_from(self.below(1 << 60)).unwrap()).into(),
            4 => (self.below(1 << 40) as f64 / 1024.0).into(),
            5 => ["", "x", "kind", "\u{2028}\"", "7"][usize::try_from(self.below(5)).unwrap()].into(),
            6 => (0..self.below(4)).map(|_| self.json(depth - 1)).collect(),
            _ => Value::Object((0..self.below(4)).map(|key| (format!("k{key}"), self.json(depth - 1))).collect()),
        }
    }
}

/// Whole floats are the integers that they are in JavaScript.
fn as_javascript(value: Value) -> Value {
    match value {
        Value::Number(number) if number.is_f64() && number.as_f64().unwrap().fract() == 0.0 => {
            (number.as_f64().unwrap() as i64).into()
        }
        Value::Array(elements) => elements.into_iter().map(as_javascript).collect(),
        Value::Object(members) => members.into_iter().map(|(key, value)| (key, as_javascript(value))).collect(),
        value => value,
    }
}

#[test]
fn any_json_is_read_as_it_is() {
    let mut random = Random(0x5eed);
    for _ in 0..2000 {
        let value = random.json(4);
        let read: Value = parse::<Wrapping>(Some(value.to_string().as_bytes()), None).unwrap().0;

        assert_eq!(read, as_javascript(value));
    }

    #[derive(Deserialize)]
    struct Wrapping(Value);
}

#[test]
fn any_bytes_are_read_or_refused() {
    let mut random = Random(7);
    let alphabet = b"{}[]:,\"\\u0d8exyk-+.1e9 \xef\xbb\xbf\x00truefalsn";
    for _ in 0..20_000 {
        let length = random.below(24);
        let text: Vec<u8> =
            (0..length).map(|_| alphabet[usize::try_from(random.below(alphabet.len() as u64)).unwrap()]).collect();
        let is_json = serde_json::from_slice::<Value>(&text).is_ok();

        assert_eq!(parse::<Wrapping>(Some(&text), None).is_ok(), is_json, "{text:?}");
        drop(parse::<Outer>(Some(&text), None));
        drop(parse::<Shape>(Some(&text), None));
        drop(parse::<Color>(Some(&text), None));
    }

    #[derive(Deserialize)]
    struct Wrapping(#[allow(dead_code)] Value);
}
