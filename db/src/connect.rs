use std::{fmt, sync::Arc, time::Duration};

use deadpool::Runtime;
use diesel::{QueryResult, sql_types::Bool};
use diesel_async::{
    AsyncConnection, AsyncPgConnection, RunQueryDsl, SimpleAsyncConnection,
    pooled_connection::{AsyncDieselConnectionManager, ManagerConfig, RecyclingMethod, deadpool::Pool},
};
use futures_util::{FutureExt, future::BoxFuture};

use crate::{DbError, MigrateError, TenantId, lease, migrate};

/// The role that works for one tenant at a time.
const APP_ROLE: &str = "tintype_app";

/// The role that finds out who a caller is.
const SYSTEM_ROLE: &str = "tintype_system";

/// The role that owns the tables of a private cluster.
const OWNER_ROLE: &str = "tintype_owner";

/// Where the database is and how it is used.
#[derive(Clone)]
pub struct DatabaseConfig {
    urls: Urls,
    /// Most connections of each of the two roles; 8 by default.
    pub pool_size: usize,
    /// How long a call waits for a free connection; 5 s by default.
    pub wait_timeout: Duration,
    /// How long a statement may run; 30 s by default.
    pub statement_timeout: Duration,
}

#[derive(Clone)]
enum Urls {
    /// One URL, of the role that owns the tables; connections then take on the roles with less rights.
    External { owner: String },
    /// A cluster of our own: connections log in as the roles themselves.
    Private { superuser: String, owner: String, app: String, system: String },
}

impl DatabaseConfig {
    /// A database that somebody else runs: PostgreSQL 15 or newer with pgvector 0.8 or newer.
    ///
    /// The role of `url` owns the tables; it must not be a superuser, and may create roles unless `tintype_app` and
    /// `tintype_system` exist and were granted to it.
    #[must_use]
    pub fn external(url: impl Into<String>) -> Self {
        Self::new(Urls::External { owner: url.into() })
    }

    /// The database `name` in a private cluster, which is made if it does not exist.
    #[must_use]
    pub fn private(cluster: &private_postgres::Cluster, name: &str) -> Self {
        Self::new(Urls::Private {
            superuser: cluster.superuser_url(name),
            owner: cluster.url(OWNER_ROLE, name),
            app: cluster.url(APP_ROLE, name),
            system: cluster.url(SYSTEM_ROLE, name),
        })
    }

    fn new(urls: Urls) -> Self {
        Self { urls, pool_size: 8, wait_timeout: Duration::from_secs(5), statement_timeout: Duration::from_secs(30) }
    }
}

impl fmt::Debug for DatabaseConfig {
    // URLs hold passwords.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DatabaseConfig").field("pool_size", &self.pool_size).finish_non_exhaustive()
    }
}

/// Why the database cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConnectError {
    /// The database could not be reached.
    #[error("the database cannot be reached: check DATABASE_URL and that it runs")]
    Unreachable(#[source] diesel::ConnectionError),
    /// A statement that prepares database and roles failed.
    #[error("database and roles cannot be prepared: {statement}")]
    Prepare {
        /// What an administrator may run instead.
        statement: String,
        /// Why it failed.
        source: diesel::result::Error,
    },
    /// The schema could not be brought up to date.
    #[error(transparent)]
    Migrate(#[from] MigrateError),
    /// Row-level security does not bind the role.
    #[error(
        "role {role:?} is a superuser or bypasses row-level security, so tenants would see each other: use a plain role in DATABASE_URL"
    )]
    UnsafeRole {
        /// The role that logged in.
        role: String,
    },
    /// The pool could not be made.
    #[error("the connection pool cannot be made: {0}")]
    Pool(String),
    /// A first statement failed.
    #[error(transparent)]
    Database(#[from] DbError),
}

/// The database: hands out the two doors. Cheap to clone.
#[derive(Clone)]
pub struct Database {
    app: Pool<AsyncPgConnection>,
    system: Pool<AsyncPgConnection>,
    /// Whoever owns the tables, to change them and not to read them.
    owner: Arc<str>,
}

/// The door to the rows of one tenant.
#[derive(Clone)]
pub struct TenantDb {
    tenant: TenantId,
    pub(crate) pool: Pool<AsyncPgConnection>,
}

/// The door to tenants, users, sessions and invitations, before a tenant is known.
#[derive(Clone)]
pub struct SystemDb {
    pub(crate) pool: Pool<AsyncPgConnection>,
}

impl Database {
    /// Prepares roles and schema, and opens the pools.
    ///
    /// It needs a multi-threaded tokio runtime.
    ///
    /// # Errors
    ///
    /// [`ConnectError`] says what to change.
    pub async fn connect(config: &DatabaseConfig) -> Result<Self, ConnectError> {
        let database = match &config.urls {
            Urls::External { owner } => {
                prepare_external(owner).await?;
                migrate::up(owner).await?;
                Self::open(config)?
            }
            Urls::Private { superuser, owner, .. } => {
                prepare_private(superuser).await?;
                migrate::up(owner).await?;
                Self::open(config)?
            }
        };
        for pool in [&database.app, &database.system] {
            check_role(pool).await?;
        }
        Ok(database)
    }

    /// Opens the pools of a database that is prepared and migrated.
    pub(crate) fn open(config: &DatabaseConfig) -> Result<Self, ConnectError> {
        let (app, system) = match &config.urls {
            Urls::External { owner } => (owner, owner),
            Urls::Private { app, system, .. } => (app, system),
        };
        let (Urls::External { owner } | Urls::Private { owner, .. }) = &config.urls;
        let owner = Arc::from(owner.as_str());
        Ok(Self { app: pool(app, APP_ROLE, config)?, system: pool(system, SYSTEM_ROLE, config)?, owner })
    }

    /// A connection of the role that owns the tables, for which row-level security hides every row.
    pub(crate) async fn owner(&self) -> Result<AsyncPgConnection, ConnectError> {
        AsyncPgConnection::establish(&self.owner).await.map_err(ConnectError::Unreachable)
    }

    /// The rows of `tenant`.
    #[must_use]
    pub fn tenant(&self, tenant: TenantId) -> TenantDb {
        TenantDb { tenant, pool: self.app.clone() }
    }

    /// Tenants, users, sessions and invitations.
    #[must_use]
    pub fn system(&self) -> SystemDb {
        SystemDb { pool: self.system.clone() }
    }

    /// Asks the database whether it is there.
    ///
    /// # Errors
    ///
    /// [`DbError`] if it does not answer.
    pub async fn ping(&self) -> Result<(), DbError> {
        self.system().run(|connection| diesel::sql_query("SELECT 1").execute(connection).boxed()).await.map(drop)
    }
}

impl TenantDb {
    /// The tenant whose rows these are.
    #[must_use]
    pub fn tenant_id(&self) -> TenantId {
        self.tenant
    }

    /// Runs `work` in one transaction with the tenant set.
    pub(crate) async fn run<T, W>(&self, work: W) -> Result<T, DbError>
    where
        T: Send,
        W: for<'c> FnOnce(&'c mut AsyncPgConnection) -> BoxFuture<'c, QueryResult<T>> + Send,
    {
        lease::transaction(&self.pool, &begin_statements(self.tenant), work).await
    }

    /// The same, with settings that hold for the transaction.
    pub(crate) async fn run_with<T, W>(&self, settings: &str, work: W) -> Result<T, DbError>
    where
        T: Send,
        W: for<'c> FnOnce(&'c mut AsyncPgConnection) -> BoxFuture<'c, QueryResult<T>> + Send,
    {
        lease::transaction(&self.pool, &format!("{}; {settings}", begin_statements(self.tenant)), work).await
    }
}

impl SystemDb {
    /// Runs `work` in one transaction.
    pub(crate) async fn run<T, W>(&self, work: W) -> Result<T, DbError>
    where
        T: Send,
        W: for<'c> FnOnce(&'c mut AsyncPgConnection) -> BoxFuture<'c, QueryResult<T>> + Send,
    {
        lease::transaction(&self.pool, "BEGIN", work).await
    }
}

/// One message, so that the tenant costs no round trip; the id is a UUID and cannot end the quotes.
pub(crate) fn begin_statements(tenant: TenantId) -> String {
    format!("BEGIN; SET LOCAL app.tenant_id = '{tenant}'")
}

/// What every connection of a pool starts with.
///
/// Nothing here is sent in a transaction, and `SET` without `LOCAL` is for settings that hold for all of them.
fn session_statements(role: &str, config: &DatabaseConfig) -> String {
    let statement_ms = config.statement_timeout.as_millis();
    format!(
        "SET ROLE {role}; SET statement_timeout = {statement_ms}; \
         SET idle_in_transaction_session_timeout = {statement_ms}"
    )
}

fn pool(url: &str, role: &'static str, config: &DatabaseConfig) -> Result<Pool<AsyncPgConnection>, ConnectError> {
    let mut manager = ManagerConfig::default();
    // Fast still notices closed sockets and open transactions; Verified would cost a round trip per use.
    manager.recycling_method = RecyclingMethod::Fast;
    let statements = session_statements(role, config);
    manager.custom_setup = Box::new(move |url| {
        let statements = statements.clone();
        async move {
            let mut connection = AsyncPgConnection::establish(url).await?;
            let set_up = connection.batch_execute(&statements).await;
            set_up.map_err(diesel::ConnectionError::CouldntSetupConfiguration)?;
            Ok(connection)
        }
        .boxed()
    });
    Pool::builder(AsyncDieselConnectionManager::new_with_config(url, manager))
        .max_size(config.pool_size)
        .wait_timeout(Some(config.wait_timeout))
        .create_timeout(Some(config.wait_timeout))
        .runtime(Runtime::Tokio1)
        .build()
        .map_err(|error| ConnectError::Pool(error.to_string()))
}

async fn execute(connection: &mut AsyncPgConnection, statement: &str) -> Result<(), ConnectError> {
    let done = connection.batch_execute(statement).await;
    done.map_err(|source| ConnectError::Prepare { statement: statement.to_owned(), source })
}

/// Creates a role unless it is there; another process may create it at the same moment.
fn create_role(role: &str, login: &str) -> String {
    format!(
        "DO $$ BEGIN CREATE ROLE {role} {login} NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE; \
         EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$"
    )
}

async fn prepare_external(owner: &str) -> Result<(), ConnectError> {
    let mut connection = AsyncPgConnection::establish(owner).await.map_err(ConnectError::Unreachable)?;
    for role in [APP_ROLE, SYSTEM_ROLE] {
        let exists = format!("SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = '{role}') AS value");
        let exists: Truth = diesel::sql_query(exists).get_result(&mut connection).await.map_err(DbError::from)?;
        if !exists.value {
            execute(&mut connection, &create_role(role, "NOLOGIN")).await?;
            execute(&mut connection, &format!("GRANT {role} TO CURRENT_USER")).await?;
        }
        execute(&mut connection, &format!("GRANT USAGE ON SCHEMA public TO {role}")).await?;
    }
    execute(&mut connection, "CREATE EXTENSION IF NOT EXISTS vector").await
}

/// Makes database and roles in a private cluster, where the superuser is at hand.
pub(crate) async fn prepare_private(superuser: &str) -> Result<(), ConnectError> {
    let (cluster, name) = superuser.rsplit_once('/').unwrap_or((superuser, "postgres"));
    let mut connection =
        AsyncPgConnection::establish(&format!("{cluster}/postgres")).await.map_err(ConnectError::Unreachable)?;
    for role in [OWNER_ROLE, APP_ROLE, SYSTEM_ROLE] {
        execute(&mut connection, &create_role(role, "LOGIN")).await?;
    }
    let exists = format!("SELECT EXISTS (SELECT FROM pg_database WHERE datname = '{name}') AS value");
    let exists: Truth = diesel::sql_query(exists).get_result(&mut connection).await.map_err(DbError::from)?;
    if !exists.value {
        match execute(&mut connection, &format!("CREATE DATABASE {name} OWNER {OWNER_ROLE}")).await {
            // Another process was faster.
            Err(ConnectError::Prepare { source, .. }) if is_duplicate(&source) => {}
            other => other?,
        }
    }
    let mut connection = AsyncPgConnection::establish(superuser).await.map_err(ConnectError::Unreachable)?;
    execute(&mut connection, "CREATE EXTENSION IF NOT EXISTS vector").await
}

fn is_duplicate(error: &diesel::result::Error) -> bool {
    error.to_string().contains("already exists") || error.to_string().contains("duplicate key")
}

#[derive(diesel::QueryableByName)]
struct Truth {
    #[diesel(sql_type = Bool)]
    value: bool,
}

#[derive(diesel::QueryableByName)]
struct LoggedIn {
    #[diesel(sql_type = diesel::sql_types::Text)]
    role: String,
    #[diesel(sql_type = Bool)]
    unsafe_role: bool,
}

/// Refuses roles that row-level security does not bind; the role that logged in counts, since `RESET ROLE` leads there.
async fn check_role(pool: &Pool<AsyncPgConnection>) -> Result<(), ConnectError> {
    let roles: Vec<LoggedIn> = lease::transaction(pool, "BEGIN", |connection| {
        diesel::sql_query(
            "SELECT rolname::text AS role, rolsuper OR rolbypassrls AS unsafe_role \
             FROM pg_roles WHERE rolname IN (session_user, current_user)",
        )
        .load(connection)
        .boxed()
    })
    .await?;
    match roles.into_iter().find(|role| role.unsafe_role) {
        Some(LoggedIn { role, .. }) => Err(ConnectError::UnsafeRole { role }),
        None => Ok(()),
    }
}

impl fmt::Debug for Database {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Database").finish_non_exhaustive()
    }
}

impl fmt::Debug for TenantDb {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TenantDb").field("tenant", &self.tenant).finish_non_exhaustive()
    }
}

impl fmt::Debug for SystemDb {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SystemDb").finish_non_exhaustive()
    }
}
