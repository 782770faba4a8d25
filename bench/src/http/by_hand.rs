//! The peer: axum handlers as somebody writes them who has no framework for procedures.

use api_contract::{
    auth::SignedIn,
    widgets::{Widget, WidgetPage},
};
use axum::{
    Json, Router,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    routing::get,
};
use chrono::Utc;
use db::{Database, sessions, widgets};
use serde::Serialize;
use sha2::{Digest, Sha256};

#[derive(Serialize)]
struct Answer<T> {
    result: Data<T>,
}

#[derive(Serialize)]
struct Data<T> {
    data: T,
}

fn answer<T>(data: T) -> Json<Answer<T>> {
    Json(Answer { result: Data { data } })
}

pub(super) fn router(database: Database) -> Router {
    Router::new()
        .route("/nothing", get(|| async { answer(None::<SignedIn>) }))
        .route("/me", get(me))
        .route("/widgets", get(list))
        .with_state(database)
}

async fn me(
    State(database): State<Database>,
    headers: HeaderMap,
) -> Result<Json<Answer<Option<SignedIn>>>, StatusCode> {
    Ok(answer(session(&database, &headers).await?.map(|session| session.account.into())))
}

async fn list(State(database): State<Database>, headers: HeaderMap) -> Result<Json<Answer<WidgetPage>>, StatusCode> {
    let session = session(&database, &headers).await?.ok_or(StatusCode::UNAUTHORIZED)?;
    let tenant = database.tenant(session.account.tenant.id);
    let page = widgets::newest_first(&tenant, None, 50).await.map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)?;
    Ok(answer(WidgetPage {
        items: page.items.into_iter().map(Widget::from).collect(),
        next_cursor: page.next.map(|cursor| cursor.to_string()),
    }))
}

async fn session(database: &Database, headers: &HeaderMap) -> Result<Option<sessions::ActiveSession>, StatusCode> {
    let cookies = headers.get(header::COOKIE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let Some(token) = cookies.split("; ").find_map(|cookie| cookie.strip_prefix("tintype=")) else { return Ok(None) };
    let hash: [u8; 32] = Sha256::digest(token.as_bytes()).into();
    sessions::find(&database.system(), &hash, Utc::now()).await.map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)
}
