//! The last image of a conversation about which something was asked, and what was said of it.

use diesel::{prelude::*, sql_types};
use diesel_async::RunQueryDsl;
use futures_util::FutureExt;

use crate::{ChatSessionId, DbError, TenantDb, Transaction, accounts::now, schema::vision_frames};

/// An image that was looked at.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = vision_frames)]
pub struct Frame {
    /// What was asked about it.
    pub prompt: String,
    /// The model that looked.
    pub model: String,
    /// Who was asked.
    pub provider: String,
    /// What it is compared by; the image itself is not kept.
    pub signature: Vec<u8>,
    /// The answer.
    pub analysis: String,
}

/// The last image of a conversation that was looked at.
///
/// # Errors
///
/// [`DbError`] if the database fails.
pub async fn last(db: &TenantDb, session: ChatSessionId) -> Result<Option<Frame>, DbError> {
    db.run(move |connection| {
        async move { vision_frames::table.find(session).select(Frame::as_select()).first(connection).await.optional() }
            .boxed()
    })
    .await
}

/// Remembers an image as the last one of a conversation; does nothing if the tenant has no such conversation any more.
///
/// # Errors
///
/// [`DbError`] if the database fails.
pub async fn remember(tx: &mut Transaction<TenantDb>, session: ChatSessionId, frame: &Frame) -> Result<(), DbError> {
    // The conversation is held, so it cannot be deleted before its frame is there.
    let remember = diesel::sql_query(
        "INSERT INTO vision_frames (session_id, tenant_id, prompt, model, provider, signature, analysis, created_at) \
         SELECT id, tenant_id, $2, $3, $4, $5, $6, $7 FROM chat_sessions WHERE id = $1 FOR SHARE \
         ON CONFLICT (session_id) DO UPDATE SET prompt = excluded.prompt, model = excluded.model, \
         provider = excluded.provider, signature = excluded.signature, analysis = excluded.analysis, \
         created_at = excluded.created_at",
    )
    .bind::<sql_types::Uuid, _>(session)
    .bind::<sql_types::Text, _>(&frame.prompt)
    .bind::<sql_types::Text, _>(&frame.model)
    .bind::<sql_types::Text, _>(&frame.provider)
    .bind::<sql_types::Binary, _>(&frame.signature)
    .bind::<sql_types::Text, _>(&frame.analysis)
    .bind::<sql_types::Timestamptz, _>(now());
    tx.run(async |connection| remember.execute(connection).await).await.map(drop)
}
