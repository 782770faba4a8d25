//! Removes a rule of the framework in a copy of the workspace, and wants the ledger to find out.

use std::{
    collections::BTreeSet,
    fs, io,
    path::{Path, PathBuf},
};

use anyhow::{Context, bail};

use crate::{
    chaos::{Ledgers, Subject, words},
    progress::Progress,
    tool::Tool,
    workspace::Workspace,
};

/// Where the patches are.
const FOLDER: &str = "xtask/mutations";

/// What builds do not read.
const NOT_COPIED: &[&str] = &[".git", ".tintype", "target", "node_modules", "test-results", "playwright-report"];

/// The exit status of a ledger that found a broken promise.
const BROKEN: i32 = 1;

/// A patch that removes one rule.
///
/// Before the patch itself its file says what it removes, in the line `Rule:`, and with which arguments the ledger finds
/// out, in the line `Ledger:`; the first of these is `--outbox` if it is the ledger of the outbox.
#[derive(Debug, PartialEq, Eq)]
struct Mutation {
    name: String,
    path: PathBuf,
    rule: String,
    subject: Subject,
    arguments: String,
}

impl Mutation {
    fn read(path: &Path) -> anyhow::Result<Self> {
        let text = fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
        let line = |name: &str| {
            let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
            line.map(str::to_owned).with_context(|| format!("{} has no line {name:?}: write one", path.display()))
        };
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let arguments = line("Ledger")?;
        let (subject, arguments) = match arguments.strip_prefix("--outbox") {
            Some(arguments) => (Subject::Outbox, arguments.to_owned()),
            None => (Subject::Topics, arguments),
        };
        Ok(Self { name, path: path.to_owned(), rule: line("Rule")?, subject, arguments })
    }

    fn all(workspace: &Workspace) -> anyhow::Result<Vec<Self>> {
        let folder = workspace.root().join(FOLDER);
        let files = fs::read_dir(&folder).with_context(|| format!("cannot read {}", folder.display()))?;
        let paths: BTreeSet<PathBuf> = files.map(|file| Ok(file?.path())).collect::<io::Result<_>>()?;
        paths.iter().map(|path| Self::read(path)).collect()
    }
}

/// Checks that the ledger finds out about every rule that is missing, or about those whose names contain `only`.
pub(crate) fn check(workspace: &Workspace, ledgers: &Ledgers, only: Option<&str>) -> anyhow::Result<()> {
    let mutations = Mutation::all(workspace)?;
    let names: Vec<String> = mutations.iter().map(|mutation| mutation.name.clone()).collect();
    let chosen: Vec<_> =
        mutations.into_iter().filter(|mutation| only.is_none_or(|only| mutation.name.contains(only))).collect();
    if chosen.is_empty() {
        bail!("no rule has {:?} in its name: the rules are {}", only.unwrap_or_default(), names.join(", "));
    }
    let copy = workspace.target().join("mutations");
    let (sources, target) = (copy.join("sources"), copy.join("target"));
    let mut progress = Progress::new(chosen.len());
    let mut unnoticed = Vec::new();
    for mutation in &chosen {
        let found = progress.step(&format!("Without: {}", mutation.rule), || {
            copy_sources(workspace.root(), &sources).context("the workspace cannot be copied")?;
            let server = build(workspace, mutation, &sources, &target)?;
            if finds_out(workspace, ledgers, mutation, server)? { Ok(()) } else { bail!("the ledger did not find out") }
        });
        if let Err(error) = found {
            println!("{}: {error:#}", mutation.name);
            unnoticed.push(mutation.name.clone());
        }
    }
    progress.print_table();
    if !unnoticed.is_empty() {
        bail!("the ledger is blind for, or could not be tried without: {}", unnoticed.join(", "));
    }
    Ok(())
}

/// Builds the server without the rule.
fn build(workspace: &Workspace, mutation: &Mutation, sources: &Path, target: &Path) -> anyhow::Result<PathBuf> {
    let patched = Tool::new(workspace, "git").args(["apply", "--whitespace=nowarn"]).args([&mutation.path]);
    patched.within(sources).env("GIT_CEILING_DIRECTORIES", sources.parent().unwrap_or(sources)).run().with_context(
        || format!("{} does not apply any more: write it anew for the code of today", mutation.path.display()),
    )?;
    let (package, program) = mutation.subject.server();
    let build = Tool::cargo(workspace).args(["build", "--locked", "--package", package, "--bin", program]);
    build.within(sources).env("CARGO_TARGET_DIR", target).run().with_context(|| {
        format!("what {} makes of the sources cannot be built: write it anew", mutation.path.display())
    })?;
    Ok(target.join("debug").join(program))
}

/// Whether the ledger says that the promise was broken.
fn finds_out(workspace: &Workspace, ledgers: &Ledgers, mutation: &Mutation, server: PathBuf) -> anyhow::Result<bool> {
    let status = ledgers.tool(workspace, mutation.subject, server, words(&mutation.arguments)).status()?;
    match status.code() {
        Some(0) => Ok(false),
        Some(BROKEN) => Ok(true),
        _ => bail!("the ledger could not be kept: {status}"),
    }
}

/// Makes `to` the same as `from`, and touches only what differs, so that only that is built again.
fn copy_sources(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    let mut kept = BTreeSet::new();
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let name = entry.file_name();
        let kind = entry.file_type()?;
        if NOT_COPIED.iter().any(|not_copied| name == *not_copied) || kind.is_symlink() {
            continue;
        }
        let target = to.join(&name);
        if kind.is_dir() {
            copy_sources(&entry.path(), &target)?;
        } else {
            let content = fs::read(entry.path())?;
            if fs::read(&target).ok().as_ref() != Some(&content) {
                fs::write(&target, content)?;
            }
        }
        kept.insert(name);
    }
    for entry in fs::read_dir(to)? {
        let entry = entry?;
        if kept.contains(&entry.file_name()) {
            continue;
        }
        if entry.file_type()?.is_dir() { fs::remove_dir_all(entry.path())? } else { fs::remove_file(entry.path())? }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_patch_says_what_it_removes_and_how_that_is_found_out() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("probe.patch");
        fs::write(&path, "Rule: the probe\nLedger: --only stall-redis --seed 1\n\n--- a/x\n").unwrap();

        let mutation = Mutation::read(&path).unwrap();

        assert_eq!((mutation.name.as_str(), mutation.rule.as_str()), ("probe", "the probe"));
        assert_eq!(words(&mutation.arguments), ["--only", "stall-redis", "--seed", "1"]);
        fs::write(&path, "Rule: the probe\n").unwrap();
        assert!(Mutation::read(&path).unwrap_err().to_string().contains("no line \"Ledger\""));
    }

    #[test]
    fn a_copy_is_the_same_and_leaves_alone_what_is() {
        let folder = tempfile::tempdir().unwrap();
        let (from, to) = (folder.path().join("from"), folder.path().join("to"));
        for path in [from.join("src"), from.join("target"), to.join("old")] {
            fs::create_dir_all(path).unwrap();
        }
        fs::write(from.join("src/lib.rs"), "new").unwrap();
        fs::write(from.join("Cargo.toml"), "same").unwrap();
        copy_sources(&from, &to).unwrap();
        let written = fs::metadata(to.join("Cargo.toml")).unwrap().modified().unwrap();
        fs::write(to.join("src/lib.rs"), "patched").unwrap();
        fs::write(to.join("left.rs"), "").unwrap();

        copy_sources(&from, &to).unwrap();

        assert_eq!(fs::read_to_string(to.join("src/lib.rs")).unwrap(), "new");
        assert_eq!(fs::metadata(to.join("Cargo.toml")).unwrap().modified().unwrap(), written);
        let left: BTreeSet<_> = fs::read_dir(&to).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(left, ["Cargo.toml", "src"].map(Into::into).into());
    }

    /// That the patches still fit is seen in seconds here, and not only in the long run that builds them.
    #[test]
    fn every_patch_applies_to_the_code_of_today() {
        let workspace = Workspace::find().unwrap();
        let mutations = Mutation::all(&workspace).unwrap();
        assert!(mutations.len() >= 5, "{mutations:?}");
        for mutation in mutations {
            let check = Tool::new(&workspace, "git").args(["apply", "--check"]).args([&mutation.path]);
            check.run().unwrap_or_else(|error| panic!("{}: {error:#}", mutation.name));
        }
    }
}
