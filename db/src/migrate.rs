use diesel_async::{AsyncConnection, AsyncMigrationHarness, AsyncPgConnection, SimpleAsyncConnection};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

/// Every change of the schema, each with its way back.
pub(crate) const MIGRATIONS: EmbeddedMigrations = embed_migrations!("migrations");

/// Number of the lock under which one process at a time migrates; any fixed number does.
const MIGRATION_LOCK: i64 = 0x0074_696e_7479_7065;

/// Why the schema could not be brought up to date.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum MigrateError {
    /// The database could not be reached.
    #[error("the database cannot be reached for migrations")]
    Connect(#[from] diesel::ConnectionError),
    /// The lock could not be taken.
    #[error("the migration lock cannot be taken")]
    Lock(#[from] diesel::result::Error),
    /// A migration failed; none of its statements took effect.
    #[error("a migration failed: {0}")]
    Migration(String),
}

/// Runs what is pending, as the owner of the tables.
pub(crate) async fn up(url: &str) -> Result<(), MigrateError> {
    run(url, |harness| harness.run_pending_migrations(MIGRATIONS).map(|ran| ran.len())).await
}

/// Takes every migration back.
#[cfg(feature = "testing")]
pub(crate) async fn down(url: &str) -> Result<(), MigrateError> {
    run(url, |harness| harness.revert_all_migrations(MIGRATIONS).map(|reverted| reverted.len())).await
}

type Harness = AsyncMigrationHarness<AsyncPgConnection>;
type MigrationResult = Result<usize, Box<dyn std::error::Error + Send + Sync>>;

async fn run(url: &str, act: fn(&mut Harness) -> MigrationResult) -> Result<(), MigrateError> {
    let mut connection = AsyncPgConnection::establish(url).await?;
    // Released when the connection closes, whatever happens before.
    connection.batch_execute(&format!("SELECT pg_advisory_lock({MIGRATION_LOCK})")).await?;
    let mut harness = AsyncMigrationHarness::new(connection);
    // The harness blocks its thread, which a runtime of one thread cannot spare.
    let ran = tokio::task::spawn_blocking(move || act(&mut harness).map_err(|error| error.to_string()));
    let count = ran.await.map_err(|error| error.to_string()).flatten().map_err(MigrateError::Migration)?;
    if count > 0 {
        tracing::info!(count, "migrated the database");
    }
    Ok(())
}
