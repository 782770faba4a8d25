//! A procedure router for Rust that speaks tRPC v11's wire protocol.
//!
//! A contract of queries, mutations and subscriptions is written once, as plain async functions:
//!
//! ```
//! use tintype::prelude::*;
//!
//! /// The application's state; procedures find it as `crate::AppState`, or as the `state` of their attribute.
//! #[derive(Clone)]
//! pub struct AppState {
//!     greeting: &'static str,
//! }
//!
//! #[derive(Deserialize, Type)]
//! pub struct Greet {
//!     name: String,
//! }
//!
//! #[derive(Debug, thiserror::Error, Serialize, Type, ProcedureError)]
//! #[serde(tag = "kind", rename_all = "camelCase")]
//! pub enum GreetError {
//!     #[error("nobody is called {name:?}: send another name")]
//!     #[code(NOT_FOUND)]
//!     Nobody { name: String },
//! }
//!
//! /// Greets somebody by name.
//! #[query(state = AppState)]
//! pub async fn greet(state: State<AppState>, input: Greet) -> Result<String, GreetError> {
//!     if input.name.is_empty() {
//!         return Err(GreetError::Nobody { name: input.name });
//!     }
//!     Ok(format!("{}, {}", state.0.greeting, input.name))
//! }
//!
//! pub fn router() -> Router<AppState> {
//!     router! { [greet] }
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() {
//! // Called in process, with the same extraction and the same errors as from a browser:
//! let caller = router().caller(Context::builder(AppState { greeting: "hello" }).build());
//! let greeting = caller.call::<greet>(Greet { name: "Ada".into() }).await.unwrap();
//! assert_eq!(greeting, "hello, Ada");
//! # }
//! ```
//!
//! A host such as `tintype-axum` serves the router over HTTP, and an unmodified `@trpc/client` calls it.
//!
//! # The ideas
//!
//! - **The argument named `input` comes from the client, every other argument from the context** through
//!   [`FromContext`]. An extractor is the access check: what cannot be built without a session cannot be forgotten.
//!   Extractors run before the input is read, so a refused caller learns nothing about it.
//! - **Errors are the function's own enum** with `#[derive(ProcedureError)]` and a `#[code(…)]` per variant; clients
//!   find it typed in `error.data.error`. [`Never`] stands for "cannot fail". Everything unexpected reaches the client
//!   as an id to search the log for ([`InternalError`], `#[internal]`).
//! - **The attribute leaves the function as it is** and adds a type of the same name: `widgets::rename` is the
//!   function in an expression and the [`Procedure`] in a type position, as in `caller.call::<widgets::rename>(…)`.
//! - **[`router!`] is the table of contents.** It is explicit and flat; nothing registers itself.
//! - **An answer may come in parts**: [`Deferred`] fields arrive when they are known, [`Streamed`] values one after the
//!   other.
//! - **[`Calls`] is a call from Rust**: in process by a [`Caller`], or over HTTP by the client of `tintype-client`.
//! - **A [`Topic`] proves continuity**: subscribers resume after the last event they have, and are told when
//!   something is missing. [`Topic::publish_in`] publishes if a transaction commits, and not otherwise. A [`Presence`]
//!   is a topic of who came and went.
//!
//! # Features
//!
//! - `codegen`: writes the contract and its TypeScript (the module `typescript`). Only the generator needs it.
//!
//! # Limits
//!
//! JSON over HTTP, batches, lines, event streams, forms and WebSockets are served.
//! Input rules are garde's; paths of issues inside nested objects are assumed to be camelCase.

// The macros name this crate as `::tintype`, in its own tests too.
extern crate self as tintype;

mod body;
mod caller;
mod calls;
mod connection_params;
mod context;
#[cfg(feature = "codegen")]
pub mod contract;
mod error;
mod event_id;
mod extract;
mod input;
mod parts;
mod procedure;
pub mod protocol;
mod router;
mod rules;
mod subscription;
mod superjson;
mod sync;
mod topic;
#[cfg(feature = "codegen")]
pub mod typescript;
pub mod wire;

pub use body::{ByteStream, Form, FormEntries, FormEntry, FormError, FormLimits};
pub use caller::Caller;
pub use calls::{Calls, EventError, EventStream, Events};
pub use connection_params::ConnectionParams;
pub use context::{Context, ContextBuilder, FromContext, FromState, RequestInfo};
pub use cookie;
pub use error::{
    BoxError, CallError, ErrorCode, Failure, InternalError, Never, PathSegment, ProcedureError, ValidationIssue,
};
pub use event_id::{EventId, InvalidEventId};
pub use extract::{Abort, Cookies, Headers, LastEventId, PeerAddress, State};
pub use parts::{Deferred, Streamed};
pub use procedure::{Flags, IdPolicy, Output, Procedure, ProcedureInfo, ProcedureKind, ProcedureTypes, SourceLocation};
pub use router::{ProcedureEntry, Router, RouterError};
pub use rules::{RuleSet, Rules};
/// Serde's trait and derive, which a build that only describes its contract does without.
#[cfg(not(tintype_describe))]
pub use serde::{Deserialize, Serialize};
#[cfg(tintype_describe)]
pub use serde::{de::Deserialize, ser::Serialize};
pub use specta::{self, Type};
pub use subscription::{Event, Mixed, Subscription, Tracked, Untracked};
#[cfg(tintype_describe)]
pub use tintype_macros::{DescribedDeserialize as Deserialize, DescribedSerialize as Serialize};
pub use tintype_macros::{ProcedureError, Rules, mutation, query, subscription};
pub use topic::{
    Backlog, Broker, BrokerError, BrokerLimits, Delivery, EncodedMember, Feed, InvalidTopicKey, Member, MemoryBroker,
    MemoryLimits, Message, Outbox, Presence, PresenceEvent, Push, Replay, Retention, Stay, Topic, TopicKey,
    TopicPayload, TopicScope, Topics, Unchained,
};

/// The examples of the documentation of errors, compiled as tests.
#[cfg(doctest)]
#[doc = include_str!("../../../docs/errors.md")]
struct ErrorsInDocs;

/// What a file of procedures needs.
///
/// `Type` derives through `specta`, which is therefore part of it: an application never depends on a specta of its
/// own.
/// `Serialize` and `Deserialize` are serde's; taken from here, they cost nothing where the generator is built at every
/// save.
pub mod prelude {
    pub use crate::{
        Context, Cookies, Deserialize, Failure, FromContext, InternalError, Never, ProcedureError, Router, Rules,
        Serialize, State, Subscription, Topic, Type, mutation, query, router, specta, subscription,
    };
}

/// For the macros only.
#[doc(hidden)]
pub mod __private {
    pub use specta::{Types, datatype::DataType};

    pub use serde;

    #[cfg(tintype_describe)]
    pub use crate::procedure::described_only;
    pub use crate::{
        error::wire_type_of,
        input::{Constrained, Constraints, InputSource, Unconstrained},
        procedure::{ProcedureReturn, STUB, Wire, procedure_id},
        rules::{Checked, Described, Enforced, FieldType, LengthUnit, Rule, RulesOf, Unruled, length, pattern, text},
    };

    /// Joins the segments of a namespace as `router!` was given them.
    #[must_use]
    pub fn namespace(segments: &[&str]) -> String {
        let segments: Vec<&str> = segments.iter().map(|segment| segment.trim_start_matches("r#")).collect();
        segments.join(".")
    }
}
