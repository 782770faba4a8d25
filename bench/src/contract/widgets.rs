//! Widgets as the product has them, without its database.

use std::sync::LazyLock;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use tintype::prelude::*;
use uuid::Uuid;

/// A widget.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Widget {
    /// Id of the widget.
    pub id: Uuid,
    /// The tenant to which it belongs.
    pub tenant_id: Uuid,
    /// Its name.
    pub name: String,
    /// Whatever configures it.
    pub config: Map<String, Value>,
    /// When it was created.
    pub created_at: DateTime<Utc>,
}

/// A widget that is to be.
#[derive(Debug, Serialize, Deserialize, Type)]
pub struct CreateWidget {
    /// Its name.
    pub name: String,
    /// Whatever configures it; `{}` without it.
    pub config: Option<Map<String, Value>>,
}

/// The tenant of all widgets.
const TENANT: Uuid = Uuid::from_u128(0x0192_0000_0000_7000_8000_0000_0000_0000);

/// How many widgets there are.
const WIDGETS: u32 = 20;

/// 2026-01-01T00:00:00Z, in seconds.
const FIRST_CREATED: i64 = 1_767_225_600;

static FIXED: LazyLock<Vec<Widget>> = LazyLock::new(|| (1..=WIDGETS).map(fixed).collect());

/// The same 20 widgets, whoever asks.
#[query]
pub async fn list() -> Result<Vec<Widget>, Never> {
    Ok(FIXED.clone())
}

/// The widget as it would be stored; nothing is.
#[mutation]
pub async fn create(input: CreateWidget) -> Result<Widget, Never> {
    Ok(Widget {
        id: Uuid::now_v7(),
        tenant_id: TENANT,
        name: input.name,
        config: input.config.unwrap_or_default(),
        created_at: Utc::now(),
    })
}

fn fixed(number: u32) -> Widget {
    let config = [("color", json!("#3366ff")), ("size", json!(number)), ("enabled", json!(number.is_multiple_of(2)))];
    Widget {
        id: Uuid::from_u128(TENANT.as_u128() + u128::from(number)),
        tenant_id: TENANT,
        name: format!("widget {number}"),
        config: config.into_iter().map(|(key, value)| (key.to_owned(), value)).collect(),
        created_at: DateTime::from_timestamp(FIRST_CREATED + i64::from(number) * 60, 0).unwrap_or_default(),
    }
}
