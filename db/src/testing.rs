//! A database for each test, on one cluster that all test processes share.
//!
//! The cluster does not wait for the disk, and stays up between test binaries.
//! The migrations run once, into a template; a clone of it takes about 30 ms.

use std::{
    env, io,
    path::{Path, PathBuf},
    sync::{Arc, OnceLock},
    time::Duration,
};

use diesel_async::{AsyncConnection, AsyncPgConnection, RunQueryDsl, SimpleAsyncConnection};
use private_postgres::{Binaries, Cluster, Durability};

use crate::{Database, DatabaseConfig, connect::prepare_private, migrate};

/// A database of one test; it goes away with the next test run.
#[derive(Debug, Clone)]
pub struct TestDb {
    /// The database, ready for use.
    pub database: Database,
    /// The configuration that leads to it.
    pub config: DatabaseConfig,
    name: String,
}

/// The database's superuser looks past row-level security; tests use it to see what is really there.
#[derive(diesel::QueryableByName, Debug, Clone, PartialEq, Eq)]
pub struct TextRow {
    /// The one column, called `value`.
    #[diesel(sql_type = diesel::sql_types::Text)]
    pub value: String,
}

impl TestDb {
    /// Clones the template.
    ///
    /// It needs a multi-threaded tokio runtime, as migrations do.
    pub async fn new() -> Self {
        let cluster = cluster().await;
        let template = template(&cluster).await;
        let name = format!("test_{}_{:08x}", std::process::id(), rand::random::<u32>());
        let mut connection = superuser(&cluster, "postgres").await;
        // Cloning needs the template to itself for a moment: the lock makes clones wait for each other.
        let clone = format!("CREATE DATABASE {name} OWNER tintype_owner TEMPLATE {template} STRATEGY file_copy");
        locked(&mut connection, &clone).await;
        let mut config = DatabaseConfig::private(&cluster, &name);
        config.pool_size = 4;
        config.wait_timeout = Duration::from_secs(20);
        let database = Database::open(&config).expect("pools of a cloned database");
        Self { database, config, name }
    }

    /// Runs a query as the superuser; its one column is text called `value`.
    pub async fn look(&self, query: &str) -> Vec<String> {
        let cluster = cluster().await;
        let mut connection = superuser(&cluster, &self.name).await;
        let rows: Vec<TextRow> = diesel::sql_query(query).load(&mut connection).await.expect("a query of a test");
        rows.into_iter().map(|row| row.value).collect()
    }

    /// Runs statements as the superuser.
    pub async fn run_sql(&self, statements: &str) -> Result<(), diesel::result::Error> {
        let cluster = cluster().await;
        superuser(&cluster, &self.name).await.batch_execute(statements).await
    }

    /// Locks rows by a statement of a transaction that stays open, so that calls meet at them.
    pub async fn hold(&self, statement: &str) -> Held {
        let cluster = cluster().await;
        let mut connection = superuser(&cluster, &self.name).await;
        connection.batch_execute(&format!("BEGIN; {statement}")).await.expect("a lock of a test");
        Held { connection, db: self.clone() }
    }

    /// Takes every migration back.
    pub async fn migrate_down(&self) {
        migrate::down(&self.owner_url().await).await.expect("migrations have a way back");
    }

    /// Runs every migration.
    pub async fn migrate_up(&self) {
        migrate::up(&self.owner_url().await).await.expect("migrations run");
    }

    async fn owner_url(&self) -> String {
        cluster().await.url("tintype_owner", &self.name)
    }
}

/// Rows that are locked until they are released.
pub struct Held {
    connection: AsyncPgConnection,
    db: TestDb,
}

impl Held {
    /// Waits until so many transactions wait for a lock.
    pub async fn waiting(&self, count: usize) {
        let waiting = "SELECT pid::text AS value FROM pg_stat_activity
                       WHERE datname = current_database() AND wait_event_type = 'Lock'";
        let meet = async {
            while self.db.look(waiting).await.len() < count {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        let met = tokio::time::timeout(Duration::from_secs(20), meet).await;
        assert!(met.is_ok(), "fewer than {count} transactions wait for a lock");
    }

    /// Lets them go on.
    pub async fn release(mut self) {
        self.connection.batch_execute("ROLLBACK").await.expect("the transaction is open");
    }
}

impl std::fmt::Debug for Held {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Held").field("db", &self.db).finish_non_exhaustive()
    }
}

/// Where the shared cluster lives.
#[must_use]
pub fn cluster_dir() -> PathBuf {
    match env::var_os("TINTYPE_TEST_DIR") {
        Some(folder) => PathBuf::from(folder),
        None => Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/test-postgres"),
    }
}

/// Starts or adopts the shared cluster, for tests of whatever needs a whole cluster.
pub async fn cluster() -> Arc<Cluster> {
    static CLUSTER: OnceLock<Arc<Cluster>> = OnceLock::new();
    tokio::task::spawn_blocking(|| {
        let start = || {
            let dir = cluster_dir();
            std::fs::create_dir_all(&dir).and_then(|()| std::fs::canonicalize(&dir)).map(|dir| {
                let binaries = Binaries::locate(&mut |step| println!("{step}")).expect("a PostgreSQL for tests");
                Arc::new(Cluster::start(&binaries, &dir, Durability::None).expect("the test cluster starts"))
            })
        };
        let start = || start().unwrap_or_else(|error: io::Error| panic!("the test folder: {error}"));
        Arc::clone(CLUSTER.get_or_init(start))
    })
    .await
    .expect("the cluster starts or panics with the reason")
}

async fn superuser(cluster: &Cluster, database: &str) -> AsyncPgConnection {
    AsyncPgConnection::establish(&cluster.superuser_url(database)).await.expect("the test cluster answers")
}

/// Number of the lock around template and clones; any fixed number does.
const TEMPLATE_LOCK: i64 = 0x7465_7374;

async fn locked(connection: &mut AsyncPgConnection, statement: &str) {
    // Apart, because a database cannot be created in the transaction that several statements would be.
    for statement in [
        &format!("SELECT pg_advisory_lock({TEMPLATE_LOCK})"),
        statement,
        &format!("SELECT pg_advisory_unlock({TEMPLATE_LOCK})"),
    ] {
        connection.batch_execute(statement).await.expect("the superuser may create databases");
    }
}

/// The migrated template, made on first use of these migrations.
async fn template(cluster: &Cluster) -> String {
    let name = format!("template_{:016x}", fingerprint());
    let mut connection = superuser(cluster, "postgres").await;
    connection.batch_execute(&format!("SELECT pg_advisory_lock({TEMPLATE_LOCK})")).await.expect("a lock");
    let exists = format!("SELECT datname::text AS value FROM pg_database WHERE datname = '{name}'");
    let exists: Vec<TextRow> = diesel::sql_query(exists).load(&mut connection).await.expect("the catalogue");
    if exists.is_empty() {
        sweep(&mut connection).await;
        // Under another name until it is whole.
        let unfinished = format!("{name}_new");
        let drop_it = format!("DROP DATABASE IF EXISTS {unfinished} WITH (FORCE)");
        connection.batch_execute(&drop_it).await.expect("a leftover is dropped");
        prepare_private(&cluster.superuser_url(&unfinished)).await.expect("roles and database");
        migrate::up(&cluster.url("tintype_owner", &unfinished)).await.expect("migrations run");
        let rename = format!("ALTER DATABASE {unfinished} RENAME TO {name}");
        // The connections of the migration may take a moment to be gone.
        let terminate =
            format!("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{unfinished}'");
        connection.batch_execute(&terminate).await.expect("the superuser may end connections");
        let mut renamed = connection.batch_execute(&rename).await;
        for _ in 0..100 {
            if renamed.is_ok() {
                break;
            }
            tokio::task::yield_now().await;
            connection.batch_execute(&terminate).await.expect("the superuser may end connections");
            renamed = connection.batch_execute(&rename).await;
        }
        renamed.expect("nobody is connected to the template");
    }
    connection.batch_execute(&format!("SELECT pg_advisory_unlock({TEMPLATE_LOCK})")).await.expect("an unlock");
    name
}

/// Drops what earlier runs left behind.
async fn sweep(connection: &mut AsyncPgConnection) {
    let old = "SELECT datname::text AS value FROM pg_database \
               WHERE (datname LIKE 'test\\_%' OR datname LIKE 'template\\_%') \
               AND NOT EXISTS (SELECT FROM pg_stat_activity WHERE pg_stat_activity.datname = pg_database.datname)";
    let old: Vec<TextRow> = diesel::sql_query(old).load(connection).await.expect("the catalogue");
    for TextRow { value } in old {
        // Somebody may just have begun to use it.
        let _ = connection.batch_execute(&format!("DROP DATABASE IF EXISTS {value}")).await;
    }
}

/// Changes whenever a migration does.
fn fingerprint() -> u64 {
    use std::hash::{DefaultHasher, Hash, Hasher};

    let mut hasher = DefaultHasher::new();
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/migrations");
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
        .into_iter()
        .flatten()
        .flatten()
        .flat_map(|entry| [entry.path().join("up.sql"), entry.path().join("down.sql")])
        .collect();
    files.sort();
    for file in files {
        std::fs::read(&file).unwrap_or_default().hash(&mut hasher);
    }
    hasher.finish()
}
