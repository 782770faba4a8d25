//! What the contracts of releases are for: the gate, the next release, and clients that are outdated.

mod gate;
mod history;
mod program;

use std::path::Path;

use tintype::{
    contract::{
        Contract, DescribeOptions,
        diff::Acknowledged,
        releases::{ReleaseError, Releases},
    },
    prelude::*,
    router,
};

/// A note, as it was in the beginning.
mod first {
    use serde::Serialize;

    use super::*;

    #[derive(Serialize, Type)]
    pub(super) struct Note {
        title: String,
        body: String,
    }

    #[query(state = ())]
    pub(super) async fn all() -> Result<Vec<Note>, Never> {
        Ok(Vec::new())
    }
}

/// A note without its body: clients that show it are broken.
mod second {
    use serde::Serialize;

    use super::*;

    #[derive(Serialize, Type)]
    pub(super) struct Note {
        title: String,
    }

    #[query(state = ())]
    pub(super) async fn all() -> Result<Vec<Note>, Never> {
        Ok(Vec::new())
    }

    #[query(state = ())]
    pub(super) async fn count() -> Result<u32, Never> {
        Ok(0)
    }
}

fn describe(router: &Router<()>) -> Contract {
    Contract::of(router, &DescribeOptions::default()).unwrap()
}

/// With titles and bodies.
fn first() -> Contract {
    describe(&router! { notes: [first::all] })
}

/// Without the bodies, which breaks clients of the first.
fn second() -> Contract {
    describe(&router! { notes: [second::all] })
}

/// The second with another procedure, which breaks nobody.
fn third() -> Contract {
    describe(&router! { notes: [second::all, second::count] })
}

/// The acknowledgement of what the second breaks of the first.
fn body_removed(since: &str) -> String {
    format!(
        r#"
        [[acknowledged]]
        procedure = "notes.all"
        path = "output[].body"
        change = "fieldRemoved"
        reason = "no page shows it"
        since = "{since}"
        "#
    )
}

fn acknowledged(text: &str) -> Acknowledged {
    Acknowledged::read(text).unwrap()
}

fn read(folder: &Path) -> Releases {
    Releases::read(folder).unwrap()
}

fn release(folder: &Path, name: &str, contract: &Contract, text: &str) -> Result<(), ReleaseError> {
    read(folder).release(name, contract, &acknowledged(text)).map(drop)
}
