//! tintype-axum
