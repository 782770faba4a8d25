//! What tasks share and wait for.
//!
//! Named in one place, so that `tests/schedules` can put locks there which let it choose who goes on.

pub(crate) use std::sync::{Mutex, MutexGuard, PoisonError};

pub(crate) use tintype::Backlog;
