//! From a router to procedures and types that are ready to be written.

use std::{
    collections::{BTreeMap, HashSet},
    fmt,
};

use specta::{
    Format, Types,
    datatype::{DataType, NamedDataType, NamedReference, NamedReferenceType, Primitive, Reference},
};
use specta_serde::{Phase, PhasesFormat, select_phase_datatype};
use specta_typescript::define;

use super::{datatype, javascript};
use crate::{IdPolicy, Output, ProcedureInfo, Router, RouterError, body::BrowserType, protocol::Transformer};

/// Why a contract cannot be written down.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BindingsError {
    /// The router is contradictory.
    #[error(transparent)]
    Router(#[from] RouterError),
    /// A number may have more digits than a JavaScript number can hold.
    #[error(
        "{field} in the {part} of {procedure} is `{primitive}`, whose digits a JavaScript number would lose: \
         use a type of 32 bits or `f64`, or send it as a string (`#[serde(with = …)]` with `#[specta(type = String)]`), \
         or accept the loss with `#[specta(type = f64)]`"
    )]
    LossyNumber {
        /// Path of the procedure.
        procedure: String,
        /// Which of its types.
        part: Part,
        /// The field, from the named type that has it, for example `Meeting.durationNs`.
        field: String,
        /// The Rust type, for example `u64`.
        primitive: String,
    },
    /// Two Rust types would have the same name in TypeScript.
    #[error("two types are called {name:?}, at {first} and {second}: rename one with `#[specta(rename = …)]`")]
    DuplicateType {
        /// The name.
        name: String,
        /// Where one is defined.
        first: String,
        /// Where the other is defined.
        second: String,
    },
    /// A Rust type has a name that the declarations use for themselves.
    #[error("a type is called {name:?}, at {at}, which the bindings use themselves: `#[specta(rename = …)]` it")]
    ReservedType {
        /// The name.
        name: String,
        /// Where it is defined.
        at: String,
    },
    /// Serde's attributes on a type contradict each other, or cannot be described.
    #[error("the types cannot be described as serde writes them")]
    Serde(#[source] specta::FormatError),
    /// A type has no form in TypeScript.
    #[error("{0} cannot be written as TypeScript")]
    TypeScript(String, #[source] Box<specta_typescript::Error>),
}

/// Which of a procedure's types is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// What the client sends.
    Input,
    /// What a query or mutation answers, or one event of a subscription.
    Output,
    /// What it fails with.
    Error,
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Input => "input",
            Self::Output => "output",
            Self::Error => "error",
        })
    }
}

/// A contract, with types as they are on the wire.
pub(super) struct Resolved {
    pub(super) procedures: Vec<ResolvedProcedure>,
    /// The named types that procedures reach, by name.
    pub(super) named: Vec<NamedDataType>,
    /// Resolves references; holds nothing else than `named`.
    pub(super) types: Types,
}

pub(super) struct ResolvedProcedure {
    pub(super) path: String,
    pub(super) info: ProcedureInfo,
    pub(super) invalidates: Vec<String>,
    pub(super) input: Option<Input>,
    /// `None` if there is nothing in the answer.
    pub(super) output: Option<DataType>,
    pub(super) ids: Option<IdPolicy>,
    pub(super) error: Option<DataType>,
}

pub(super) struct Input {
    pub(super) ty: DataType,
    /// Whether a call without input is allowed.
    pub(super) is_optional: bool,
}

/// What the declarations call their own types, and the names of TypeScript's that they use.
const RESERVED: [&str; 20] = [
    "AppRouter",
    "AsyncIterable",
    "Blob",
    "Date",
    "ErrorCode",
    "ErrorShape",
    "FormData",
    "JsonValue",
    "Map",
    "Partial",
    "Procedures",
    "Promise",
    "Record",
    "Set",
    "TRPCMutationProcedure",
    "TRPCQueryProcedure",
    "TRPCRouterDef",
    "TRPCSubscriptionProcedure",
    "Uint8Array",
    "ValidationIssue",
];

/// Any JSON; the generated types of `serde_json::Value` would be an enum of its variants.
const JSON_VALUE: &str = "null | boolean | number | string | JsonValue[] | { [key: string]: JsonValue }";

pub(super) fn resolve<S: Clone + Send + Sync + 'static>(
    router: &Router<S>,
    transformer: Transformer,
) -> Result<Resolved, BindingsError> {
    router.check()?;
    let mut types = Types::default();
    let mut procedures: Vec<ResolvedProcedure> = router
        .procedures()
        .map(|entry| {
            let described = entry.types(&mut types);
            let (output, ids) = match described.output {
                Output::Nothing => (None, None),
                Output::Value(ty) => (Some(ty), None),
                Output::Events { item, ids } => (Some(item), Some(ids)),
            };
            ResolvedProcedure {
                path: entry.path.to_owned(),
                info: *entry.info,
                invalidates: router.invalidated_by(&entry).into_iter().map(str::to_owned).collect(),
                input: described.input.map(|ty| match ty {
                    DataType::Nullable(ty) => Input { ty: *ty, is_optional: true },
                    ty => Input { ty, is_optional: false },
                }),
                output,
                ids,
                error: described.error,
            }
        })
        .collect();

    check_names(&types)?;
    let types = types.map(|mut named| {
        if is_json_value(&named) {
            named.name = "JsonValue".into();
            named.docs = "Any JSON.".into();
            named.ty = Some(define(JSON_VALUE).into());
        } else if let Some(ty) = coming_later(&named) {
            named.ty = Some(define(ty).into());
        }
        named
    });
    let mut types = types;
    if transformer == Transformer::SuperJson {
        let described = types.clone();
        types = types.map(|mut named| {
            if let Some(ty) = &mut named.ty {
                javascript::replace_leaves(ty, &described);
            }
            named
        });
        for (_, ty) in procedures.iter_mut().flat_map(parts_mut) {
            javascript::replace_leaves(ty, &types);
        }
    }
    for procedure in &procedures {
        check_numbers(procedure, &types)?;
    }

    let types = PhasesFormat.map_types(&types).map_err(BindingsError::Serde)?.into_owned();
    for procedure in &mut procedures {
        for (part, ty) in parts_mut(procedure) {
            *ty = select(ty, &types, if part == Part::Input { Phase::Deserialize } else { Phase::Serialize });
            to_javascript(ty);
        }
    }
    let reached = reached(&procedures, &types);
    let types = types.map(|mut named| {
        let Some(name) = reached.get(named.name.as_ref()) else {
            named.ty = None;
            return named;
        };
        named.name = name.clone().into();
        named.docs = trim(&named.docs).into();
        if let Some(ty) = &mut named.ty {
            to_javascript(ty);
        }
        named
    });
    let types = match transformer {
        Transformer::Json => types,
        Transformer::SuperJson => with_collections(&mut procedures, types)?,
    };
    let mut named: Vec<NamedDataType> = types.into_unsorted_iter().filter(|it| it.ty.is_some()).cloned().collect();
    named.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(Resolved { procedures, named, types })
}

/// What JavaScript has for `Deferred` and `Streamed`.
fn coming_later(named: &NamedDataType) -> Option<&'static str> {
    match named.name.as_ref() {
        "Deferred" if named.module_path.starts_with("tintype::parts") => Some("Promise<T>"),
        "Streamed" if named.module_path.starts_with("tintype::parts") => Some("AsyncIterable<T, R, void>"),
        _ => None,
    }
}

/// Writes maps and sets as a client with superjson has them, in types that are final otherwise.
fn with_collections(procedures: &mut [ResolvedProcedure], types: Types) -> Result<Types, BindingsError> {
    for procedure in procedures {
        let path = procedure.path.clone();
        for (_, ty) in parts_mut(procedure) {
            javascript::replace_collections(ty, &types)
                .map_err(|error| BindingsError::TypeScript(path.clone(), Box::new(error)))?;
        }
    }
    let mut failed = None;
    let described = types.clone();
    let types = types.map(|mut named| {
        if let Some(ty) = &mut named.ty
            && let Err(error) = javascript::replace_collections(ty, &described)
        {
            failed = Some(BindingsError::TypeScript(named.name.to_string(), Box::new(error)));
        }
        named
    });
    failed.map_or(Ok(types), Err)
}

fn is_json_value(named: &NamedDataType) -> bool {
    named.name == "Value" && named.module_path.starts_with("serde_json")
}

/// Types are found again by their names, here and in specta-serde 0.0.14, so names must be unique from the start.
fn check_names(types: &Types) -> Result<(), BindingsError> {
    let mut seen: BTreeMap<&str, &NamedDataType> = BTreeMap::new();
    let mut sorted: Vec<&NamedDataType> =
        types.into_unsorted_iter().filter(|it| it.ty.is_some() && !is_json_value(it)).collect();
    sorted.sort_by_key(|named| (named.name.clone(), position(named)));
    for named in sorted {
        if RESERVED.contains(&named.name.as_ref()) {
            return Err(BindingsError::ReservedType { name: named.name.to_string(), at: position(named) });
        }
        if let Some(first) = seen.insert(named.name.as_ref(), named) {
            let (first, second) = (position(first), position(named));
            return Err(BindingsError::DuplicateType { name: named.name.to_string(), first, second });
        }
    }
    Ok(())
}

fn position(named: &NamedDataType) -> String {
    let location = named.location;
    format!("{}:{}:{}", location.file(), location.line(), location.column())
}

fn check_numbers(procedure: &ResolvedProcedure, types: &Types) -> Result<(), BindingsError> {
    let input = procedure.input.as_ref().map(|input| (Part::Input, &input.ty));
    let output = procedure.output.as_ref().map(|ty| (Part::Output, ty));
    let error = procedure.error.as_ref().map(|ty| (Part::Error, ty));
    for (part, ty) in input.into_iter().chain(output).chain(error) {
        let mut visited = HashSet::new();
        if let Some((field, primitive)) = lossy_number(ty, types, "the value itself", &mut visited) {
            return Err(BindingsError::LossyNumber { procedure: procedure.path.clone(), part, field, primitive });
        }
    }
    Ok(())
}

/// The first number in `ty` that JSON.parse would not read exactly, and where it is.
fn lossy_number(
    ty: &DataType,
    types: &Types,
    path: &str,
    visited: &mut HashSet<NamedReference>,
) -> Option<(String, String)> {
    use Primitive::{f128, i64, i128, isize, u64, u128, usize};
    if let DataType::Primitive(primitive @ (i64 | i128 | isize | u64 | u128 | usize | f128)) = ty {
        return Some((path.to_owned(), format!("{primitive:?}")));
    }
    if let DataType::Reference(Reference::Named(reference)) = ty
        && visited.insert(reference.clone())
        && let Some(named) = types.get(reference)
        && let Some(body) = &named.ty
        && let Some(found) = lossy_number(body, types, &named.name, visited)
    {
        return Some(found);
    }
    datatype::children(ty)
        .into_iter()
        .find_map(|(step, child)| lossy_number(child, types, &format!("{path}{step}"), visited))
}

fn parts_mut(procedure: &mut ResolvedProcedure) -> impl Iterator<Item = (Part, &mut DataType)> {
    let input = procedure.input.as_mut().map(|input| (Part::Input, &mut input.ty));
    let output = procedure.output.as_mut().map(|ty| (Part::Output, ty));
    let error = procedure.error.as_mut().map(|ty| (Part::Error, ty));
    input.into_iter().chain(output).chain(error)
}

/// `ty` as it is on the wire in one direction.
///
/// `select_phase_datatype` of specta-serde 0.0.14 gives a generic type back without its arguments, so they are selected
/// here and put back.
fn select(ty: &DataType, types: &Types, phase: Phase) -> DataType {
    match ty {
        DataType::Nullable(inner) => DataType::Nullable(Box::new(select(inner, types, phase))),
        DataType::List(list) => {
            let mut list = list.clone();
            *list.ty = select(&list.ty, types, phase);
            DataType::List(list)
        }
        DataType::Map(map) => {
            let mut map = map.clone();
            map.set_key_ty(select(map.key_ty(), types, phase));
            map.set_value_ty(select(map.value_ty(), types, phase));
            DataType::Map(map)
        }
        DataType::Tuple(tuple) => {
            let mut tuple = tuple.clone();
            tuple.elements.iter_mut().for_each(|ty| *ty = select(ty, types, phase));
            DataType::Tuple(tuple)
        }
        DataType::Reference(Reference::Named(reference)) => {
            let selected = select_phase_datatype(ty, types, phase);
            let NamedReferenceType::Reference { generics, .. } = &reference.inner else { return selected };
            let DataType::Reference(Reference::Named(chosen)) = &selected else { return selected };
            let Some(named) = types.get(chosen) else { return selected };
            let arguments = generics.iter().map(|(name, ty)| (name.clone(), select(ty, types, phase))).collect();
            named.reference(arguments).into()
        }
        ty => select_phase_datatype(ty, types, phase),
    }
}

/// The named types that procedures reach, each with the name that clients see.
fn reached(procedures: &[ResolvedProcedure], types: &Types) -> BTreeMap<String, String> {
    let mut names = BTreeMap::new();
    let mut open: Vec<&DataType> = Vec::new();
    for procedure in procedures {
        open.extend(procedure.input.as_ref().map(|input| &input.ty));
        open.extend(&procedure.output);
        open.extend(&procedure.error);
    }
    while let Some(ty) = open.pop() {
        if let DataType::Reference(Reference::Named(reference)) = ty
            && !matches!(reference.inner, NamedReferenceType::Inline { .. })
            && let Some(named) = types.get(reference)
            && let Some(body) = &named.ty
            && names.insert(named.name.to_string(), named.name.to_string()).is_none()
        {
            open.push(body);
        }
        open.extend(datatype::children(ty).into_iter().map(|(_, child)| child));
    }
    let all: HashSet<String> = names.keys().cloned().collect();
    for (name, shown) in &mut names {
        if let Some(base) = name.strip_suffix("_Serialize") {
            *shown = base.to_owned();
        } else if let Some(base) = name.strip_suffix("_Deserialize") {
            let has_output = all.contains(base) || all.contains(&format!("{base}_Serialize"));
            *shown = if has_output { format!("{base}Input") } else { base.to_owned() };
        }
    }
    names
}

/// JavaScript's view: floats are numbers, a stream ends with nothing, and comments have no leading blanks.
fn to_javascript(ty: &mut DataType) {
    let mut change = |ty: &mut DataType| match ty {
        // specta says `number | null`, because serde_json writes NaN as null; as an input, serde refuses null.
        DataType::Primitive(Primitive::f16 | Primitive::f32 | Primitive::f64) => *ty = define("number").into(),
        DataType::Reference(Reference::Opaque(opaque)) => {
            if let Some(browser) = opaque.downcast_ref::<BrowserType>() {
                *ty = define(browser.0).into();
            }
        }
        DataType::Reference(Reference::Named(reference)) => {
            let NamedReferenceType::Reference { generics, .. } = &mut reference.inner else { return };
            // The `R` of `Streamed<T, R>`.
            for (_, ty) in generics.iter_mut().filter(|(name, _)| name.name() == "R") {
                if matches!(ty, DataType::Tuple(tuple) if tuple.elements.is_empty()) {
                    *ty = define("void").into();
                }
            }
        }
        _ => {}
    };
    datatype::rewrite(ty, &mut change, &trim);
}

/// A doc comment, each line without the blank after its slashes.
fn trim(docs: &str) -> String {
    let lines: Vec<&str> = docs.lines().map(|line| line.strip_prefix(' ').unwrap_or(line).trim_end()).collect();
    lines.join("\n").trim_end().to_owned()
}
