use tempfile::{TempDir, tempdir};
use tintype::contract::{
    Contract,
    diff::{Acknowledgement, ChangeKind},
    releases::{Check, ReleaseError},
};

use super::{acknowledged, body_removed, first, read, release, second, third};

/// The first contract is released as 0.1.0.
fn released() -> TempDir {
    let folder = tempdir().unwrap();
    release(folder.path(), "0.1.0", &first(), "").unwrap();
    folder
}

fn check(folder: &TempDir, contract: &Contract, text: &str) -> Check {
    read(folder.path()).check(contract, &acknowledged(text)).unwrap()
}

fn sinces(entries: &[Acknowledgement]) -> Vec<&str> {
    entries.iter().map(|entry| entry.since.as_str()).collect()
}

#[test]
fn a_break_of_the_last_release_needs_an_acknowledgement_for_the_next() {
    let folder = released();
    assert!(check(&folder, &first(), "").passes());
    let broken = check(&folder, &second(), "");

    assert!(!broken.passes());
    assert_eq!(broken.last.as_deref(), Some("0.1.0"));
    assert_eq!(broken.report.changes[0].change.kind, ChangeKind::FieldRemoved);
    assert!(check(&folder, &second(), &body_removed("0.2.0")).passes());
}

#[test]
fn an_acknowledgement_is_spent_with_its_release() {
    let folder = released();
    let spent = check(&folder, &second(), &body_removed("0.1.0"));
    assert!(!spent.passes());
    assert_eq!(sinces(&spent.spent), ["0.1.0"]);

    release(folder.path(), "0.2.0", &second(), &body_removed("0.2.0")).unwrap();
    let after = check(&folder, &third(), &body_removed("0.2.0"));
    assert!(after.passes(), "{after:?}");
    assert_eq!(after.spent, []);
}

#[test]
fn an_acknowledgement_of_nothing_is_refused_while_it_is_pending() {
    let folder = released();
    let stale = check(&folder, &first(), &body_removed("0.2.0"));

    assert!(stale.report.accepted);
    assert!(!stale.passes());
    assert_eq!(sinces(&stale.report.stale), ["0.2.0"]);
    assert!(check(&folder, &first(), &body_removed("0.1.0")).passes());
}

#[test]
fn an_acknowledgement_without_a_version_is_refused() {
    let folder = released();
    let error = read(folder.path()).check(&second(), &acknowledged(&body_removed("next"))).unwrap_err();

    insta::assert_snapshot!(error, @r#"the acknowledgement of fieldRemoved in notes.all output[].body is since "next", which is no version: name the release that is the first to have the change, such as 0.2.0"#);
}

#[test]
fn before_the_first_release_there_is_nothing_to_break() {
    let folder = tempdir().unwrap();
    let check = check(&folder, &second(), "");

    assert!(check.passes());
    assert_eq!(check.last, None);
}

#[test]
fn what_does_not_pass_is_not_released() {
    let folder = released();
    let refusal = |contract, text: &str| release(folder.path(), "0.2.0", &contract, text).unwrap_err();

    assert!(matches!(refusal(second(), ""), ReleaseError::Refused(check) if !check.report.accepted));
    assert!(matches!(
        refusal(first(), &body_removed("0.2.0")),
        ReleaseError::Refused(check) if sinces(&check.report.stale) == ["0.2.0"]
    ));
    insta::assert_snapshot!(refusal(second(), &body_removed("0.3.0")), @r#"the acknowledgement of fieldRemoved in notes.all output[].body is since 0.3.0, and 0.2.0 is the first release to have it: write since = "0.2.0""#);
    assert_eq!(read(folder.path()).last().unwrap().name(), "0.1.0");
}

#[test]
fn acknowledgements_between_two_releases_are_those_of_the_later_ones() {
    let folder = released();
    release(folder.path(), "0.2.0", &second(), &body_removed("0.2.0")).unwrap();
    release(folder.path(), "0.3.0", &third(), &body_removed("0.2.0")).unwrap();
    let releases = read(folder.path());
    let all = acknowledged(&["0.1.0", "0.2.0", "0.2.1", "0.3.0", "0.4.0"].map(body_removed).concat());
    let between = |old, new| {
        let between = all.between(releases.get(old), releases.get(new)).unwrap();
        sinces(&between.acknowledged).join(" ")
    };

    assert_eq!(between("0.1.0", "0.3.0"), "0.2.0 0.2.1 0.3.0");
    assert_eq!(between("0.2.0", "none"), "0.2.1 0.3.0 0.4.0");
    assert_eq!(between("none", "0.1.0"), "0.1.0");
    assert_eq!(between("0.3.0", "0.1.0"), "");
}
