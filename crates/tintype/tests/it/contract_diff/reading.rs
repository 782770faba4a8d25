//! Contracts that are none, and what is said of them.

use std::fmt::Write;

use serde_json::{Value, json};
use tintype::contract::{
    Contract, ContractError,
    diff::{ChangeKind, diff},
};

/// A contract with these procedures and types, of which each has a name and what it is.
fn contract(procedures: Value, types: &[(&str, Value)]) -> String {
    let source = |line: usize| json!({ "file": "src/lib.rs", "line": line, "column": 9 });
    let mut procedures = procedures;
    for procedure in procedures.as_array_mut().unwrap() {
        procedure["source"] = source(3);
    }
    let types = types.iter().enumerate().map(|(position, (name, ty))| {
        let (name, parameters) = name.split_once('<').unwrap_or((name, ""));
        let parameters: Vec<&str> = parameters.trim_end_matches('>').split(',').filter(|it| !it.is_empty()).collect();
        json!({
            "name": name, "rust": name, "parameters": parameters, "usage": "both", "type": ty,
            "source": source(position + 10),
        })
    });
    let types: Vec<Value> = types.collect();
    json!({ "version": 1, "hash": "0123456789abcdef", "procedures": procedures, "types": types }).to_string()
}

fn reference(name: &str) -> Value {
    json!({ "type": "reference", "name": name })
}

fn page_of(argument: &Value) -> Value {
    json!({ "type": "reference", "name": "Page", "arguments": [argument] })
}

fn object(ty: &Value) -> Value {
    json!({ "type": "object", "fields": [{ "name": "a", "type": ty }] })
}

#[track_caller]
fn refusal(text: &str) -> String {
    Contract::read(text).expect_err(text).to_string()
}

#[track_caller]
fn refusal_of(types: &[(&str, Value)]) -> String {
    refusal(&contract(json!([]), types))
}

#[test]
fn what_is_no_json_is_refused_with_its_line_and_column() {
    insta::assert_snapshot!(refusal("{\n  \"version\": 1,\n  oops"), @"line 3, column 3 is not JSON: key must be a string: write the contract anew with its generator");
    assert!(matches!(Contract::read(""), Err(ContractError::Syntax { line: 1, column: 0, .. })));
    let twice = contract(json!([]), &[]) + "{}";
    assert!(matches!(Contract::read(&twice), Err(ContractError::Syntax { .. })));
}

#[test]
fn json_of_another_form_is_refused_with_its_place() {
    insta::assert_snapshot!(refusal("{}"), @"the whole is not what a contract has there, before line 1, column 2: missing field `version`: write the contract anew with its generator");
    let text = refusal_of(&[("A", json!({ "type": "sting" }))]);
    assert!(text.starts_with("types[0].type.type is not what a contract has there"), "{text}");
    assert!(text.contains("unknown variant `sting`, expected one of `any`"), "{text}");
}

#[test]
fn another_version_is_refused_before_anything_else_is_read() {
    insta::assert_snapshot!(refusal(r#"{"version":2,"procedures":7}"#), @"the contract has version 2 and this program knows version 1: use the version of tintype that wrote it, or write it anew");
    assert!(matches!(Contract::read(r#"{"version":-1}"#), Err(ContractError::Form { .. })));
}

#[test]
fn what_leads_nowhere_is_refused_with_its_place_and_its_source() {
    insta::assert_snapshot!(refusal_of(&[("A", object(&reference("B")))]), @r#"types[0].type.fields[0].type (from src/lib.rs:10:9) refers to the type "B", which is not there: add it to `types`, or correct the name"#);
    let parameter = json!({ "type": "parameter", "name": "T" });
    insta::assert_snapshot!(refusal_of(&[("A<U>", object(&parameter))]), @r#"types[0].type.fields[0].type (from src/lib.rs:10:9) refers to the parameter "T", which nothing around it has: add it to `parameters` of the type"#);
    let procedure = json!([{ "path": "a.b", "kind": "mutation", "invalidates": ["a.b"] }]);
    insta::assert_snapshot!(refusal(&contract(procedure, &[])), @r#"procedures[0].invalidates[0] (from src/lib.rs:3:9) invalidates "a.b", which is no query of the contract: correct the path, or leave it out"#);
    let date = json!({ "type": "javaScript", "name": "RegExp" });
    insta::assert_snapshot!(refusal_of(&[("A", date)]), @r#"types[0].type (from src/lib.rs:10:9) names "RegExp", which superjson does not carry: it is Date, bigint, Uint8Array, Map or Set"#);
}

#[test]
fn the_number_of_arguments_is_that_of_the_parameters() {
    let page = ("Page<T>", json!({ "type": "array", "item": { "type": "parameter", "name": "T" } }));
    let input = json!([{ "path": "a", "kind": "query", "input": { "type": reference("Page") } }]);
    insta::assert_snapshot!(refusal(&contract(input, std::slice::from_ref(&page))), @"procedures[0].input.type (from src/lib.rs:3:9) gives Page 0 arguments, and it has 1 parameters: give it one argument for each");
    let set = json!({ "type": "javaScript", "name": "Set" });
    assert!(refusal_of(&[("A", set)]).contains("gives Set 0 arguments, and it has 1 parameters"));
    let pages = contract(json!([]), &[page, ("A", page_of(&reference("A")))]);
    assert_eq!(Contract::read(&pages).unwrap().types.len(), 2);
}

#[test]
fn names_are_unique_and_names() {
    let any = json!({ "type": "any" });
    insta::assert_snapshot!(refusal_of(&[("A", any.clone()), ("A", any.clone())]), @r#"types[1].name (from src/lib.rs:11:9) has the name "A", as types[0].name has: types are unique, so rename one of them"#);
    insta::assert_snapshot!(refusal_of(&[("A<T,T>", any.clone())]), @r#"types[0].parameters[1] (from src/lib.rs:10:9) has the name "T", as types[0].parameters[0] has: parameters are unique, so rename one of them"#);
    let procedures = json!([{ "path": "a", "kind": "query" }, { "path": "a", "kind": "query" }]);
    insta::assert_snapshot!(refusal(&contract(procedures, &[])), @r#"procedures[1].path (from src/lib.rs:3:9) has the name "a", as procedures[0].path has: procedures are unique, so rename one of them"#);
    let field = json!({ "name": "a", "type": any });
    let twice = json!({ "type": "object", "fields": [field, field] });
    insta::assert_snapshot!(refusal_of(&[("A", twice)]), @r#"types[0].type.fields[1] (from src/lib.rs:10:9) has the name "a", as types[0].type.fields[0] has: fields are unique, so rename one of them"#);
    for name in ["", "7up", "string", "a-b", "class", "A B"] {
        assert!(refusal_of(&[(name, any.clone())]).contains("which is no name in TypeScript"), "{name}");
    }
    assert!(Contract::read(&contract(json!([]), &[("$A_7", any)])).is_ok());
    let path = contract(json!([{ "path": "a..b", "kind": "query" }]), &[]);
    insta::assert_snapshot!(refusal(&path), @r#"procedures[0].path (from src/lib.rs:3:9) is called "a..b", which is no name in TypeScript: join names of letters, digits, `_` and `$` with dots"#);
}

#[test]
fn a_type_that_is_nothing_but_itself_is_refused() {
    let nullable = |of: Value| json!({ "type": "nullable", "of": of });
    insta::assert_snapshot!(refusal_of(&[("A", nullable(reference("B"))), ("B", reference("A"))]), @"types[0].type (from src/lib.rs:10:9) is nothing but itself, by way of A -> B -> A: put an object or an array in between");
    let or_null = ("Maybe<T>", nullable(json!({ "type": "parameter", "name": "T" })));
    let maybe = json!({ "type": "reference", "name": "Maybe", "arguments": [reference("A")] });
    assert!(refusal_of(&[or_null.clone(), ("A", maybe.clone())]).contains("by way of A -> A"));
    let union = json!({ "type": "union", "variants": [{ "name": "X", "type": reference("A") }] });
    assert!(refusal_of(&[("A", union)]).contains("nothing but itself"));
    let list = json!({ "type": "array", "item": maybe });
    assert!(Contract::read(&contract(json!([]), &[or_null, ("A", list)])).is_ok());
}

#[test]
fn a_type_that_grows_without_end_is_refused() {
    let parameter = json!({ "type": "parameter", "name": "T" });
    let list = json!({ "type": "array", "item": parameter });
    insta::assert_snapshot!(refusal_of(&[("Page<T>", object(&page_of(&list)))]), @"types[0].type.fields[0].type (from src/lib.rs:10:9) is Page with an argument that grows with every turn, so it never ends: refer to Page with its parameters as they are");
    for argument in [parameter, json!({ "type": "array", "item": { "type": "any" } })] {
        let types = [("Page<T>", object(&page_of(&argument))), ("A", page_of(&reference("A")))];
        assert!(Contract::read(&contract(json!([]), &types[..])).is_ok(), "{argument}");
    }
}

#[test]
fn what_json_cannot_have_is_refused() {
    let any = json!({ "type": "any" });
    let text = json!({ "type": "string" });
    let map = json!({ "type": "map", "key": { "type": "array", "item": any }, "value": any });
    insta::assert_snapshot!(refusal_of(&[("A", object(&map))]), @"types[0].type.fields[0].type (from src/lib.rs:10:9) has keys that JSON cannot have: use strings, integers or literals, or entries in place of a map");
    let parts = json!({ "type": "intersection", "parts": [object(&any), text] });
    insta::assert_snapshot!(refusal_of(&[("A", parts)]), @"types[0].type (from src/lib.rs:10:9) makes one object of parts of which not all are objects: flatten structs, maps and enums alone");
    let union = json!({ "type": "union", "tag": "kind", "variants": [{ "name": "X", "type": object(&any) }] });
    insta::assert_snapshot!(refusal_of(&[("A", union)]), @r#"types[0].type (from src/lib.rs:10:9) has the variant "X" without a literal "kind": add it, or leave out the tag of the union"#);
}

#[test]
fn unions_of_unions_that_are_too_large_are_refused() {
    let twice = |name: &str| {
        let variant = |variant: &str| json!({ "name": variant, "type": reference(name) });
        json!({ "type": "union", "variants": [variant("X"), variant("Y")] })
    };
    let names: Vec<String> = (0..40).map(|number| format!("T{number}")).collect();
    let mut types: Vec<(&str, Value)> = names.windows(2).map(|pair| (pair[0].as_str(), twice(&pair[1]))).collect();
    types.push((&names[39], json!({ "type": "null" })));

    assert!(refusal_of(&types).contains("leads to more than 4096 alternatives: split the type up"));
}

/// Runs on a thread whose stack is no larger than that of a test, whatever starts it.
fn on_a_small_stack(run: impl FnOnce() + Send + 'static) {
    std::thread::Builder::new().stack_size(2 << 20).spawn(run).unwrap().join().unwrap();
}

#[test]
fn deep_types_are_read_or_refused() {
    on_a_small_stack(|| {
        for (open, close) in [
            (r#"{"type":"nullable","of":"#, "}"),
            (r#"{"type":"union","variants":[{"name":"X","type":"#, "}]}"),
            (r#"{"type":"object","fields":[{"name":"a","type":"#, "}]}"),
            (r#"{"type":"intersection","parts":["#, "]}"),
            (r#"{"type":"tuple","items":["#, "]}"),
        ] {
            let mut results = Vec::new();
            for depth in [1, 10, 20, 30, 38, 40, 60, 90, 110, 120, 200, 100_000] {
                let ty = format!("{}{}{}", open.repeat(depth), r#"{"type":"any"}"#, close.repeat(depth));
                let text = contract(json!([]), &[("A", json!("TYPE"))]).replace("\"TYPE\"", &ty);
                let read = Contract::read(&text);
                if let Ok(contract) = &read {
                    assert_eq!(diff(contract, &contract.clone()), []);
                }
                results.push(read.is_ok());
            }
            assert!(results[0] && results[1] && !results[11], "{results:?}");
        }
        assert!(Contract::read(&"[".repeat(1_000_000)).is_err());
    });
}

#[test]
fn long_ways_from_type_to_type_need_no_stack() {
    on_a_small_stack(|| {
        let chain = |last: &str| {
            let mut types = Vec::new();
            for number in 0..20_000 {
                types.push((format!("T{number}"), object(&reference(&format!("T{}", number + 1)))));
            }
            types.push(("T20000".to_owned(), json!({ "type": last })));
            let types: Vec<(&str, Value)> = types.iter().map(|(name, ty)| (name.as_str(), ty.clone())).collect();
            contract(json!([{ "path": "a", "kind": "query", "output": reference("T0") }]), &types)
        };
        let (old, new) = (Contract::read(&chain("string")).unwrap(), Contract::read(&chain("boolean")).unwrap());
        let changes = diff(&old, &new);

        assert_eq!(changes.len(), 1);
        assert_eq!(changes[0].places[0].path, ".a".repeat(20_000));
    });
}

/// A contract whose one procedure answers `T0`, where each type is nothing but the next one up to `last`; with
/// `arguments`, each is of a parameter.
fn aliases(length: usize, arguments: &[Value], last: &Value) -> String {
    let source = json!({ "file": "a.rs", "line": 1, "column": 1 });
    let of = |name: String, arguments: &[Value]| {
        let mut ty = reference(&name);
        if !arguments.is_empty() {
            ty["arguments"] = arguments.into();
        }
        ty
    };
    let parameters: Vec<&str> = arguments.iter().map(|_| "T").collect();
    let parameter: Vec<Value> = arguments.iter().map(|_| json!({ "type": "parameter", "name": "T" })).collect();
    let mut types = String::new();
    for number in 0..=length {
        let ty = if number < length { of(format!("T{}", number + 1), &parameter) } else { last.clone() };
        let named = json!({
            "name": format!("T{number}"), "rust": "T", "parameters": parameters, "usage": "both", "type": ty,
            "source": source,
        });
        write!(types, "{}{named}", if number == 0 { "" } else { "," }).unwrap();
    }
    let output = of("T0".to_owned(), arguments);
    let procedure = json!({ "path": "a", "kind": "query", "output": output, "source": source });
    format!(r#"{{"version":1,"hash":"","procedures":[{procedure}],"types":[{types}]}}"#)
}

#[test]
fn a_chain_of_aliases_may_be_as_long_as_one_likes() {
    on_a_small_stack(|| {
        let parameter = json!({ "type": "parameter", "name": "T" });
        let text = json!({ "type": "string" });
        assert_eq!(Contract::read(&aliases(100_000, &[], &text)).unwrap().types.len(), 100_001);
        for text in [aliases(10_000, &[], &text), aliases(10_000, std::slice::from_ref(&text), &parameter)] {
            let old = Contract::read(&text).unwrap();
            let mut new = old.clone();
            new.types.last_mut().unwrap().ty = serde_json::from_value(json!({ "type": "boolean" })).unwrap();
            let kinds: Vec<ChangeKind> = diff(&old, &new).iter().map(|change| change.kind).collect();
            assert_eq!(kinds, [ChangeKind::TypeChanged]);
        }
        assert!(refusal(&aliases(20_000, &[], &reference("T0"))).contains("is nothing but itself"));
    });
}

#[test]
fn unions_in_one_another_have_a_limit_whatever_names_and_order_they_have() {
    let nested = |depth: usize, alias: &Value, is_reversed: bool| {
        let names: Vec<[String; 2]> = (0..=depth).map(|number| [format!("U{number}"), format!("A{number}")]).collect();
        let mut types = Vec::new();
        for [union, name] in &names[..depth] {
            let variant = json!({ "name": "X", "type": reference(name) });
            types.push((union.as_str(), json!({ "type": "union", "variants": [variant] })));
        }
        for ([_, name], [next, _]) in names.iter().zip(&names[1..]) {
            types.push((name.as_str(), reference(next)));
        }
        types.push((&names[depth][0], alias.clone()));
        if is_reversed {
            types.reverse();
        }
        contract(json!([{ "path": "a", "kind": "query", "output": reference("U0") }]), &types)
    };
    for is_reversed in [false, true] {
        let text = json!({ "type": "string" });
        assert!(Contract::read(&nested(128, &text, is_reversed)).is_ok());
        let refused = refusal(&nested(129, &text, is_reversed));
        assert!(
            refused.contains("leads to more than 128 unions and intersections in one another: split the type up"),
            "{refused}"
        );
    }
}

#[test]
fn damaged_contracts_are_read_or_refused() {
    let types =
        [("A", object(&json!({ "type": "nullable", "of": reference("A") }))), ("B<T>", object(&reference("A")))];
    let procedure = json!([{ "path": "a.b", "kind": "query", "output": reference("A"), "invalidates": [] }]);
    let text = contract(procedure, &types);
    let whole = Contract::read(&text).unwrap();
    for position in 0..text.len() {
        drop(Contract::read(&text[..position]));
        for replacement in ["", "}", "\"", "9", "T", "]"] {
            let damaged = format!("{}{replacement}{}", &text[..position], &text[position + 1..]);
            if let Ok(contract) = Contract::read(&damaged) {
                drop(diff(&whole, &contract));
            }
        }
    }
}

#[test]
fn contracts_that_were_not_read_are_compared_too() {
    let text = contract(
        json!([{ "path": "a", "kind": "query", "output": reference("A") }]),
        &[("A", json!({ "type": "any" }))],
    );
    let mut contract = Contract::read(&text).unwrap();
    contract.types.clear();

    assert!(diff(&contract, &contract.clone()).iter().all(|change| change.verdict.breaks_old_clients()));

    contract = Contract::read(&text).unwrap();
    contract.types[0].ty = contract.procedures[0].output.clone().unwrap();
    assert_eq!(diff(&contract, &contract.clone()).len(), 1);

    let growing = page_of(&json!({ "type": "array", "item": { "type": "parameter", "name": "T" } }));
    contract.types[0].name = "Page".to_owned();
    contract.types[0].parameters = vec!["T".to_owned()];
    contract.procedures[0].output = Some(serde_json::from_value(page_of(&json!({ "type": "null" }))).unwrap());
    for endless in [object(&growing), growing] {
        contract.types[0].ty = serde_json::from_value(endless).unwrap();
        assert_eq!(diff(&contract, &contract.clone()).len(), 1);
    }
}
