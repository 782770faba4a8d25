//! From a router to its contract.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    path::PathBuf,
};

use specta::{
    Format, Types,
    datatype::{DataType, NamedDataType, NamedReferenceType, Reference},
};
use specta_serde::{Phase, PhasesFormat};

use super::{
    Brand, Contract, DescribeError, Flag, Ids, Input, Kind, NamedType, Part, Procedure, Source, StringFormat, Type,
    Usage,
    convert::{Converter, Place, note, trim},
    field_rules, hash, leaves, names, phases,
    sources::Sources,
    walk,
};
use crate::{
    Flags, IdPolicy, Output, ProcedureEntry, ProcedureKind, Router, RuleSet, SourceLocation, procedure::ProcedureTypes,
    protocol::Transformer,
};

/// How to describe a router.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DescribeOptions {
    /// Where the workspace is, to look in its sources for the names of types.
    ///
    /// Without it the position of a type is that of its `#[derive(…)]`, which is all that the compiler tells.
    pub sources: Option<PathBuf>,
    /// The transformer that server and clients share; none by default.
    pub transformer: Transformer,
}

impl Contract {
    /// Describes the contract of `router`.
    ///
    /// # Errors
    ///
    /// [`DescribeError`] names the procedure, type or field that cannot be described, and what to do about it.
    pub fn of<S: Clone + Send + Sync + 'static>(
        router: &Router<S>,
        options: &DescribeOptions,
    ) -> Result<Self, DescribeError> {
        router.check()?;
        let mut types = Types::default();
        let mut rules = RuleSet::default();
        let mut described = Vec::new();
        for entry in router.procedures() {
            check_path(&entry)?;
            described.push(Described::of(&entry, router, &mut types, &mut rules));
        }
        let types = types.map(|mut named| {
            field_rules::mark(&mut named, &rules);
            named
        });
        let types = names::make_unique(types)?;

        let known = types.clone();
        let types = types.map(|mut named| {
            if let Some(ty) = &mut named.ty {
                leaves::mark(ty, &known);
            }
            named
        });
        for (_, ty) in described.iter_mut().flat_map(Described::parts_mut) {
            leaves::mark(ty, &known);
        }
        let types = PhasesFormat.map_types(&types).map_err(DescribeError::Serde)?.into_owned();
        for (part, ty) in described.iter_mut().flat_map(Described::parts_mut) {
            *ty = phases::select(ty, &types, if part == Part::Input { Phase::Deserialize } else { Phase::Serialize });
        }

        let reached = Reached::of(&described, &types)?;
        let names = reached.names()?;
        let converter = Converter { types: &types, names: &names, transformer: options.transformer, with_rules: false };
        let mut sources = Sources::new(options.sources.as_deref());
        let mut named = Vec::new();
        for (name, reach) in &reached.types {
            named.push(named_type(reach, &names[name], &converter, &mut sources)?);
        }
        named.sort_by(|a, b| a.name.cmp(&b.name));
        check_cycles(&named)?;

        let procedures =
            described.into_iter().map(|described| described.convert(&converter)).collect::<Result<_, _>>()?;
        let mut contract = Self { version: Self::VERSION, hash: String::new(), procedures, types: named };
        contract.hash = hash::of(&contract);
        Ok(contract)
    }
}

fn check_path(entry: &ProcedureEntry<'_>) -> Result<(), DescribeError> {
    match entry.path.split('.').find(|segment| !names::is_identifier(segment)) {
        None => Ok(()),
        Some(segment) => Err(DescribeError::ProcedureName {
            path: entry.path.to_owned(),
            segment: segment.to_owned(),
            at: entry.info.source.to_string(),
        }),
    }
}

/// A procedure with specta's descriptions of its types.
struct Described {
    procedure: Procedure,
    input: Option<DataType>,
    output: Option<DataType>,
    error: Option<DataType>,
}

impl Described {
    fn of<S: Clone + Send + Sync + 'static>(
        entry: &ProcedureEntry<'_>,
        router: &Router<S>,
        types: &mut Types,
        rules: &mut RuleSet,
    ) -> Self {
        let info = entry.info;
        let ProcedureTypes { input, output, error, rules: of_input } = entry.types(types);
        rules.merge(of_input);
        let (output, ids) = match output {
            Output::Nothing => (None, None),
            Output::Value(ty) => (Some(ty), None),
            Output::Events { item, ids } => (Some(item), Some(ids)),
        };
        let (input, optional) = match input {
            Some(DataType::Nullable(ty)) => (Some(*ty), true),
            input => (input, false),
        };
        let procedure = Procedure {
            path: entry.path.to_owned(),
            kind: match info.kind {
                ProcedureKind::Query => Kind::Query,
                ProcedureKind::Mutation => Kind::Mutation,
                ProcedureKind::Subscription => Kind::Subscription,
            },
            docs: info.docs.to_owned(),
            deprecated: info.deprecated.map(str::to_owned),
            flags: flags(info.flags),
            invalidates: router.invalidated_by(entry).into_iter().map(str::to_owned).collect(),
            // Its type follows when every type has its name.
            input: input.is_some().then_some(Input { ty: Type::Null, optional }),
            output: None,
            ids: ids.map(|ids| match ids {
                IdPolicy::Tracked => Ids::Tracked,
                IdPolicy::Untracked => Ids::Untracked,
                IdPolicy::Mixed => Ids::Mixed,
            }),
            error: None,
            source: source_of(info.source),
        };
        Self { procedure, input, output, error }
    }

    fn parts_mut(&mut self) -> impl Iterator<Item = (Part, &mut DataType)> {
        let input = self.input.as_mut().map(|ty| (Part::Input, ty));
        let output = self.output.as_mut().map(|ty| (Part::Output, ty));
        let error = self.error.as_mut().map(|ty| (Part::Error, ty));
        input.into_iter().chain(output).chain(error)
    }

    fn parts(&self) -> impl Iterator<Item = (Part, &DataType)> {
        let input = self.input.as_ref().map(|ty| (Part::Input, ty));
        let output = self.output.as_ref().map(|ty| (Part::Output, ty));
        let error = self.error.as_ref().map(|ty| (Part::Error, ty));
        input.into_iter().chain(output).chain(error)
    }

    fn place(&self, part: Part) -> Place {
        Place { procedure: self.procedure.path.clone(), part, field: "the value itself".to_owned() }
    }

    fn convert(self, converter: &Converter<'_>) -> Result<Procedure, DescribeError> {
        let convert = |ty: &Option<DataType>, part| {
            let converter = Converter { with_rules: part == Part::Input, ..*converter };
            ty.as_ref().map(|ty| converter.convert(ty, &self.place(part))).transpose()
        };
        let input = convert(&self.input, Part::Input)?;
        let output = convert(&self.output, Part::Output)?;
        let error = convert(&self.error, Part::Error)?;
        let mut procedure = self.procedure;
        if let (Some(input), Some(ty)) = (&mut procedure.input, input) {
            input.ty = ty;
        }
        Ok(Procedure { output, error, ..procedure })
    }
}

fn flags(flags: Flags) -> Vec<Flag> {
    let all =
        [(Flag::NoBatch, flags.no_batch), (Flag::Sensitive, flags.sensitive), (Flag::Idempotent, flags.idempotent)];
    all.into_iter().filter(|(_, is_set)| *is_set).map(|(flag, _)| flag).collect()
}

fn source_of(location: SourceLocation) -> Source {
    Source { file: slashes(location.file), line: location.line, column: location.column }
}

/// Cargo on Windows gives backslashes.
fn slashes(file: &str) -> String {
    file.replace('\\', "/")
}

/// The named types that procedures reach, by specta's names.
struct Reached<'a> {
    types: BTreeMap<String, Reach<'a>>,
}

struct Reach<'a> {
    named: &'a NamedDataType,
    is_input: bool,
    is_output: bool,
    /// Where it was first met.
    place: Place,
}

impl<'a> Reached<'a> {
    fn of(described: &'a [Described], types: &'a Types) -> Result<Self, DescribeError> {
        let mut reached: BTreeMap<String, Reach<'a>> = BTreeMap::new();
        for procedure in described {
            for (part, ty) in procedure.parts() {
                let mut open = vec![ty];
                let mut seen = HashSet::new();
                while let Some(ty) = open.pop() {
                    open.extend(walk::children(ty));
                    let DataType::Reference(Reference::Named(reference)) = ty else { continue };
                    if matches!(reference.inner, NamedReferenceType::Inline { .. }) {
                        continue;
                    }
                    let Some(named) = types.get(reference) else { continue };
                    let Some(body) = &named.ty else { continue };
                    // `$` begins the names of what is no type of its own in the contract.
                    if named.name.starts_with('$') || !seen.insert(names::identity(named)) {
                        continue;
                    }
                    open.push(body);
                    let reach = reached.entry(named.name.to_string()).or_insert_with(|| Reach {
                        named,
                        is_input: false,
                        is_output: false,
                        place: Place { field: String::new(), ..procedure.place(part) },
                    });
                    // `#[serde(rename = …)]` may give a type the name of another.
                    if names::identity(reach.named) != names::identity(named) {
                        let (first, second) = (names::position(reach.named), names::position(named));
                        return Err(DescribeError::DuplicateType { name: named.name.to_string(), first, second });
                    }
                    match part {
                        Part::Input => reach.is_input = true,
                        Part::Output | Part::Error => reach.is_output = true,
                    }
                }
            }
        }
        Ok(Self { types: reached })
    }

    /// The name that clients see, by specta's.
    ///
    /// specta-serde calls the halves of a type whose directions differ `Widget_Serialize` and `Widget_Deserialize`.
    fn names(&self) -> Result<HashMap<String, String>, DescribeError> {
        let mut names = HashMap::new();
        let mut taken: BTreeMap<String, &NamedDataType> = BTreeMap::new();
        for (name, reach) in &self.types {
            let shown = match (name.strip_suffix("_Serialize"), name.strip_suffix("_Deserialize")) {
                (Some(base), _) => base.to_owned(),
                (None, Some(base)) => {
                    let has_output =
                        self.types.contains_key(base) || self.types.contains_key(&format!("{base}_Serialize"));
                    if has_output { format!("{base}Input") } else { base.to_owned() }
                }
                (None, None) => name.clone(),
            };
            names::check(&shown, reach.named)?;
            if let Some(other) = taken.insert(shown.clone(), reach.named) {
                let (first, second) = (names::position(other), names::position(reach.named));
                return Err(DescribeError::DuplicateType { name: shown, first, second });
            }
            names.insert(name.clone(), shown);
        }
        Ok(names)
    }
}

fn named_type(
    reach: &Reach<'_>,
    name: &str,
    converter: &Converter<'_>,
    sources: &mut Sources<'_>,
) -> Result<NamedType, DescribeError> {
    let named = reach.named;
    let place = Place { field: name.to_owned(), ..reach.place.clone() };
    // Rules are those of what clients send.
    let converter = Converter { with_rules: reach.is_input, ..*converter };
    let ty = match &named.ty {
        Some(ty) => converter.convert(ty, &place)?,
        None => Type::Any,
    };
    let (line, column) = sources.of_type(named);
    let rust_name = named.name.trim_end_matches("_Serialize").trim_end_matches("_Deserialize");
    Ok(NamedType {
        name: name.to_owned(),
        rust: format!("{}::{rust_name}", named.module_path),
        parameters: named.generics.iter().map(|generic| generic.name.to_string()).collect(),
        docs: trim(&named.docs),
        deprecated: named.deprecated.as_ref().map(note),
        usage: match (reach.is_input, reach.is_output) {
            (true, true) => Usage::Both,
            (true, false) => Usage::Input,
            _ => Usage::Output,
        },
        brand: is_id(name, &ty).then_some(Brand::Id),
        ty,
        source: Source { file: slashes(named.location.file()), line, column },
    })
}

/// An id is told from other texts and numbers: its newtype in Rust would be lost otherwise.
fn is_id(name: &str, ty: &Type) -> bool {
    let is_scalar = matches!(
        ty,
        Type::String { format: None | Some(StringFormat::Uuid) } | Type::Integer { .. } | Type::BigInt { .. }
    );
    name.ends_with("Id") && is_scalar
}

/// Refuses a type that leads back to itself without anything in between.
fn check_cycles(types: &[NamedType]) -> Result<(), DescribeError> {
    let by_name: HashMap<&str, &NamedType> = types.iter().map(|named| (named.name.as_str(), named)).collect();
    for start in types {
        let mut seen = HashSet::new();
        let mut ty = &start.ty;
        loop {
            ty = match ty {
                Type::Nullable { of } => of,
                Type::Reference { name, .. } => match by_name.get(name.as_str()) {
                    Some(next) if seen.insert(name.as_str()) => &next.ty,
                    Some(_) => {
                        let Source { file, line, column } = &start.source;
                        return Err(DescribeError::Cyclic {
                            name: start.name.clone(),
                            at: format!("{file}:{line}:{column}"),
                        });
                    }
                    None => break,
                },
                _ => break,
            };
        }
    }
    Ok(())
}
