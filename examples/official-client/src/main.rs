//! Widgets for `@trpc/client`: a query, a mutation that may fail, and a subscription that resumes.

use std::sync::{Arc, Mutex, PoisonError};

use tintype::{
    BrokerError, InvalidTopicKey, LastEventId, Subscription, Topic, TopicKey, Topics,
    prelude::*,
    typescript::{Bindings, Options},
};
use tintype_axum::RpcService;

/// What procedures can reach.
#[derive(Clone)]
struct AppState {
    widgets: Arc<Mutex<Vec<Widget>>>,
    events: Topic<WidgetEvent>,
}

/// A widget.
#[derive(Debug, Clone, Serialize, Deserialize, Type)]
struct Widget {
    name: String,
}

/// What happens to widgets.
#[derive(Debug, Clone, Serialize, Deserialize, Type)]
#[serde(tag = "kind", rename_all = "camelCase")]
enum WidgetEvent {
    /// There is a new one.
    Created {
        /// The widget.
        widget: Widget,
    },
    /// Events are missing here: read the list again.
    Gap,
}

/// Why a widget was not created.
#[derive(Debug, thiserror::Error, Serialize, Type, ProcedureError)]
#[serde(tag = "kind", rename_all = "SCREAMING_SNAKE_CASE")]
enum CreateError {
    /// There is one of this name.
    #[error("widget name {name:?} is taken: pick another")]
    #[code(CONFLICT)]
    NameTaken {
        /// The name.
        name: String,
    },
    /// Nobody could be told.
    #[error("the widget could not be announced")]
    #[internal]
    #[serde(skip)]
    Broker(#[from] BrokerError),
}

/// Every widget, oldest first.
#[query]
async fn list(state: State<AppState>) -> Result<Vec<Widget>, Never> {
    Ok(state.0.widgets.lock().unwrap_or_else(PoisonError::into_inner).clone())
}

/// Creates a widget.
#[mutation]
async fn create(state: State<AppState>, input: Widget) -> Result<Widget, CreateError> {
    {
        let mut widgets = state.0.widgets.lock().unwrap_or_else(PoisonError::into_inner);
        if widgets.iter().any(|widget| widget.name == input.name) {
            return Err(CreateError::NameTaken { name: input.name });
        }
        widgets.push(input.clone());
    }
    state.0.events.publish(&WidgetEvent::Created { widget: input.clone() }).await?;
    Ok(input)
}

/// What happens from now on, or since the last event that the client has.
#[subscription]
async fn changed(state: State<AppState>, last: LastEventId) -> Result<Subscription<WidgetEvent>, Never> {
    Ok(state.0.events.resume_after(last.0).subscribe_with_gap(|| WidgetEvent::Gap))
}

fn router() -> Router<AppState> {
    router! { widgets: [list, create, changed] }
}

impl AppState {
    fn new() -> Result<Self, InvalidTopicKey> {
        let events = Topics::in_process().topic(TopicKey::new("example", &["widgets"])?);
        Ok(Self { widgets: Arc::default(), events })
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let generated = concat!(env!("CARGO_MANIFEST_DIR"), "/generated");
    Bindings::generate(&router(), &Options::default())?.write_to(generated.as_ref())?;
    let procedures = RpcService::builder(router(), AppState::new()?).build()?;
    let app = axum::Router::new().nest_service("/trpc", procedures);
    let address = std::env::args().nth(1).unwrap_or_else(|| "127.0.0.1:3000".to_owned());
    axum::serve(tokio::net::TcpListener::bind(address).await?, app).await?;
    Ok(())
}
