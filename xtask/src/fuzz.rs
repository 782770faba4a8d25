//! Fuzz targets: whatever reads what clients send, fed with what nobody would send.
//!
//! They are built by plain cargo with the compiler's coverage counters, so that neither a nightly toolchain nor
//! cargo-fuzz is needed.

use std::{
    collections::BTreeSet,
    ffi::OsString,
    fs, io,
    path::{Path, PathBuf},
};

use anyhow::{Context, bail};
use clap::Args;

use crate::{debian::CXX, tool::Tool, workspace::Workspace};

/// Each has a file in `fuzz/fuzz_targets`, and a folder in `fuzz/corpus`.
const TARGETS: &[&str] = &["request", "batch", "event_id", "cookie", "sse", "websocket", "documents"];

/// How long each target looks for something new in the suite, in seconds.
const SUITE_SECONDS: u32 = 5;

/// What cargo-fuzz gives the compiler with `--sanitizer none --no-trace-compares`.
const RUSTFLAGS: &str = "--cfg fuzzing -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table";

/// `cargo xtask fuzz`.
#[derive(Debug, Args)]
pub(crate) struct Fuzz {
    /// The target; without it, each runs on the saved inputs and for some seconds more.
    target: Option<String>,

    /// Options of libFuzzer such as `-runs=10000000`, or the file of a finding that is to be run again.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    arguments: Vec<OsString>,
}

/// How fast a target is built, and how fast it runs.
#[derive(Debug, Clone, Copy)]
enum Build {
    /// For the suite, which runs it for seconds.
    Quick,
    /// For runs that last.
    Optimised,
}

impl Build {
    fn profile(self) -> &'static str {
        match self {
            Self::Quick => "quick",
            Self::Optimised => "release",
        }
    }
}

impl Fuzz {
    pub(crate) fn run(self, workspace: &Workspace) -> anyhow::Result<()> {
        let Some(target) = self.target else { return check(workspace) };
        if !TARGETS.contains(&target.as_str()) {
            bail!("there is no fuzz target {target:?}: the targets are {}", TARGETS.join(", "));
        }
        let programs = build(workspace, Build::Optimised, Some(&target))?;
        fuzz(workspace, &programs, &target, &self.arguments)
    }
}

/// Runs every target on the saved inputs, and for some seconds more.
pub(crate) fn check(workspace: &Workspace) -> anyhow::Result<()> {
    let manifest = workspace.root().join("fuzz/Cargo.toml");
    Tool::cargo(workspace).args(["fmt", "--check", "--manifest-path"]).args([manifest]).run()?;
    let programs = build(workspace, Build::Quick, None)?;
    let seconds = format!("-max_total_time={SUITE_SECONDS}");
    // Without the line that libFuzzer prints for every input that is new.
    let arguments: Vec<OsString> = [seconds.as_str(), "-verbosity=0", "-print_final_stats=1"].map(Into::into).to_vec();
    TARGETS.iter().try_for_each(|target| fuzz(workspace, &programs, target, &arguments))
}

/// Builds the targets, or one of them, and says where the programs are.
fn build(workspace: &Workspace, build: Build, only: Option<&str>) -> anyhow::Result<PathBuf> {
    let compiler = CXX.ensure(workspace)?;
    let host = Tool::new(workspace, "rustc").args(["--print", "host-tuple"]).output();
    let host = host.context("`rustc --print host-tuple` does not say what this machine is")?;
    // A folder of its own: with other flags, cargo would build everything else anew too.
    let folder = workspace.target().join("fuzz");
    let mut tool = Tool::cargo(workspace).args(["build", "--locked", "--manifest-path", "fuzz/Cargo.toml"]);
    tool = tool.args(["--profile", build.profile(), "--target", &host]);
    tool = match only {
        Some(target) => tool.args(["--bin", target]),
        None => tool.args(["--bins"]),
    };
    tool.env("RUSTFLAGS", RUSTFLAGS).env("CARGO_TARGET_DIR", &folder).env(CXX.variable, compiler).run()?;
    Ok(folder.join(host).join(build.profile()))
}

/// Runs a target; a finding is an error that says how to see it again.
fn fuzz(workspace: &Workspace, programs: &Path, target: &str, arguments: &[OsString]) -> anyhow::Result<()> {
    let in_folder = |name: &str| Path::new("fuzz").join(name).join(target);
    let (corpus, findings) = (in_folder("corpus"), in_folder("artifacts"));
    let found = workspace.target().join("fuzz/corpus").join(target);
    for folder in [&found, &workspace.root().join(&findings)] {
        fs::create_dir_all(folder).with_context(|| format!("{} cannot be created", folder.display()))?;
    }
    let before = files(&workspace.root().join(&findings))?;
    let mut tool = Tool::new(workspace, programs.join(target)).args(arguments);
    let runs_files = arguments.iter().any(|argument| !argument.to_string_lossy().starts_with('-'));
    if !runs_files {
        tool = tool.args([
            format!("-dict=fuzz/dictionaries/{target}.txt").into(),
            // The slash at the end makes it a folder.
            format!("-artifact_prefix={}/", findings.display()).into(),
            OsString::from("-timeout=10"),
            OsString::from("-max_len=1024"),
            // What is new goes to the first folder.
            found.into_os_string(),
            corpus.into_os_string(),
        ]);
    }
    let result = tool.run();
    let new: Vec<String> = files(&workspace.root().join(&findings))?
        .difference(&before)
        .map(|file| format!("cargo xtask fuzz {target} {}", findings.join(file).display()))
        .collect();
    match (result, &*new) {
        (result, []) => result,
        (result, commands) => {
            let again = format!("{target} has a finding; to run it again: {}", commands.join("; "));
            Err(result.err().unwrap_or_else(|| anyhow::anyhow!("an input was slow or large"))).context(again)
        }
    }
}

fn files(folder: &Path) -> io::Result<BTreeSet<OsString>> {
    fs::read_dir(folder)?.map(|entry| Ok(entry?.file_name())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_target_has_its_file_its_dictionary_and_saved_inputs() {
        let fuzz = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz");
        let names = |folder: &str| -> BTreeSet<String> {
            let stems = files(&fuzz.join(folder)).unwrap().into_iter().map(PathBuf::from);
            stems.map(|file| file.file_stem().unwrap().to_str().unwrap().to_owned()).collect()
        };
        let targets: BTreeSet<String> = TARGETS.iter().map(|target| (*target).to_owned()).collect();

        for folder in ["fuzz_targets", "dictionaries", "corpus"] {
            assert_eq!(names(folder), targets, "{folder}");
        }
    }
}
