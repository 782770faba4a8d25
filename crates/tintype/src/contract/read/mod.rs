//! Reads a `contract.json`, and says what is wrong with one.

mod closed;
mod cycles;
mod growth;
mod names;
mod places;

use std::fmt;

pub(super) use growth::growing;
use serde::Deserialize;

use super::{Contract, Source};

/// A place in a contract: the path in its JSON and, where it is known, the position in the Rust source.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct At {
    /// For example `types[3].type.fields[0]`.
    pub path: String,
    /// The type or the procedure that it is in.
    pub source: Option<Source>,
}

impl fmt::Display for At {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.path)?;
        match &self.source {
            Some(Source { file, line, column }) => write!(f, " (from {file}:{line}:{column})"),
            None => Ok(()),
        }
    }
}

/// Why a text is no contract.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ContractError {
    /// It is no JSON.
    #[error("line {line}, column {column} is not JSON: {message}: write the contract anew with its generator")]
    Syntax {
        /// From 1.
        line: usize,
        /// From 1; 0 is the end of the line before.
        column: usize,
        /// What was expected.
        message: String,
    },
    /// It is JSON, and not that of a contract.
    #[error(
        "{path} is not what a contract has there, before line {line}, column {column}: {message}: write the contract \
         anew with its generator"
    )]
    Form {
        /// The path to it or to something around it, for example `types[3].type`.
        path: String,
        /// From 1.
        line: usize,
        /// From 1.
        column: usize,
        /// What was expected.
        message: String,
    },
    /// It is of another version of the format.
    #[error(
        "the contract has version {found} and this program knows version {known}: use the version of tintype that \
         wrote it, or write it anew"
    )]
    Version {
        /// The version it has.
        found: u64,
        /// The version that is known.
        known: u32,
    },
    /// Something is there twice where its name must be unique.
    #[error("{at} has the name {name:?}, as {first} has: {what} are unique, so rename one of them")]
    Duplicate {
        /// What it is: procedures, types, parameters or fields.
        what: &'static str,
        /// The name.
        name: String,
        /// The path of the first one.
        first: String,
        /// The second one.
        at: At,
    },
    /// A name is no identifier of TypeScript.
    #[error("{at} is called {name:?}, which is no name in TypeScript: {fix}")]
    Name {
        /// The name.
        name: String,
        /// What would be one.
        fix: &'static str,
        /// Where it is.
        at: At,
    },
    /// A type refers to one that is not there.
    #[error("{at} refers to the type {name:?}, which is not there: add it to `types`, or correct the name")]
    MissingType {
        /// The name.
        name: String,
        /// The reference.
        at: At,
    },
    /// A type refers to a parameter that the type around it does not have.
    #[error("{at} refers to the parameter {name:?}, which nothing around it has: add it to `parameters` of the type")]
    MissingParameter {
        /// The name.
        name: String,
        /// The reference.
        at: At,
    },
    /// A mutation makes a query stale that is not there.
    #[error("{at} invalidates {name:?}, which is no query of the contract: correct the path, or leave it out")]
    MissingQuery {
        /// The path.
        name: String,
        /// Where it is named.
        at: At,
    },
    /// A type is given more or fewer arguments than it has parameters.
    #[error("{at} gives {name} {found} arguments, and it has {expected} parameters: give it one argument for each")]
    Arguments {
        /// The type.
        name: String,
        /// How many parameters it has.
        expected: usize,
        /// How many arguments there are.
        found: usize,
        /// The reference.
        at: At,
    },
    /// superjson has no such type.
    #[error("{at} names {name:?}, which superjson does not carry: it is Date, bigint, Uint8Array, Map or Set")]
    JavaScript {
        /// The name.
        name: String,
        /// Where it is.
        at: At,
    },
    /// A type is nothing but itself.
    #[error("{at} is nothing but itself, by way of {names}: put an object or an array in between")]
    Cycle {
        /// The types on the way, from the first to itself.
        names: String,
        /// One of them.
        at: At,
    },
    /// A generic type contains ever larger types.
    #[error(
        "{at} is {name} with an argument that grows with every turn, so it never ends: refer to {name} with its \
         parameters as they are"
    )]
    Growing {
        /// The type.
        name: String,
        /// The reference.
        at: At,
    },
    /// There are too many types to be told apart.
    #[error("{at} leads to more than {limit} {what}: split the type up")]
    TooLarge {
        /// What there are too many of.
        what: &'static str,
        /// How many there may be.
        limit: usize,
        /// Where it was noticed.
        at: At,
    },
    /// An intersection has a part that is no object.
    #[error("{at} makes one object of parts of which not all are objects: flatten structs, maps and enums alone")]
    NoObject {
        /// Where it is.
        at: At,
    },
    /// A variant does not have the tag of its union.
    #[error("{at} has the variant {variant:?} without a literal {tag:?}: add it, or leave out the tag of the union")]
    NoTag {
        /// The tag.
        tag: String,
        /// The variant.
        variant: String,
        /// The union.
        at: At,
    },
    /// The keys of a map are no text in JSON.
    #[error("{at} has keys that JSON cannot have: use strings, integers or literals, or entries in place of a map")]
    MapKey {
        /// The map.
        at: At,
    },
}

#[derive(Deserialize)]
struct Versioned {
    version: u64,
}

impl Contract {
    /// Reads a contract, and checks what others rely on: that names are unique and lead somewhere, and that every type
    /// is finite.
    ///
    /// # Errors
    ///
    /// [`ContractError`] names the place and the cure. No text makes it panic or run out of stack.
    pub fn read(text: &str) -> Result<Self, ContractError> {
        let Versioned { version } = parse(text)?;
        if version != u64::from(Self::VERSION) {
            return Err(ContractError::Version { found: version, known: Self::VERSION });
        }
        let contract: Self = parse(text)?;
        contract.check()?;
        Ok(contract)
    }

    /// The checks of [`Contract::read`], for a contract that was made otherwise.
    ///
    /// # Errors
    ///
    /// [`ContractError`] names the place and the cure.
    pub fn check(&self) -> Result<(), ContractError> {
        names::check(self)?;
        cycles::check(self)?;
        growth::check(self)?;
        closed::check(self)
    }
}

fn parse<'a, T: Deserialize<'a>>(text: &'a str) -> Result<T, ContractError> {
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let parsed = serde_path_to_error::deserialize(&mut deserializer).map_err(|error| {
        let path = error.path().to_string();
        failure(if path == "." { "the whole".to_owned() } else { path }, &error.into_inner())
    })?;
    deserializer.end().map_err(|error| failure(String::new(), &error))?;
    Ok(parsed)
}

fn failure(path: String, error: &serde_json::Error) -> ContractError {
    let (line, column) = (error.line(), error.column());
    // The place is a field of its own.
    let message = error.to_string();
    let message = message.split(" at line ").next().unwrap_or_default().to_owned();
    match error.classify() {
        serde_json::error::Category::Data => ContractError::Form { path, line, column, message },
        _ => ContractError::Syntax { line, column, message },
    }
}
