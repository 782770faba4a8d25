use db::{Database, DatabaseConfig};
use private_postgres::{Binaries, Cluster, Durability};
use tempfile::TempDir;

/// A PostgreSQL of its own for a measurement, with an empty database.
#[derive(Debug)]
pub struct PrivateDatabase {
    /// The database, migrated.
    pub database: Database,
    cluster: Cluster,
    _folder: TempDir,
}

impl PrivateDatabase {
    /// Starts it.
    ///
    /// # Errors
    ///
    /// If there is no PostgreSQL, or it does not start.
    pub async fn start() -> anyhow::Result<Self> {
        let folder = tempfile::tempdir()?;
        let binaries = Binaries::locate(&mut |step| eprintln!("{step}"))?;
        let cluster = Cluster::start(&binaries, folder.path(), Durability::Safe)?;
        let database = Database::connect(&DatabaseConfig::private(&cluster, "tintype")).await?;
        Ok(Self { database, cluster, _folder: folder })
    }

    /// Stops it, and deletes what it has stored.
    ///
    /// # Errors
    ///
    /// If it does not stop.
    pub fn stop(self) -> anyhow::Result<()> {
        let home = self.cluster.home().to_owned();
        self.cluster.leave()?;
        if home.exists() {
            std::fs::remove_dir_all(&home)?;
        }
        Ok(())
    }
}
