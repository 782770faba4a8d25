//! The contracts that were released, and what the next one owes to them.
//!
//! The contract of a release never changes, because clients have it. It is kept in a folder, under the version of the
//! release: `0.1.0.json`, `0.2.0.json`. Three things follow from these files:
//!
//! - [`Releases::check`] is the gate: the contract must not break the last release, except as
//!   [acknowledged](Acknowledged).
//! - [`Releases::release`] keeps the contract as that of the next release, if it passes.
//! - [`Releases::outdated_by`] names the releases whose clients the contract breaks, which a server tells them:
//!   `RpcServiceBuilder::outdated_contracts` of `tintype-axum` takes their hashes.
//!
//! # Acknowledgements and releases
//!
//! An acknowledgement belongs to the release that it names in `since`, and is looked at until that release is kept:
//! it is pending while `since` is newer than the last release, and history afterwards. History stays in the file and
//! covers nothing, so what breaks the same place again is a decision of its own. A pending acknowledgement of what has
//! not changed is refused, before it covers what nobody decided on.

mod error;

use std::{
    fs::{self, File},
    io::{ErrorKind, Write},
    path::{Path, PathBuf},
};

pub use error::{ReleaseError, ReleasesError};
use semver::{BuildMetadata, Version};

use super::{
    Contract, compatible,
    diff::{Acknowledged, AcknowledgedError, Acknowledgement, Report, ReportedChange, diff},
    json::{Json, Object},
};

/// The contracts of all releases, in the order of their versions.
#[derive(Debug, Clone)]
pub struct Releases {
    folder: PathBuf,
    releases: Vec<Release>,
}

/// The contract of one release.
#[derive(Debug, Clone, PartialEq)]
pub struct Release {
    name: String,
    version: Version,
    contract: Contract,
}

/// What a contract changes since the last release.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Check {
    /// The last release; absent if there is none yet, and then there is nothing to break.
    pub last: Option<String>,
    /// The changes since then, and the pending acknowledgements of what has not changed.
    pub report: Report,
    /// Acknowledgements of what is broken and not acknowledged, except for releases that are out: either they name the
    /// wrong release, or the same place is broken again.
    pub spent: Vec<Acknowledgement>,
}

impl Releases {
    /// Reads every release in `folder`; a folder that does not exist holds none.
    ///
    /// # Errors
    ///
    /// [`ReleasesError`] names the file that is no contract, or has no version for its name.
    pub fn read(folder: &Path) -> Result<Self, ReleasesError> {
        let failure = |error| ReleasesError::Folder(folder.to_owned(), error);
        let mut releases = Vec::new();
        let entries = match fs::read_dir(folder) {
            Err(error) if error.kind() == ErrorKind::NotFound => None,
            entries => Some(entries.map_err(failure)?),
        };
        for entry in entries.into_iter().flatten() {
            let path = entry.map_err(failure)?.path();
            if path.extension().is_some_and(|extension| extension == "json") {
                releases.push(Release::read(path)?);
            }
        }
        releases.sort_by(|one, other| one.version.cmp(&other.version));
        Ok(Self { folder: folder.to_owned(), releases })
    }

    /// Where they are.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Every release, the oldest first.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &Release> {
        self.releases.iter()
    }

    /// The release of the highest version.
    #[must_use]
    pub fn last(&self) -> Option<&Release> {
        self.releases.last()
    }

    /// The release of this version.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Release> {
        self.iter().find(|release| release.name == name)
    }

    /// The releases whose clients a server of `contract` breaks, whether that was acknowledged or not.
    pub fn outdated_by(&self, contract: &Contract) -> impl Iterator<Item = &Release> {
        self.iter().filter(|release| !compatible(&release.contract, contract))
    }

    /// The same as a file, with the hash of each.
    pub(crate) fn outdated_file(&self, contract: &Contract) -> String {
        let mut outdated = Object::new();
        for release in self.outdated_by(contract) {
            outdated.set(release.name.clone(), &*release.contract.hash);
        }
        Json::from(outdated).into_file()
    }

    /// Compares `contract` with the last release.
    ///
    /// # Errors
    ///
    /// [`AcknowledgedError::Since`] if an acknowledgement names no version.
    pub fn check(&self, contract: &Contract, acknowledged: &Acknowledged) -> Result<Check, AcknowledgedError> {
        let last = self.last();
        let pending = acknowledged.between(last, None)?;
        let changes = last.map(|last| diff(&last.contract, contract)).unwrap_or_default();
        let report = Report::new(changes, &pending);
        let covers = |entry: &Acknowledgement, reported: &ReportedChange| {
            reported.unacknowledged.iter().any(|place| entry.covers(reported.change.kind, place))
        };
        // An entry that covers what is not acknowledged is none of the pending ones.
        let is_spent = |entry: &&Acknowledgement| report.changes.iter().any(|reported| covers(entry, reported));
        let spent = acknowledged.acknowledged.iter().filter(is_spent).cloned().collect();
        Ok(Check { last: last.map(|last| last.name.clone()), report, spent })
    }

    /// Keeps `contract` as that of the release `name`, a version, and returns the path of the new file.
    ///
    /// # Errors
    ///
    /// [`ReleaseError`] says why not: the version is not newer than the last one, the contract does not pass
    /// [`check`](Self::check), or an acknowledgement is for another release.
    pub fn release(
        &self,
        name: &str,
        contract: &Contract,
        acknowledged: &Acknowledged,
    ) -> Result<PathBuf, ReleaseError> {
        let version = version(name).ok_or_else(|| ReleaseError::Name { name: name.to_owned() })?;
        let path = self.folder.join(format!("{version}.json"));
        let failure = |error| ReleaseError::File(path.clone(), error);
        match self.last() {
            Some(last) if self.get(name).is_some() => {
                return Err(ReleaseError::Exists { path, last: last.name.clone() });
            }
            Some(last) if last.version >= version => {
                return Err(ReleaseError::Order { name: name.to_owned(), last: last.name.clone() });
            }
            _ => {}
        }
        let check = self.check(contract, acknowledged)?;
        if !check.passes() {
            return Err(ReleaseError::Refused(Box::new(check)));
        }
        let pending = acknowledged.between(self.last(), None)?;
        if let Some(entry) = pending.acknowledged.iter().find(|entry| entry.since != name) {
            return Err(ReleaseError::Since { entry: Box::new(entry.clone()), name: name.to_owned() });
        }
        fs::create_dir_all(&self.folder).map_err(failure)?;
        // Whatever was read above, no file is written over.
        let mut file = File::create_new(&path).map_err(failure)?;
        if let Err(error) = file.write_all(contract.to_json().as_bytes()) {
            // Half a contract would be in the way of the next attempt; whether it can be removed changes nothing here.
            let _ = fs::remove_file(&path);
            return Err(failure(error));
        }
        Ok(path)
    }
}

impl Release {
    fn read(path: PathBuf) -> Result<Self, ReleasesError> {
        let name = path.file_stem().and_then(|name| name.to_str()).unwrap_or_default();
        let Some(version) = version(name) else { return Err(ReleasesError::Name(path)) };
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) => return Err(ReleasesError::File(path, error)),
        };
        match Contract::read(&text) {
            Ok(contract) => Ok(Self { name: version.to_string(), version, contract }),
            Err(error) => Err(ReleasesError::Contract(path, Box::new(error))),
        }
    }

    /// The version, for example `0.1.0`.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What its clients were built against.
    #[must_use]
    pub fn contract(&self) -> &Contract {
        &self.contract
    }

    /// Whether what is there since the version `since` is in this release.
    pub(super) fn has(&self, since: &Version) -> bool {
        *since <= self.version
    }
}

impl Check {
    /// Whether every break is acknowledged, and every pending acknowledgement is of a break.
    #[must_use]
    pub fn passes(&self) -> bool {
        self.report.accepted && self.report.stale.is_empty()
    }
}

/// The version that a release is named by. Metadata of a build has no place in the order of versions.
pub(super) fn version(name: &str) -> Option<Version> {
    Version::parse(name).ok().filter(|version| version.build == BuildMetadata::EMPTY)
}
