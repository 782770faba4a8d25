use http::{Request, StatusCode};

use crate::{
    client::{full, send},
    process::Server,
};

fn get(path: &str) -> Request<crate::client::Body> {
    Request::get(path).body(full("")).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_without_its_database_is_alive_and_not_ready() {
    let server = Server::start().await;
    let ready = send(server.address, get("/readyz")).await;
    assert_eq!((ready.status, ready.text.as_str()), (StatusCode::OK, "ready"));

    server
        .db
        .run_sql(
            "UPDATE pg_database SET datallowconn = false WHERE datname = current_database();
             SELECT pg_terminate_backend(pid) FROM pg_stat_activity
              WHERE datname = current_database() AND pid <> pg_backend_pid()",
        )
        .await
        .unwrap();

    let ready = send(server.address, get("/readyz")).await;
    assert_eq!((ready.status, ready.text.as_str()), (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer"));
    assert_eq!(send(server.address, get("/healthz")).await.status, StatusCode::OK);
}
