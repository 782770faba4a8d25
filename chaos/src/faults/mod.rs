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
    /// Redis is killed and has forgotten the last 0.3 s, as a new master has that lagged behind, while a third of the
    /// clients are away.
    Rollback,
    /// Redis is killed, and a sentinel puts a replica in its place that lacks the last 0.3 s, while a third of the
    /// clients are away; only with `--sentinel`.
    Failover,
    /// The message of an event is lost between Redis and all servers.
    Unheard,
    /// The streams are trimmed while a third of the clients are away.
    Trim,
}

impl Fault {
    /// All there are for one Redis, or for a group of servers with a sentinel.
    pub(crate) fn all(is_group: bool) -> Vec<Self> {
        Self::value_variants().iter().copied().filter(|fault| fault.is_possible(is_group)).collect()
    }

    /// Whether it can be done to one Redis, or to a group of servers with a sentinel.
    pub(crate) fn is_possible(self, is_group: bool) -> bool {
        match self {
            Self::Failover => is_group,
            // A sentinel would fail over, or give servers another address than that of the proxy.
            Self::KillRedis | Self::PauseRedis | Self::EmptyRedis | Self::Rollback => !is_group,
            Self::CutRedis | Self::StallRedis => !is_group,
            Self::KillServer | Self::DrainServer | Self::PauseServer | Self::KillPubsub => true,
            Self::CutClients | Self::StallClients | Self::Flush | Self::Unheard | Self::Trim => true,
        }
    }

    /// As it is given on the command line.
    pub(crate) fn name(self) -> String {
        self.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default()
    }
}
