//! Contracts from which nothing can be written.

use std::error::Error;

use tintype::{
    contract::{
        Contract, EmitError, Field, Input, Kind, NamedType, Procedure, SchemaFiles, SchemaOptions, Source, Type, Usage,
        json_schema, mcp, openapi, schemas,
    },
    typescript::{Bindings, GenerateError, Options},
};

fn named(name: &str, parameters: &[&str], ty: Type) -> NamedType {
    NamedType {
        name: name.to_owned(),
        rust: format!("app::{name}"),
        parameters: parameters.iter().map(|&parameter| parameter.to_owned()).collect(),
        docs: String::new(),
        deprecated: None,
        usage: Usage::Input,
        brand: None,
        ty,
        source: Source { file: "src/lib.rs".to_owned(), line: 1, column: 1 },
    }
}

fn reference(name: &str, arguments: Vec<Type>) -> Type {
    Type::Reference { name: name.to_owned(), arguments }
}

/// One mutation, with its input.
fn contract(input: Type, types: Vec<NamedType>) -> Contract {
    let procedure = Procedure {
        path: "do".to_owned(),
        kind: Kind::Mutation,
        docs: String::new(),
        deprecated: None,
        flags: Vec::new(),
        invalidates: Vec::new(),
        input: Some(Input { ty: input, optional: false }),
        output: None,
        ids: None,
        error: None,
        source: Source { file: "src/lib.rs".to_owned(), line: 1, column: 1 },
    };
    Contract { version: Contract::VERSION, hash: "0123456789abcdef".to_owned(), procedures: vec![procedure], types }
}

#[track_caller]
fn refused(contract: &Contract) -> EmitError {
    let error = json_schema(contract).unwrap_err();
    assert_eq!(openapi(contract, &Default::default()).unwrap_err(), error);
    assert_eq!(mcp(contract).unwrap_err(), error);
    error
}

#[test]
fn a_reference_to_nothing_is_named() {
    let error = refused(&contract(reference("Lost", Vec::new()), Vec::new()));

    insta::assert_snapshot!(error, @r#"do refers to the type "Lost", which the contract does not have: generate the contract anew"#);
    let error = schemas(&contract(reference("Lost", Vec::new()), Vec::new()), &SchemaOptions::default()).unwrap_err();
    assert!(matches!(error, EmitError::UnknownType { .. }));
}

#[test]
fn arguments_that_do_not_fit_are_counted() {
    let page = named("Page", &["T"], Type::Parameter { name: "T".to_owned() });

    insta::assert_snapshot!(refused(&contract(reference("Page", Vec::new()), vec![page])), @r#"do gives "Page" 0 arguments, and its parameters are 1: generate the contract anew"#);
}

#[test]
fn a_parameter_of_nothing_is_named() {
    let broken = named("Broken", &[], Type::Parameter { name: "T".to_owned() });

    insta::assert_snapshot!(refused(&contract(reference("Broken", Vec::new()), vec![broken])), @r#"Broken names a parameter "T" that it does not have: generate the contract anew"#);
}

#[test]
fn a_type_that_is_itself_is_named() {
    let types = vec![named("A", &[], reference("B", Vec::new())), named("B", &[], reference("A", Vec::new()))];

    insta::assert_snapshot!(refused(&contract(reference("A", Vec::new()), types)), @r#"the type "A" is nothing but a reference to itself: generate the contract anew"#);
}

fn parameter() -> Type {
    Type::Parameter { name: "T".to_owned() }
}

fn array(item: Type) -> Type {
    Type::Array { item: Box::new(item), unique: false, length: None }
}

fn field(name: &str, ty: Type) -> Field {
    Field { name: name.to_owned(), ty, optional: false, docs: String::new(), deprecated: None, rules: Vec::new() }
}

/// `struct … { next: Option<Box<…>> }`
fn linked(next: Type) -> Type {
    let ty = Type::Nullable { of: Box::new(next) };
    Type::Object { fields: vec![field("next", ty)], closed: false }
}

#[test]
fn types_without_end_are_refused_and_named() {
    let linked_to = |name: &str| linked(reference(name, vec![array(parameter())]));
    let doubled = Type::Tuple { items: vec![parameter(), parameter()] };
    for endless in [
        vec![named("N", &["T"], linked_to("N"))],
        vec![named("N", &["T"], reference("N", vec![doubled]))],
        vec![named("N", &["T"], linked_to("M")), named("M", &["T"], linked(reference("N", vec![parameter()])))],
    ] {
        let error = refused(&contract(reference("N", vec![Type::Null]), endless));
        assert!(matches!(error, EmitError::Endless { .. }), "{error}");
    }
    let endless = refused(&contract(reference("N", vec![Type::Null]), vec![named("N", &["T"], linked_to("N"))]));
    insta::assert_snapshot!(endless, @r#""N" uses itself with ever larger arguments, which is no finite number of types: give it a plain type"#);
}

#[test]
fn a_generic_type_may_use_itself_as_long_as_its_arguments_end() {
    for (next, instances) in [
        (reference("N", vec![parameter()]), 1),
        (reference("N", vec![array(Type::Boolean)]), 2),
        (reference("M", vec![array(parameter())]), 2),
    ] {
        let types = vec![named("N", &["T"], linked(next)), named("M", &["T"], linked(parameter()))];
        let schema = json_schema(&contract(reference("N", vec![Type::Null]), types)).unwrap();
        let schema: serde_json::Value = serde_json::from_str(&schema).unwrap();
        assert_eq!(schema["$defs"].as_object().unwrap().len(), instances, "{schema}");
    }
}

#[test]
fn a_generic_type_may_have_hundreds_of_instances() {
    let mut types = vec![named("Page", &["T"], array(parameter()))];
    let mut pages = Vec::new();
    for number in 0..300 {
        let name = format!("Item{number}");
        types.push(named(&name, &[], Type::Boolean));
        pages.push(field(&name, reference("Page", vec![reference(&name, Vec::new())])));
    }
    let contract = contract(Type::Object { fields: pages, closed: false }, types);

    let schema = json_schema(&contract).unwrap();
    assert!(schema.contains("\"PageOfItem0\"") && schema.contains("\"PageOfItem299\""), "{schema}");
    openapi(&contract, &Default::default()).unwrap();
    mcp(&contract).unwrap();
    schemas(&contract, &SchemaOptions::default()).unwrap();
}

#[test]
fn a_finite_number_of_types_that_is_too_large_is_refused_before_memory_ends() {
    let chain = |length: usize, argument: &dyn Fn() -> Type| {
        let mut types = vec![named("Box", &["T"], parameter())];
        for number in 0..length {
            let ty = linked(reference(&format!("N{}", number + 1), vec![argument()]));
            types.push(named(&format!("N{number}"), &["T"], ty));
        }
        types.push(named(&format!("N{length}"), &["T"], parameter()));
        contract(reference("N0", vec![Type::Null]), types)
    };
    let boxed = || reference("Box", vec![parameter()]);
    assert!(json_schema(&chain(100, &boxed)).is_ok());

    let deep = refused(&chain(20_000, &boxed));
    insta::assert_snapshot!(deep, @r#""N128" leads to more than 128 arguments in one another: split the type up, or use fewer parameters"#);
    let doubled = || Type::Tuple { items: vec![parameter(), parameter()] };
    let long = refused(&chain(40, &doubled));
    insta::assert_snapshot!(long, @r#""N11" leads to more than 65536 bytes of arguments: split the type up, or use fewer parameters"#);
}

#[test]
fn bindings_are_refused_with_what_has_no_schema_and_only_if_schemas_are_asked_for() {
    let lost = || contract(reference("Lost", Vec::new()), Vec::new());

    for (schemas, zod) in [(true, false), (false, true)] {
        let error = Bindings::of(lost(), &Options { schemas, zod, ..Options::default() }).unwrap_err();
        let error = GenerateError::from(error);
        assert_eq!(error.to_string(), "the schemas of inputs cannot be written");
        insta::allow_duplicates! {
            insta::assert_snapshot!(error.source().unwrap(), @r#"do refers to the type "Lost", which the contract does not have: generate the contract anew"#);
        }
    }
    assert!(Bindings::of(lost(), &Options::default()).is_ok());
}

#[test]
fn a_type_called_schema_is_told_apart_from_that_of_the_runtime() {
    let types = ["Schema", "Schema2"].map(|name| named(name, &[], Type::Boolean));
    let contract = contract(reference("Schema", Vec::new()), types.into());
    let SchemaFiles { declarations, javascript } = schemas(&contract, &SchemaOptions::default()).unwrap();

    insta::assert_snapshot!(declarations, @r"
    // Generated from the Rust contract by `cargo run`: do not edit.

    import type { Schema as Schema3 } from '@tintype/client/schema';
    import type { Schema, Schema2 } from './api.js';

    export declare const schemaSchema: Schema3<Schema>;

    export declare const schema2Schema: Schema3<Schema2>;
    ");
    assert!(javascript.contains("export const schemaSchema = "), "{javascript}");
}

#[test]
fn values_of_superjson_are_no_plain_json() {
    let date = Type::JavaScript { name: "Date".to_owned(), arguments: Vec::new() };

    let contract = contract(reference("At", Vec::new()), vec![named("At", &[], date)]);
    insta::assert_snapshot!(refused(&contract), @"At is a Date of superjson, which is no plain JSON: generate the contract for plain JSON");
    // Clients have them, so they can be checked there.
    assert!(schemas(&contract, &SchemaOptions::default()).unwrap().javascript.contains("dateTime"));
}
