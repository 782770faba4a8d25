//! What the types of `tintype::wire` refuse, and with which words.

use std::{collections::BTreeMap, fmt::Debug};

use serde::de::DeserializeOwned;
use tintype::wire::{BigInt, Bytes, Duration, Entries, Float, SafeInt, SafeUint};

/// Why `json` is no `T`, without the place that serde_json adds.
fn refusal<T: DeserializeOwned + Debug>(json: &str) -> String {
    let message = serde_json::from_str::<T>(json).unwrap_err().to_string();
    message.split(" at line ").next().unwrap().to_owned()
}

#[test]
fn an_integer_is_decimal_text_in_the_range_of_its_type() {
    let expected = "expected an integer in the range of u64 as decimal text";

    assert_eq!(refusal::<BigInt<u64>>(r#""-1""#), format!(r#"invalid value: string "-1", {expected}"#));
    assert_eq!(refusal::<BigInt<u64>>(r#""1.0""#), format!(r#"invalid value: string "1.0", {expected}"#));
    // A number may have lost its digits before it was sent.
    assert_eq!(refusal::<BigInt<u64>>("1"), format!("invalid type: integer `1`, {expected}"));
    let too_large = refusal::<BigInt<u64>>(r#""18446744073709551616""#);
    assert_eq!(too_large, format!(r#"invalid value: string "18446744073709551616", {expected}"#));
}

#[test]
fn a_safe_integer_ends_where_a_double_loses_digits() {
    let beyond = "is beyond 2^53 - 1, so a JavaScript number would lose digits: use `BigInt`";

    assert_eq!(serde_json::from_str::<SafeInt>("-9007199254740991").unwrap().get(), -9_007_199_254_740_991);
    assert_eq!(refusal::<SafeInt>("-9007199254740992"), format!("-9007199254740992 {beyond}"));
    assert_eq!(serde_json::from_str::<SafeUint>("9007199254740991").unwrap().get(), 9_007_199_254_740_991);
    assert_eq!(refusal::<SafeUint>("9007199254740992"), format!("9007199254740992 {beyond}"));
}

#[test]
fn what_is_no_number_has_three_names() {
    let message = refusal::<Float>(r#""inf""#);

    assert_eq!(message, r#"invalid value: string "inf", expected a number, "NaN", "Infinity" or "-Infinity""#);
    assert_eq!(serde_json::from_str::<Float>(r#""-Infinity""#).unwrap().0, f64::NEG_INFINITY);
}

#[test]
fn bytes_are_base_64_with_padding() {
    for text in ["AP8", "AP8*", "A", "AP8_"] {
        let message = refusal::<Bytes>(&format!("\"{text}\""));
        assert!(message.starts_with("not bytes in base 64 with padding: "), "{text}: {message}");
    }
    assert!(refusal::<Bytes>("[0]").contains("expected bytes as text in base 64 with padding"));
}

#[test]
fn a_duration_says_what_it_should_be() {
    let message = refusal::<Duration>(r#""90s""#);

    let expected = r#"expected an ISO 8601 duration of days, hours, minutes and seconds, such as "PT1.5S""#;
    assert_eq!(message, format!(r#"invalid value: string "90s", {expected}"#));
}

#[test]
fn entries_are_pairs_of_which_the_last_counts() {
    type Heights = Entries<BTreeMap<(u8, u8), u8>>;

    assert!(refusal::<Heights>("{}").contains("expected an array of pairs of a key and a value"));
    assert!(refusal::<Heights>("[[[0,1]]]").contains("invalid length 1"));
    let heights: Heights = serde_json::from_str("[[[0,1],2],[[0,1],3]]").unwrap();
    assert_eq!(heights.0, BTreeMap::from([((0, 1), 3)]));
}
