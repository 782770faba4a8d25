use std::fs;

use clap::ValueEnum;

use super::{calls::Calls, compiler::Compiler, fixture::Fixture, program::Form, program::Programs};

const SMALL: Fixture = Fixture { procedures: 100 };
const LARGER: Fixture = Fixture { procedures: 200 };

#[test]
fn generated_types_cost_a_fraction_of_inferred_ones() {
    let folder = tempfile::tempdir().unwrap();
    let programs = Programs::in_folder(folder.path()).unwrap();
    let instantiations = |form| {
        let program = programs.write(SMALL, form, Calls::All).unwrap();
        Compiler::TypeScript5.measure(&program).unwrap().instantiations
    };

    let inferred = instantiations(Form::Inferred);
    let app_router = instantiations(Form::AppRouter);
    let api = instantiations(Form::Api);

    assert!(api * 100 <= inferred, "Api: {api}, inferred: {inferred}");
    assert!(app_router * 10 <= inferred, "AppRouter: {app_router}, inferred: {inferred}");
}

#[test]
fn a_call_costs_the_same_however_large_the_api_is() {
    let folder = tempfile::tempdir().unwrap();
    let programs = Programs::in_folder(folder.path()).unwrap();

    let counts = [SMALL, LARGER].map(|fixture| {
        let program = programs.write(fixture, Form::Api, Calls::First(20)).unwrap();
        Compiler::ALL.map(|compiler| compiler.measure(&program).unwrap().instantiations)
    });

    assert_eq!(counts[0], counts[1]);
}

#[test]
fn every_form_of_the_api_refuses_the_same_wrong_input() {
    let folder = tempfile::tempdir().unwrap();
    let programs = Programs::in_folder(folder.path()).unwrap();
    let fixture = Fixture { procedures: 20 };

    for &form in Form::value_variants() {
        let program = programs.write(fixture, form, Calls::First(1)).unwrap();
        let calls = program.join("calls.ts");
        let text = fs::read_to_string(&calls).unwrap();
        for (right, wrong, complaint) in [
            ("count: 0", "count: '0'", "is not assignable to type 'number'"),
            ("by: 'name'", "by: 1", "is not assignable to type"),
            ("found.owner.name", "found.owner.nickname", "'nickname' does not exist"),
        ] {
            assert!(text.contains(right), "{text}");
            fs::write(&calls, text.replace(right, wrong)).unwrap();

            let error = Compiler::TypeScript5.measure(&program).unwrap_err().to_string();

            assert!(error.contains(complaint), "{form:?}, {wrong}: {error}");
        }
    }
}
