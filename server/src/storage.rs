use db::{ConnectError, Database, DatabaseConfig};
use private_postgres::{Binaries, Cluster, ClusterError, Durability, LocateError};

use crate::Config;

/// The database, with the cluster behind it if that is the server's own.
#[derive(Debug)]
pub struct Storage {
    /// The database, migrated.
    pub database: Database,
    cluster: Option<Cluster>,
}

/// Why there is no database.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StorageError {
    /// No PostgreSQL was found for a private cluster.
    #[error(transparent)]
    Locate(#[from] LocateError),
    /// The private cluster did not start.
    #[error(transparent)]
    Cluster(#[from] ClusterError),
    /// The database cannot be used.
    #[error(transparent)]
    Connect(#[from] ConnectError),
    /// The start was interrupted.
    #[error("the start of the private PostgreSQL was interrupted")]
    Interrupted(#[from] tokio::task::JoinError),
}

impl Storage {
    /// Connects to `DATABASE_URL`, or starts a private PostgreSQL in the data directory.
    ///
    /// # Errors
    ///
    /// [`StorageError`] says what to install or to set.
    pub async fn open(config: &Config) -> Result<Self, StorageError> {
        let (mut database, cluster) = match &config.database_url {
            Some(url) => (DatabaseConfig::external(url), None),
            None => {
                let data_dir = config.data_dir.clone();
                let start = move || {
                    let binaries = Binaries::locate(&mut |step| tracing::info!("{step}"))?;
                    tracing::debug!(origin = binaries.origin(), "found PostgreSQL");
                    Ok::<_, StorageError>(Cluster::start(&binaries, &data_dir, Durability::Safe)?)
                };
                let cluster = tokio::task::spawn_blocking(start).await??;
                tracing::info!(home = %cluster.home().display(), "a private PostgreSQL runs");
                (DatabaseConfig::private(&cluster, "tintype"), Some(cluster))
            }
        };
        database.pool_size = config.pool_size;
        Ok(Self { database: Database::connect(&database).await?, cluster })
    }

    /// Leaves the private cluster, which stops it unless another process uses it.
    ///
    /// # Errors
    ///
    /// [`StorageError`] if it cannot be stopped.
    pub async fn close(self) -> Result<(), StorageError> {
        let Some(cluster) = self.cluster else { return Ok(()) };
        tokio::task::spawn_blocking(move || cluster.leave()).await??;
        Ok(())
    }
}
