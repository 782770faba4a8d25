//! A workspace's widgets, and their changes as they happen.

use chrono::{DateTime, Utc};
use db::{DbError, TenantDb, WidgetId, widgets};
use garde::Validate;
use serde_json::{Map, Value};
use tintype::{TopicPayload, prelude::*};

use crate::{
    AppState, Outbox, OutboxError,
    auth::{Session, Success},
    cursor,
    outbox::Transaction,
    text::{not_blank, storable, storable_object},
};

/// The widgets of the caller's workspace: there is no other way to reach any.
#[derive(Debug, Clone)]
pub struct Widgets {
    db: TenantDb,
    outbox: Outbox,
}

impl FromContext<AppState> for Widgets {
    async fn from_context(cx: &Context<AppState>) -> Result<Self, Failure> {
        let session = Session::from_context(cx).await?;
        let db = cx.state().database().tenant(session.active.account.tenant.id);
        Ok(Self { db, outbox: cx.state().outbox().clone() })
    }
}

impl Widgets {
    /// Changes widgets and publishes what is changed, or does neither.
    async fn change<T, W>(&self, work: W) -> Result<T, WidgetError>
    where
        W: AsyncFnOnce(&mut Transaction<TenantDb>) -> Result<T, WidgetError>,
    {
        self.outbox.transaction(self.db.begin().await?, self.db.tenant_id(), work).await
    }
}

/// A widget.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Widget {
    /// Id of the widget.
    pub id: WidgetId,
    /// Name, 1 to 120 characters.
    pub name: String,
    /// Whatever configures it.
    pub config: Map<String, Value>,
    /// When it was created.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
}

impl From<widgets::Widget> for Widget {
    fn from(widget: widgets::Widget) -> Self {
        let widgets::Widget { id, name, config, created_at, updated_at } = widget;
        Self { id, name, config, created_at, updated_at }
    }
}

/// Which widgets to list.
#[derive(Debug, Default, Serialize, Deserialize, Type, Validate, Rules)]
pub struct ListWidgets {
    /// The `nextCursor` of the page before.
    #[garde(skip)]
    pub cursor: Option<String>,
    /// How many, 1 to 100; 50 without it.
    #[garde(range(min = 1, max = 100))]
    pub limit: Option<u32>,
}

/// Some widgets, newest first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct WidgetPage {
    /// The widgets.
    pub items: Vec<Widget>,
    /// Where the next page begins; `null` if this is the last.
    pub next_cursor: Option<String>,
}

/// A widget that is to be.
#[derive(Debug, Serialize, Deserialize, Type, Validate, Rules)]
pub struct CreateWidget {
    /// Name, 1 to 120 characters.
    #[garde(length(chars, min = 1, max = 120), custom(not_blank), custom(storable))]
    pub name: String,
    /// Whatever configures it, at most 16 KiB of JSON; `{}` without it.
    #[garde(custom(small), inner(custom(storable_object)))]
    pub config: Option<Map<String, Value>>,
}

/// What to change of a widget: at least one of name and config.
#[derive(Debug, Serialize, Deserialize, Type, Validate, Rules)]
pub struct UpdateWidget {
    /// Which widget.
    #[garde(skip)]
    pub id: WidgetId,
    /// The new name, 1 to 120 characters.
    #[garde(length(chars, min = 1, max = 120), inner(custom(not_blank), custom(storable)), custom(some_change(&self.config)))]
    pub name: Option<String>,
    /// The new configuration, at most 16 KiB of JSON; it replaces the old one.
    #[garde(custom(small), inner(custom(storable_object)))]
    pub config: Option<Map<String, Value>>,
}

/// Which widget to delete.
#[derive(Debug, Serialize, Deserialize, Type)]
pub struct DeleteWidget {
    /// Its id.
    pub id: WidgetId,
}

/// Why a call about widgets failed.
#[derive(Debug, thiserror::Error, Serialize, Deserialize, Type, ProcedureError)]
#[serde(tag = "kind", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum WidgetError {
    /// The workspace has no such widget.
    #[error("no widget {id} in this workspace")]
    #[code(NOT_FOUND)]
    WidgetNotFound {
        /// The id that was asked for.
        id: WidgetId,
    },
    /// The database failed.
    #[error("the widgets could not be read or written")]
    #[internal]
    #[serde(skip)]
    Storage(#[from] DbError),
    /// The change could not be announced, so it was not made.
    #[error("the change could not be announced")]
    #[internal]
    #[serde(skip)]
    Announcement(#[from] OutboxError),
}

/// Why a page could not be listed.
#[derive(Debug, thiserror::Error, Serialize, Deserialize, Type, ProcedureError)]
#[serde(tag = "kind", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ListError {
    /// The cursor is not one of this server's.
    #[error("{cursor:?} is not a cursor: pass the nextCursor of a page as it is")]
    #[code(BAD_REQUEST)]
    InvalidCursor {
        /// The cursor that was passed.
        cursor: String,
    },
    /// The database failed.
    #[error("the widgets could not be read")]
    #[internal]
    #[serde(skip)]
    Storage(#[from] DbError),
}

/// A change to a workspace's widgets.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub enum WidgetEvent {
    /// A widget was created.
    Created {
        /// The widget.
        widget: Widget,
    },
    /// A widget was changed.
    Updated {
        /// The widget as it is now.
        widget: Widget,
    },
    /// A widget was deleted.
    Deleted {
        /// The id that it had.
        id: WidgetId,
    },
    /// Changes are missing here: load the list again.
    Gap,
}

impl TopicPayload<AppState> for WidgetEvent {
    type Scope = Session;
    const TOPIC: &'static str = "widgets";

    fn gap() -> Self {
        Self::Gap
    }
}

/// How many widgets a page has unless the caller says.
const DEFAULT_LIMIT: u32 = 50;

/// Largest configuration, in bytes of JSON.
const CONFIG_BYTES: usize = 16 * 1024;

/// The workspace's widgets, newest first.
#[query]
pub async fn list(widgets: Widgets, input: Option<ListWidgets>) -> Result<WidgetPage, ListError> {
    let ListWidgets { cursor, limit } = input.unwrap_or_default();
    let cursor = cursor::parse(cursor).map_err(|cursor| ListError::InvalidCursor { cursor })?;
    let page = widgets::newest_first(&widgets.db, cursor, limit.unwrap_or(DEFAULT_LIMIT)).await?;
    Ok(WidgetPage {
        items: page.items.into_iter().map(Widget::from).collect(),
        next_cursor: page.next.map(|cursor| cursor.to_string()),
    })
}

/// Creates a widget.
#[mutation(invalidates(list))]
pub async fn create(widgets: Widgets, changes: Topic<WidgetEvent>, input: CreateWidget) -> Result<Widget, WidgetError> {
    let new = widgets::NewWidget { name: input.name.trim().to_owned(), config: input.config.unwrap_or_default() };
    widgets
        .change(async |tx| {
            let widget: Widget = widgets::create(tx, new).await?.into();
            changes.publish_in(tx, &WidgetEvent::Created { widget: widget.clone() }).await?;
            Ok(widget)
        })
        .await
}

/// Gives a widget a new name, a new configuration, or both.
#[mutation(invalidates(list))]
pub async fn update(widgets: Widgets, changes: Topic<WidgetEvent>, input: UpdateWidget) -> Result<Widget, WidgetError> {
    let UpdateWidget { id, name, config } = input;
    let patch = widgets::WidgetPatch { name: name.map(|name| name.trim().to_owned()), config };
    widgets
        .change(async |tx| {
            let updated = widgets::update(tx, id, patch).await?;
            let widget: Widget = updated.ok_or(WidgetError::WidgetNotFound { id })?.into();
            changes.publish_in(tx, &WidgetEvent::Updated { widget: widget.clone() }).await?;
            Ok(widget)
        })
        .await
}

/// Deletes a widget.
#[mutation(invalidates(list))]
pub async fn delete(
    widgets: Widgets,
    changes: Topic<WidgetEvent>,
    input: DeleteWidget,
) -> Result<Success, WidgetError> {
    let id = input.id;
    widgets
        .change(async |tx| {
            if !widgets::delete(tx, id).await? {
                return Err(WidgetError::WidgetNotFound { id });
            }
            changes.publish_in(tx, &WidgetEvent::Deleted { id }).await?;
            Ok(Success { success: true })
        })
        .await
}

/// Changes to the workspace's widgets, from whichever window and instance they come.
#[subscription]
pub async fn changed(changes: Topic<WidgetEvent>) -> Result<Subscription<WidgetEvent>, Never> {
    Ok(changes.subscribe())
}

fn small(config: &Option<Map<String, Value>>, (): &()) -> garde::Result {
    let Some(config) = config else { return Ok(()) };
    let size_bytes = serde_json::to_vec(config).map_or(usize::MAX, |json| json.len());
    if size_bytes <= CONFIG_BYTES {
        return Ok(());
    }
    Err(garde::Error::new(format!("too large: {size_bytes} bytes of JSON, at most {CONFIG_BYTES}")))
}

fn some_change<'a>(config: &'a Option<Map<String, Value>>) -> impl FnOnce(&Option<String>, &()) -> garde::Result + 'a {
    move |name, ()| {
        if name.is_none() && config.is_none() {
            return Err(garde::Error::new("nothing to change: give a name, a config or both"));
        }
        Ok(())
    }
}
