//! A folder per program, ready for tsc.

use std::{
    fs,
    os::unix::fs::symlink,
    path::{Path, PathBuf},
};

use anyhow::{Context, anyhow};
use clap::ValueEnum;
use tintype::typescript::{Bindings, Options};

use super::{calls::Calls, compiler::Compiler, fixture::Fixture};

/// How the client learns the types.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Form {
    /// `typeof appRouter`, from the source of the server.
    Inferred,
    /// The same from the declarations that tsc emits for the server.
    Emitted,
    /// The generated `AppRouter` with the official client.
    AppRouter,
    /// The generated `Api` with `@tintype/client`.
    Api,
}

impl Form {
    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::Inferred => "tRPC, inferred from the server's source",
            Self::Emitted => "tRPC, from emitted declarations",
            Self::AppRouter => "tintype's `AppRouter`, official client",
            Self::Api => "tintype's `Api`, `@tintype/client`",
        }
    }

    fn folder(self) -> &'static str {
        match self {
            Self::Inferred => "inferred",
            Self::Emitted => "emitted",
            Self::AppRouter => "app-router",
            Self::Api => "api",
        }
    }

    fn client(self) -> String {
        let trpc = |router: &str| {
            format!(
                "import {{ createTRPCClient, httpBatchLink }} from '@trpc/client';\nimport type {{ AppRouter }} from \
                 '{router}';\n\nexport const api = createTRPCClient<AppRouter>({{ links: [httpBatchLink({{ url: \
                 '/trpc' }})] }});\n"
            )
        };
        match self {
            Self::Inferred => trpc("./server/router.js"),
            Self::Emitted => trpc("./emitted/router.js"),
            Self::AppRouter => trpc("./bindings/index.js"),
            Self::Api => "import { createClient, http } from '@tintype/client';\nimport { type Api, contract } from \
                          './bindings/api.js';\n\nexport const api = createClient<Api>(http, { url: '/trpc', contract \
                          });\n"
                .to_owned(),
        }
    }
}

const COMPILER_OPTIONS: &str = r#""target": "es2022", "lib": ["es2022", "dom", "dom.iterable", "dom.asynciterable"],
    "module": "esnext", "moduleResolution": "bundler", "strict": true, "noUncheckedIndexedAccess": true,
    "exactOptionalPropertyTypes": true, "verbatimModuleSyntax": true, "isolatedModules": true, "skipLibCheck": true,
    "types": []"#;

const PACKAGES: [&str; 4] = ["@tintype/client", "@trpc/client", "@trpc/server", "zod"];

/// The folder that holds the programs.
#[derive(Debug)]
pub(crate) struct Programs {
    folder: PathBuf,
}

impl Programs {
    /// Makes `folder` one in which programs find the packages that they import.
    pub(crate) fn in_folder(folder: &Path) -> anyhow::Result<Self> {
        for package in PACKAGES {
            let link = folder.join("node_modules").join(package);
            fs::create_dir_all(link.parent().context("a package is in node_modules")?)?;
            if fs::symlink_metadata(&link).is_err() {
                symlink(folder_of_package(package)?, &link)?;
            }
        }
        Ok(Self { folder: folder.to_owned() })
    }

    /// Writes the program that makes `calls`, and returns its folder; fails with [`DeclarationTooLong`] where it
    /// cannot exist.
    pub(crate) fn write(&self, fixture: Fixture, form: Form, calls: Calls) -> anyhow::Result<PathBuf> {
        let calls_name = match calls {
            Calls::All => "all".to_owned(),
            Calls::First(number) => number.to_string(),
        };
        let folder = self.folder.join(format!("{}-{}-{calls_name}", fixture.procedures, form.folder()));
        write(&folder.join("client.ts"), &form.client())?;
        write(&folder.join("calls.ts"), &fixture.calls(calls))?;
        let config = format!(
            "{{\n  \"compilerOptions\": {{\n    {COMPILER_OPTIONS},\n    \"noEmit\": true\n  }},\n  \"files\": \
             [\"calls.ts\"]\n}}\n"
        );
        write(&folder.join("tsconfig.json"), &config)?;
        match form {
            Form::Inferred => write_server(&folder, fixture)?,
            Form::Emitted => {
                write_server(&folder, fixture)?;
                emit(&folder)?;
            }
            Form::AppRouter | Form::Api => {
                let bindings = Bindings::of(fixture.contract(), &Options::default())?;
                for (name, text) in bindings.files() {
                    write(&folder.join("bindings").join(name), text)?;
                }
            }
        }
        Ok(folder)
    }
}

fn write_server(folder: &Path, fixture: Fixture) -> anyhow::Result<()> {
    for (name, text) in fixture.trpc_server() {
        write(&folder.join("server").join(name), &text)?;
    }
    Ok(())
}

/// TypeScript refuses to write the inferred type of a router that is so large.
///
/// tRPC's documentation knows no way around it but to split the router.
#[derive(Debug, Clone, Copy, thiserror::Error)]
#[error("TypeScript cannot emit the declaration of the router: it is too long (TS7056)")]
pub(crate) struct DeclarationTooLong;

/// Leaves the declarations of the server, and not its source.
fn emit(folder: &Path) -> anyhow::Result<()> {
    let config = format!(
        "{{\n  \"compilerOptions\": {{\n    {COMPILER_OPTIONS},\n    \"declaration\": true, \"emitDeclarationOnly\": \
         true, \"rootDir\": \"server\", \"outDir\": \"emitted\"\n  }},\n  \"include\": [\"server\"]\n}}\n"
    );
    write(&folder.join("tsconfig.server.json"), &config)?;
    Compiler::TypeScript5
        .run(folder, &["-p", "tsconfig.server.json"])
        .map_err(|error| if error.to_string().contains("TS7056") { anyhow!(DeclarationTooLong) } else { error })?;
    fs::remove_dir_all(folder.join("server"))?;
    Ok(())
}

fn write(path: &Path, text: &str) -> anyhow::Result<()> {
    fs::create_dir_all(path.parent().context("a file is in a folder")?)?;
    fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))
}

/// Where a package of the benchmark is, found as Node.js finds it.
pub(crate) fn folder_of_package(name: &str) -> anyhow::Result<PathBuf> {
    let start = Path::new(env!("CARGO_MANIFEST_DIR"));
    let found = start.ancestors().map(|folder| folder.join("node_modules").join(name)).find(|path| path.is_dir());
    let found = found.with_context(|| format!("the npm package {name} is missing: run `npm ci`"))?;
    Ok(found.canonicalize()?)
}
