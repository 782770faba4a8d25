use std::{io, path::PathBuf};

use crate::contract::{
    ContractError,
    diff::AcknowledgedError,
    releases::{ReleaseError, ReleasesError},
};

/// Why a command could not be followed.
#[derive(Debug, thiserror::Error)]
pub(super) enum Failure {
    #[error("{} cannot be read: pass the path of an existing file", .0.display())]
    File(PathBuf, #[source] io::Error),
    #[error("{} is no contract", .0.display())]
    Contract(PathBuf, #[source] Box<ContractError>),
    #[error("{} cannot be used", .0.display())]
    Acknowledged(PathBuf, #[source] AcknowledgedError),
    #[error(transparent)]
    Acknowledgement(#[from] AcknowledgedError),
    #[error(transparent)]
    Releases(#[from] ReleasesError),
    #[error("{name:?} is neither a file nor a release in {}: pass the path of a contract, or one of {known}", folder.display())]
    NoRelease { name: String, folder: PathBuf, known: String },
    #[error(transparent)]
    Release(#[from] ReleaseError),
    #[error("the result cannot be written")]
    Output(#[source] io::Error),
}
