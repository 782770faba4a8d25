//! `api.d.ts` and `api.js`: the contract for `@tintype/client`.

use std::collections::BTreeMap;

use super::{
    files::Options,
    print::{Face, LeafNames, Printer},
    rich::Nodes,
    source_map::MappedText,
    tree::Namespace,
};
use crate::contract::{Contract, Flag, Ids, Kind};

const LEAVES: LeafNames = LeafNames {
    query: "Query",
    mutation: "Mutation",
    subscription: "Subscription",
    event: ("Tracked<", ">"),
    writes_never: false,
};

/// The declarations; `is_rich` if some answer is more in JavaScript than in JSON.
pub(super) fn declarations(contract: &Contract, is_rich: bool, options: &Options) -> MappedText {
    let mut printer = Printer::new(contract, Face::Rich, options.sources.as_deref());
    let api = Namespace::of(contract).write(1, &mut |procedure| printer.procedure(procedure, &LEAVES));
    let types = printer.declarations();

    let mut text = MappedText::default();
    text.push(&format!("// Generated from the Rust contract by `{}`: do not edit.\n\n", options.command));
    let uses = |kind| contract.procedures.iter().any(|procedure| procedure.kind == kind);
    let uses_ids = contract.procedures.iter().any(|procedure| matches!(procedure.ids, Some(Ids::Tracked | Ids::Mixed)));
    let imports = [
        ("Contract", true),
        ("Mutation", uses(Kind::Mutation)),
        ("Query", uses(Kind::Query)),
        ("Rich", is_rich),
        ("RichTypes", is_rich),
        ("Subscription", uses(Kind::Subscription)),
        ("Tracked", uses_ids),
    ];
    let imports: Vec<&str> = imports.into_iter().filter(|(_, is_used)| *is_used).map(|(name, _)| name).collect();
    text.push(&format!("import type {{\n  {},\n}} from '{}';\n\n", imports.join(",\n  "), options.client));
    text.push("/** Every procedure, for `createClient<Api>`. */\n");
    text.push(if is_rich { "export interface Api extends Rich {\n" } else { "export interface Api {\n" });
    api.write_to(&mut text);
    text.push("}\n\n");
    text.push("/** What a client asks of the contract while it runs: pass it to `createClient`. */\n");
    text.push("export declare const contract: Contract;\n");
    if is_rich {
        text.push("\n/** Where dates, big integers and bytes are: pass it to `createClient`. */\n");
        text.push("export declare const rich: RichTypes;\n");
    }
    types.write_to(&mut text);
    text.push("\nexport {};\n");
    text
}

/// The metadata.
pub(super) fn metadata(contract: &Contract, nodes: Option<&Nodes>, options: &Options) -> String {
    let mut text = format!("// Generated from the Rust contract by `{}`: do not edit.\n\n", options.command);
    if nodes.is_some() {
        text.push_str(&format!("import {{ richTypes }} from '{}/rich';\n\n", options.client));
    }
    let paths = |flag: Flag, kinds: &[Kind]| {
        let procedures = contract.procedures.iter();
        procedures
            .filter(|procedure| procedure.flags.contains(&flag) && kinds.contains(&procedure.kind))
            .map(|procedure| procedure.path.as_str())
            .collect::<Vec<_>>()
    };
    let all = [Kind::Query, Kind::Mutation, Kind::Subscription];
    text.push_str(&format!("export const contract = {{\n  hash: '{}',\n", contract.hash));
    for (name, paths) in [
        ("alone", paths(Flag::NoBatch, &all)),
        ("post", paths(Flag::Sensitive, &[Kind::Query])),
        ("retry", paths(Flag::Idempotent, &[Kind::Mutation])),
    ] {
        if !paths.is_empty() {
            text.push_str(&format!("  {name}: {},\n", list(&paths)));
        }
    }
    let invalidates: BTreeMap<&str, &Vec<String>> = contract
        .procedures
        .iter()
        .filter(|procedure| !procedure.invalidates.is_empty())
        .map(|procedure| (procedure.path.as_str(), &procedure.invalidates))
        .collect();
    if !invalidates.is_empty() {
        text.push_str("  invalidates: {\n");
        for (path, queries) in invalidates {
            let queries: Vec<&str> = queries.iter().map(String::as_str).collect();
            text.push_str(&format!("    '{path}': {},\n", list(&queries)));
        }
        text.push_str("  },\n");
    }
    text.push_str("};\n");
    if let Some(nodes) = nodes {
        text.push_str(&format!("\n{}", nodes.to_javascript()));
    }
    text
}

fn list(paths: &[&str]) -> String {
    let quoted: Vec<String> = paths.iter().map(|path| format!("'{path}'")).collect();
    format!("[{}]", quoted.join(", "))
}
