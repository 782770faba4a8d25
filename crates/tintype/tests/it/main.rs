//! Behaviour of the router and of the wire protocol, through the public API only.

mod caller;
mod http;
mod macros;
mod product;
mod topics;

pub(crate) use product::AppState;
