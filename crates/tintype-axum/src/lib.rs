//! Hosts a [`tintype`] router in an axum application.
//!
//! ```
//! use tintype::prelude::*;
//! use tintype_axum::RpcService;
//!
//! /// Says that the server is there.
//! #[query(state = ())]
//! pub async fn ping() -> Result<String, Never> {
//!     Ok("pong".to_owned())
//! }
//!
//! # fn main() -> Result<(), tintype::RouterError> {
//! let procedures = RpcService::builder(router! { [ping] }, ()).build()?;
//! let app: axum::Router = axum::Router::new().nest_service("/trpc", procedures);
//! # Ok(())
//! # }
//! ```
//!
//! An unmodified `@trpc/client` whose link points to `/trpc` can now call `ping`.
//! With [`RpcServiceBuilder::websocket`], its `wsLink` can too.
//!
//! The service speaks the protocol and nothing else: compression, CORS, tracing and static files are layers and routes
//! of the axum application around it. Event streams must not be compressed or buffered by them.

mod guard;
mod http_body;
mod limits;
mod outdated;
mod request_body;
mod service;
mod spread;
mod unread_body;
mod websocket;
mod writes;

pub use guard::SameOrigin;
pub use http_body::RpcBody;
pub use limits::Limits;
pub use service::{RpcService, RpcServiceBuilder};
pub use websocket::{KeepAlive, WebSocketLimits, WebSockets};

/// The README's example, compiled as a test.
#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
struct Readme;
