//! A contract without generic types: each that is used is a type of its own.
//!
//! JSON Schema and validators know no parameters, so `Page<Widget>` becomes `PageOfWidget` for them.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::{Contract, IntegerKind, NamedType, Procedure, Type, read};

/// Why something cannot be derived from a contract.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EmitError {
    /// A type is named that the contract does not have.
    #[error("{at} refers to the type {name:?}, which the contract does not have: generate the contract anew")]
    UnknownType {
        /// Its name.
        name: String,
        /// What refers to it.
        at: String,
    },
    /// A generic type is used with too few or too many arguments.
    #[error("{at} gives {name:?} {found} arguments, and its parameters are {expected}: generate the contract anew")]
    WrongArguments {
        /// Its name.
        name: String,
        /// How many parameters it has.
        expected: usize,
        /// How many arguments it was given.
        found: usize,
        /// What refers to it.
        at: String,
    },
    /// A parameter is named that the type around it does not have.
    #[error("{at} names a parameter {name:?} that it does not have: generate the contract anew")]
    UnknownParameter {
        /// Its name.
        name: String,
        /// What names it.
        at: String,
    },
    /// A type refers to itself and to nothing else.
    #[error("the type {name:?} is nothing but a reference to itself: generate the contract anew")]
    Circular {
        /// Its name.
        name: String,
    },
    /// A generic type refers to itself with ever larger arguments.
    #[error(
        "{name:?} uses itself with ever larger arguments, which is no finite number of types: give it a plain type"
    )]
    Endless {
        /// Its name.
        name: String,
    },
    /// Generic types lead to more types than can be written down, though to a finite number.
    #[error("{name:?} leads to more than {limit} {what}: split the type up, or use fewer parameters")]
    TooLarge {
        /// A generic type among them.
        name: String,
        /// What there are too many of.
        what: &'static str,
        /// How many there may be.
        limit: usize,
    },
    /// The contract describes values of superjson, which are no plain JSON.
    #[error("{at} is a {name} of superjson, which is no plain JSON: generate the contract for plain JSON")]
    SuperJson {
        /// The type in JavaScript.
        name: String,
        /// Where it is.
        at: String,
    },
}

/// Most instances of generic types; a large contract has some thousand.
const MOST_INSTANCES: usize = 100_000;

/// Longest reference to an instance, in bytes of JSON: arguments that double outgrow memory long before their number.
const LARGEST_REFERENCE_BYTES: usize = 64 * 1024;

/// How many generic types may be arguments of one another, so that walks over them need little stack.
const DEEPEST_ARGUMENTS: usize = 128;

/// A contract all of whose types are plain.
#[derive(Debug, Clone)]
pub(super) struct Concrete {
    /// In the order of their paths.
    pub(super) procedures: Vec<Procedure>,
    /// In the order of their names, instances of generic types included.
    pub(super) types: BTreeMap<String, NamedType>,
    /// What each instance of a generic type is in the contract: a reference with arguments.
    instances: BTreeMap<String, Type>,
}

impl Concrete {
    pub(super) fn of(contract: &Contract) -> Result<Self, EmitError> {
        if let Some(name) = read::growing(contract).first() {
            return Err(EmitError::Endless { name: (*name).to_owned() });
        }
        let generic: BTreeMap<&str, &NamedType> = contract.types.iter().map(|named| (&*named.name, named)).collect();
        let mut builder = Builder {
            generic: &generic,
            names: HashMap::new(),
            labels: HashMap::new(),
            depths: HashMap::new(),
            types: BTreeMap::new(),
            instances: BTreeMap::new(),
            missing: Vec::new(),
        };
        for named in contract.types.iter().filter(|named| named.parameters.is_empty()) {
            let ty = builder.plain(&named.ty, &Scope { at: &named.name, parameters: &[], arguments: &[] })?;
            builder.types.insert(named.name.clone(), NamedType { ty, ..named.clone() });
        }
        let mut procedures = contract.procedures.clone();
        for procedure in &mut procedures {
            let at = procedure.path.clone();
            let scope = Scope { at: &at, parameters: &[], arguments: &[] };
            let input = procedure.input.iter_mut().map(|input| &mut input.ty);
            for ty in input.chain(&mut procedure.output).chain(&mut procedure.error) {
                *ty = builder.plain(ty, &scope)?;
            }
        }
        builder.complete()?;
        let concrete = Self { procedures, types: builder.types, instances: builder.instances };
        concrete.check_progress()?;
        Ok(concrete)
    }

    /// What a type is behind its names.
    pub(super) fn behind<'a>(&'a self, mut ty: &'a Type) -> &'a Type {
        // It ends: `check_progress` has seen every name.
        while let Type::Reference { name, .. } = ty {
            match self.types.get(name) {
                Some(named) => ty = &named.ty,
                None => break,
            }
        }
        ty
    }

    /// The named type as the contract writes it: an instance with its arguments.
    pub(super) fn written(&self, name: &str) -> Type {
        let own = Type::Reference { name: name.to_owned(), arguments: Vec::new() };
        let Some(Type::Reference { name, arguments }) = self.instances.get(name) else { return own };
        let argument = |argument: &Type| {
            let written: Result<Type, EmitError> = argument.rewritten(&mut |ty| match ty {
                Type::Reference { name, .. } => Some(Ok(self.written(name))),
                _ => None,
            });
            written.unwrap_or_else(|_| argument.clone())
        };
        Type::Reference { name: name.clone(), arguments: arguments.iter().map(argument).collect() }
    }

    /// Whether an answer has values in it that come one after the other, which needs a streamed batch.
    pub(super) fn comes_in_lines(&self, ty: &Type) -> bool {
        match self.behind(ty) {
            // Only the value itself and the members of an object can be.
            Type::Object { fields, .. } => fields.iter().any(|field| self.is_stream(&field.ty)),
            ty => self.is_stream(ty),
        }
    }

    fn is_stream<'a>(&'a self, mut ty: &'a Type) -> bool {
        while let Type::Deferred { of } = self.behind(ty) {
            ty = of;
        }
        matches!(self.behind(ty), Type::Streamed { .. })
    }

    /// Refuses names that lead to each other and to nothing else.
    fn check_progress(&self) -> Result<(), EmitError> {
        let mut sound: HashSet<&str> = HashSet::new();
        for first in self.types.keys() {
            let mut way: HashSet<&str> = HashSet::new();
            let mut name = first.as_str();
            while let Some(Type::Reference { name: next, .. }) = self.types.get(name).map(|named| &named.ty)
                && !sound.contains(name)
            {
                if !way.insert(name) {
                    return Err(EmitError::Circular { name: first.to_owned() });
                }
                name = next;
            }
            sound.extend(way);
        }
        Ok(())
    }
}

struct Builder<'a> {
    generic: &'a BTreeMap<&'a str, &'a NamedType>,
    /// The name of each instance, by the JSON of its reference.
    names: HashMap<String, String>,
    /// How many instances would have had the same name.
    labels: HashMap<String, usize>,
    /// How many generic types are arguments of one another in each instance.
    depths: HashMap<String, usize>,
    types: BTreeMap<String, NamedType>,
    instances: BTreeMap<String, Type>,
    /// The instances that are named and not yet described.
    missing: Vec<String>,
}

/// What parameters stand for.
struct Scope<'a> {
    /// The type or procedure, for messages.
    at: &'a str,
    parameters: &'a [String],
    arguments: &'a [Type],
}

impl Builder<'_> {
    /// The type with nothing generic in it.
    fn plain(&mut self, ty: &Type, scope: &Scope<'_>) -> Result<Type, EmitError> {
        ty.rewritten(&mut |ty| match ty {
            Type::Parameter { name } => {
                let index = scope.parameters.iter().position(|parameter| parameter == name);
                let argument = index.and_then(|index| scope.arguments.get(index)).cloned();
                Some(
                    argument.ok_or_else(|| EmitError::UnknownParameter { name: name.clone(), at: scope.at.to_owned() }),
                )
            }
            Type::Reference { name, arguments } => Some(self.reference(name, arguments, scope)),
            _ => None,
        })
    }

    fn reference(&mut self, name: &str, arguments: &[Type], scope: &Scope<'_>) -> Result<Type, EmitError> {
        let arguments = arguments.iter().map(|ty| self.plain(ty, scope)).collect::<Result<_, _>>()?;
        Ok(Type::Reference { name: self.instance(name, arguments, scope)?, arguments: Vec::new() })
    }

    /// Describes the instances that were named, and those that they name in turn.
    fn complete(&mut self) -> Result<(), EmitError> {
        while let Some(instance) = self.missing.pop() {
            let Some(Type::Reference { name, arguments }) = self.instances.get(&instance).cloned() else { continue };
            let Some(generic) = self.generic.get(name.as_str()).copied() else { continue };
            let scope = Scope { at: &name, parameters: &generic.parameters, arguments: &arguments };
            let ty = self.plain(&generic.ty, &scope)?;
            let named = NamedType { name: instance.clone(), parameters: Vec::new(), ty, ..generic.clone() };
            self.types.insert(instance, named);
        }
        Ok(())
    }

    /// The name of a type with these arguments, which are plain.
    fn instance(&mut self, name: &str, arguments: Vec<Type>, scope: &Scope<'_>) -> Result<String, EmitError> {
        let at = || scope.at.to_owned();
        let generic: &NamedType =
            self.generic.get(name).ok_or_else(|| EmitError::UnknownType { name: name.to_owned(), at: at() })?;
        if generic.parameters.len() != arguments.len() {
            return Err(EmitError::WrongArguments {
                name: name.to_owned(),
                expected: generic.parameters.len(),
                found: arguments.len(),
                at: at(),
            });
        }
        if arguments.is_empty() {
            return Ok(name.to_owned());
        }
        let depth = 1 + arguments.iter().map(|argument| self.depth(argument)).max().unwrap_or(0);
        let reference = Type::Reference { name: name.to_owned(), arguments };
        let key = serde_json::to_string(&reference).expect("types are JSON");
        if let Some(instance) = self.names.get(&key) {
            return Ok(instance.clone());
        }
        let too_large = |what, limit| Err(EmitError::TooLarge { name: name.to_owned(), what, limit });
        if self.instances.len() >= MOST_INSTANCES {
            return too_large("types", MOST_INSTANCES);
        }
        if key.len() > LARGEST_REFERENCE_BYTES {
            return too_large("bytes of arguments", LARGEST_REFERENCE_BYTES);
        }
        if depth > DEEPEST_ARGUMENTS {
            return too_large("arguments in one another", DEEPEST_ARGUMENTS);
        }
        let instance = self.free_name(label(&reference));
        self.names.insert(key, instance.clone());
        self.depths.insert(instance.clone(), depth);
        self.instances.insert(instance.clone(), reference);
        self.missing.push(instance.clone());
        Ok(instance)
    }

    fn depth(&self, ty: &Type) -> usize {
        let own = match ty {
            Type::Reference { name, .. } => self.depths.get(name).copied().unwrap_or(0),
            _ => 0,
        };
        ty.children().into_iter().map(|(_, child)| self.depth(child)).fold(own, usize::max)
    }

    /// The label, with a number if it is taken.
    fn free_name(&mut self, label: String) -> String {
        let number = self.labels.entry(label.clone()).or_default();
        loop {
            *number += 1;
            let name = if *number == 1 { label.clone() } else { format!("{label}{number}") };
            if !self.generic.contains_key(name.as_str()) && !self.instances.contains_key(&name) {
                return name;
            }
        }
    }
}

/// What a type is called inside of a name, for example `PageOfWidget`.
fn label(ty: &Type) -> String {
    let of = |head: &str, types: &[&Type]| {
        let types: Vec<String> = types.iter().copied().map(label).collect();
        if types.is_empty() { head.to_owned() } else { format!("{head}Of{}", types.join("And")) }
    };
    match ty {
        Type::Reference { name, arguments } | Type::JavaScript { name, arguments } => {
            of(name, &arguments.iter().collect::<Vec<_>>())
        }
        Type::Parameter { name } => name.clone(),
        Type::Any => "Any".to_owned(),
        Type::Null => "Null".to_owned(),
        Type::Boolean => "Boolean".to_owned(),
        Type::String { format: None } => "String".to_owned(),
        Type::String { format: Some(format) } => format!("{format:?}"),
        Type::Integer { kind } => match kind {
            IntegerKind::Safe => "Integer".to_owned(),
            kind => format!("{kind:?}"),
        },
        Type::BigInt { kind } => format!("Big{kind:?}"),
        Type::Number => "Number".to_owned(),
        Type::Float => "Float".to_owned(),
        Type::Literal { .. } => "Literal".to_owned(),
        Type::Array { item, .. } => of("Array", &[item]),
        Type::Tuple { items } => of("Tuple", &items.iter().collect::<Vec<_>>()),
        Type::Map { key, value } => of("Map", &[key, value]),
        Type::Entries { key, value } => of("Entries", &[key, value]),
        Type::Object { .. } => "Object".to_owned(),
        Type::Union { .. } => "Union".to_owned(),
        Type::Intersection { parts } => of("All", &parts.iter().collect::<Vec<_>>()),
        Type::Nullable { of } => format!("Nullable{}", label(of)),
        Type::Deferred { of: inner } => of("Deferred", &[inner]),
        Type::Streamed { item, .. } => of("Streamed", &[item]),
        Type::FormData { .. } => "FormData".to_owned(),
        Type::ByteStream => "ByteStream".to_owned(),
    }
}
