//! What the tasks of a topic wait for.
//!
//! Named in one place, so that the schedules of `tintype-redis` can put locks there which let them choose who goes on.

pub(crate) use std::sync::{Mutex, MutexGuard, PoisonError};
