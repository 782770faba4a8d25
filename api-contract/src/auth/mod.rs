//! Sign-up, sign-in and sessions.

mod cookie;
mod password;
mod procedures;
mod session;
mod throttle;
mod views;

pub use password::{HashError, PasswordHasher};
pub use procedures::{Login, LoginError, Register, RegisterError, Success, login, logout, me, register};
pub use session::{CurrentSession, Owner, Session};
pub use throttle::Throttle;
pub use views::{SignedIn, Tenant, User, UserRole};
