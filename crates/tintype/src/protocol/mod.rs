//! tRPC v11's wire protocol over HTTP and WebSocket, without any socket.
//!
//! A [`Responder`] turns the head of a request and its body into a response; hosts such as
//! `tintype-axum` carry both over a connection.
//! [`Responder::connect`] does the same for a WebSocket, frame by frame.
//! The order of the checks is part of the protocol: it decides which of several possible errors a client sees.

mod batch;
mod body;
mod call;
mod event;
mod head;
mod hooks;
mod input;
mod jsonl;
mod one_line;
mod options;
mod request;
mod response;
mod shared;
mod transformer;
mod websocket;

pub use body::{BodyFuture, RequestBody, is_streamed};
pub(crate) use event::with_ends;
pub use event::{EventFrames, ping_frame};
pub use hooks::{ErrorFormatter, ErrorInfo, ErrorShape, Guard, Hooks, ResponseInfo, ResponseMeta};
#[doc(hidden)]
pub use input::WireInput;
pub use input::body_too_large;
pub(crate) use jsonl::panicked;
pub use jsonl::{JsonLines, lines_ping};
pub(crate) use one_line::put_on_one_line;
pub use options::ProtocolOptions;
pub use response::{Responder, ResponseBody};
pub use transformer::Transformer;
pub use websocket::{WebSocketConnection, WebSocketFrame, WebSocketOptions};
