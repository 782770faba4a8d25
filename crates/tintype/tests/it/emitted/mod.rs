//! What is written from a contract: JSON Schema, OpenAPI, tools, and schemas for forms.
//!
//! The files in `tests/emitted` are what this contract gives. TypeScript tests read them, so they are committed, and
//! `UPDATE_EMITTED=1 cargo test -p tintype --features codegen emitted` writes them anew.

mod agreement;
mod refusals;
mod shop;

use std::{collections::HashSet, env, fs, path::Path};

use serde_json::{Value, json};
use tintype::{
    contract::{
        Contract, DescribeOptions, OpenApiOptions, Procedure, SchemaOptions, json_schema, mcp, openapi, schemas,
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
fn a_tool_has_a_name_and_schemas_that_every_client_takes() {
    let manifest: Value = serde_json::from_str(&mcp(&contract()).unwrap()).unwrap();
    let tools = manifest["tools"].as_array().unwrap();
    assert!(tools.len() > 10);
    for tool in tools {
        let name = tool["name"].as_str().unwrap();
        assert!(name.len() <= 64 && name.chars().all(|it| it.is_ascii_alphanumeric() || it == '_'), "{name}");
        for schema in [&tool["inputSchema"], &tool["outputSchema"]].into_iter().filter(|schema| !schema.is_null()) {
            assert_eq!(schema["type"], "object", "{name}");
            jsonschema::meta::validate(schema).unwrap();
            // Fails if a reference leads nowhere.
            jsonschema::validator_for(schema).unwrap();
        }
    }
    let tool = |name: &str| tools.iter().find(|tool| tool["name"] == name).unwrap();
    let takes =
        |name: &str, value: Value| jsonschema::validator_for(&tool(name)["inputSchema"]).unwrap().is_valid(&value);
    assert!(takes("check_numbers", json!({ "limit": 1 })) && !takes("check_numbers", json!({ "limit": 0 })));
    assert!(takes("ping", json!({})) && !takes("ping", json!({ "input": 1 })));
    // What is no object is a member, and what may be left out is not asked for.
    assert!(!takes("things_get", json!({})) && !takes("things_get", json!({ "input": 1 })));
    assert_eq!(tool("things_get")["_meta"], json!({ "tintype/path": "things.get", "tintype/input": "input" }));
    assert!(takes("things_list", json!({})) && takes("things_list", json!({ "input": { "items": [] } })));
    assert_eq!(tool("things_remove")["_meta"]["tintype/output"], "result");
}

#[test]
fn names_that_would_be_the_same_are_told_apart() {
    let mut contract = contract();
    let clash = contract.procedures.iter().find(|procedure| procedure.path == "things.get").unwrap().clone();
    let long = "a".repeat(80);
    contract.procedures.push(Procedure { path: "things_get".to_owned(), ..clash.clone() });
    contract.procedures.push(Procedure { path: format!("{long}.b"), ..clash.clone() });
    contract.procedures.push(Procedure { path: format!("{long}.c"), ..clash });
    let manifest: Value = serde_json::from_str(&mcp(&contract).unwrap()).unwrap();
    let names: Vec<&str> = manifest["tools"].as_array().unwrap().iter().filter_map(|it| it["name"].as_str()).collect();

    let distinct: HashSet<&&str> = names.iter().collect();
    assert_eq!(distinct.len(), names.len());
    assert!(names.contains(&"things_get") && names.contains(&"things_get_2"));
    assert!(names.iter().all(|name| name.len() <= 64));
}

#[test]
fn the_contract_of_the_product_can_be_written_in_every_form() {
    let bindings = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../bindings");
    let contract: Contract =
        serde_json::from_str(&fs::read_to_string(bindings.join("contract.json")).unwrap()).unwrap();

    let schema: Value = serde_json::from_str(&json_schema(&contract).unwrap()).unwrap();
    jsonschema::meta::validate(&schema).unwrap();
    let document = openapi(&contract, &OpenApiOptions::default()).unwrap();
    assert!(document.contains("\"/widgets.list\"") && document.contains("text/event-stream"));
    let tools = mcp(&contract).unwrap();
    assert!(tools.contains("\"widgets_list\"") && tools.contains("auth.login"));
    let options = SchemaOptions { command: "cargo xtask bindings".to_owned(), ..SchemaOptions::default() };
    assert_eq!(
        schemas(&contract, &options).unwrap().javascript,
        fs::read_to_string(bindings.join("schemas.js")).unwrap(),
        "the contract and its schemas are of different times: run `cargo xtask bindings`"
    );
    assert!(
        zod(&contract, &SchemaOptions::default()).unwrap().contains("export const createWidgetSchema = z.object({")
    );
}

#[test]
fn schemas_are_those_of_inputs() {
    let options = Options { schemas: true, zod: true, ..Options::default() };
    let bindings = Bindings::of(contract(), &options).unwrap();

    let names: Vec<&str> = bindings.files().map(|(name, _)| name).collect();
    let schemas = ["api.d.ts", "schemas.d.ts", "schemas.js", "zod.ts"];
    assert!(schemas.iter().all(|name| names.contains(name)), "{names:?}");
    for (name, text) in bindings.files().filter(|(name, _)| schemas.contains(name)) {
        check_file(name, text);
    }
}

#[test]
fn schemas_are_written_on_request() {
    let names = |schemas, zod| -> Vec<&'static str> {
        let bindings = Bindings::of(contract(), &Options { schemas, zod, ..Options::default() }).unwrap();
        bindings.files().map(|(name, _)| name).filter(|name| !name.contains("d.ts.map")).collect()
    };

    assert_eq!(names(false, false), ["contract.json", "index.d.ts", "api.d.ts", "api.js"]);
    assert_eq!(names(true, false)[4..], ["schemas.d.ts", "schemas.js"]);
    assert_eq!(names(false, true)[4..], ["zod.ts"]);
}

#[test]
fn schemas_run_on_the_package_that_was_chosen() {
    let client = "@acme/client".to_owned();
    let bindings = Bindings::of(contract(), &Options { client, schemas: true, ..Options::default() }).unwrap();

    for (name, text) in bindings.files().filter(|(name, _)| name.starts_with("schemas")) {
        assert!(text.contains("from '@acme/client/schema';"), "{name}");
    }
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
