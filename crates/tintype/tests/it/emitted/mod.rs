//! What is written from a contract: JSON Schema, OpenAPI, tools, and schemas for forms.
//!
//! The files in `tests/emitted` are what this contract gives. TypeScript tests read them, so they are committed, and
//! `UPDATE_EMITTED=1 cargo test -p tintype --features codegen emitted` writes them anew.

mod agreement;
mod refusals;
mod shop;

use std::{env, fs, path::Path};

use tintype::{
    contract::{
        Contract, DescribeOptions, OpenApiOptions, SchemaOptions, json_schema, mcp, openapi, schemas,
        undescribed_rules, zod,
    },
    typescript::{Bindings, Options},
};

fn contract() -> Contract {
    Contract::of(&shop::router(), &DescribeOptions::default()).unwrap()
}

/// Compares a committed file with what it should be.
#[track_caller]
fn check_file(name: &str, expected: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/emitted").join(name);
    if env::var_os("UPDATE_EMITTED").is_some() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, expected).unwrap();
    }
    let found = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        found == expected,
        "{} is out of date: run `UPDATE_EMITTED=1 cargo test -p tintype --features codegen emitted`",
        path.display()
    );
}

#[test]
fn json_schema_has_every_named_type() {
    check_file("json-schema.json", &json_schema(&contract()).unwrap());
}

#[test]
fn openapi_has_every_procedure() {
    let options = OpenApiOptions { title: "Shop".to_owned(), version: Some("1.2.3".to_owned()), ..Default::default() };

    check_file("openapi.json", &openapi(&contract(), &options).unwrap());
}

#[test]
fn tools_are_queries_and_mutations_and_the_rest_is_named() {
    check_file("mcp.json", &mcp(&contract()).unwrap());
}

#[test]
fn schemas_are_those_of_inputs() {
    let files = schemas(&contract(), &SchemaOptions::default()).unwrap();

    check_file("schemas.js", &files.javascript);
    check_file("schemas.d.ts", &files.declarations);
    check_file("zod.ts", &zod(&contract(), &SchemaOptions::default()).unwrap());
    // The types that they speak of.
    let bindings = Bindings::of(contract(), &Options::default());
    let (_, api) = bindings.files().find(|(name, _)| *name == "api.d.ts").unwrap();
    check_file("api.d.ts", api);
}

#[test]
fn the_rules_of_inputs_are_in_the_contract_under_the_names_of_the_wire() {
    insta::assert_snapshot!(rules_of("Texts"), @r#"
    ascii: [{"rule":"ascii"}]
    code: [{"pattern":"^[a-z]+\\d*$","rule":"pattern"},{"max":8,"rule":"length","unit":"simple"}]
    displayName: [{"max":5,"min":1,"rule":"length","unit":"chars"},{"rule":"custom"}]
    email: [{"rule":"email"}]
    framed: [{"rule":"contains","text":"a.b"},{"rule":"prefix","text":"<"},{"rule":"suffix","text":">"}]
    inBytes: [{"max":4,"rule":"length","unit":"bytes"}]
    inGraphemes: [{"max":1,"rule":"length","unit":"graphemes"}]
    inUnits: [{"max":4,"min":2,"rule":"length","unit":"utf16"}]
    insensitive: [{"pattern":"(?i)^yes$","rule":"pattern"}]
    ip: [{"rule":"ip"}]
    ipv4: [{"rule":"ipv4"}]
    ipv6: [{"rule":"ipv6"}]
    letters-and-digits: [{"rule":"alphanumeric"}]
    url: [{"rule":"url"}]
    "#);
    insta::assert_snapshot!(rules_of("Shape"), @r#"outerRadius: [{"min":0.0,"rule":"range"}]"#);
    assert!(undescribed_rules(&shop::router()).is_empty());
}

/// Each field with its rules as JSON.
fn rules_of(name: &str) -> String {
    let contract = serde_json::to_value(contract()).unwrap();
    let mut lines = Vec::new();
    let named = contract["types"].as_array().unwrap().iter().find(|named| named["name"] == name).unwrap();
    let mut open = vec![&named["type"]];
    while let Some(value) = open.pop() {
        if let (Some(name), Some(rules)) = (value["name"].as_str(), value["rules"].as_array()) {
            lines.push(format!("{name}: {}", serde_json::to_string(rules).unwrap()));
        }
        match value {
            serde_json::Value::Array(items) => open.extend(items),
            serde_json::Value::Object(members) => open.extend(members.values()),
            _ => {}
        }
    }
    lines.sort();
    lines.join("\n")
}
