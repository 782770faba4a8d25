//! Which model a tenant wants, where it does not leave that to the question.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use futures_util::FutureExt;

use crate::{DbError, TenantDb, Transaction, accounts::now, schema::model_policies};

/// One of the two models that answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ModelSize {
    /// The cheap one.
    Small,
    /// The one that can do more.
    Large,
}

impl ModelSize {
    fn as_str(self) -> &'static str {
        match self {
            Self::Small => "small",
            Self::Large => "large",
        }
    }
}

/// The model that the tenant wants for every question; `None` if the question decides.
///
/// # Errors
///
/// [`DbError`] if the database fails.
pub async fn find(db: &TenantDb) -> Result<Option<ModelSize>, DbError> {
    let tenant = db.tenant_id();
    let size: Option<String> = db
        .run(move |connection| {
            async move {
                model_policies::table
                    .find(tenant)
                    .select(model_policies::size)
                    .first(connection)
                    .await
                    .optional()
            }
            .boxed()
        })
        .await?;
    match size.as_deref() {
        None => Ok(None),
        Some("small") => Ok(Some(ModelSize::Small)),
        Some("large") => Ok(Some(ModelSize::Large)),
        Some(_) => Err(DbError::UnknownValue { column: "model_policies.size" }),
    }
}

/// Says which model the tenant wants for every question; `None` lets the question decide.
///
/// # Errors
///
/// [`DbError`] if the database fails.
pub async fn set(tx: &mut Transaction<TenantDb>, size: Option<ModelSize>) -> Result<(), DbError> {
    let tenant = tx.tenant_id();
    let Some(size) = size else {
        let delete = diesel::delete(model_policies::table.find(tenant));
        return tx.run(async |connection| delete.execute(connection).await.map(drop)).await;
    };
    let changes = (model_policies::size.eq(size.as_str()), model_policies::updated_at.eq(now()));
    tx.run(async |connection| {
        diesel::insert_into(model_policies::table)
            .values((model_policies::tenant_id.eq(tenant), changes))
            .on_conflict(model_policies::tenant_id)
            .do_update()
            .set(changes)
            .execute(connection)
            .await
            .map(drop)
    })
    .await
}
