use std::{
    fs, io,
    path::{Path, PathBuf},
};

use super::{api, rich::Nodes, router, source_map::MappedText};
use crate::{
    Router,
    contract::{Contract, DescribeError, DescribeOptions, EmitError, SchemaOptions, releases::Releases, schemas, zod},
    protocol::Transformer,
};

/// The generated files of a contract.
#[derive(Debug, Clone, PartialEq)]
pub struct Bindings {
    contract: Contract,
    files: Vec<(&'static str, String)>,
}

/// How to generate [`Bindings`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// The command that generates them anew, named at the top of the declarations.
    pub command: String,
    /// The npm package that `api.d.ts` imports from; `@tintype/client` by default.
    pub client: String,
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
    /// Whether `schemas.js` and `schemas.d.ts` are written, by which forms check an input before it is sent; off by
    /// default.
    pub schemas: bool,
    /// Whether `zod.ts` is written, the same for forms that use Zod 4; off by default.
    pub zod: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            command: "cargo run".to_owned(),
            client: "@tintype/client".to_owned(),
            workspace: "..".to_owned(),
            sources: None,
            transformer: Transformer::default(),
            schemas: false,
            zod: false,
        }
    }
}

/// Why the files of a router cannot be generated.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum GenerateError {
    /// The procedures and types have no form in TypeScript.
    #[error(transparent)]
    Describe(#[from] DescribeError),
    /// There are no schemas of its inputs, which [`Options::schemas`] or [`Options::zod`] ask for.
    #[error("the schemas of inputs cannot be written")]
    Schemas(#[from] EmitError),
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
    /// [`GenerateError`] names the procedure, type or field that has no form in TypeScript, and what to do about it.
    pub fn generate<S: Clone + Send + Sync + 'static>(
        router: &Router<S>,
        options: &Options,
    ) -> Result<Self, GenerateError> {
        let describe = DescribeOptions { sources: options.sources.clone(), transformer: options.transformer };
        Ok(Self::of(Contract::of(router, &describe)?, options)?)
    }

    /// Writes down a contract that is described already.
    ///
    /// # Errors
    ///
    /// An [`EmitError`] if schemas are asked for and the contract has none, because its types contradict each other.
    pub fn of(contract: Contract, options: &Options) -> Result<Self, EmitError> {
        let finish = |mut text: MappedText, name: &str| {
            text.push(&format!("//# sourceMappingURL={name}.map\n"));
            text.finish(name, &options.workspace)
        };
        let nodes = Nodes::of(&contract);
        let (index, index_map) = finish(router::write(&contract, options), "index.d.ts");
        let (api, api_map) = finish(api::declarations(&contract, nodes.is_some(), options), "api.d.ts");
        let mut files = vec![
            ("contract.json", contract.to_json()),
            ("index.d.ts", index),
            ("index.d.ts.map", index_map),
            ("api.d.ts", api),
            ("api.d.ts.map", api_map),
            ("api.js", api::metadata(&contract, nodes.as_ref(), options)),
        ];
        let of_inputs = SchemaOptions {
            command: options.command.clone(),
            runtime: format!("{}/schema", options.client),
            types: "./api.js".to_owned(),
        };
        if options.schemas {
            let written = schemas(&contract, &of_inputs)?;
            files.extend([("schemas.d.ts", written.declarations), ("schemas.js", written.javascript)]);
        }
        if options.zod {
            files.push(("zod.ts", zod(&contract, &of_inputs)?));
        }
        Ok(Self { contract, files })
    }

    /// Adds `outdated.json`: the releases whose clients this contract breaks, each with the hash of its contract.
    ///
    /// It is for the server, which tells them: `{ "0.1.0": "6f199f1e90ddedcf" }`.
    #[must_use]
    pub fn with_releases(mut self, releases: &Releases) -> Self {
        self.files.push(("outdated.json", releases.outdated_file(&self.contract)));
        self
    }

    /// The contract that is written down.
    #[must_use]
    pub fn contract(&self) -> &Contract {
        &self.contract
    }

    /// Name and text of each file.
    pub fn files(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.files.iter().map(|(name, text)| (*name, text.as_str()))
    }

    /// Writes the files into `folder`, which is made if it is missing, except those that are up to date, and returns the
    /// paths of those written.
    ///
    /// # Errors
    ///
    /// The first error of the file system.
    pub fn write_to(&self, folder: &Path) -> io::Result<Vec<PathBuf>> {
        fs::create_dir_all(folder)?;
        let mut written = Vec::new();
        for stale in self.stale_in(folder)? {
            let (_, text) = self
                .files()
                .find(|(name, _)| stale.path.file_name().is_some_and(|file| file == *name))
                .expect("stale_in goes by files");
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
