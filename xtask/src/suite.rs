use std::collections::BTreeSet;

use anyhow::{Context, bail};
use clap::Args;

use crate::{
    bindings, chaos, contract,
    debian::{CHROMIUM, REDIS},
    demo::build_server,
    examples, fuzz, npm, postgres,
    progress::Progress,
    readme,
    tool::Tool,
    workspace::{Profile, Workspace},
};

/// `cargo xtask test`.
#[derive(Debug, Args)]
pub(crate) struct Suite {
    /// Runs only this step; may be given several times.
    #[arg(long, value_name = "STEP")]
    only: Vec<String>,

    /// Prints the steps and runs none.
    #[arg(long)]
    list: bool,
}

/// One check of the repository. Each prepares what it needs, so that it can run alone.
struct Step {
    name: &'static str,
    title: &'static str,
    run: fn(&Workspace) -> anyhow::Result<()>,
}

/// Quick checks first; what the later ones need is built by the earlier ones.
const STEPS: &[Step] = &[
    Step { name: "rust-format", title: "Rust format", run: |workspace| cargo(workspace, &["fmt", "--all", "--check"]) },
    Step { name: "system", title: "PostgreSQL, Redis and Chromium", run: system },
    Step { name: "npm", title: "npm packages", run: npm::ensure_packages },
    Step { name: "lint", title: "TypeScript lint", run: |workspace| npm_run(workspace, "lint") },
    Step { name: "typecheck", title: "TypeScript types", run: |workspace| npm_run(workspace, "typecheck") },
    Step { name: "clippy", title: "Rust lints", run: clippy },
    Step { name: "rust-tests", title: "Rust tests", run: rust_tests },
    Step {
        name: "doc-tests",
        title: "Examples in Rust documentation",
        run: |workspace| cargo(workspace, &["test", "--workspace", "--doc"]),
    },
    Step { name: "rustdoc", title: "Rust documentation", run: rustdoc },
    Step { name: "fuzz", title: "Fuzz targets", run: fuzz::check },
    Step { name: "bindings", title: "Bindings are current", run: bindings::check },
    Step { name: "contract", title: "Contract against the last release", run: contract::check },
    Step { name: "readme", title: "TypeScript in documentation", run: readme_types },
    Step { name: "examples", title: "Examples", run: examples::check },
    Step { name: "vitest", title: "TypeScript tests", run: |workspace| npm_run(workspace, "test") },
    Step { name: "clients", title: "Official clients", run: official_clients },
    Step { name: "chaos", title: "Ledgers under faults", run: chaos::check },
    Step { name: "web-build", title: "Web demo", run: |workspace| npm_run(workspace, "build") },
    Step { name: "e2e", title: "Browser tests", run: browser_tests },
];

impl Suite {
    pub(crate) fn run(self, workspace: &Workspace) -> anyhow::Result<()> {
        let steps = chosen(&self.only)?;
        if self.list {
            steps.iter().for_each(|step| println!("{:<12}  {}", step.name, step.title));
            return Ok(());
        }
        let result = run_all(&steps, workspace);
        // Whatever happened before, nothing that the tests have started stays behind.
        let stopped = postgres::stop_test_cluster(workspace);
        result.and(stopped)
    }
}

fn run_all(steps: &[&Step], workspace: &Workspace) -> anyhow::Result<()> {
    let mut progress = Progress::new(steps.len());
    for step in steps {
        let result = progress.step(step.title, || (step.run)(workspace));
        if let Err(error) = result {
            progress.print_table();
            let again = format!("{} failed; to run only this step: cargo xtask test --only {}", step.title, step.name);
            return Err(error).context(again);
        }
    }
    progress.print_table();
    Ok(())
}

fn chosen(only: &[String]) -> anyhow::Result<Vec<&'static Step>> {
    if let Some(unknown) = only.iter().find(|name| STEPS.iter().all(|step| step.name != *name)) {
        let names: Vec<&str> = STEPS.iter().map(|step| step.name).collect();
        bail!("there is no step {unknown:?}: the steps are {}", names.join(", "));
    }
    let only: BTreeSet<&str> = only.iter().map(String::as_str).collect();
    Ok(STEPS.iter().filter(|step| only.is_empty() || only.contains(step.name)).collect())
}

fn cargo(workspace: &Workspace, arguments: &[&str]) -> anyhow::Result<()> {
    Tool::cargo(workspace).args(arguments.iter().copied()).run()
}

fn npm_run(workspace: &Workspace, script: &str) -> anyhow::Result<()> {
    npm::ensure_packages(workspace)?;
    Tool::npm(workspace).args(["run", script]).run()
}

fn system(workspace: &Workspace) -> anyhow::Result<()> {
    postgres::ensure()?;
    let chromium = CHROMIUM.ensure(workspace)?;
    println!("Chromium: {}", chromium.display());
    println!("Redis: {}", REDIS.ensure(workspace)?.display());
    Ok(())
}

fn clippy(workspace: &Workspace) -> anyhow::Result<()> {
    // The tests have no use for some features, such as TLS in the client; here they are at least compiled.
    cargo(workspace, &["clippy", "--workspace", "--all-targets", "--all-features", "--", "-D", "warnings"])
}

fn rust_tests(workspace: &Workspace) -> anyhow::Result<()> {
    // Tests of the bindings run the TypeScript compiler.
    npm::ensure_packages(workspace)?;
    let redis = REDIS.ensure(workspace)?;
    Tool::cargo(workspace)
        .args(["test", "--workspace", "--all-targets", "--no-fail-fast"])
        .env(REDIS.variable, redis)
        .run()
}

fn rustdoc(workspace: &Workspace) -> anyhow::Result<()> {
    Tool::cargo(workspace).args(["doc", "--workspace", "--no-deps"]).env("RUSTDOCFLAGS", "-D warnings").run()
}

fn readme_types(workspace: &Workspace) -> anyhow::Result<()> {
    npm::ensure_packages(workspace)?;
    readme::check_types(workspace)
}

/// Runs official clients and React packages against the conformance server of this checkout.
fn official_clients(workspace: &Workspace) -> anyhow::Result<()> {
    npm::ensure_packages(workspace)?;
    cargo(workspace, &["build", "--package", "tintype-conformance"])?;
    Tool::npm(workspace)
        .args(["run", "clients", "--workspaces", "--if-present"])
        .env("TINTYPE_CONFORMANCE_BIN", workspace.conformance_server(Profile::Dev))
        .run()
}

fn browser_tests(workspace: &Workspace) -> anyhow::Result<()> {
    browser(workspace, "e2e")
}

/// Takes the screenshots of the web demo.
pub(crate) fn screenshots(workspace: &Workspace) -> anyhow::Result<()> {
    browser(workspace, "screenshots")
}

/// Runs a script of the web demo that drives a browser against the server of this checkout.
fn browser(workspace: &Workspace, script: &str) -> anyhow::Result<()> {
    npm::ensure_packages(workspace)?;
    let chromium = CHROMIUM.ensure(workspace)?;
    postgres::ensure()?;
    Tool::npm(workspace).args(["run", "build", "-w", "web-demo"]).run()?;
    build_server(workspace, Profile::Dev)?;
    Tool::npm(workspace)
        .args(["run", script, "-w", "web-demo"])
        .env("TINTYPE_SERVER_BIN", workspace.server(Profile::Dev))
        .env(CHROMIUM.variable, chromium)
        .run()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chosen_steps_run_in_the_order_of_the_suite() {
        let only = ["e2e".to_owned(), "rust-format".to_owned()];

        let names: Vec<&str> = chosen(&only).unwrap().iter().map(|step| step.name).collect();

        assert_eq!(names, ["rust-format", "e2e"]);
        assert_eq!(chosen(&[]).unwrap().len(), STEPS.len());
    }

    #[test]
    fn an_unknown_step_is_refused_with_the_names_of_the_known_ones() {
        let error = chosen(&["rust-test".to_owned()]).err().unwrap().to_string();

        assert!(error.contains("\"rust-test\"") && error.contains("rust-tests, doc-tests"), "{error}");
    }

    #[test]
    fn every_step_has_a_name_of_its_own() {
        let names: BTreeSet<&str> = STEPS.iter().map(|step| step.name).collect();

        assert_eq!(names.len(), STEPS.len());
    }
}
