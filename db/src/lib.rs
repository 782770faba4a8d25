//! Rows and queries of the product, one tenant at a time.
//!
//! There are two doors to the database.
//! [`TenantDb`] leads to the rows of one tenant: each use is a transaction with that tenant set, under a role for which
//! row-level security hides everything else.
//! [`SystemDb`] leads to tenants, users, sessions and invitations, for the moment before a tenant is known: registration
//! and the look-up of a session; and for changes of who belongs to a tenant, which [`SystemDb::begin_for`] limits to it.
//! There is no third door, so a query without a tenant cannot be written by accident.
//!
//! What changes rows takes a [`Transaction`], so that it can be one with what follows from it.

pub mod accounts;
pub mod chat;
mod connect;
mod cursor;
mod error;
mod id;
pub mod invitations;
pub mod knowledge;
mod lease;
pub mod meetings;
pub mod members;
mod migrate;
pub mod model_policies;
pub mod money;
pub mod outbox;
mod schema;
pub mod sessions;
#[cfg(feature = "testing")]
pub mod testing;
mod transaction;
pub mod vision;
pub mod widgets;

pub use connect::{ConnectError, Database, DatabaseConfig, SystemDb, TenantDb};
pub use cursor::{InvalidCursor, PageCursor};
pub use error::DbError;
pub use id::{
    ChatSessionId, DocumentId, InstanceId, InvalidId, InvitationId, MeetingId, MessageId, OutboxId, ReservationId,
    RunId, SessionId, TenantId, UserId, WidgetId,
};
pub use migrate::MigrateError;
pub use transaction::Transaction;
