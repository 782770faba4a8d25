//! A PostgreSQL of one's own: finds the binaries, and owns a private cluster.
//!
//! The server needs a PostgreSQL with pgvector, and a person who tries it has none.
//! [`Binaries::locate`] finds one on the machine or fetches a pinned build once; [`Cluster::start`] makes a cluster in
//! a data directory and starts it, or adopts the one that runs there already.
//! Nothing listens on the network: the cluster has a Unix socket in a directory that only its owner may enter, which
//! is why connections need no password.
//!
//! # Who stops the cluster
//!
//! Several processes may use one cluster: a server, a test run, a command-line tool.
//! Each holds a shared lock on a file while it does; whoever finds itself the last when it leaves stops the cluster.
//! A process that is killed releases its lock and leaves the cluster running, and the next start adopts it.
//! A signal on the death of the parent would stop the cluster under the other users, so it is not used.

#[cfg(not(unix))]
compile_error!("a private PostgreSQL needs Unix sockets: set DATABASE_URL and build without this crate");

mod account;
mod binaries;
mod bundle;
mod cluster;

pub use binaries::{Binaries, LocateError};
pub use bundle::BundleError;
pub use cluster::{Cluster, ClusterError, Durability};
