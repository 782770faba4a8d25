//! The procedures of `bench-server`; everybody may call all of them.

pub mod chat;
mod greeting;
#[cfg(test)]
mod tests;
pub mod widgets;

pub use greeting::{Echo, Hello, echo};
use tintype::{FromState, Router, Topics, router};

/// What procedures can reach.
#[derive(Debug, Clone)]
pub struct AppState {
    /// Where messages are published.
    pub topics: Topics,
}

impl FromState<AppState> for Topics {
    fn from_state(state: &AppState) -> Self {
        state.topics.clone()
    }
}

/// Every procedure under the path that clients call.
#[must_use]
pub fn router() -> Router<AppState> {
    router! {
        [echo],
        widgets: [widgets::list, widgets::create],
        chat: [chat::send, chat::subscribe],
    }
}
