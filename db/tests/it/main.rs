//! The database as the product uses it, on a real PostgreSQL.

// Clippy knows test functions, and not the functions they share.
#![allow(clippy::unwrap_used)]

mod isolation;
mod knowledge;
mod meetings;
mod migrations;
mod money;
mod outbox;
mod runs;
mod sign_in;
mod tenant_rows;

use std::time::Duration;

use db::{
    DbError, TenantDb, WidgetId,
    accounts::{self, Account, NewAccount},
    sessions::NewSession,
    testing::TestDb,
    widgets::{self, NewWidget, Widget, WidgetPatch},
};
use serde_json::Map;

/// A session whose token hash is 32 times `seed`.
fn session(seed: u8) -> NewSession {
    NewSession { token_hash: [seed; 32], user_agent: Some("test".to_owned()), lifetime: Duration::from_secs(3600) }
}

fn new_account(email: &str, seed: u8) -> NewAccount {
    NewAccount {
        email: email.to_owned(),
        password_hash: "hash".to_owned(),
        tenant_name: "Studio".to_owned(),
        name: None,
        session: session(seed),
    }
}

/// A fresh tenant with its owner.
async fn register(db: &TestDb, email: &str, seed: u8) -> (Account, TenantDb) {
    let account = accounts::register(&db.database.system(), new_account(email, seed)).await.unwrap();
    let tenant = db.database.tenant(account.tenant.id);
    (account, tenant)
}

/// Creates a widget in a transaction of its own.
async fn create(tenant: &TenantDb, name: &str) -> Widget {
    let mut tx = tenant.begin().await.unwrap();
    let new = NewWidget { name: name.to_owned(), config: Map::new() };
    let widget = widgets::create(&mut tx, new).await.unwrap();
    tx.commit().await.unwrap();
    widget
}

/// Changes a widget in a transaction of its own.
async fn update(tenant: &TenantDb, id: WidgetId, patch: WidgetPatch) -> Result<Option<Widget>, DbError> {
    let mut tx = tenant.begin().await?;
    let widget = widgets::update(&mut tx, id, patch).await?;
    tx.commit().await?;
    Ok(widget)
}

/// Deletes a widget in a transaction of its own.
async fn delete(tenant: &TenantDb, id: WidgetId) -> bool {
    let mut tx = tenant.begin().await.unwrap();
    let deleted = widgets::delete(&mut tx, id).await.unwrap();
    tx.commit().await.unwrap();
    deleted
}
