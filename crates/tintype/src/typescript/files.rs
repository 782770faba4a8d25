use std::{
    fs, io,
    path::{Path, PathBuf},
};

use super::{contract, declarations, resolve};
use crate::{Router, protocol::Transformer, typescript::BindingsError};

/// The generated files of a contract.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bindings {
    files: [(&'static str, String); 3],
}

/// How to generate [`Bindings`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// The command that generates them anew, named at the top of the declarations.
    pub command: String,
    /// Path from the folder of the files to the one that the compiler's paths are relative to, the workspace;
    /// `..` by default.
    pub workspace: String,
    /// Where the workspace is now, to look in its sources for the names of types.
    ///
    /// Without it go-to-definition on a type leads to its `#[derive(…)]`, which is all that the compiler tells.
    pub sources: Option<PathBuf>,
    /// The transformer that server and clients share; none by default.
    ///
    /// With superjson, clients send and receive a `Date` for a date, a `bigint` for an integer of 64 bits and more, a
    /// `Uint8Array` for bytes, a `Map` and a `Set`.
    pub transformer: Transformer,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            command: "cargo run".to_owned(),
            workspace: "..".to_owned(),
            sources: None,
            transformer: Transformer::default(),
        }
    }
}

/// A file that is not what the contract says.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{} is out of date: line {line} should be {expected:?}", path.display())]
pub struct Stale {
    /// The file.
    pub path: PathBuf,
    /// The first line that differs, from 1.
    pub line: usize,
    /// What should stand there.
    pub expected: String,
}

impl Bindings {
    /// Writes down the contract of `router`.
    ///
    /// # Errors
    ///
    /// [`BindingsError`] names the procedure, type or field that has no form in TypeScript, and what to do about it.
    pub fn generate<S: Clone + Send + Sync + 'static>(
        router: &Router<S>,
        options: &Options,
    ) -> Result<Self, BindingsError> {
        let resolved = resolve::resolve(router, options.transformer)?;
        let mut declarations = declarations::write(&resolved, options)?;
        declarations.push("//# sourceMappingURL=index.d.ts.map\n");
        let (declarations, map) = declarations.finish("index.d.ts", &options.workspace);
        let contract = contract::write(&resolved)?;
        Ok(Self { files: [("contract.json", contract), ("index.d.ts", declarations), ("index.d.ts.map", map)] })
    }

    /// Name and text of each file.
    pub fn files(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.files.iter().map(|(name, text)| (*name, text.as_str()))
    }

    /// Writes the files into `folder`, except those that are up to date, and returns the paths of those written.
    ///
    /// # Errors
    ///
    /// The first error of the file system.
    pub fn write_to(&self, folder: &Path) -> io::Result<Vec<PathBuf>> {
        let mut written = Vec::new();
        for stale in self.stale_in(folder)? {
            let (_, text) = self.files().find(|(name, _)| stale.path.ends_with(name)).expect("stale_in goes by files");
            fs::write(&stale.path, text)?;
            written.push(stale.path);
        }
        Ok(written)
    }

    /// The files in `folder` that are missing or differ.
    ///
    /// # Errors
    ///
    /// The first error of the file system, except that a file does not exist.
    pub fn stale_in(&self, folder: &Path) -> io::Result<Vec<Stale>> {
        let mut stale = Vec::new();
        for (name, expected) in self.files() {
            let path = folder.join(name);
            let found = match fs::read_to_string(&path) {
                Ok(found) => found,
                Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
                Err(error) => return Err(error),
            };
            if found != expected {
                let same = expected.lines().zip(found.lines()).take_while(|(expected, found)| expected == found);
                let line = same.count();
                let expected = expected.lines().nth(line).unwrap_or_default().chars().take(200).collect();
                stale.push(Stale { path, line: line + 1, expected });
            }
        }
        Ok(stale)
    }
}
