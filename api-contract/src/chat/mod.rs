//! Conversations whose answers every viewer sees as they are written.
//!
//! A message and the run that answers it are stored together, and the call returns.
//! The run belongs to the server: whichever instance takes it writes the answer, publishes it piece by piece to the
//! topic of the conversation, and saves it now and then, so that another instance can end what a dead one began.
//! Viewers have the topic; who joins in the middle gets what was saved and the pieces after it.

mod access;
mod events;
mod pages;
pub mod presence;
mod runs;
mod sending;
pub mod sessions;
mod stopping;
mod views;
mod watching;

pub use access::{Chats, WatchError};
pub use events::{ChatEvent, ChatState, Writing};
pub use pages::{History, HistoryError, MessagePage, history};
pub use presence::{InSession, PresentViewers, Viewer};
pub use runs::Runs;
pub use sending::{SendError, SendMessage, Sent, send_message};
pub use stopping::{StopError, StopRun, stop};
pub use views::{Author, Citation, Ending, Message, Run, RunState, Sender};
pub use watching::subscribe;
