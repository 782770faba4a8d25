//! The recorded cases, as `README.md` describes their format.

use std::{collections::BTreeMap, time::Duration};

use serde::{Deserialize, de::DeserializeOwned};
use serde_json::Value;

/// The cases in a file of vectors, with a text of its own for this run in the place of `RUNID`.
pub(crate) fn load<V: DeserializeOwned>(text: &str, run_id: &str) -> Vec<V> {
    #[derive(Deserialize)]
    struct File<V> {
        count: usize,
        vectors: Vec<V>,
    }
    let File { count, vectors } = serde_json::from_str(&text.replace("RUNID", run_id)).unwrap();
    assert_eq!(vectors.len(), count);
    vectors
}

#[derive(Debug, Deserialize)]
pub(crate) struct HttpVector {
    pub(crate) name: String,
    pub(crate) profile: String,
    #[serde(default)]
    pub(crate) before: Vec<Before>,
    pub(crate) request: Request,
    #[serde(rename = "readUntil")]
    pub(crate) read_until: Option<ReadUntil>,
    pub(crate) expected: Expected,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Before {
    #[serde(flatten)]
    pub(crate) request: Request,
    pub(crate) read_until: Option<ReadUntil>,
    then_wait_ms: Option<u64>,
}

impl Before {
    pub(crate) fn pause(&self) -> Duration {
        Duration::from_millis(self.then_wait_ms.unwrap_or_default())
    }
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Request {
    #[serde(default = "get")]
    pub(crate) method: String,
    pub(crate) url: String,
    #[serde(default)]
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: Option<String>,
    pub(crate) body_base64: Option<String>,
}

fn get() -> String {
    "GET".to_owned()
}

/// When the client leaves.
#[derive(Debug, Clone, Copy, Deserialize)]
pub(crate) enum ReadUntil {
    /// After so many events, pings not counted.
    #[serde(rename = "events")]
    Events(usize),
    /// So many milliseconds after the request.
    #[serde(rename = "afterMs")]
    AfterMs(u64),
}

#[derive(Debug, Deserialize)]
pub(crate) struct Expected {
    pub(crate) status: u16,
    pub(crate) headers: BTreeMap<String, HeaderRule>,
    pub(crate) body: Body,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum HeaderRule {
    Equals(String),
    MediaType(String),
    Tokens(Vec<String>),
    Absent(bool),
}

/// What the body is compared with, and what is left out of the comparison.
#[derive(Debug, Deserialize)]
pub(crate) struct Body {
    #[serde(flatten)]
    pub(crate) content: Content,
    #[serde(default)]
    pub(crate) mask: Vec<String>,
    #[serde(default)]
    pub(crate) drop: Vec<String>,
    #[serde(default)]
    pub(crate) timing: Vec<Bound>,
    #[serde(rename = "minPings", default)]
    pub(crate) min_pings: usize,
}

#[derive(Debug, Deserialize)]
#[serde(tag = "compare", rename_all = "kebab-case")]
pub(crate) enum Content {
    Json {
        json: Value,
    },
    #[serde(rename_all = "camelCase")]
    Sse {
        events: Value,
        final_last_event_id: String,
        ended: bool,
    },
    #[serde(rename_all = "camelCase")]
    Jsonl {
        decoded: Value,
        completion_order: Option<Vec<String>>,
    },
    Empty,
    StatusOnly,
}

/// When something arrives, in milliseconds since the request was sent.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Bound {
    pub(crate) event: Option<usize>,
    pub(crate) index: Option<String>,
    pub(crate) before_ms: Option<u64>,
    pub(crate) after_ms: Option<u64>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct WsVector {
    pub(crate) name: String,
    pub(crate) profile: String,
    pub(crate) connect: Connect,
    pub(crate) steps: Vec<Value>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Connect {
    pub(crate) url: String,
    pub(crate) headers: BTreeMap<String, String>,
}
