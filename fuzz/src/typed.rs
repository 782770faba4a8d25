//! A contract that gives back what it gets, in one type after the other.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tintype::prelude::*;

#[derive(Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Everything {
    flag: bool,
    small: i8,
    large: i64,
    huge: u128,
    real: f64,
    text: String,
    bytes: Vec<u8>,
    tags: BTreeSet<String>,
    seats: BTreeMap<String, u64>,
    by_number: BTreeMap<i32, Option<bool>>,
    pair: (u16, char),
    shape: Shape,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    note: Option<String>,
}

#[derive(Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Color {
    Red,
    Mixed(Vec<u8>),
    Named { name: String },
    Pair(u8, i64),
}

#[derive(Serialize, Deserialize, Type)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub(crate) enum Shape {
    Point,
    Circle { radius: f64 },
    Count { number: u32, at: Option<DateTime<Utc>> },
}

#[derive(Serialize, Deserialize, Type)]
#[serde(tag = "kind", content = "data")]
pub(crate) enum Adjacent {
    Nothing,
    Number(u32),
    Inner { colors: Vec<Color> },
}

#[derive(Serialize, Deserialize, Type)]
#[serde(untagged)]
pub(crate) enum Any {
    Flag(bool),
    Number(i32),
    Text(String),
    List(Vec<Option<bool>>),
    Members(BTreeMap<String, String>),
}

#[derive(Serialize, Deserialize, Type)]
pub(crate) struct Tree {
    name: String,
    #[serde(default)]
    children: Vec<Tree>,
}

macro_rules! echoes {
    ($($name:ident: $type:ty),* $(,)?) => {
        $(
            #[mutation(state = ())]
            async fn $name(input: $type) -> Result<$type, Never> {
                Ok(input)
            }
        )*

        /// The paths of the procedures.
        pub(crate) const PATHS: &[&str] = &[$(stringify!($name)),*];

        pub(crate) fn router() -> Router<()> {
            router! { [$($name),*] }
        }
    };
}

echoes! {
    any: Any,
    value: Option<Value>,
    all: Everything,
    color: Color,
    shape: Shape,
    adjacent: Adjacent,
    tree: Tree,
    int: i64,
    wide: u128,
    byte: u8,
    real: f64,
    text: String,
    bytes: Vec<u8>,
    date: DateTime<Utc>,
    nullable: Option<Option<u32>>,
    set: BTreeSet<i64>,
    map: BTreeMap<i64, Vec<Color>>,
    nested: Vec<Option<(String, f64)>>,
}
