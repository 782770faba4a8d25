use std::path::Path;

use super::{Failure, read_contract};
use crate::contract::{
    Contract,
    releases::{Release, Releases},
};

/// A contract, and the release that it is of.
pub(super) enum Side<'a> {
    Release(&'a Release),
    File(Box<Contract>),
}

impl<'a> Side<'a> {
    pub(super) fn find(name: &str, releases: Option<&'a Releases>) -> Result<Self, Failure> {
        let Some(releases) = releases else { return read_contract(Path::new(name)).map(Self::of) };
        let found = if name == "last" { releases.last() } else { releases.get(name) };
        match found {
            Some(release) => Ok(Self::Release(release)),
            None if name != "last" && Path::new(name).is_file() => read_contract(Path::new(name)).map(Self::of),
            None => {
                let known: Vec<&str> = releases.iter().map(Release::name).collect();
                let known = if known.is_empty() { "none yet".to_owned() } else { known.join(", ") };
                Err(Failure::NoRelease { name: name.to_owned(), folder: releases.folder().to_owned(), known })
            }
        }
    }

    fn of(contract: Contract) -> Self {
        Self::File(Box::new(contract))
    }

    pub(super) fn contract(&self) -> &Contract {
        match self {
            Self::Release(release) => release.contract(),
            Self::File(contract) => contract,
        }
    }

    pub(super) fn release(&self) -> Option<&'a Release> {
        match self {
            Self::Release(release) => Some(release),
            Self::File(_) => None,
        }
    }
}
