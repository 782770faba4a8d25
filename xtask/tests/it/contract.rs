//! The gate, on copies of the contract of this repository that were just released.

use std::{
    fs,
    path::Path,
    process::{Command, Output},
};

use serde_json::Value;
use tempfile::TempDir;

/// A folder with a copy of the contract, which is that of the release 1.0.0 too.
struct Copy(TempDir);

impl Copy {
    fn new() -> Self {
        let copy = Self(tempfile::tempdir().unwrap());
        let contract = Path::new(env!("CARGO_MANIFEST_DIR")).join("../bindings/contract.json");
        fs::create_dir(copy.0.path().join("releases")).unwrap();
        for file in ["contract.json", "releases/1.0.0.json"] {
            fs::copy(&contract, copy.0.path().join(file)).unwrap();
        }
        copy.write("breaking.toml", "");
        copy
    }

    fn read(&self, file: &str) -> String {
        fs::read_to_string(self.0.path().join(file)).unwrap()
    }

    fn write(&self, file: &str, text: &str) {
        fs::write(self.0.path().join(file), text).unwrap();
    }

    /// Takes a procedure out of the contract.
    fn remove(&self, procedure: &str) {
        let mut contract: Value = serde_json::from_str(&self.read("contract.json")).unwrap();
        contract["procedures"].as_array_mut().unwrap().retain(|it| it["path"] != procedure);
        self.write("contract.json", &contract.to_string());
    }

    /// Runs `cargo xtask contract` in the folder of the copy.
    fn contract(&self, arguments: &[&str]) -> (bool, String, String) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
        command.args(["contract", "--folder", "."]).args(arguments).current_dir(&self.0);
        let Output { status, stdout, stderr } = command.output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (status.success(), text(stdout), text(stderr))
    }
}

#[test]
fn a_break_fails_until_it_is_acknowledged_and_the_release_makes_it_history() {
    let copy = Copy::new();
    assert!(copy.contract(&["check"]).0);
    copy.remove("auth.logout");
    let (passes, table, said) = copy.contract(&["check"]);
    assert!(!passes);
    assert!(said.contains("make it compatible, or put the entries above into"), "{said}");
    assert!(!copy.contract(&["release", "2.0.0"]).0);

    let (_, entry) = table.split_once("Make them compatible, or acknowledge them:\n").unwrap();
    let entry = entry.replace("reason = \"\"", "reason = \"a test\"").replace("since = \"\"", "since = \"2.0.0\"");
    copy.write("breaking.toml", &(copy.read("breaking.toml") + &entry));
    let (passes, table, said) = copy.contract(&["check"]);
    assert!(passes && table.contains("acknowledged: a test"), "{table}{said}");

    let (passes, table, said) = copy.contract(&["release", "2.0.0"]);
    assert!(passes && table.contains("releases/2.0.0.json: commit it"), "{table}{said}");
    let (passes, table, said) = copy.contract(&["check"]);
    assert!(passes && table.contains("compared with release 2.0.0"), "{table}{said}");
    assert!(!table.contains("auth.logout"), "{table}");
}

#[test]
fn releases_and_files_are_compared_by_name() {
    let copy = Copy::new();
    copy.remove("auth.logout");

    for arguments in [&["diff"][..], &["diff", "1.0.0"], &["diff", "last", "contract.json"]] {
        let (passes, table, said) = copy.contract(arguments);
        assert!(!passes && table.contains("auth.logout  procedureRemoved"), "{table}{said}");
    }
    let (passes, table, said) = copy.contract(&["diff", "contract.json", "last"]);
    assert!(passes && table.contains("auth.logout  procedureAdded"), "{table}{said}");
}

#[test]
fn a_release_is_not_written_over() {
    let copy = Copy::new();
    assert!(copy.contract(&["release", "2.0.0"]).0);
    let before = copy.read("releases/2.0.0.json");
    copy.remove("auth.logout");

    for name in ["2.0.0", "1.5.0"] {
        let (passes, _, said) = copy.contract(&["release", name]);
        assert!(!passes && said.contains("choose a"), "{said}");
    }
    assert_eq!(copy.read("releases/2.0.0.json"), before);
}
