//! What goes wrong, in which order, and how it is done.

mod inflict;
mod plan;

use clap::ValueEnum;

pub(crate) use inflict::inflict;
pub(crate) use plan::{Plan, Planned};

/// A thing that goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, ValueEnum)]
pub(crate) enum Fault {
    /// A server is killed, and started again.
    KillServer,
    /// A server is told to stop, and started again.
    DrainServer,
    /// A server stands still.
    PauseServer,
    /// Redis is killed and started again with what it has on disk.
    KillRedis,
    /// Redis stands still.
    PauseRedis,
    /// Redis closes the connections on which servers listen.
    KillPubsub,
    /// The connections between a server and Redis break.
    CutRedis,
    /// The connections between a server and Redis bring nothing more, and nobody is told.
    StallRedis,
    /// The connections between a server and its clients break.
    CutClients,
    /// The connections between a server and its clients bring nothing more, and nobody is told.
    StallClients,
    /// Somebody empties Redis.
    Flush,
    /// Redis is killed and started again without its data.
    EmptyRedis,
    /// Redis is killed and has forgotten the last 0.3 s, as a new master has that lagged behind.
    Rollback,
    /// The message of an event is lost between Redis and all servers.
    Unheard,
    /// The streams are trimmed while a third of the clients are away.
    Trim,
}

impl Fault {
    /// All there are.
    pub(crate) fn all() -> Vec<Self> {
        Self::value_variants().to_vec()
    }

    /// As it is given on the command line.
    pub(crate) fn name(self) -> String {
        self.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default()
    }
}
