//! Results of every sort.

use serde::Serialize;
use serde_json::{Value, json};
use tintype::prelude::*;

/// A query that returns one value.
macro_rules! value {
    ($(#[doc = $doc:literal])? $name:ident: $ty:ty = $value:expr) => {
        value!(@ $(#[doc = $doc])? [] $name: $ty = $value);
    };
    ($(#[doc = $doc:literal])? $wire_name:literal $name:ident: $ty:ty = $value:expr) => {
        value!(@ $(#[doc = $doc])? [name = $wire_name] $name: $ty = $value);
    };
    (@ $(#[doc = $doc:literal])? [$($option:tt)*] $name:ident: $ty:ty = $value:expr) => {
        $(#[doc = $doc])?
        #[query($($option)*)]
        pub(crate) async fn $name() -> Result<$ty, Never> {
            Ok($value)
        }
    };
}

value!(undefined: () = ());
value!(null: Option<bool> = None);
value!("true" yes: bool = true);
value!("false" no: bool = false);
value!(zero: i32 = 0);
value!(negative: i32 = -42);
value!(float: f64 = 0.300_000_000_000_000_04);
value!(exponent: f64 = 1.5e300);
value!(max_safe_int: f64 = 9_007_199_254_740_991.0);
value!(min_safe_int: f64 = -9_007_199_254_740_991.0);
value!(bigint_string: String = "123456789012345678901234567890".to_owned());
value!(nan: f64 = f64::NAN);
value!(infinity: f64 = f64::INFINITY);
value!(date: String = "2020-01-02T03:04:05.678Z".to_owned());
value!(empty_string: String = String::new());
value!(empty_array: Vec<bool> = Vec::new());
value!(empty_object: Value = json!({}));
value!(unicode: String = UNICODE.to_owned());
value!(array: Value = json!([1, "two", null, true, [3, [4]], { "five": 5 }]));
value!(nested: Value = json!({ "a": { "b": { "c": { "d": { "e": ["deep", { "f": null }] } } } } }));
value!(weird_keys: Value = json!({ "": 1, "a.b": 2, "with space": 3, "ключ": 4, "0": 5, "constructor": 6 }));
value!(large_string: String = "x".repeat(20_000));

const UNICODE: &str = "h\u{e9}llo \u{2013} \u{65e5}\u{672c}\u{8a9e} \u{1f980} \
    \u{1f469}\u{200d}\u{1f469}\u{200d}\u{1f467} \u{5e2}\u{5d1}\u{5e8}\u{5d9}\u{5ea} \u{2028}\u{2029} \
    \u{0}\u{1f}\u{7f} \"quoted\" \\back\\ /slash/ \t\r\n </script>";

#[derive(Debug, Serialize, Type)]
pub(crate) struct OptionalFields {
    a: i32,
    #[serde(skip_serializing_if = "Option::is_none")]
    b: Option<i32>,
    c: Option<i32>,
}

#[query]
pub(crate) async fn optional_fields() -> Result<OptionalFields, Never> {
    Ok(OptionalFields { a: 1, b: None, c: None })
}

#[derive(Debug, Serialize, Type)]
pub(crate) struct Item {
    id: u32,
    name: String,
}

#[query]
pub(crate) async fn many_items() -> Result<Vec<Item>, Never> {
    Ok((0..500).map(|id| Item { id, name: format!("item-{id}") }).collect())
}
