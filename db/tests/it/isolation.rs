//! Tenants never see each other, whatever a query forgets.

use db::{
    Database, DatabaseConfig,
    testing::{TestDb, cluster},
    widgets::{self, WidgetPatch},
};
use diesel_async::{AsyncConnection, AsyncPgConnection, RunQueryDsl, SimpleAsyncConnection};

use crate::{create, delete, register, update};

#[tokio::test(flavor = "multi_thread")]
async fn what_belongs_to_another_tenant_does_not_exist() {
    let db = TestDb::new().await;
    let (_, red) = register(&db, "red@example.com", 1).await;
    let (_, blue) = register(&db, "blue@example.com", 2).await;
    let of_red = create(&red, "clock").await;

    let patch = WidgetPatch { name: Some("stolen".to_owned()), config: None };
    assert_eq!(widgets::newest_first(&blue, None, 50).await.unwrap().items, []);
    assert_eq!(update(&blue, of_red.id, patch).await.unwrap(), None);
    assert!(!delete(&blue, of_red.id).await);
    assert_eq!(widgets::newest_first(&red, None, 50).await.unwrap().items, [of_red]);
}

/// Logs in as the tenant role itself, past every type of this crate.
async fn raw(db: &TestDb) -> AsyncPgConnection {
    let name = db.look("SELECT current_database()::text AS value").await.remove(0);
    AsyncPgConnection::establish(&cluster().await.url("tintype_app", &name)).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn raw_sql_without_a_filter_sees_one_tenant_and_without_a_tenant_nothing() {
    let db = TestDb::new().await;
    let (account, red) = register(&db, "red@example.com", 1).await;
    let (other, blue) = register(&db, "blue@example.com", 2).await;
    for (tenant, name) in [(&red, "of red"), (&blue, "of blue")] {
        create(tenant, name).await;
    }
    let mut connection = raw(&db).await;
    let select = "SELECT name AS value FROM widgets";

    let nothing: Vec<db::testing::TextRow> = diesel::sql_query(select).load(&mut connection).await.unwrap();
    assert_eq!(nothing, []);

    connection.batch_execute(&format!("BEGIN; SET LOCAL app.tenant_id = '{}'", account.tenant.id)).await.unwrap();
    let own: Vec<db::testing::TextRow> = diesel::sql_query(select).load(&mut connection).await.unwrap();
    assert_eq!(own.len(), 1);
    assert_eq!(own[0].value, "of red");
    let changed = diesel::sql_query("UPDATE widgets SET name = 'x'").execute(&mut connection).await.unwrap();
    assert_eq!(changed, 1);
    let smuggle = format!("UPDATE widgets SET tenant_id = '{}'", other.tenant.id);
    let refused = diesel::sql_query(smuggle).execute(&mut connection).await.unwrap_err();
    assert!(refused.to_string().contains("row-level security"), "{refused}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_tenant_role_reaches_neither_sessions_nor_password_hashes_nor_waiting_events_nor_the_rules() {
    let db = TestDb::new().await;
    let mut connection = raw(&db).await;

    for statement in [
        "SELECT * FROM sessions",
        "SELECT password_hash FROM users",
        "SELECT token_hash FROM invitations",
        "UPDATE invitations SET revoked_at = now()",
        "UPDATE users SET role = 'owner'",
        "SELECT id FROM outbox",
        "DELETE FROM outbox",
        "UPDATE outbox SET topic = 'x'",
        "TRUNCATE widgets",
        "ALTER TABLE widgets DISABLE ROW LEVEL SECURITY",
        "SET ROLE tintype_system",
    ] {
        let refused = connection.batch_execute(statement).await.unwrap_err().to_string();
        assert!(refused.contains("permission denied") || refused.contains("must be owner"), "{statement}: {refused}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_system_changes_users_and_invitations_of_the_tenant_that_is_set_and_no_others() {
    let db = TestDb::new().await;
    let (red, _) = register(&db, "red@example.com", 1).await;
    let (blue, _) = register(&db, "blue@example.com", 2).await;
    for (account, seed) in [(&red, 1), (&blue, 2)] {
        let invite = format!(
            "INSERT INTO invitations VALUES ('{}', '{}', 'a@example.com', 'member',
                 decode(repeat('0{seed}', 32), 'hex'), '{}', now(), now(), NULL, NULL)",
            uuid::Uuid::now_v7(),
            account.tenant.id,
            account.user.id,
        );
        db.run_sql(&invite).await.unwrap();
    }
    let name = db.look("SELECT current_database()::text AS value").await.remove(0);
    let mut connection = AsyncPgConnection::establish(&cluster().await.url("tintype_system", &name)).await.unwrap();
    let changes =
        ["UPDATE users SET role = 'member'", "UPDATE invitations SET revoked_at = now()", "DELETE FROM users"];

    for change in changes {
        assert_eq!(diesel::sql_query(change).execute(&mut connection).await.unwrap(), 0, "{change}");
    }
    connection.batch_execute(&format!("BEGIN; SET LOCAL app.tenant_id = '{}'", red.tenant.id)).await.unwrap();
    for change in changes {
        assert_eq!(diesel::sql_query(change).execute(&mut connection).await.unwrap(), 1, "{change}");
    }
    connection.batch_execute("COMMIT").await.unwrap();

    assert_eq!(db.look("SELECT email AS value FROM users").await, ["blue@example.com"]);
    let untouched = "SELECT tenant_id::text AS value FROM invitations WHERE revoked_at IS NULL";
    assert_eq!(db.look(untouched).await, [blue.tenant.id.to_string()]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_of_another_tenant_cannot_be_kept() {
    let db = TestDb::new().await;
    let (account, _) = register(&db, "red@example.com", 1).await;
    let (other, _) = register(&db, "blue@example.com", 2).await;
    let mut connection = raw(&db).await;
    let keep = |tenant| {
        let id = uuid::Uuid::now_v7();
        format!("INSERT INTO outbox (id, tenant_id, topic, payload) VALUES ('{id}', '{tenant}', 'x', '1')")
    };
    connection.batch_execute(&format!("BEGIN; SET LOCAL app.tenant_id = '{}'", account.tenant.id)).await.unwrap();

    connection.batch_execute(&keep(account.tenant.id)).await.unwrap();
    let refused = connection.batch_execute(&keep(other.tenant.id)).await.unwrap_err();

    assert!(refused.to_string().contains("row-level security"), "{refused}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reference_cannot_lead_to_another_tenants_row() {
    let db = TestDb::new().await;
    let (red, _) = register(&db, "red@example.com", 1).await;
    let (blue, _) = register(&db, "blue@example.com", 2).await;

    let crossing = format!(
        "INSERT INTO sessions VALUES ('{}', '{}', '{}', decode(repeat('07', 32), 'hex'), NULL, now(), now(), now())",
        uuid::Uuid::now_v7(),
        blue.tenant.id,
        red.user.id,
    );

    let refused = db.run_sql(&crossing).await.unwrap_err();
    assert!(refused.to_string().contains("foreign key"), "{refused}");
}

/// Walks the catalogue, so a table that is added later without its rules fails here.
#[tokio::test(flavor = "multi_thread")]
async fn every_table_forces_row_level_security_and_the_roles_are_plain() {
    let db = TestDb::new().await;

    let open = db
        .look(
            "SELECT relname::text AS value FROM pg_class
              WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND relname NOT LIKE '\\_\\_%'
                AND NOT (relrowsecurity AND relforcerowsecurity
                         AND EXISTS (SELECT FROM pg_policy WHERE polrelid = pg_class.oid))",
        )
        .await;
    let views = db
        .look("SELECT relname::text AS value FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('v', 'm')")
        .await;
    let unsafe_roles = db
        .look(
            "SELECT rolname::text AS value FROM pg_roles
              WHERE rolname LIKE 'tintype%' AND (rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb)",
        )
        .await;
    let owners = db.look("SELECT DISTINCT tableowner::text AS value FROM pg_tables WHERE schemaname = 'public'").await;

    assert!(open.is_empty(), "tables without forced row-level security and a policy: {open:?}");
    assert!(views.is_empty(), "views look past row-level security unless they are security_invoker: {views:?}");
    assert!(unsafe_roles.is_empty(), "roles with too many rights: {unsafe_roles:?}");
    assert_eq!(owners, ["tintype_owner"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_superuser_is_refused() {
    let db = TestDb::new().await;
    let name = db.look("SELECT current_database()::text AS value").await.remove(0);
    let config = DatabaseConfig::external(cluster().await.superuser_url(&name));

    let error = Database::connect(&config).await.unwrap_err();

    assert!(error.to_string().contains("superuser"), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn tenants_that_share_few_connections_stay_apart() {
    let db = TestDb::new().await;
    let (_, red) = register(&db, "red@example.com", 1).await;
    let (_, blue) = register(&db, "blue@example.com", 2).await;
    create(&red, "red").await;
    create(&blue, "blue").await;

    let reads = (0..200).map(|n| {
        let (tenant, own) = if n % 2 == 0 { (red.clone(), "red") } else { (blue.clone(), "blue") };
        tokio::spawn(async move {
            let items = widgets::newest_first(&tenant, None, 50).await.unwrap().items;
            assert_eq!(items.len(), 1);
            assert_eq!(items[0].name, own);
        })
    });
    for read in reads.collect::<Vec<_>>() {
        read.await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dropped_call_frees_its_locks_at_once() {
    let db = TestDb::new().await;
    let (_, tenant) = register(&db, "red@example.com", 1).await;
    let clock = create(&tenant, "clock").await;
    // Somebody else holds the row, so the update below waits inside its transaction.
    let name = db.look("SELECT current_database()::text AS value").await.remove(0);
    let mut holder = AsyncPgConnection::establish(&cluster().await.superuser_url(&name)).await.unwrap();
    holder.batch_execute("BEGIN; UPDATE widgets SET name = 'held'").await.unwrap();

    for _ in 0..8 {
        let patch = WidgetPatch { name: Some("changed".to_owned()), config: None };
        let update = update(&tenant, clock.id, patch);
        let waited = tokio::time::timeout(std::time::Duration::from_millis(50), update).await;
        assert!(waited.is_err(), "the row is held, so the call cannot finish");
    }
    holder.batch_execute("ROLLBACK").await.unwrap();

    // More calls were dropped than the pool has connections: it must have new ones, and nobody holds the row.
    let patch = WidgetPatch { name: Some("free".to_owned()), config: None };
    let free = update(&tenant, clock.id, patch).await.unwrap().unwrap();
    assert_eq!(free.name, "free");
}
