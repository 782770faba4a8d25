//! The folder list is the architecture: which crate may know which.

use std::{
    collections::{BTreeMap, BTreeSet},
    process::Command,
};

use cargo_metadata::{DependencyKind, Metadata, MetadataCommand};

const MANIFEST: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../Cargo.toml");

/// What each crate may depend on among ours. A new arrow is a decision: see "Boundaries" in ARCHITECTURE.md.
const ARROWS: &[(&str, &[&str])] = &[
    ("tintype-macros", &[]),
    ("tintype", &["tintype-macros"]),
    ("tintype-axum", &["tintype"]),
    ("tintype-client", &["tintype"]),
    ("tintype-redis", &["tintype"]),
    ("tintype-conformance", &["tintype", "tintype-axum"]),
    ("private-postgres", &[]),
    ("db", &["private-postgres"]),
    ("documents", &[]),
    ("local-embedder", &[]),
    ("api-contract", &["db", "documents", "tintype"]),
    (
        "server",
        &[
            "api-contract",
            "db",
            "documents",
            "local-embedder",
            "private-postgres",
            "tintype",
            "tintype-axum",
            "tintype-redis",
        ],
    ),
    ("bindings", &["api-contract", "tintype"]),
    ("bench", &["api-contract", "db", "private-postgres", "server", "tintype", "tintype-axum", "tintype-redis"]),
    ("chaos", &["api-contract", "bench", "db", "private-postgres", "tintype", "tintype-client", "tintype-redis"]),
    ("example-auth", &["tintype", "tintype-axum"]),
    ("example-existing-axum-app", &["tintype", "tintype-axum"]),
    ("example-hello", &["tintype", "tintype-axum"]),
    ("example-live-chat", &["tintype", "tintype-axum", "tintype-redis"]),
    ("example-official-client", &["tintype", "tintype-axum"]),
    ("example-rspc-migration", &["tintype"]),
    ("example-rust-caller", &["tintype", "tintype-axum", "tintype-client"]),
    ("example-testing", &["tintype"]),
    ("example-upload", &["tintype", "tintype-axum"]),
    ("xtask", &["private-postgres"]),
];

#[test]
fn crates_depend_on_each_other_in_the_allowed_direction_only() {
    let metadata = metadata();
    let allowed: BTreeMap<&str, &[&str]> = ARROWS.iter().copied().collect();
    let members: BTreeSet<&str> = metadata.workspace_packages().iter().map(|package| package.name.as_str()).collect();
    let mut forbidden = Vec::new();

    for package in metadata.workspace_packages() {
        let Some(allowed) = allowed.get(package.name.as_str()) else {
            forbidden.push(format!("{} is not in the table of arrows", package.name));
            continue;
        };
        for dependency in
            package.dependencies.iter().filter(|dependency| dependency.kind != DependencyKind::Development)
        {
            let name = dependency.name.as_str();
            if members.contains(name) && !allowed.contains(&name) {
                forbidden.push(format!("{} -> {name}", package.name));
            }
        }
    }

    assert!(forbidden.is_empty(), "arrows that ARCHITECTURE.md does not allow: {forbidden:?}");
}

#[test]
fn the_contract_knows_no_transport_and_no_provider() {
    assert_reaches_none(
        "api-contract",
        &["axum", "hyper", "redis", "async-openai", "livekit-protocol", "livekit-token", "pdf-extract"],
    );
}

#[test]
fn the_framework_knows_no_server() {
    assert_reaches_none("tintype", &["axum", "hyper", "hyper-util", "tower-http", "mio", "socket2"]);
}

#[test]
fn a_client_knows_no_server() {
    assert_reaches_none("tintype-client", &["axum", "tintype-axum", "aws-lc-sys", "native-tls"]);
}

#[test]
fn the_database_knows_no_procedures_and_no_http() {
    assert_reaches_none("db", &["tintype", "tintype-axum", "axum", "hyper", "http"]);
}

#[test]
fn who_reads_documents_knows_no_procedures_no_http_and_no_database() {
    assert_reaches_none("documents", &["tintype", "http", "hyper", "diesel", "db"]);
}

#[test]
fn every_crate_takes_its_lints_from_the_workspace() {
    let without: Vec<String> = metadata()
        .workspace_packages()
        .iter()
        .filter(|package| {
            let manifest = std::fs::read_to_string(&package.manifest_path).unwrap();
            !manifest.contains("[lints]\nworkspace = true\n")
        })
        .map(|package| package.name.to_string())
        .collect();

    assert!(without.is_empty(), "crates without `[lints] workspace = true`: {without:?}");
}

fn metadata() -> Metadata {
    MetadataCommand::new().manifest_path(MANIFEST).no_deps().exec().unwrap()
}

/// Looks through everything that a build of `root` alone consists of, without its tests.
///
/// `cargo tree` and not the metadata, because those add up the features of the whole workspace.
#[track_caller]
fn assert_reaches_none(root: &str, forbidden: &[&str]) {
    let tree = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO"));
        command.args(["tree", "--manifest-path", MANIFEST, "--edges", "normal", "--package", root]).args(arguments);
        let output = command.output().unwrap();
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap()
    };
    let closure = tree(&["--prefix", "none"]);
    let reached: BTreeSet<&str> = closure.lines().filter_map(|line| line.split_whitespace().next()).collect();
    assert!(reached.contains(root) && reached.len() > 1, "{closure}");
    let found: Vec<String> =
        forbidden.iter().filter(|name| reached.contains(*name)).map(|name| tree(&["--invert", name])).collect();

    assert!(found.is_empty(), "{root} reaches what it must not know:\n{}", found.join("\n"));
}
