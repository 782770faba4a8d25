use std::{fmt, sync::Arc, time::Duration};

use db::Database;
use tintype::{FromState, Topics};

use crate::{
    ai::Ai,
    auth::{PasswordHasher, Throttle},
    chat::Runs,
    knowledge::{Indexing, QueryVectors},
    meetings::Rooms,
    outbox::Outbox,
    vision::Images,
};

/// What procedures can reach. Cheap to clone.
#[derive(Clone)]
pub struct AppState(Arc<Parts>);

struct Parts {
    database: Database,
    topics: Topics,
    outbox: Outbox,
    ai: Ai,
    runs: Runs,
    indexing: Indexing,
    query_vectors: QueryVectors,
    images: Images,
    rooms: Option<Arc<dyn Rooms>>,
    passwords: PasswordHasher,
    throttle: Throttle,
    settings: Settings,
}

/// What an operator decides; the defaults are safe for a public server behind TLS.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// Whether cookies are for TLS only; `false` is for a server on loopback.
    pub secure_cookies: bool,
    /// How long a session lives after it was last renewed; 30 days by default.
    pub session_lifetime: Duration,
    /// Passwords hashed at the same time, each with 19 MiB; by default the number of cores, at most 4.
    pub concurrent_hashes: usize,
    /// Sign-ins per account before the first wait; 5 by default. One more is granted every 30 s.
    pub account_attempts: u32,
    /// Sign-ins per address and minute; 20 by default.
    pub address_attempts: u32,
    /// Registrations and accepted invitations per address and hour; 20 by default.
    pub address_registrations: u32,
    /// How long an invitation can be accepted; 7 days by default.
    pub invitation_lifetime: Duration,
    /// Invitations of a workspace that may be open at the same time; 100 by default.
    pub open_invitations: u32,
}

impl Default for Settings {
    fn default() -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Self {
            secure_cookies: true,
            session_lifetime: Duration::from_secs(30 * 24 * 60 * 60),
            concurrent_hashes: cores.min(4),
            account_attempts: 5,
            address_attempts: 20,
            address_registrations: 20,
            invitation_lifetime: Duration::from_secs(7 * 24 * 60 * 60),
            open_invitations: 100,
        }
    }
}

impl AppState {
    /// Puts the parts together; without `rooms` there are meetings that nobody can join.
    #[must_use]
    pub fn new(database: Database, topics: Topics, ai: Ai, rooms: Option<Arc<dyn Rooms>>, settings: Settings) -> Self {
        Self(Arc::new(Parts {
            passwords: PasswordHasher::new(settings.concurrent_hashes),
            throttle: Throttle::new(&settings),
            outbox: Outbox::new(database.clone(), topics.clone()),
            runs: Runs::new(ai.limits.lease),
            indexing: Indexing::new(),
            query_vectors: QueryVectors::new(ai.knowledge.limits.remembered_queries),
            images: Images::new(&ai.vision),
            ai,
            rooms,
            database,
            topics,
            settings,
        }))
    }

    /// The database.
    #[must_use]
    pub fn database(&self) -> &Database {
        &self.0.database
    }

    /// Where events are published.
    #[must_use]
    pub fn topics(&self) -> &Topics {
        &self.0.topics
    }

    /// Where events wait for their transaction; something must [sweep](Outbox::sweep) it and delete what is published.
    #[must_use]
    pub fn outbox(&self) -> &Outbox {
        &self.0.outbox
    }

    /// The answers of this instance; something must [work](Runs::work) on them.
    #[must_use]
    pub fn runs(&self) -> &Runs {
        &self.0.runs
    }

    /// The documents of this instance; something must [work](Indexing::work) on them.
    #[must_use]
    pub fn indexing(&self) -> &Indexing {
        &self.0.indexing
    }

    /// Vectors of the questions that were asked last.
    pub(crate) fn query_vectors(&self) -> &QueryVectors {
        &self.0.query_vectors
    }

    pub(crate) fn ai(&self) -> &Ai {
        &self.0.ai
    }

    /// The images that this instance is reading.
    pub(crate) fn images(&self) -> &Images {
        &self.0.images
    }

    /// The media server, if there is one.
    pub(crate) fn rooms(&self) -> Option<&Arc<dyn Rooms>> {
        self.0.rooms.as_ref()
    }

    pub(crate) fn passwords(&self) -> &PasswordHasher {
        &self.0.passwords
    }

    pub(crate) fn throttle(&self) -> &Throttle {
        &self.0.throttle
    }

    pub(crate) fn settings(&self) -> &Settings {
        &self.0.settings
    }
}

impl FromState<AppState> for Topics {
    fn from_state(state: &AppState) -> Self {
        state.topics().clone()
    }
}

impl fmt::Debug for AppState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AppState").field("settings", &self.0.settings).finish_non_exhaustive()
    }
}
