use std::fmt;

use crate::RouterError;

/// Why a router's contract cannot be described.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DescribeError {
    /// The router is contradictory.
    #[error(transparent)]
    Router(#[from] RouterError),
    /// A segment of a path is no name in TypeScript.
    #[error(
        "procedure {path:?} at {at} has the segment {segment:?}, which is no TypeScript identifier: \
         use letters, digits, `_` and `$`, and no digit first"
    )]
    ProcedureName {
        /// The path.
        path: String,
        /// The segment in question.
        segment: String,
        /// Where the procedure is defined.
        at: String,
    },
    /// A type has no form on the wire that keeps all of it, and none was chosen.
    #[error("{field} in the {part} of {procedure} is `{rust}`, which {problem}: {cure}")]
    NoWireForm {
        /// Path of the procedure.
        procedure: String,
        /// Which of its types.
        part: Part,
        /// The field, from the named type that has it, for example `Meeting.durationNs`.
        field: String,
        /// The Rust type, for example `u64`.
        rust: String,
        /// What would go wrong.
        problem: &'static str,
        /// What to write instead.
        cure: String,
    },
    /// Two Rust types would have the same name.
    #[error("two types are called {name:?}, at {first} and {second}: rename one with `#[serde(rename = …)]`")]
    DuplicateType {
        /// The name.
        name: String,
        /// Where one is defined.
        first: String,
        /// Where the other is defined.
        second: String,
    },
    /// A Rust type has a name that generated code uses for itself.
    #[error("a type is called {name:?}, at {at}, which the bindings use themselves: `#[serde(rename = …)]` it")]
    ReservedType {
        /// The name.
        name: String,
        /// Where it is defined.
        at: String,
    },
    /// The name of a type is no name in TypeScript.
    #[error("a type is called {name:?}, at {at}, which is no TypeScript identifier: `#[serde(rename = …)]` it")]
    TypeName {
        /// The name.
        name: String,
        /// Where it is defined.
        at: String,
    },
    /// A type is nothing but itself.
    #[error("the type {name:?}, at {at}, is nothing but itself: give it a field, or a variant that ends the recursion")]
    Cyclic {
        /// The name.
        name: String,
        /// Where it is defined.
        at: String,
    },
    /// Serde's attributes on a type contradict each other, or cannot be described.
    #[error("the types cannot be described as serde writes them")]
    Serde(#[source] specta::FormatError),
    /// A description that a `Type` implementation made is none that this crate knows.
    #[error("{field} in the {part} of {procedure} is described as `{description}`, which the contract does not know")]
    Unknown {
        /// Path of the procedure.
        procedure: String,
        /// Which of its types.
        part: Part,
        /// The field, from the named type that has it.
        field: String,
        /// What was found.
        description: String,
    },
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
