//! The conformance router of the protocol, served as a user of the framework would serve it.
//!
//! `README.md` beside this crate says what every procedure and every profile does.
//! A profile is a mount path with options of its own; all of them share the router and its state.
//! The crate uses nothing but the public interface of `tintype` and `tintype-axum`: what it cannot say there, no
//! application can.

mod auth;
mod error;
mod hooks;
mod input;
mod procedures;
mod profiles;
mod state;

pub use procedures::router;
pub use profiles::{Drain, app};
pub use state::AppState;
use tokio::net::TcpListener;

/// Answers the requests of `listener` with every profile, until it is drained or the task is dropped.
///
/// # Errors
///
/// When the router cannot be used, or the listener fails.
pub async fn serve(listener: TcpListener, drain: Drain) -> anyhow::Result<()> {
    let (app, websockets) = app(AppState::default(), &drain)?;
    // Small frames of streams must not wait for acknowledgements.
    let listener = axum::serve::ListenerExt::tap_io(listener, |socket| {
        let _ = socket.set_nodelay(true);
    });
    axum::serve(listener, app).with_graceful_shutdown(drain.begins.cancelled_owned()).await?;
    for websockets in websockets {
        websockets.closed().await;
    }
    Ok(())
}
