//! The web demo, embedded in the binary.

use axum::{
    body::Body,
    extract::State,
    http::{HeaderValue, StatusCode, Uri, header},
    response::{IntoResponse, Response},
};
use rust_embed::Embed;

#[derive(Embed)]
#[folder = "../web-demo/dist"]
#[allow_missing = true]
struct Files;

/// What a page may load, and to what it may connect.
#[derive(Debug, Clone)]
pub(crate) struct Policy(HeaderValue);

impl Policy {
    /// To the server itself and to `sources`, which are separated by blanks.
    pub(crate) fn connecting_to(sources: &str) -> Self {
        let policy = match sources {
            "" => EVERYTHING_OWN.to_owned(),
            sources => format!("{EVERYTHING_OWN}; connect-src 'self' {sources}"),
        };
        Self(HeaderValue::from_str(&policy).expect("addresses are made of characters that a header has"))
    }
}

/// A page's scripts and styles come from the server itself and from nowhere else.
const EVERYTHING_OWN: &str = "default-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; \
     object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/// Serves a file, or the page for every path that is not a file: the browser's router knows what to show there.
pub(crate) async fn serve(State(policy): State<Policy>, uri: Uri) -> Response {
    let path = uri.path().trim_start_matches('/');
    if let Some(file) = Files::get(path) {
        return respond(path, file, policy);
    }
    // A missing script must not be answered with a page: the browser would try to run it.
    let is_file = path.starts_with("assets/") || path.rsplit('/').next().is_some_and(|name| name.contains('.'));
    if is_file {
        return StatusCode::NOT_FOUND.into_response();
    }
    match Files::get("index.html") {
        Some(page) => respond("index.html", page, policy),
        None => (
            StatusCode::NOT_FOUND,
            "The web demo is not built: run `cargo xtask demo`, or `npm ci && npm run build -w web-demo`.\n",
        )
            .into_response(),
    }
}

fn respond(path: &str, file: rust_embed::EmbeddedFile, Policy(policy): Policy) -> Response {
    let mut response = Response::new(Body::from(file.data));
    let headers = response.headers_mut();
    if let Ok(kind) = HeaderValue::from_str(file.metadata.mimetype()) {
        headers.insert(header::CONTENT_TYPE, kind);
    }
    // Names under assets/ hold a hash of their content.
    let cache = if path.starts_with("assets/") { "public, max-age=31536000, immutable" } else { "no-cache" };
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    response
}
