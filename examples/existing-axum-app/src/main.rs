//! An axum application that has routes, state and layers, and gets procedures.

use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

use axum::{Json, extract, http::HeaderValue, routing::get};
use tintype::{
    Failure, FromContext,
    prelude::*,
    typescript::{Bindings, Options},
};
use tintype_axum::RpcService;
use tower_http::set_header::SetResponseHeaderLayer;

/// What the application had before.
#[derive(Clone, Default)]
struct AppState {
    visits: Arc<AtomicU32>,
}

/// A route that it had before.
async fn health(extract::State(state): extract::State<AppState>) -> Json<serde_json::Value> {
    Json(serde_json::json!({ "status": "ok", "visits": state.visits.load(Ordering::Relaxed) }))
}

/// In which language the browser wants its texts.
struct Language(String);

impl FromContext<AppState> for Language {
    async fn from_context(cx: &Context<AppState>) -> Result<Self, Failure> {
        let wanted = cx.headers().get("accept-language").and_then(|wanted| wanted.to_str().ok()).unwrap_or("en");
        Ok(Self(wanted.chars().take(2).collect()))
    }
}

/// Counts a visit, and greets.
#[mutation]
async fn visit(state: State<AppState>, language: Language) -> Result<String, Never> {
    let visits = state.0.visits.fetch_add(1, Ordering::Relaxed) + 1;
    Ok(match language.0.as_str() {
        "de" => format!("Willkommen, Besuch Nummer {visits}"),
        _ => format!("welcome, visitor number {visits}"),
    })
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let router: Router<AppState> = router! { [visit] };
    let generated = concat!(env!("CARGO_MANIFEST_DIR"), "/generated");
    Bindings::generate(&router, &Options::default())?.write_to(generated.as_ref())?;

    let state = AppState::default();
    let app = axum::Router::new()
        .route("/health", get(health))
        .with_state(state.clone())
        // The state is the same, so a visit by a procedure is seen by the route.
        .nest_service("/trpc", RpcService::builder(router, state).build()?)
        // Layers are around procedures as they are around routes.
        .layer(SetResponseHeaderLayer::overriding(
            axum::http::header::SERVER,
            HeaderValue::from_static("an existing application"),
        ));
    let address = std::env::args().nth(1).unwrap_or_else(|| "127.0.0.1:3000".to_owned());
    axum::serve(tokio::net::TcpListener::bind(address).await?, app).await?;
    Ok(())
}
