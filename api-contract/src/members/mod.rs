//! Who belongs to a workspace: members, their roles, and invitations.
//!
//! Changes of members go through the door of the system, in a transaction about the caller's workspace, because they
//! end sessions, which the workspace's own door does not see.

mod access;
mod events;
pub mod invitations;
mod joining;
mod procedures;

pub use access::Members;
pub use events::{MemberEvent, changed};
pub use joining::{Accept, AcceptError, accept};
pub use procedures::{MemberError, RemoveMember, SetRole, list, remove, set_role};
