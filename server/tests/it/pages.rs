//! The web demo: pages, assets, and what keeps them safe.

use std::path::Path;

use http::{Request, StatusCode, header};

use crate::{
    client::{Answer, full, send},
    process::Server,
};

async fn get(server: &Server, path: &str) -> Answer {
    send(server.address, Request::get(path).body(full("")).unwrap()).await
}

/// In a debug build the files are read from here.
fn is_built() -> bool {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../web-demo/dist/index.html").exists()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_path_that_is_no_file_shows_the_page_or_says_how_to_build_it() {
    let server = Server::start().await;

    for path in ["/", "/login", "/widgets/7"] {
        let answer = get(&server, path).await;

        if is_built() {
            assert_eq!(answer.status, StatusCode::OK, "{path}");
            assert_eq!(answer.header(header::CONTENT_TYPE), Some("text/html"), "{path}");
            assert_eq!(answer.header(header::CACHE_CONTROL), Some("no-cache"));
            assert_eq!(answer.header(header::REFERRER_POLICY), Some("same-origin"));
            let policy = answer.header(header::CONTENT_SECURITY_POLICY).unwrap();
            assert!(policy.contains("default-src 'self'") && policy.contains("frame-ancestors 'none'"), "{policy}");
        } else {
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
            assert!(answer.text.contains("cargo xtask demo"), "{}", answer.text);
        }
        assert_eq!(answer.header(header::X_CONTENT_TYPE_OPTIONS), Some("nosniff"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missing_file_is_not_answered_with_the_page() {
    let server = Server::start().await;

    for path in ["/assets/missing.js", "/assets/missing", "/robots.png", "/../Cargo.toml", "/..%2fpackage.json"] {
        let answer = get(&server, path).await;

        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
        assert_eq!(answer.text, "", "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_procedure_is_not_answered_with_the_page() {
    let server = Server::start().await;

    let answer = get(&server, "/trpc/widgets.missing").await;

    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    assert_eq!(answer.json()["error"]["data"]["path"], "widgets.missing");
}
