//! Calls the procedures of a [`tintype`] router over HTTP, from another Rust service.
//!
//! Both services share the crate that defines the contract, so a call names the procedure as a type, and its input,
//! output and error are the function's own:
//!
//! ```
//! use serde::{Deserialize, Serialize};
//! use tintype::prelude::*;
//! use tintype_client::{Client, ClientError};
//!
//! // The contract, in a crate that server and client share.
//! mod contract {
//!     # use serde::{Deserialize, Serialize};
//!     # use tintype::prelude::*;
//!     #[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
//!     pub struct Rename {
//!         pub id: u32,
//!         pub name: String,
//!     }
//!
//!     #[derive(Debug, thiserror::Error, Serialize, Deserialize, Type, ProcedureError)]
//!     #[serde(tag = "kind", rename_all = "camelCase")]
//!     pub enum RenameError {
//!         #[error("widget name {name:?} is taken: pick another")]
//!         #[code(CONFLICT)]
//!         NameTaken { name: String },
//!     }
//!
//!     /// Gives a widget a new name.
//!     #[mutation(state = ())]
//!     pub async fn rename(input: Rename) -> Result<Rename, RenameError> {
//!         if input.name == "clock" {
//!             return Err(RenameError::NameTaken { name: input.name });
//!         }
//!         Ok(input)
//!     }
//!
//!     pub fn router() -> Router<()> {
//!         router! { widgets: [rename] }
//!     }
//! }
//! use contract::{Rename, RenameError, rename};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let service = tintype_axum::RpcService::builder(contract::router(), ()).build()?;
//! # let app: axum::Router = axum::Router::new().nest_service("/trpc", service);
//! # let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
//! # let url = format!("http://{}/trpc", listener.local_addr()?);
//! # tokio::spawn(async move { axum::serve(listener, app).await });
//! // `url` is for example "http://127.0.0.1:3001/trpc".
//! let client = Client::builder(url).contract(&contract::router()).build()?;
//!
//! let widget = client.call::<rename>(Rename { id: 7, name: "map".into() }).await?;
//! assert_eq!(widget.name, "map");
//!
//! // The procedure's own error comes back as it was:
//! match client.call::<rename>(Rename { id: 7, name: "clock".into() }).await {
//!     Err(ClientError::Procedure(RenameError::NameTaken { name })) => assert_eq!(name, "clock"),
//!     other => panic!("{other:?}"),
//! }
//! # Ok(())
//! # }
//! ```
//!
//! # The ideas
//!
//! - **The router is the address book.** A procedure knows its name and not its namespace, so
//!   [`ClientBuilder::contract`] reads the paths out of the router that the contract's crate has anyway. A procedure
//!   that is not in it fails with [`Problem::NotInContract`] before anything is sent.
//! - **Three ways to fail**, in [`ClientError`]: the procedure's own error, typed; a [`Failure`](tintype::Failure) with
//!   the code, message, validation issues and log id that the server sent; or a [`TransportError`], which names the
//!   procedure, the URL and the [`Problem`].
//! - **Types derive both `Serialize` and `Deserialize`.** What a call needs of them is asked for where it is called: a
//!   contract that derives less still compiles, and its procedures cannot be called from here.
//! - **A client carries the credentials of its calls**, as a [`Caller`](tintype::Caller) carries a context:
//!   [`Client::with_bearer`], [`Client::with_cookie`] and [`Client::with_header`] return a client that shares the
//!   connections and sends something more.
//! - **[`Calls`](tintype::Calls) is what in process and remote have in common.** Code that takes a
//!   `&impl Calls<AppState>` is written once, and tested without a server.
//! - **Dropping cancels**: the future of a call, or the stream of a subscription, takes the procedure on the server
//!   along.
//!
//! # Subscriptions
//!
//! ```no_run
//! # use tintype::{Never, Subscription, subscription, router};
//! # use tintype_client::Client;
//! use futures_util::StreamExt;
//!
//! # #[subscription(state = ())]
//! # pub async fn changed() -> Result<Subscription<String>, Never> { unimplemented!() }
//! # async fn example(client: Client) -> Result<(), Box<dyn std::error::Error>> {
//! let mut changes = client.subscribe::<changed>(());
//! while let Some(event) = changes.next().await {
//!     let event = event?;
//!     println!("{}: {}", event.id, event.data);
//! }
//! # Ok(())
//! # }
//! ```
//!
//! A subscription outlives its connections: it connects again when one breaks, ends or falls silent, and resumes after
//! the last event that it has.
//! Whether nothing is missing then is up to the procedure; a [`Topic`](tintype::Topic) says so when something is.
//!
//! # What is sent, and how often
//!
//! Queries and subscriptions go by `GET`, mutations and what is marked `sensitive` by `POST`.
//! A query too long for a URL goes by `POST` if [`ClientBuilder::method_override`] allows it.
//! Queries and mutations marked `idempotent` are tried again as [`Retry`] says, and no others.
//! Every wait and every size has a limit: see [`Timeouts`], [`Limits`], [`Retry`] and [`Reconnect`].
//! Redirects are not followed, so credentials stay with the server that they are for.
//!
//! # Features
//!
//! - `rustls`: calls `https` URLs. Without it, such a URL is an error of [`ClientBuilder::build`].
//!   Enable it too where another crate enables TLS in `reqwest`: that then wants a provider of cryptography for every
//!   client.
//!
//! # Limits
//!
//! Forms and streams of bytes as input, answers in parts, batches and superjson are for browsers: a server that is
//! called from here speaks plain JSON.

mod absent;
mod answer;
mod builder;
mod client;
mod error;
mod exchange;
mod headers;
mod options;
mod request;
mod sse;
mod stream;
#[cfg(feature = "rustls")]
mod tls;

pub use answer::Answer;
pub use builder::{BuildError, ClientBuilder};
pub use client::{Client, ClientEventStream};
pub use error::{ClientError, Problem, TransportError};
pub use headers::InvalidHeader;
pub use options::{Backoff, Limits, Reconnect, Retry, Timeouts};
