//! A name of its own for every type.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use specta::{Types, datatype::NamedDataType};

use super::DescribeError;

/// What generated code calls its own types, and the names of TypeScript's that it uses.
const RESERVED: [&str; 33] = [
    "Api",
    "ApiError",
    "AppRouter",
    "Array",
    "AsyncIterable",
    "Blob",
    "Boolean",
    "Contract",
    "Date",
    "Error",
    "ErrorCode",
    "ErrorShape",
    "FormData",
    "Infinity",
    "JsonValue",
    "Map",
    "Mutation",
    "NaN",
    "Number",
    "Object",
    "Partial",
    "Procedures",
    "Promise",
    "Query",
    "Record",
    "Rich",
    "RichTypes",
    "Set",
    "String",
    "Subscription",
    "TRPCRouterDef",
    "Tracked",
    "Uint8Array",
];

/// Words that TypeScript does not take as the name of a type.
const KEYWORDS: &[&str] = &[
    "any",
    "await",
    "bigint",
    "boolean",
    "break",
    "case",
    "catch",
    "class",
    "const",
    "continue",
    "debugger",
    "default",
    "delete",
    "do",
    "else",
    "enum",
    "export",
    "extends",
    "false",
    "finally",
    "for",
    "function",
    "if",
    "implements",
    "import",
    "in",
    "instanceof",
    "interface",
    "let",
    "never",
    "new",
    "null",
    "number",
    "object",
    "package",
    "private",
    "protected",
    "public",
    "return",
    "static",
    "string",
    "super",
    "switch",
    "symbol",
    "this",
    "throw",
    "true",
    "try",
    "type",
    "typeof",
    "undefined",
    "unknown",
    "var",
    "void",
    "while",
    "with",
    "yield",
];

/// Whether `name` can be the name of a property in TypeScript without quotes.
pub(crate) fn is_identifier(name: &str) -> bool {
    let mut characters = name.chars();
    characters.next().is_some_and(|first| first.is_ascii_alphabetic() || first == '_' || first == '$')
        && characters.all(|rest| rest.is_ascii_alphanumeric() || rest == '_' || rest == '$')
}

/// Whether `name` can be the name of a type in TypeScript.
pub(super) fn is_type_name(name: &str) -> bool {
    is_identifier(name) && !KEYWORDS.contains(&name)
}

/// Gives types of one name, from different modules, the names of their modules in front: `WidgetsEvent`, `ChatEvent`.
///
/// It happens before serde's attributes are looked at, because specta-serde 0.0.14 finds types again by their names.
pub(super) fn make_unique(types: Types) -> Result<Types, DescribeError> {
    let types = types.map(|mut named| {
        if let Some(name) = built_in(&named) {
            named.name = name.into();
        }
        named
    });
    let mut by_name: BTreeMap<String, Vec<NamedDataType>> = BTreeMap::new();
    for named in types.into_unsorted_iter().filter(|named| named.ty.is_some()) {
        by_name.entry(named.name.to_string()).or_default().push(named.clone());
    }
    let mut taken: BTreeSet<String> = by_name.keys().cloned().collect();
    let mut renamed: HashMap<Identity, String> = HashMap::new();
    for (name, mut same) in by_name {
        if same.len() == 1 {
            continue;
        }
        same.sort_by_key(position);
        let names = with_modules(&name, &same).filter(|names| names.iter().all(|name| !taken.contains(name)));
        let Some(names) = names else {
            return Err(DescribeError::DuplicateType { name, first: position(&same[0]), second: position(&same[1]) });
        };
        taken.extend(names.iter().cloned());
        renamed.extend(same.iter().zip(names).map(|(named, new)| (identity(named), new)));
    }
    if renamed.is_empty() {
        return Ok(types);
    }
    Ok(types.map(|mut named| {
        if let Some(name) = renamed.get(&identity(&named)) {
            named.name = name.clone().into();
        }
        named
    }))
}

/// Module, name and position: what a `macro_rules!` makes in several modules has one position.
pub(super) type Identity = (String, String, String);

pub(super) fn identity(named: &NamedDataType) -> Identity {
    (named.module_path.to_string(), named.name.to_string(), position(named))
}

/// The parameters of these types are described by specta, and what they mean by the contract; no other type can have
/// such a name.
fn built_in(named: &NamedDataType) -> Option<&'static str> {
    let is_of = |module: &str| named.module_path.starts_with(module);
    match named.name.as_ref() {
        "Deferred" if is_of("tintype::parts") => Some(DEFERRED),
        "Streamed" if is_of("tintype::parts") => Some(STREAMED),
        "Entries" if is_of("tintype::wire") => Some(ENTRIES),
        _ => None,
    }
}

pub(super) const DEFERRED: &str = "$Deferred";
pub(super) const STREAMED: &str = "$Streamed";
pub(super) const ENTRIES: &str = "$Entries";

/// The names with as few modules in front as tell them apart; `None` if nothing does.
fn with_modules(name: &str, same: &[NamedDataType]) -> Option<Vec<String>> {
    let longest = same.iter().map(|named| named.module_path.split("::").count()).max().unwrap_or_default();
    (1..=longest).find_map(|modules| {
        let names: Vec<String> = same
            .iter()
            .map(|named| {
                let segments: Vec<&str> = named.module_path.split("::").collect();
                let last = &segments[segments.len().saturating_sub(modules)..];
                last.iter().map(|segment| pascal_case(segment)).chain([name.to_owned()]).collect()
            })
            .collect();
        let distinct: BTreeSet<&String> = names.iter().collect();
        (distinct.len() == names.len()).then_some(names)
    })
}

fn pascal_case(segment: &str) -> String {
    let mut pascal = String::with_capacity(segment.len());
    for word in segment.split('_') {
        let mut characters = word.chars();
        pascal.extend(characters.next().into_iter().flat_map(char::to_uppercase));
        pascal.push_str(characters.as_str());
    }
    pascal
}

/// Refuses a name that TypeScript, or generated code, has another use for.
pub(super) fn check(name: &str, named: &NamedDataType) -> Result<(), DescribeError> {
    let at = || position(named);
    if RESERVED.contains(&name) {
        return Err(DescribeError::ReservedType { name: name.to_owned(), at: at() });
    }
    if !is_type_name(name) {
        return Err(DescribeError::TypeName { name: name.to_owned(), at: at() });
    }
    Ok(())
}

/// Where a type is defined, for a person.
pub(super) fn position(named: &NamedDataType) -> String {
    let location = named.location;
    format!("{}:{}:{}", location.file(), location.line(), location.column())
}
