//! A contract with every kind of type and rule.

// What is read is only checked.
#![allow(dead_code)]

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    sync::LazyLock,
};

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Utc};
use garde::Validate;
use regex::Regex;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use tintype::{
    ByteStream, Deferred, Form, FormError, Rules, Streamed,
    prelude::*,
    wire::{BigInt, Bytes, Duration, Entries, Float, SafeInt},
};
use uuid::Uuid;

/// Identifies a thing.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, Type)]
pub(crate) struct ThingId(Uuid);

static CODE: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"^[a-z]+\d*$").unwrap());
static INSENSITIVE: LazyLock<Regex> = LazyLock::new(|| Regex::new("(?i)^yes$").unwrap());

/// Texts with rules.
#[derive(Debug, Deserialize, Type, Validate, Rules)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Texts {
    /// Name, 1 to 5 characters.
    #[garde(length(chars, min = 1, max = 5), custom(not_shouted))]
    pub(crate) display_name: Option<String>,
    #[garde(length(bytes, max = 4))]
    pub(crate) in_bytes: Option<String>,
    #[garde(length(utf16, min = 2, max = 4))]
    pub(crate) in_units: Option<String>,
    #[garde(length(graphemes, max = 1))]
    pub(crate) in_graphemes: Option<String>,
    #[garde(email)]
    pub(crate) email: Option<String>,
    #[garde(url)]
    pub(crate) url: Option<String>,
    #[garde(ip)]
    pub(crate) ip: Option<String>,
    #[garde(ipv4)]
    pub(crate) ipv4: Option<String>,
    #[garde(ipv6)]
    pub(crate) ipv6: Option<String>,
    /// Lower case, with digits behind.
    #[garde(pattern(CODE), length(max = 8))]
    pub(crate) code: Option<String>,
    #[garde(pattern(INSENSITIVE))]
    pub(crate) insensitive: Option<String>,
    #[garde(contains("a.b"), prefix("<"), suffix(">"))]
    pub(crate) framed: Option<String>,
    #[garde(ascii)]
    pub(crate) ascii: Option<String>,
    #[garde(alphanumeric)]
    #[serde(rename = "letters-and-digits")]
    pub(crate) letters_and_digits: Option<String>,
}

fn not_shouted(text: &Option<String>, (): &()) -> garde::Result {
    match text {
        Some(text) if text.ends_with('!') => Err(garde::Error::new("do not shout")),
        _ => Ok(()),
    }
}

/// Numbers with rules.
#[derive(Debug, Deserialize, Type, Validate, Rules)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Numbers {
    #[garde(range(min = 1, max = 100))]
    pub(crate) limit: u32,
    #[garde(range(min = -0.5, max = 0.5))]
    pub(crate) share: Option<f64>,
    #[garde(skip)]
    pub(crate) small: Option<i8>,
    #[garde(skip)]
    pub(crate) safe: Option<SafeInt>,
    #[garde(skip)]
    pub(crate) any: Option<Float>,
    #[garde(skip)]
    pub(crate) big: Option<BigInt<u64>>,
}

/// Lists with rules.
#[derive(Debug, Deserialize, Type, Validate, Rules)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Lists {
    #[garde(length(min = 1, max = 2), inner(length(chars, max = 3)))]
    #[serde(default)]
    pub(crate) tags: Vec<String>,
    #[garde(inner(length(max = 2)))]
    pub(crate) maybe: Option<Vec<u8>>,
    #[garde(length(max = 1))]
    pub(crate) by_name: Option<BTreeMap<String, bool>>,
    #[garde(required)]
    pub(crate) needed: Option<bool>,
    #[garde(skip)]
    pub(crate) pair: Option<(u8, String)>,
    #[garde(skip)]
    pub(crate) set: Option<HashSet<String>>,
    #[garde(skip)]
    pub(crate) triple: Option<[u8; 3]>,
    #[garde(dive)]
    pub(crate) tree: Option<Tree>,
    #[garde(skip)]
    pub(crate) by_color: Option<HashMap<Color, u8>>,
    #[garde(skip)]
    pub(crate) by_number: Option<HashMap<u8, bool>>,
}

/// A tree.
#[derive(Debug, Deserialize, Type, Validate, Rules)]
pub(crate) struct Tree {
    #[garde(length(chars, min = 1))]
    pub(crate) name: String,
    #[garde(dive)]
    pub(crate) children: Vec<Tree>,
}

/// A colour.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Color {
    Red,
    DarkBlue,
}

/// Unions of every kind.
#[derive(Debug, Deserialize, Type, Validate, Rules)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Unions {
    #[garde(skip)]
    pub(crate) color: Option<Color>,
    #[garde(dive)]
    pub(crate) shape: Option<Shape>,
    #[garde(skip)]
    pub(crate) adjacent: Option<Adjacent>,
    #[garde(skip)]
    pub(crate) external: Option<External>,
    #[garde(skip)]
    pub(crate) untagged: Option<Untagged>,
}

/// A shape.
#[derive(Debug, Deserialize, Type, Validate, Rules)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub(crate) enum Shape {
    /// Round.
    Circle {
        #[garde(range(min = 0.0))]
        outer_radius: f64,
    },
    Square {
        #[garde(skip)]
        side: u8,
    },
    Point,
}

#[derive(Debug, Deserialize, Type)]
#[serde(tag = "type", content = "data")]
pub(crate) enum Adjacent {
    Count(u32),
    Nothing,
}

#[derive(Debug, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) enum External {
    Plain,
    Named { name: String },
    Pair(u8, u8),
}

#[derive(Debug, Deserialize, Type)]
#[serde(untagged)]
pub(crate) enum Untagged {
    Number(f64),
    Named { name: String },
}

/// Values that are more than JSON in JavaScript, and texts that hold something.
#[derive(Debug, Deserialize, Type, Validate, Rules)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RichValues {
    #[garde(skip)]
    pub(crate) id: Option<ThingId>,
    #[garde(skip)]
    pub(crate) at: Option<DateTime<Utc>>,
    #[garde(skip)]
    pub(crate) local: Option<NaiveDateTime>,
    #[garde(skip)]
    pub(crate) day: Option<NaiveDate>,
    #[garde(skip)]
    pub(crate) time: Option<NaiveTime>,
    #[garde(skip)]
    pub(crate) bytes: Option<Bytes>,
    #[garde(skip)]
    pub(crate) timeout: Option<Duration>,
    #[garde(skip)]
    pub(crate) entries: Option<Entries<BTreeMap<u8, String>>>,
    #[garde(skip)]
    pub(crate) letter: Option<char>,
    #[garde(skip)]
    pub(crate) json: Option<Map<String, Value>>,
}

/// A page of something.
#[derive(Debug, Serialize, Deserialize, Type)]
pub(crate) struct Page<T> {
    pub(crate) items: Vec<T>,
    pub(crate) next: Option<String>,
}

/// A thing as it is sent out.
#[derive(Debug, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Thing {
    pub(crate) id: ThingId,
    pub(crate) created_at: DateTime<Utc>,
    pub(crate) views: BigInt<u64>,
}

/// Names that JavaScript has plans for.
#[derive(Debug, Deserialize, Type)]
pub(crate) struct Names {
    #[serde(rename = "__proto__")]
    pub(crate) proto: Option<u8>,
    pub(crate) constructor: Option<u8>,
    #[serde(rename = "it's")]
    pub(crate) quoted: Option<u8>,
}

/// What is flattened, and what is refused.
#[derive(Debug, Deserialize, Type)]
pub(crate) struct Flattened {
    pub(crate) own: u8,
    #[serde(flatten)]
    pub(crate) adjacent: Adjacent,
}

/// Why a thing failed.
#[derive(Debug, thiserror::Error, Serialize, Type, ProcedureError)]
#[serde(tag = "kind", rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum ThingError {
    /// There is none.
    #[error("no thing {id:?}")]
    #[code(NOT_FOUND)]
    NotFound {
        /// Its id.
        id: ThingId,
    },
}

/// A report whose rows come one after the other.
#[derive(Serialize, Type)]
pub(crate) struct Report {
    pub(crate) title: String,
    pub(crate) rows: Streamed<u8>,
}

/// An answer with a part that comes later.
#[derive(Serialize, Type)]
pub(crate) struct Summary {
    pub(crate) total: Deferred<u32>,
}

macro_rules! check {
    ($($(#[$meta:meta])* $name:ident: $input:ty;)*) => {$(
        $(#[$meta])*
        #[mutation(state = ())]
        pub(super) async fn $name(input: $input) -> Result<(), Never> {
            let _ = input;
            Ok(())
        }
    )*};
}

pub(super) mod check {
    use super::*;

    check! {
        /// Checks texts.
        texts: Texts;
        numbers: Numbers;
        lists: Lists;
        unions: Unions;
        rich_values: RichValues;
        names: Names;
        flattened: Flattened;
        page: Page<Tree>;
        pages: Page<Page<Color>>;
    }
}

pub(super) mod things {
    use super::*;

    /// A thing.
    ///
    /// Found by its id.
    #[query(state = ())]
    pub(crate) async fn get(input: ThingId) -> Result<Thing, ThingError> {
        Err(ThingError::NotFound { id: input })
    }

    /// Every thing.
    #[query(state = ())]
    pub(crate) async fn list(input: Option<Page<Color>>) -> Result<Page<Thing>, Never> {
        drop(input);
        Ok(Page { items: Vec::new(), next: None })
    }

    /// How many there are.
    #[query(state = (), sensitive)]
    #[deprecated = "ask for the list"]
    pub(crate) async fn count(input: String) -> Result<u32, Never> {
        drop(input);
        Ok(0)
    }

    /// Removes a thing.
    #[mutation(state = (), idempotent, invalidates(list))]
    pub(crate) async fn remove(input: ThingId) -> Result<Option<ThingId>, ThingError> {
        Ok(Some(input))
    }

    /// Uploads pictures.
    #[mutation(state = ())]
    pub(crate) async fn upload(input: Form<Tree>) -> Result<u32, FormError> {
        drop(input);
        Ok(0)
    }

    /// Uploads anything.
    #[mutation(state = ())]
    pub(crate) async fn raw(input: ByteStream) -> Result<(), Never> {
        drop(input);
        Ok(())
    }

    /// Things as they change.
    #[subscription(state = ())]
    pub(crate) async fn changed() -> Result<Subscription<Thing>, ThingError> {
        Ok(Subscription::tracked(futures_util::stream::empty::<tintype::Event<Thing>>()))
    }

    #[query(state = ())]
    pub(crate) async fn report() -> Result<Report, Never> {
        Ok(Report { title: String::new(), rows: Streamed::new(futures_util::stream::empty::<u8>()) })
    }

    #[query(state = ())]
    pub(crate) async fn summary() -> Result<Summary, Never> {
        Ok(Summary { total: Deferred::new(std::future::ready(0)) })
    }
}

/// Is it there?
#[query(state = ())]
pub(super) async fn ping() -> Result<String, Never> {
    Ok("pong".to_owned())
}

pub(super) fn router() -> Router<()> {
    #[allow(deprecated)]
    let router = tintype::router! {
        [ping],
        check: [
            check::texts, check::numbers, check::lists, check::unions, check::rich_values, check::names,
            check::flattened, check::page, check::pages,
        ],
        things: [
            things::get, things::list, things::count, things::remove, things::upload, things::raw, things::changed,
            things::report, things::summary,
        ],
    };
    router
}
