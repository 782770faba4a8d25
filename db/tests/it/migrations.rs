use db::testing::TestDb;

/// Every column, constraint, index, policy and right, one line each.
const SHAPE: &str = "
    SELECT table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable AS value
      FROM information_schema.columns WHERE table_schema = 'public' AND table_name NOT LIKE '\\_\\_%'
    UNION ALL SELECT conrelid::regclass || ' ' || pg_get_constraintdef(oid) FROM pg_constraint
      WHERE connamespace = 'public'::regnamespace AND conrelid <> 0
    UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'
    UNION ALL SELECT concat_ws(' ', tablename, policyname, cmd, roles, qual, with_check) FROM pg_policies
    UNION ALL SELECT concat_ws(' ', table_name, column_name, grantee, privilege_type)
      FROM information_schema.role_column_grants WHERE table_schema = 'public' AND grantee LIKE 'tintype%'
    UNION ALL SELECT table_name || ' ' || grantee || ' ' || privilege_type
      FROM information_schema.role_table_grants WHERE table_schema = 'public' AND grantee LIKE 'tintype%'
    ORDER BY 1";

// On one thread, which a migration must not block.
#[tokio::test]
async fn migrations_go_up_down_and_up_again_to_the_same_schema() {
    let db = TestDb::new().await;
    let first = db.look(SHAPE).await;

    db.migrate_down().await;
    let tables = "SELECT tablename::text AS value FROM pg_tables WHERE schemaname = 'public'";
    assert_eq!(db.look(tables).await, ["__diesel_schema_migrations"]);
    db.migrate_up().await;

    assert_eq!(db.look(SHAPE).await, first);
}

/// Tables that only statements in SQL touch, so that Rust does not know their columns.
const IN_SQL_ONLY: [&str; 4] = ["chunks", "chunk_vectors", "knowledge_totals", "postings"];

/// The tables in `schema.rs`, written by hand, against what the migrations make.
#[tokio::test(flavor = "multi_thread")]
async fn the_schema_in_rust_is_that_of_the_database() {
    let db = TestDb::new().await;
    let mut in_database = db
        .look(
            "SELECT table_name || '.' || column_name || ': ' ||
                    CASE WHEN is_nullable = 'YES' THEN 'Nullable<' ELSE '' END ||
                    CASE udt_name WHEN 'uuid' THEN 'Uuid' WHEN 'text' THEN 'Text' WHEN 'timestamptz' THEN 'Timestamptz'
                                  WHEN 'bytea' THEN 'Bytea' WHEN 'int8' THEN 'BigInt' WHEN 'jsonb' THEN 'Jsonb'
                                  WHEN 'int4' THEN 'Integer' WHEN 'bool' THEN 'Bool' WHEN 'date' THEN 'Date'
                                  ELSE udt_name END ||
                    CASE WHEN is_nullable = 'YES' THEN '>' ELSE '' END AS value
               FROM information_schema.columns
              WHERE table_schema = 'public' AND table_name NOT LIKE '\\_\\_%' ORDER BY 1",
        )
        .await;

    in_database.retain(|column| !IN_SQL_ONLY.contains(&column.split('.').next().unwrap()));

    let source = include_str!("../../src/schema.rs");
    let mut in_rust = Vec::new();
    let mut table = "";
    for line in source.lines().map(str::trim) {
        if let Some((name, _)) = line.strip_suffix(") {").and_then(|line| line.split_once(" (")) {
            table = name;
        } else if let Some((column, ty)) =
            line.trim_end_matches(',').split_once(" -> ").filter(|_| !line.contains("::"))
        {
            in_rust.push(format!("{table}.{column}: {ty}"));
        }
    }
    in_rust.sort();

    assert_eq!(in_rust, in_database);
}
