//! What goes wrong.

use std::ops::RangeInclusive;

use clap::ValueEnum;

/// A thing that goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, ValueEnum)]
pub(crate) enum Fault {
    /// A server is killed, and started again.
    KillServer,
    /// A server is told to stop, and started again.
    DrainServer,
    /// A server stands still.
    PauseServer,
    /// PostgreSQL is killed with all its processes, and started again.
    KillPostgres,
    /// All processes of PostgreSQL stand still.
    PausePostgres,
    /// PostgreSQL ends every connection of the servers, three times.
    EndConnections,
    /// Redis is killed and started again with what it has on disk, which is everything.
    KillRedis,
    /// Redis stands still.
    PauseRedis,
    /// The connections between a server and Redis break.
    CutRedis,
    /// The connections between a server and Redis bring nothing more, and nobody is told.
    StallRedis,
    /// The connections between a server and its clients break.
    CutClients,
    /// A server is killed while Redis stands still: what it has committed last nobody has announced.
    KillServerWithoutRedis,
    /// PostgreSQL is killed while Redis stands still.
    KillPostgresWithoutRedis,
}

impl Fault {
    pub(crate) fn all() -> Vec<Self> {
        Self::value_variants().to_vec()
    }

    /// As it is given on the command line.
    pub(crate) fn name(self) -> String {
        self.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default()
    }

    /// How long it lasts.
    pub(crate) fn lasts_ms(self) -> RangeInclusive<u64> {
        match self {
            Self::KillServer | Self::DrainServer | Self::KillRedis => 100..=1_000,
            Self::KillPostgres | Self::KillPostgresWithoutRedis => 100..=1_500,
            Self::PauseServer | Self::PausePostgres | Self::PauseRedis | Self::KillServerWithoutRedis => 1_000..=3_000,
            Self::EndConnections | Self::CutRedis | Self::StallRedis | Self::CutClients => 0..=0,
        }
    }
}
