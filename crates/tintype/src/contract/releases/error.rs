use std::{io, path::PathBuf};

use super::{
    super::{
        ContractError,
        diff::{AcknowledgedError, Acknowledgement},
    },
    Check,
};

/// Why the releases cannot be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReleasesError {
    /// The folder cannot be listed.
    #[error("the releases in {} cannot be listed", .0.display())]
    Folder(PathBuf, #[source] io::Error),
    /// A file cannot be read.
    #[error("the release {} cannot be read", .0.display())]
    File(PathBuf, #[source] io::Error),
    /// A file is not named by a version.
    #[error("{} is not named by the version of a release: name it like 0.1.0.json", .0.display())]
    Name(PathBuf),
    /// A file holds no contract.
    #[error("the release {} is no contract", .0.display())]
    Contract(PathBuf, #[source] Box<ContractError>),
}

/// Why a contract is not that of a release.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReleaseError {
    /// The name is no version.
    #[error("{name:?} cannot name a release: use a version such as 0.2.0 or 0.2.0-rc.1")]
    Name {
        /// The name.
        name: String,
    },
    /// The version is released already.
    #[error(
        "{} exists, and the contract of a release does not change: choose a version newer than {last}",
        path.display()
    )]
    Exists {
        /// The file of the release.
        path: PathBuf,
        /// The last release.
        last: String,
    },
    /// The version is older than the last one.
    #[error("{name} is older than the last release {last}: choose a newer version")]
    Order {
        /// The name.
        name: String,
        /// The last release.
        last: String,
    },
    /// The contract does not pass [`Releases::check`](super::Releases::check).
    #[error(
        "the contract does not pass the check against the last release: make it compatible, or acknowledge what it \
         breaks and nothing else"
    )]
    Refused(Box<Check>),
    /// A pending acknowledgement is for another release.
    #[error(
        "the acknowledgement of {} in {} is since {}, and {name} is the first release to have it: write \
         since = {name:?}",
        entry.change, entry.place(), entry.since
    )]
    Since {
        /// The acknowledgement.
        entry: Box<Acknowledgement>,
        /// The release.
        name: String,
    },
    /// The acknowledgements cannot be used.
    #[error(transparent)]
    Acknowledged(#[from] AcknowledgedError),
    /// The file cannot be written.
    #[error("the release {} cannot be written", .0.display())]
    File(PathBuf, #[source] io::Error),
}
