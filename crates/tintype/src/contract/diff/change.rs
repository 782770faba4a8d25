use std::fmt;

use serde::{Deserialize, Serialize};

use crate::contract::Source;

/// One difference between two contracts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Change {
    /// What is different.
    pub kind: ChangeKind,
    /// Whom it breaks.
    pub verdict: Verdict,
    /// Everywhere it shows: at least one place, and at most one per part of a procedure.
    pub places: Vec<Place>,
    /// What it was, in short; absent if there was nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub old: Option<String>,
    /// What it is, in short; absent if there is nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub new: Option<String>,
    /// Why it has this verdict, as a sentence.
    pub reason: String,
    /// The type or the procedure in the new contract that has changed; absent if it is gone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<Source>,
}

/// Whom a change breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Verdict {
    /// Both.
    BreaksBoth,
    /// Clients of the old contract that call servers of the new one.
    BreaksOldClients,
    /// Clients of the new contract that call servers of the old one, as they do while a deployment is under way.
    BreaksOldServers,
    /// Nobody.
    Safe,
}

impl Verdict {
    pub(super) fn new(breaks_old_clients: bool, breaks_old_servers: bool) -> Self {
        match (breaks_old_clients, breaks_old_servers) {
            (true, true) => Self::BreaksBoth,
            (true, false) => Self::BreaksOldClients,
            (false, true) => Self::BreaksOldServers,
            (false, false) => Self::Safe,
        }
    }

    /// Whether clients of the old contract suffer.
    #[must_use]
    pub fn breaks_old_clients(self) -> bool {
        matches!(self, Self::BreaksBoth | Self::BreaksOldClients)
    }

    /// Whether clients of the new contract suffer from servers of the old one.
    #[must_use]
    pub fn breaks_old_servers(self) -> bool {
        matches!(self, Self::BreaksBoth | Self::BreaksOldServers)
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::BreaksBoth => "breaks old clients and old servers",
            Self::BreaksOldClients => "breaks old clients",
            Self::BreaksOldServers => "breaks old servers",
            Self::Safe => "safe",
        })
    }
}

/// Where a change shows. It is written `widgets.list output.items[].name`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Place {
    /// Dotted path of the procedure.
    pub procedure: String,
    /// Which of its types; absent if the procedure itself has changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub part: Option<Part>,
    /// The way from the part to what has changed: `.name` is a member, `[]` an element, `[0]` an element of a tuple,
    /// `{}` a value of a map, `{key}` its key, and `<created>` a variant of a union.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub path: String,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.procedure)?;
        match self.part {
            Some(part) => write!(f, " {part}{}", self.path),
            None => Ok(()),
        }
    }
}

/// A type of a procedure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Part {
    /// What clients send.
    Input,
    /// What a query or a mutation answers.
    Output,
    /// What a subscription sends again and again.
    Event,
    /// What it fails with.
    Error,
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Input => "input",
            Self::Output => "output",
            Self::Event => "event",
            Self::Error => "error",
        })
    }
}

macro_rules! kinds {
    ($($(#[$docs:meta])* $name:ident = $text:literal,)*) => {
        /// What is different. An acknowledgement names it in camelCase: `fieldRemoved`.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(rename_all = "camelCase")]
        #[non_exhaustive]
        pub enum ChangeKind {
            $($(#[$docs])* $name,)*
        }

        impl ChangeKind {
            /// Every kind.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// In camelCase, as in an acknowledgement.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => $text,)*
                }
            }
        }
    };
}

kinds! {
    /// A procedure is new.
    ProcedureAdded = "procedureAdded",
    /// A procedure is gone.
    ProcedureRemoved = "procedureRemoved",
    /// A procedure is of another kind: query, mutation or subscription.
    KindChanged = "kindChanged",
    /// A flag is set.
    FlagAdded = "flagAdded",
    /// A flag is no longer set.
    FlagRemoved = "flagRemoved",
    /// Events have ids that had none, or the reverse.
    IdsChanged = "idsChanged",
    /// A mutation makes other queries stale.
    InvalidatesChanged = "invalidatesChanged",
    /// A procedure takes an input that took none.
    InputAdded = "inputAdded",
    /// A procedure takes no input any more.
    InputRemoved = "inputRemoved",
    /// A call may no longer leave out the input.
    InputRequired = "inputRequired",
    /// A call may leave out the input.
    InputOptional = "inputOptional",
    /// A procedure answers that answered nothing.
    OutputAdded = "outputAdded",
    /// A procedure answers nothing any more.
    OutputRemoved = "outputRemoved",
    /// A procedure has an error of its own that had none.
    ErrorAdded = "errorAdded",
    /// A procedure has no error of its own any more.
    ErrorRemoved = "errorRemoved",
    /// An object has another member.
    FieldAdded = "fieldAdded",
    /// An object has lost a member.
    FieldRemoved = "fieldRemoved",
    /// A member may no longer be absent.
    FieldRequired = "fieldRequired",
    /// A member may be absent.
    FieldOptional = "fieldOptional",
    /// An object refuses members that it does not know.
    ObjectClosed = "objectClosed",
    /// An object ignores members that it does not know.
    ObjectOpened = "objectOpened",
    /// A value may be `null`.
    NullAdded = "nullAdded",
    /// A value may no longer be `null`.
    NullRemoved = "nullRemoved",
    /// A union has another variant.
    VariantAdded = "variantAdded",
    /// A union has lost a variant.
    VariantRemoved = "variantRemoved",
    /// The variants of a union are told apart by another member.
    TagChanged = "tagChanged",
    /// An integer has another range.
    RangeChanged = "rangeChanged",
    /// A text holds something else.
    FormatChanged = "formatChanged",
    /// A single value is another one.
    LiteralChanged = "literalChanged",
    /// An array or a tuple has another length.
    LengthChanged = "lengthChanged",
    /// Elements that were different may be equal, or the reverse.
    UniquenessChanged = "uniquenessChanged",
    /// A map has other keys.
    KeysChanged = "keysChanged",
    /// A value has another type.
    TypeChanged = "typeChanged",
    /// The rules of a field refuse more.
    RulesTightened = "rulesTightened",
    /// The rules of a field refuse less.
    RulesLoosened = "rulesLoosened",
    /// The rules of a field refuse something else.
    RulesChanged = "rulesChanged",
    /// A type has another name in TypeScript, and is the same on the wire.
    TypeRenamed = "typeRenamed",
    /// A type may be mistaken for others of the same shape, or may no longer be.
    BrandChanged = "brandChanged",
    /// It is deprecated.
    Deprecated = "deprecated",
    /// It is no longer deprecated.
    Undeprecated = "undeprecated",
}

impl fmt::Display for ChangeKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
