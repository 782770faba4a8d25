//! The protocol over one WebSocket, section 11, without any socket.
//!
//! A [`WebSocketConnection`] takes the frames of a client and gives the frames for it.
//! Its calls run while it is polled, and dropping it cancels them; time limits and keep-alive belong to the host.

mod call;
mod connection;
mod message;
mod options;
mod outbox;

pub use connection::WebSocketConnection;
pub use options::WebSocketOptions;
pub use outbox::WebSocketFrame;
