//! The program `tintype-contract`, run as others run it.

use std::{
    fs,
    path::Path,
    process::{Command, Output},
};

use serde_json::Value;
use tempfile::{TempDir, tempdir};
use tintype::contract::Contract;

use super::{body_removed, first, second, third};

/// A folder with a contract, and 0.1.0 as its release.
fn project(contract: &Contract) -> TempDir {
    let folder = tempdir().unwrap();
    fs::create_dir(folder.path().join("releases")).unwrap();
    write(&folder, "releases/0.1.0.json", &first().to_json());
    write(&folder, "contract.json", &contract.to_json());
    write(&folder, "breaking.toml", "");
    folder
}

fn write(folder: &TempDir, name: &str, text: &str) {
    fs::write(folder.path().join(name), text).unwrap();
}

fn program(folder: &Path, arguments: &[&str]) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tintype-contract"));
    let Output { status, stdout, stderr } = command.args(arguments).current_dir(folder).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (status.code().unwrap(), text(stdout), text(stderr))
}

const FILES: [&str; 4] = ["--releases", "releases", "--acknowledged", "breaking.toml"];

/// Runs a command with the files of the project.
fn run(folder: &TempDir, arguments: &[&str]) -> (i32, String, String) {
    program(folder.path(), &[arguments, &FILES].concat())
}

#[test]
fn a_contract_that_breaks_nothing_passes() {
    let folder = project(&first());

    assert_eq!(
        run(&folder, &["check", "contract.json"]),
        (
            0,
            "contract.json, compared with release 0.1.0\n\nthe contracts are the same for clients and servers\n"
                .to_owned(),
            String::new()
        )
    );
}

#[test]
fn a_contract_that_breaks_the_last_release_fails_and_says_what_to_do() {
    let folder = project(&second());
    let (status, table, said) = run(&folder, &["check", "contract.json"]);

    assert_eq!(status, 1);
    insta::assert_snapshot!(said, @"error: contract.json breaks release 0.1.0: make it compatible, or put the entries above into breaking.toml, each with the reason and the version of the next release");
    let (_, entry) = table.split_once("Make them compatible, or acknowledge them:\n").unwrap();
    let entry =
        entry.replace("reason = \"\"", "reason = \"nobody reads it\"").replace("since = \"\"", "since = \"0.2.0\"");
    write(&folder, "breaking.toml", &entry);
    assert_eq!(run(&folder, &["check", "contract.json"]).0, 0);

    write(&folder, "breaking.toml", &entry.replace("0.2.0", "0.1.0"));
    let (status, _, said) = run(&folder, &["check", "contract.json"]);
    assert_eq!(status, 1);
    assert!(
        said.contains("note: fieldRemoved in notes.all output[].body was acknowledged for 0.1.0, which is out"),
        "{said}"
    );
}

#[test]
fn a_stale_acknowledgement_fails_and_says_what_to_do() {
    let folder = project(&first());
    write(&folder, "breaking.toml", &body_removed("0.2.0"));
    let (status, table, said) = run(&folder, &["check", "contract.json"]);

    assert_eq!(status, 1);
    assert!(table.contains("notes.all output[].body  fieldRemoved (since 0.2.0)"), "{table}");
    insta::assert_snapshot!(said, @"error: breaking.toml acknowledges what has not changed since release 0.1.0: remove the entries above");
}

#[test]
fn an_acknowledgement_without_a_version_fails_and_is_named() {
    let folder = project(&second());
    write(&folder, "breaking.toml", &body_removed("next"));

    for arguments in [&["check", "contract.json"][..], &["diff", "last", "contract.json"]] {
        let (status, _, said) = run(&folder, arguments);
        assert_eq!(status, 2);
        assert!(
            said.contains("fieldRemoved in notes.all output[].body is since \"next\", which is no version"),
            "{said}"
        );
    }
}

#[test]
fn before_the_first_release_the_check_passes() {
    let folder = project(&second());
    fs::remove_dir_all(folder.path().join("releases")).unwrap();
    let (status, said, _) = run(&folder, &["check", "contract.json"]);

    assert_eq!(status, 0);
    assert!(said.starts_with("contract.json, compared with any release, of which there is none yet\n"), "{said}");
}

#[test]
fn a_release_is_kept_once_it_passes() {
    let folder = project(&second());
    assert_eq!(run(&folder, &["release", "0.2.0", "contract.json"]).0, 1);
    assert!(!folder.path().join("releases/0.2.0.json").exists());

    write(&folder, "breaking.toml", &body_removed("0.2.0"));
    let (status, said, _) = run(&folder, &["release", "0.2.0", "contract.json"]);
    assert_eq!((status, said.as_str()), (0, "wrote releases/0.2.0.json: commit it, and never change it\n"));
    assert_eq!(run(&folder, &["check", "contract.json"]).0, 0);

    let (status, _, said) = run(&folder, &["release", "0.2.0", "contract.json"]);
    assert_eq!(status, 2);
    insta::assert_snapshot!(said, @"error: releases/0.2.0.json exists, and the contract of a release does not change: choose a version newer than 0.2.0");
}

#[test]
fn contracts_are_named_by_path_by_version_or_as_the_last() {
    let folder = project(&second());
    write(&folder, "breaking.toml", &body_removed("0.2.0"));
    run(&folder, &["release", "0.2.0", "contract.json"]);
    write(&folder, "contract.json", &third().to_json());
    let kinds = |arguments: &[&str]| {
        let (status, json, said) = run(&folder, arguments);
        let report: Value = serde_json::from_str(&json).unwrap_or_else(|error| panic!("{error}: {said}"));
        let kinds: Vec<&str> =
            report["changes"].as_array().unwrap().iter().map(|change| change["kind"].as_str().unwrap()).collect();
        (status, kinds.join(" "))
    };

    assert_eq!(kinds(&["diff", "last", "contract.json", "--json"]), (0, "procedureAdded".to_owned()));
    // What was acknowledged for 0.2.0 is acknowledged between 0.1.0 and 0.2.0.
    assert_eq!(kinds(&["diff", "0.1.0", "0.2.0", "--json"]), (0, "fieldRemoved".to_owned()));
    assert_eq!(kinds(&["diff", "0.1.0", "last", "--json"]), (0, "fieldRemoved".to_owned()));
    // On the way back, a member comes that old servers do not send.
    assert_eq!(kinds(&["diff", "0.2.0", "0.1.0", "--json"]), (1, "fieldAdded".to_owned()));
    let (status, _, said) = run(&folder, &["diff", "0.3.0", "contract.json"]);
    assert_eq!(status, 2);
    insta::assert_snapshot!(said, @r#"error: "0.3.0" is neither a file nor a release in releases: pass the path of a contract, or one of 0.1.0, 0.2.0"#);
}

#[test]
fn two_files_are_compared_without_any_release() {
    let folder = project(&second());
    let (status, table, _) = program(folder.path(), &["diff", "releases/0.1.0.json", "contract.json"]);

    assert_eq!(status, 1);
    assert!(table.starts_with("breaks old clients (1)\n  notes.all output[].body  fieldRemoved"), "{table}");
    let (status, said, _) = program(folder.path(), &["check", "contract.json"]);
    assert_eq!((status, said), (0, format!("1 procedures, 1 types, hash {}\n", second().hash)));
}

#[test]
fn a_file_that_is_not_there_is_named() {
    let folder = project(&first());
    let (status, _, said) = run(&folder, &["check", "lost.json"]);

    assert_eq!(status, 2);
    assert!(said.starts_with("error: lost.json cannot be read: pass the path of an existing file: "), "{said}");
}
