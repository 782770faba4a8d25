//! Sign-up, sign-in, sessions and passwords.

mod browser;
mod cookie;
mod device;
mod new_password;
mod own_sessions;
mod password;
mod procedures;
mod session;
mod throttle;
mod views;

pub use browser::Browser;
pub use new_password::{ChangePassword, ChangePasswordError, change_password};
pub use own_sessions::{Device, OwnSession, RevokeSession, RevokeSessionError, revoke_session, sessions};
pub use password::{HashError, PasswordHasher};
pub use procedures::{Login, LoginError, Register, RegisterError, Success, login, logout, me, register};
pub use session::{CurrentSession, Owner, Session};
pub use throttle::Throttle;
pub use views::{SignedIn, Tenant, User, UserRole};

pub(crate) use cookie::Token;
pub(crate) use procedures::{BUSY, whole_seconds};
pub(crate) use session::end_streams;
