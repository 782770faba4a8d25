//! A workspace with a contract and its generator, in a folder of its own.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    time::Instant,
};

use anyhow::{Context, bail, ensure};

use super::rust_source;
use crate::processor_time;

const GENERATOR: &str = r#"//! Writes the bindings.

use std::path::Path;

use tintype::typescript::{Bindings, Options};

fn main() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let options = Options { sources: Some(root.to_owned()), ..Options::default() };
    let folder = root.join("out");
    std::fs::create_dir_all(&folder).unwrap();
    Bindings::generate(&contract::router(), &options).unwrap().write_to(&folder).unwrap();
}
"#;

const PACKAGE: &str = "version = \"0.1.0\"\nedition = \"2024\"\npublish = false\n";

/// The contract crate and its generator.
#[derive(Debug)]
pub(super) struct ContractCrate {
    folder: PathBuf,
    procedures: usize,
    edits: usize,
}

/// What something took.
#[derive(Debug, Clone, Copy)]
pub(super) struct Took {
    pub(super) wall_seconds: f64,
    pub(super) cpu_seconds: f64,
}

impl ContractCrate {
    pub(super) fn in_folder(folder: &Path) -> anyhow::Result<Self> {
        let root = workspace_root()?;
        fs::copy(root.join("Cargo.lock"), folder.join("Cargo.lock"))?;
        fs::copy(root.join("rust-toolchain.toml"), folder.join("rust-toolchain.toml"))?;
        write(&folder.join("Cargo.toml"), "[workspace]\nresolver = \"3\"\nmembers = [\"contract\", \"generator\"]\n")?;
        let tintype = root.join("crates/tintype");
        let tintype = tintype.display();
        write(
            &folder.join("contract/Cargo.toml"),
            &format!(
                "[package]\nname = \"contract\"\n{PACKAGE}\n[dependencies]\nfutures-util = {{ version = \"0.3\", \
                 default-features = false }}\ngarde = {{ version = \"0.23\", default-features = false, features = \
                 [\"derive\"] }}\nserde = {{ version = \"1\", features = [\"derive\"] }}\nthiserror = \"2\"\ntintype = \
                 {{ path = \"{tintype}\" }}\n"
            ),
        )?;
        write(
            &folder.join("generator/Cargo.toml"),
            &format!(
                "[package]\nname = \"generator\"\n{PACKAGE}\n[dependencies]\ncontract = {{ path = \"../contract\" \
                 }}\ntintype = {{ path = \"{tintype}\", features = [\"codegen\"] }}\n"
            ),
        )?;
        write(&folder.join("generator/src/main.rs"), GENERATOR)?;
        Ok(Self { folder: folder.to_owned(), procedures: 0, edits: 0 })
    }

    /// Gives the contract so many procedures, and builds whatever that needs.
    pub(super) fn resize(&mut self, procedures: usize) -> anyhow::Result<()> {
        self.procedures = procedures;
        let source = self.folder.join("contract/src");
        if source.exists() {
            fs::remove_dir_all(&source)?;
        }
        for (name, text) in rust_source::files(procedures, "name0") {
            write(&source.join(name), &text)?;
        }
        self.generate()?;
        Ok(())
    }

    /// Renames a field, and waits until the declarations have the new name.
    pub(super) fn edit(&mut self) -> anyhow::Result<Took> {
        let field = self.save_a_field()?;
        let took = self.generate()?;
        let declarations = fs::read_to_string(self.folder.join("out/api.d.ts"))?;
        ensure!(declarations.contains(&format!("{field}: string")), "api.d.ts has no field {field}");
        Ok(took)
    }

    /// Renames a field, and waits until the contract alone is checked, from nothing.
    pub(super) fn check(&mut self) -> anyhow::Result<Took> {
        self.save_a_field()?;
        self.cargo(&["check", "--package", "contract"], "0")
    }

    fn save_a_field(&mut self) -> anyhow::Result<String> {
        self.edits += 1;
        let field = format!("renamed{}", self.edits);
        let text = rust_source::first_module(self.procedures, &field);
        write(&self.folder.join("contract/src/area0.rs"), &text)?;
        Ok(field)
    }

    fn generate(&self) -> anyhow::Result<Took> {
        // As `cargo xtask bindings` builds its generator.
        let config = workspace_root()?.join("bindings/describe.toml");
        let config = config.to_str().context("the path of the workspace is text")?;
        self.cargo(&["run", "--package", "generator", "--profile", "describe", "--config", config], "1")
    }

    fn cargo(&self, arguments: &[&str], incremental: &str) -> anyhow::Result<Took> {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let (started, before) = (Instant::now(), processor_time::of_ended_children()?);
        let output = Command::new(cargo)
            .args(arguments)
            .args(["--quiet", "--offline"])
            .current_dir(&self.folder)
            .env("CARGO_TARGET_DIR", self.folder.join("target"))
            .env("CARGO_INCREMENTAL", incremental)
            .output()
            .context("cargo did not start")?;
        if !output.status.success() {
            let said = String::from_utf8_lossy(&output.stderr);
            bail!("cargo {}: {}\n{said}", arguments.join(" "), output.status);
        }
        Ok(Took {
            wall_seconds: started.elapsed().as_secs_f64(),
            cpu_seconds: processor_time::of_ended_children()? - before,
        })
    }
}

fn workspace_root() -> anyhow::Result<&'static Path> {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().context("the crate is in a workspace")
}

fn write(path: &Path, text: &str) -> anyhow::Result<()> {
    fs::create_dir_all(path.parent().context("a file is in a folder")?)?;
    fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))
}
