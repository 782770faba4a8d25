use std::net::TcpListener;

use db::testing::{TestDb, cluster};
use tintype_redis::testing::Authority;

use crate::process::{db_name, failed_start};

/// Starts with `variables`; the message must hold every one of `expected`.
async fn check(variables: &[(&str, &str)], expected: &[&str]) {
    let said = failed_start(variables).await;
    for text in expected {
        assert!(said.contains(text), "{variables:?} should name {text:?}:\n{said}");
    }
    assert!(!said.contains("panicked"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_value_names_its_variable() {
    check(&[("PORT", "http")], &["PORT", "'http'"]).await;
    check(&[("PORT", "65536")], &["PORT", "65536"]).await;
    check(&[("TINTYPE_HOST", "nowhere")], &["TINTYPE_HOST", "nowhere"]).await;
    check(&[("TINTYPE_POOL_SIZE", "many")], &["TINTYPE_POOL_SIZE", "many"]).await;
    check(&[("TINTYPE_BODY_BYTES", "-1")], &["TINTYPE_BODY_BYTES", "-1"]).await;
    check(&[("TINTYPE_OUTBOX_SWEEP_MS", "0")], &["TINTYPE_OUTBOX_SWEEP_MS", "0"]).await;
    check(&[("TINTYPE_OUTBOX_AGE_MS", "3600001")], &["TINTYPE_OUTBOX_AGE_MS", "3600001"]).await;
    check(&[("TINTYPE_OUTBOX_SWEEP_EVENTS", "10001")], &["TINTYPE_OUTBOX_SWEEP_EVENTS", "10001"]).await;
    check(&[("TINTYPE_TRUSTED_PROXIES", "10.0.0.1,proxy")], &["TINTYPE_TRUSTED_PROXIES", "proxy"]).await;
    check(&[("TINTYPE_SECURE_COOKIES", "maybe")], &["TINTYPE_SECURE_COOKIES", "maybe"]).await;
    for (name, value) in [
        ("TINTYPE_REDIS_PROBE_MS", "0"),
        ("TINTYPE_REDIS_REPLAYS", "70000"),
        ("TINTYPE_TOPIC_IDLE_SECONDS", "18446744073709551615"),
        ("TINTYPE_TOPIC_EVENTS", "0"),
        ("TINTYPE_TOPIC_EVENT_BYTES", "64k"),
    ] {
        check(&[(name, value)], &[name, value]).await;
    }
    check(&[("TINTYPE_LOG", "server=loud")], &["TINTYPE_LOG", "server=loud"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_port_that_is_taken_is_named() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();

    check(&[("PORT", &port)], &["PORT", &port]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_cannot_be_used_is_explained_without_its_password() {
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let url = format!("postgres://owner:hunter2@{closed}/tintype");
    let said = failed_start(&[("PORT", "0"), ("DATABASE_URL", &url)]).await;
    assert!(said.contains("DATABASE_URL") && !said.contains("hunter2"), "{said}");

    let said = failed_start(&[("PORT", "0"), ("DATABASE_URL", "postgres://owner:hunter2@/%%")]).await;
    assert!(said.contains("DATABASE_URL") && !said.contains("hunter2"), "{said}");

    let db = TestDb::new().await;
    let superuser = cluster().await.superuser_url(&db_name(&db).await);
    check(&[("PORT", "0"), ("DATABASE_URL", &superuser)], &["DATABASE_URL", "superuser"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_redis_that_cannot_be_used_is_explained_without_its_password() {
    let wrong = "http://user:hunter2@127.0.0.1";
    let sentinels = [("PORT", "0"), ("REDIS_URL", "redis://127.0.0.1"), ("TINTYPE_REDIS_SENTINELS", wrong)];
    for variables in [&[("PORT", "0"), ("REDIS_URL", wrong)][..], &sentinels] {
        let said = failed_start(variables).await;
        assert!(said.contains("REDIS_URL") && said.contains("redis://"), "{said}");
        assert!(!said.contains("hunter2"), "{said}");
    }

    // The sentinels know the server, and not who may use it.
    check(&[("PORT", "0"), ("TINTYPE_REDIS_SENTINELS", "redis://127.0.0.1")], &["--redis-url"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn authorities_of_redis_that_cannot_be_used_are_named_with_their_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("authorities.pem");
    let path = file.to_str().unwrap();
    let check = async |url: &str, expected: &[&str]| {
        let variables = [("PORT", "0"), ("REDIS_URL", url), ("TINTYPE_REDIS_CA", path)];
        check(&variables, &[&["TINTYPE_REDIS_CA", path], expected].concat()).await;
    };

    check("rediss://127.0.0.1", &["No such file"]).await;
    std::fs::write(&file, "nonsense").unwrap();
    check("rediss://127.0.0.1", &["BEGIN CERTIFICATE"]).await;
    std::fs::write(&file, Authority::new().certificate()).unwrap();
    check("redis://127.0.0.1", &["rediss://"]).await;
}
