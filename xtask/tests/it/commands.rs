use std::process::{Command, Output};

fn xtask(arguments: &[&str]) -> Output {
    // From a folder outside the repository: the commands find their way home.
    let elsewhere = tempfile::tempdir().unwrap();
    Command::new(env!("CARGO_BIN_EXE_xtask")).args(arguments).current_dir(elsewhere.path()).output().unwrap()
}

#[test]
fn the_steps_are_listed_without_running_them() {
    let output = xtask(&["test", "--list", "--only", "rust-format", "--only", "e2e"]);

    assert!(output.status.success(), "{output:?}");
    let names: Vec<String> = String::from_utf8(output.stdout)
        .unwrap()
        .lines()
        .filter_map(|line| line.split_whitespace().next().map(str::to_owned))
        .collect();
    assert_eq!(names, ["rust-format", "e2e"]);
}

#[test]
fn an_unknown_step_fails_and_names_it() {
    let output = xtask(&["test", "--only", "everything"]);

    assert!(!output.status.success());
    let message = String::from_utf8(output.stderr).unwrap();
    assert!(message.contains("there is no step \"everything\""), "{message}");
}

#[test]
fn a_step_runs_in_the_root_folder_and_ends_with_a_table() {
    let output = xtask(&["test", "--only", "rust-format"]);

    let printed = String::from_utf8(output.stdout).unwrap();
    assert!(printed.contains("[1/1] Rust format") && printed.contains("$ cargo fmt --all --check"), "{printed}");
    assert!(printed.lines().last().is_some_and(|line| line.starts_with("total")), "{printed}");
}
