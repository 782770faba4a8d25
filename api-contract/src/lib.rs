//! The product's procedures, defined once.
//!
//! [`router()`] is the table of contents.
//! A procedure receives what its caller may use: [`Session`](auth::Session) proves who is calling, and
//! [`Widgets`](widgets::Widgets) reaches the rows of the caller's tenant and no others.
//! This crate knows no HTTP server and no Redis; what it needs from the outside world is in [`AppState`].

pub mod ai;
pub mod auth;
pub mod chat;
mod cursor;
pub mod knowledge;
pub mod meetings;
pub mod members;
pub mod money;
mod outbox;
pub mod providers;
mod state;
mod text;
mod upload;
pub mod vision;
pub mod widgets;

pub use outbox::{Outbox, OutboxError, Swept};
pub use state::{AppState, Settings};
use tintype::{Router, router};

/// Every procedure under the path that clients call.
#[must_use]
pub fn router() -> Router<AppState> {
    router! {
        auth: [
            auth::register,
            auth::login,
            auth::logout,
            auth::me,
            auth::sessions,
            auth::revoke_session,
            auth::change_password,
        ],
        members: [
            members::list,
            members::set_role,
            members::remove,
            members::changed,
            members::accept,
            members::invitations::invite,
        ],
        members.invitations: [
            members::invitations::list,
            members::invitations::preview,
            members::invitations::revoke,
        ],
        widgets: [widgets::list, widgets::create, widgets::update, widgets::delete, widgets::changed],
        chat: [chat::history, chat::subscribe, chat::send_message, chat::stop],
        chat.sessions: [
            chat::sessions::list,
            chat::sessions::create,
            chat::sessions::rename,
            chat::sessions::delete,
        ],
        presence: [chat::presence::list, chat::presence::watch],
        meetings: [
            meetings::list,
            meetings::get,
            meetings::create,
            meetings::promote,
            meetings::remove,
            meetings::changed,
        ],
        livekit: [meetings::get_token, meetings::renew_token],
        ai: [ai::models, ai::policy, ai::set_policy, vision::analyze_vision],
        knowledge: [knowledge::search, knowledge::changed],
        knowledge.documents: [
            knowledge::documents::list,
            knowledge::documents::open,
            knowledge::documents::add,
            knowledge::documents::delete,
        ],
        analytics: [money::get_cost_metrics],
        budget: [money::get, money::set],
    }
}
