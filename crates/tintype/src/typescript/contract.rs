//! `contract.json`: the contract as data.

use serde::Serialize;
use specta_typescript::{Typescript, primitives};

use super::{
    declarations::Types,
    layout::tidy,
    resolve::{BindingsError, Resolved},
};
use crate::IdPolicy;

/// Raised when a reader of an older file would misunderstand a newer one.
const VERSION: u32 = 0;

#[derive(Serialize)]
struct Contract<'a> {
    version: u32,
    procedures: Vec<Procedure<'a>>,
    types: Vec<Named<'a>>,
}

#[derive(Serialize)]
struct Procedure<'a> {
    path: &'a str,
    kind: &'static str,
    docs: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    deprecated: Option<&'a str>,
    /// Names of the flags that are set, such as `no_batch`.
    flags: Vec<&'static str>,
    /// Paths of the queries that it makes stale.
    invalidates: &'a [String],
    /// As TypeScript expressions, over `types`.
    input: String,
    output: String,
    error: String,
    /// Of a subscription: whether its events carry ids.
    #[serde(skip_serializing_if = "Option::is_none")]
    ids: Option<&'static str>,
}

#[derive(Serialize)]
struct Named<'a> {
    name: &'a str,
    docs: &'a str,
    /// Its declaration in TypeScript.
    declaration: String,
}

pub(super) fn write(resolved: &Resolved) -> Result<String, BindingsError> {
    let procedures = resolved.procedures.iter().map(|procedure| {
        let Types { input, output, error } = Types::of(procedure, resolved)?;
        let flags = procedure.info.flags;
        let flags = [("no_batch", flags.no_batch), ("sensitive", flags.sensitive), ("idempotent", flags.idempotent)];
        Ok(Procedure {
            path: &procedure.path,
            kind: procedure.info.kind.as_str(),
            docs: procedure.info.docs,
            deprecated: procedure.info.deprecated,
            flags: flags.into_iter().filter(|(_, is_set)| *is_set).map(|(name, _)| name).collect(),
            invalidates: &procedure.invalidates,
            input,
            output,
            error,
            ids: procedure.ids.map(|ids| match ids {
                IdPolicy::Tracked => "tracked",
                IdPolicy::Untracked => "untracked",
                IdPolicy::Mixed => "mixed",
            }),
        })
    });
    let types = resolved.named.iter().map(|named| {
        let mut bare = named.clone();
        bare.docs = "".into();
        let declaration = primitives::export(&Typescript::default(), &resolved.types, std::iter::once(&bare), "")
            .map_err(|error| BindingsError::TypeScript(named.name.to_string(), Box::new(error)))?;
        Ok(Named { name: &named.name, docs: &named.docs, declaration: tidy(&declaration).trim_end().to_owned() })
    });
    let contract = Contract {
        version: VERSION,
        procedures: procedures.collect::<Result<_, BindingsError>>()?,
        types: types.collect::<Result<_, BindingsError>>()?,
    };
    let mut json = serde_json::to_string_pretty(&contract).expect("strings, numbers and lists are JSON");
    json.push('\n');
    Ok(json)
}
