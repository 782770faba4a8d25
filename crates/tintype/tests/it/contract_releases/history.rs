use std::fs;

use tempfile::tempdir;
use tintype::{
    contract::releases::{Release, ReleaseError, Releases, ReleasesError},
    router,
    typescript::{Bindings, Options},
};

use super::{body_removed, first, read, release, second, third};

#[test]
fn releases_are_in_the_order_of_their_versions() {
    let folder = tempdir().unwrap();
    for name in ["0.9.0", "0.10.0-rc.1", "0.10.0"] {
        release(folder.path(), name, &first(), "").unwrap();
    }
    fs::write(folder.path().join("README.md"), "not a release").unwrap();

    let releases = read(folder.path());
    assert_eq!(releases.iter().map(Release::name).collect::<Vec<_>>(), ["0.9.0", "0.10.0-rc.1", "0.10.0"]);
    assert_eq!(releases.last().unwrap().name(), "0.10.0");
    assert_eq!(*releases.get("0.9.0").unwrap().contract(), first());
    assert_eq!(releases.get("0.8.0"), None);
}

#[test]
fn a_folder_that_does_not_exist_has_no_releases_until_the_first() {
    let folder = tempdir().unwrap();
    let folder = folder.path().join("releases");
    assert_eq!(read(&folder).last(), None);

    release(&folder, "0.1.0", &first(), "").unwrap();
    assert_eq!(fs::read_to_string(folder.join("0.1.0.json")).unwrap(), first().to_json());
}

#[test]
fn a_file_that_is_no_release_is_named() {
    let folder = tempdir().unwrap();
    let refusal = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs::write(&path, text).unwrap();
        let error = Releases::read(folder.path()).unwrap_err();
        assert!(error.to_string().contains(path.to_str().unwrap()), "{error}");
        fs::remove_file(path).unwrap();
        error
    };

    for name in ["v0.1.0.json", "0.1.json", "0.1.0+build.json", "latest.json"] {
        assert!(matches!(refusal(name, &first().to_json()), ReleasesError::Name(_)), "{name}");
    }
    assert!(matches!(refusal("0.1.0.json", "{}"), ReleasesError::Contract(..)));
}

#[test]
fn a_release_is_newer_than_the_last_and_never_changes() {
    let folder = tempdir().unwrap();
    release(folder.path(), "0.2.0", &second(), "").unwrap();

    let refusal = |name| release(folder.path(), name, &third(), "").unwrap_err();
    assert!(matches!(refusal("0.2.0"), ReleaseError::Exists { last, .. } if last == "0.2.0"));
    insta::assert_snapshot!(refusal("0.1.9"), @"0.1.9 is older than the last release 0.2.0: choose a newer version");
    assert!(matches!(refusal("0.2.0-rc.1"), ReleaseError::Order { .. }));
    insta::assert_snapshot!(refusal("next"), @r#""next" cannot name a release: use a version such as 0.2.0 or 0.2.0-rc.1"#);
    assert!(matches!(refusal("../0.3.0"), ReleaseError::Name { .. }));
    assert_eq!(fs::read_to_string(folder.path().join("0.2.0.json")).unwrap(), second().to_json());
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn a_release_that_another_has_kept_meanwhile_is_not_written_over() {
    let folder = tempdir().unwrap();
    let before = read(folder.path());
    release(folder.path(), "0.1.0", &first(), "").unwrap();

    let error = before.release("0.1.0", &second(), &Default::default()).unwrap_err();
    assert!(matches!(error, ReleaseError::File(..)), "{error}");
    assert_eq!(fs::read_to_string(folder.path().join("0.1.0.json")).unwrap(), first().to_json());
}

#[test]
fn clients_of_every_release_that_the_contract_breaks_are_outdated() {
    let folder = tempdir().unwrap();
    release(folder.path(), "0.1.0", &first(), "").unwrap();
    release(folder.path(), "0.2.0", &second(), &body_removed("0.2.0")).unwrap();

    let releases = read(folder.path());
    let outdated = |contract| releases.outdated_by(&contract).map(Release::name).collect::<Vec<_>>();
    assert_eq!(outdated(third()), ["0.1.0"]);
    // What the first has beyond the second breaks nobody but new clients of old servers.
    assert_eq!(outdated(first()), Vec::<&str>::new());
}

#[test]
fn bindings_with_releases_have_a_file_for_the_server() {
    let folder = tempdir().unwrap();
    release(folder.path(), "0.1.0", &first(), "").unwrap();
    let generated = |releases: &Releases| {
        let router = router! { notes: [super::second::all] };
        let bindings = Bindings::generate(&router, &Options::default()).unwrap().with_releases(releases);
        let (_, text) = bindings.files().find(|(name, _)| *name == "outdated.json").unwrap();
        text.to_owned()
    };

    assert_eq!(generated(&read(folder.path())), format!("{{\n  \"0.1.0\": {:?}\n}}\n", first().hash));
    release(folder.path(), "0.2.0", &second(), &body_removed("0.2.0")).unwrap();
    assert_eq!(generated(&read(folder.path())), format!("{{\n  \"0.1.0\": {:?}\n}}\n", first().hash));
    assert_eq!(generated(&read(&folder.path().join("none"))), "{}\n");
}
