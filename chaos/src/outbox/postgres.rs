//! A PostgreSQL that can be killed, and that notes every change it commits.

use std::{fs, time::Duration};

use anyhow::Context;
use chrono::{DateTime, Utc};
use db::{Database, DatabaseConfig};
use diesel::{QueryableByName, sql_query, sql_types};
use diesel_async::{AsyncConnection, AsyncPgConnection, RunQueryDsl, SimpleAsyncConnection};
use private_postgres::{Binaries, Cluster, Durability};
use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;
use tokio::time::sleep;

use crate::{judge::Committed, world::Workspace};

pub(crate) struct Postgres {
    cluster: Cluster,
    /// In the order of their numbers in the ledger.
    workspaces: Vec<String>,
    folder: TempDir,
}

/// The database of the servers.
const DATABASE: &str = "ledger";

/// Notes every change of a widget in the transaction that makes it, so that what is noted was committed.
const NOTES: &str = "
    CREATE ROLE operator LOGIN NOSUPERUSER NOBYPASSRLS;
    GRANT tintype_owner, tintype_app, tintype_system TO operator;
    CREATE TABLE ledger (
        number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        at timestamptz NOT NULL DEFAULT clock_timestamp(),
        tenant_id uuid NOT NULL,
        change text NOT NULL
    );
    CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
    BEGIN
        IF TG_OP = 'DELETE' THEN
            INSERT INTO public.ledger (tenant_id, change) VALUES (OLD.tenant_id, 'deleted ' || OLD.id);
        ELSIF TG_OP = 'UPDATE' THEN
            INSERT INTO public.ledger (tenant_id, change) VALUES (NEW.tenant_id, 'updated ' || NEW.name);
        ELSE
            INSERT INTO public.ledger (tenant_id, change) VALUES (NEW.tenant_id, 'created ' || NEW.name);
        END IF;
        RETURN NULL;
    END $$;
    CREATE TRIGGER note AFTER INSERT OR UPDATE OR DELETE ON widgets FOR EACH ROW EXECUTE FUNCTION note();
";

#[derive(Debug, QueryableByName)]
struct Note {
    #[diesel(sql_type = sql_types::Text)]
    tenant_id: String,
    #[diesel(sql_type = sql_types::Text)]
    change: String,
    #[diesel(sql_type = sql_types::Timestamptz)]
    at: DateTime<Utc>,
}

#[derive(Debug, QueryableByName)]
struct Count {
    #[diesel(sql_type = sql_types::BigInt)]
    count: i64,
}

impl Postgres {
    /// Starts one with the tables of the product.
    pub(crate) async fn start() -> anyhow::Result<Self> {
        let folder = tempfile::tempdir()?;
        let cluster = launch(&folder).await?;
        // The roles and the tables, as the server itself makes them in a database of its own.
        drop(Database::connect(&DatabaseConfig::private(&cluster, DATABASE)).await?);
        let postgres = Self { cluster, workspaces: Vec::new(), folder };
        postgres.look().await?.batch_execute(NOTES).await?;
        Ok(postgres)
    }

    /// A `DATABASE_URL` as an operator would write it.
    pub(crate) fn url(&self) -> String {
        self.cluster.url("operator", DATABASE)
    }

    /// The workspaces of the ledger, whose numbers are their places.
    pub(crate) fn knows(&mut self, workspaces: &[Workspace]) {
        self.workspaces = workspaces.iter().map(|workspace| workspace.tenant.clone()).collect();
    }

    /// Ends all of its processes as a power failure does, though what the kernel has of its files stays.
    pub(crate) fn kill(&self) -> anyhow::Result<()> {
        self.signal(Signal::KILL)
    }

    /// Starts it again after a [`kill`](Self::kill).
    pub(crate) async fn restart(&mut self) -> anyhow::Result<()> {
        self.cluster = launch(&self.folder).await?;
        Ok(())
    }

    /// Stops all of its processes where they stand, until [`resume`](Self::resume).
    pub(crate) fn pause(&self) -> anyhow::Result<()> {
        self.signal(Signal::STOP)
    }

    pub(crate) fn resume(&self) -> anyhow::Result<()> {
        self.signal(Signal::CONT)
    }

    /// Ends the connections of all servers.
    pub(crate) async fn end_connections(&self) -> anyhow::Result<()> {
        for _ in 0..3 {
            let end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
                       WHERE datname = current_database() AND pid <> pg_backend_pid()";
            self.look().await?.batch_execute(end).await?;
            sleep(Duration::from_millis(100)).await;
        }
        Ok(())
    }

    /// Every change that was committed, in the order in which they were made.
    pub(crate) async fn committed(&self) -> anyhow::Result<Vec<Committed>> {
        let notes = "SELECT tenant_id::text AS tenant_id, change, at FROM ledger ORDER BY number";
        let notes: Vec<Note> = sql_query(notes).load(&mut self.look().await?).await?;
        let committed = notes.into_iter().map(|Note { tenant_id, change, at }| {
            let workspace = self.workspaces.iter().position(|tenant| *tenant == tenant_id);
            let workspace = workspace.context("a widget belongs to nobody in the ledger")?;
            Ok(Committed { workspace, change, at: at.into() })
        });
        committed.collect()
    }

    /// Rows of the outbox.
    pub(crate) async fn waiting(&self) -> anyhow::Result<i64> {
        let count: Count =
            sql_query("SELECT count(*) AS count FROM outbox").get_result(&mut self.look().await?).await?;
        Ok(count.count)
    }

    /// Ends it, and removes its files.
    pub(crate) async fn end(self) -> anyhow::Result<()> {
        let Self { cluster, folder, .. } = self;
        let home = cluster.home().to_owned();
        tokio::task::spawn_blocking(move || cluster.leave()).await??;
        // For root it is not in the folder.
        if home.exists() {
            fs::remove_dir_all(&home)?;
        }
        drop(folder);
        Ok(())
    }

    /// A connection that sees everything.
    async fn look(&self) -> anyhow::Result<AsyncPgConnection> {
        Ok(AsyncPgConnection::establish(&self.cluster.superuser_url(DATABASE)).await?)
    }

    /// Sends a signal to the server process, and to those that it has started.
    fn signal(&self, signal: Signal) -> anyhow::Result<()> {
        let server = self.cluster.server_pid().context("PostgreSQL does not run")?;
        // The parent first, so that it starts no others.
        let mut processes = vec![server];
        send(server, signal)?;
        processes.clear();
        for process in fs::read_dir("/proc")? {
            let Some(pid) = process?.file_name().to_str().and_then(|name| name.parse().ok()) else { continue };
            if parent_of(pid) == Some(server) {
                processes.push(pid);
            }
        }
        // One that has ended meanwhile needs none.
        processes.into_iter().for_each(|pid| drop(send(pid, signal)));
        Ok(())
    }
}

async fn launch(folder: &TempDir) -> anyhow::Result<Cluster> {
    let folder = folder.path().to_owned();
    let start = move || {
        let binaries = Binaries::locate(&mut |step| println!("{step}"))?;
        anyhow::Ok(Cluster::start(&binaries, &folder, Durability::Safe)?)
    };
    tokio::task::spawn_blocking(start).await?.context("PostgreSQL does not start")
}

fn send(pid: u32, signal: Signal) -> anyhow::Result<()> {
    let pid = i32::try_from(pid).ok().and_then(Pid::from_raw).context("a process without a number")?;
    Ok(kill_process(pid, signal)?)
}

/// The parent of a process, the fourth field of its `stat`; the second is in brackets and may hold anything.
fn parent_of(pid: u32) -> Option<u32> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    stat.rsplit_once(')')?.1.split_whitespace().nth(1)?.parse().ok()
}
