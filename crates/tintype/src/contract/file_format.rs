//! The JSON Schema of `contract.json` itself, `docs/contract.schema.json`.

use std::{env, fs, path::PathBuf};

use serde_json::{Value, json};

use super::{Contract, json_schema::DIALECT};

fn workspace() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The schema as the types of the model say it.
fn schema() -> Value {
    let mut schema = serde_json::to_value(schemars::schema_for!(Contract)).unwrap();
    assert_eq!(schema["$schema"], DIALECT);
    schema["title"] = "contract.json".into();
    schema["properties"]["version"]["const"] = Contract::VERSION.into();
    schema
}

#[test]
fn the_published_schema_is_that_of_the_model() {
    let path = workspace().join("docs/contract.schema.json");
    let expected = format!("{:#}\n", schema());
    if env::var_os("UPDATE_EMITTED").is_some() {
        fs::write(&path, &expected).unwrap();
    }
    let found = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        found == expected,
        "docs/contract.schema.json is out of date: run `UPDATE_EMITTED=1 cargo test -p tintype --features codegen \
         file_format`"
    );
}

#[test]
fn it_takes_the_contract_of_the_product_and_refuses_what_no_reader_takes() {
    let validator = jsonschema::validator_for(&schema()).unwrap();
    let text = fs::read_to_string(workspace().join("bindings/contract.json")).unwrap();
    let contract: Value = serde_json::from_str(&text).unwrap();
    let problems: Vec<String> = validator.iter_errors(&contract).map(|error| error.to_string()).collect();
    assert!(problems.is_empty(), "{problems:?}");

    let broken = |change: &dyn Fn(&mut Value)| {
        let mut contract = contract.clone();
        change(&mut contract);
        assert!(!validator.is_valid(&contract));
    };
    broken(&|contract| contract["version"] = 2.into());
    broken(&|contract| contract["procedures"][0]["kind"] = "watch".into());
    broken(&|contract| contract["types"][0]["type"] = json!({ "type": "money" }));
    broken(&|contract| contract["types"][0]["type"] = json!({ "type": "array" }));
    broken(&|contract| {
        contract["types"].as_array_mut().unwrap()[0].as_object_mut().unwrap().remove("name");
    });
}
