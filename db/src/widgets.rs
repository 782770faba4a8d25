//! A tenant's widgets.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use futures_util::FutureExt;
use serde_json::{Map, Value};

use crate::{DbError, PageCursor, TenantDb, Transaction, WidgetId, cursor::cut, schema::widgets};

/// A widget as it is stored.
#[derive(Debug, Clone, PartialEq)]
pub struct Widget {
    /// Its id.
    pub id: WidgetId,
    /// Its name, 1 to 120 characters.
    pub name: String,
    /// Whatever configures it.
    pub config: Map<String, Value>,
    /// When it was created.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
}

/// A widget that is to be.
#[derive(Debug, Clone, PartialEq)]
pub struct NewWidget {
    /// Its name, 1 to 120 characters.
    pub name: String,
    /// Whatever configures it.
    pub config: Map<String, Value>,
}

/// What is to change; `None` leaves a field as it is.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct WidgetPatch {
    /// The new name, 1 to 120 characters.
    pub name: Option<String>,
    /// The new configuration, which replaces the old one.
    pub config: Option<Map<String, Value>>,
}

/// Some widgets, and where the next ones begin.
#[derive(Debug, Clone, PartialEq)]
pub struct WidgetPage {
    /// The widgets, newest first.
    pub items: Vec<Widget>,
    /// The cursor after the last of them; `None` if there are no more.
    pub next: Option<PageCursor>,
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = widgets)]
struct Row {
    id: WidgetId,
    tenant_id: crate::TenantId,
    name: String,
    config: Value,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

impl From<Row> for Widget {
    fn from(row: Row) -> Self {
        let config = match row.config {
            Value::Object(config) => config,
            // A check constraint of the table lets nothing but objects in.
            _ => Map::new(),
        };
        Self { id: row.id, name: row.name, config, created_at: row.created_at, updated_at: row.updated_at }
    }
}

/// At most `limit` widgets after `cursor`, newest first.
///
/// # Errors
///
/// [`DbError`] if the database fails.
pub async fn newest_first(db: &TenantDb, cursor: Option<PageCursor>, limit: u32) -> Result<WidgetPage, DbError> {
    let rows: Vec<Row> = db
        .run(move |connection| {
            async move {
                let mut query = widgets::table
                    .select(Row::as_select())
                    .order((widgets::created_at.desc(), widgets::id.desc()))
                    // One more tells whether there is a next page.
                    .limit(i64::from(limit) + 1)
                    .into_boxed();
                if let Some(PageCursor { time, id }) = cursor {
                    let same_time = widgets::created_at.eq(time).and(widgets::id.lt(id));
                    query = query.filter(widgets::created_at.lt(time).or(same_time));
                }
                query.load(connection).await
            }
            .boxed()
        })
        .await?;
    let (rows, more) = cut(rows, limit);
    let items: Vec<Widget> = rows.into_iter().map(Widget::from).collect();
    let last = items.last().filter(|_| more);
    let next = last.map(|widget| PageCursor { time: widget.created_at, id: widget.id.as_uuid() });
    Ok(WidgetPage { items, next })
}

/// Stores a new widget.
///
/// # Errors
///
/// [`DbError`] if the database fails.
pub async fn create(tx: &mut Transaction<TenantDb>, widget: NewWidget) -> Result<Widget, DbError> {
    let now = crate::accounts::now();
    let row = Row {
        id: WidgetId::generate(),
        tenant_id: tx.tenant_id(),
        name: widget.name,
        config: Value::Object(widget.config),
        created_at: now,
        updated_at: now,
    };
    let insert = diesel::insert_into(widgets::table).values(&row).returning(Row::as_returning());
    let row: Row = tx.run(async |connection| insert.get_result(connection).await).await?;
    Ok(row.into())
}

#[derive(AsChangeset)]
#[diesel(table_name = widgets)]
struct Changes {
    name: Option<String>,
    config: Option<Value>,
    updated_at: DateTime<Utc>,
}

/// Changes a widget; `None` if the tenant has no such widget.
///
/// # Errors
///
/// [`DbError`] if the database fails.
pub async fn update(
    tx: &mut Transaction<TenantDb>,
    id: WidgetId,
    patch: WidgetPatch,
) -> Result<Option<Widget>, DbError> {
    let changes =
        Changes { name: patch.name, config: patch.config.map(Value::Object), updated_at: crate::accounts::now() };
    let update = diesel::update(widgets::table.filter(widgets::id.eq(id))).set(&changes).returning(Row::as_returning());
    let row: Option<Row> = tx.run(async |connection| update.get_result(connection).await.optional()).await?;
    Ok(row.map(Widget::from))
}

/// Deletes a widget; `false` if the tenant has no such widget.
///
/// # Errors
///
/// [`DbError`] if the database fails.
pub async fn delete(tx: &mut Transaction<TenantDb>, id: WidgetId) -> Result<bool, DbError> {
    let delete = diesel::delete(widgets::table.filter(widgets::id.eq(id)));
    let count = tx.run(async |connection| delete.execute(connection).await).await?;
    Ok(count > 0)
}
