use tintype::{ProcedureKind, Router, RouterError, prelude::*};

use crate::{AppState, product};

/// One mistake per file; the `.stderr` beside it is the one message that the compiler gives.
#[test]
fn each_mistake_gets_one_message_at_the_wrong_token() {
    for entry in std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/ui")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "stderr") {
            let messages = std::fs::read_to_string(&path).unwrap();
            let count =
                messages.lines().filter(|line| line.starts_with("error") || line.starts_with("warning")).count();
            assert_eq!(count, 1, "{} should hold one message", path.display());
        }
    }
    trybuild::TestCases::new().compile_fail("tests/ui/*.rs");
}

#[test]
fn the_router_lists_what_the_attributes_say() {
    let router = product::router();
    let paths: Vec<&str> = router.procedures().map(|entry| entry.path).collect();
    assert_eq!(
        paths,
        ["a.b.countdown", "a.b.remember", "a.b.secret", "maybe", "notes.add", "notes.added", "notes.read", "ping"]
    );

    let ping = router.procedures().find(|entry| entry.path == "ping").unwrap();
    assert_eq!(ping.info.kind, ProcedureKind::Query);
    assert_eq!(ping.info.docs, "Anybody may ask.");
    assert!(!ping.info.has_input);

    let add = router.procedures().find(|entry| entry.path == "notes.add").unwrap();
    assert!(add.info.flags.no_batch);
    assert_eq!(router.invalidated_by(&add), ["notes.read"]);
}

/// The next line is where `here` is: the position is that of the name, not of the attribute.
const LINE_OF_HERE: u32 = line!() + 3;

#[query]
async fn here() -> Result<(), Never> {
    Ok(())
}

#[test]
fn the_position_of_a_procedure_is_that_of_its_name() {
    let source = <here as tintype::Procedure>::INFO.source;

    assert!(source.file.ends_with("tests/it/macros.rs"), "{source}");
    assert_eq!((source.line, source.column), (LINE_OF_HERE, 10));
}

mod other {
    use tintype::{Never, query};

    #[query]
    pub(super) async fn here() -> Result<(), Never> {
        Ok(())
    }

    #[query(name = "then")]
    pub(super) async fn later() -> Result<(), Never> {
        Ok(())
    }
}

#[test]
fn two_procedures_under_one_path_are_an_error() {
    let router: Router<AppState> = router! { a: [here, other::here] };

    let error = router.check().unwrap_err();

    assert!(matches!(&error, RouterError::Duplicate { path, .. } if path == "a.here"), "{error}");
}

#[test]
fn a_name_that_clients_reserve_is_an_error() {
    let router: Router<AppState> = router! { a: [other::later] };

    assert!(matches!(router.check(), Err(RouterError::Reserved { .. })));
}

#[test]
fn a_path_cannot_be_both_procedure_and_namespace() {
    let router: Router<AppState> = router! { [here], here: [other::here] };

    assert!(matches!(router.check(), Err(RouterError::ProcedureAndNamespace { .. })));
}
