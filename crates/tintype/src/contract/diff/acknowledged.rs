use semver::Version;
use serde::{Deserialize, Serialize};

use super::change::{Change, ChangeKind, Place, Verdict};
use crate::contract::releases::{Release, version};

/// The breaks that were decided on, and whose breaks fail the check: what `breaking.toml` holds.
///
/// ```toml
/// # Without this line both count.
/// guard = ["oldClients", "oldServers"]
///
/// [[acknowledged]]
/// procedure = "widgets.list"
/// path = "output.items[].name"
/// change = "fieldRemoved"
/// reason = "no page shows it any more"
/// since = "0.2.0"
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Acknowledged {
    /// Whose breaks fail the check; both by default.
    ///
    /// `["oldClients"]` is for those who never let a new client meet an old server.
    pub guard: Vec<Guard>,
    /// The breaks that were decided on.
    pub acknowledged: Vec<Acknowledgement>,
}

impl Default for Acknowledged {
    /// Guards everybody, and acknowledges nothing.
    fn default() -> Self {
        Self { guard: vec![Guard::OldClients, Guard::OldServers], acknowledged: Vec::new() }
    }
}

/// Who must not be broken without an acknowledgement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Guard {
    /// Clients of the old contract that call servers of the new one.
    OldClients,
    /// Clients of the new contract that call servers of the old one.
    OldServers,
}

/// A break that was decided on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[non_exhaustive]
pub struct Acknowledgement {
    /// Path of the procedure; `*` stands for any text, so `widgets.*` is all that begins with `widgets.`.
    pub procedure: String,
    /// The part and the path in it, as a report has it: `output.items[].name`; `*` stands for any text. Without it, the
    /// procedure itself has changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// What is different.
    pub change: ChangeKind,
    /// Why that is all right.
    pub reason: String,
    /// The version of the release that is the first to have it.
    pub since: String,
}

/// Why acknowledgements cannot be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AcknowledgedError {
    /// The text is no TOML, or not that of acknowledgements.
    #[error(
        "the acknowledgements cannot be read: {message}: an entry is [[acknowledged]] with procedure, path, change, \
         reason and since"
    )]
    Toml {
        /// What is wrong, with its line.
        message: String,
    },
    /// A break was acknowledged without a reason.
    #[error("the acknowledgement of {change} in {place} has no reason: say why clients can do without it")]
    NoReason {
        /// The place it is for.
        place: String,
        /// The kind it is for.
        change: ChangeKind,
    },
    /// The release of an acknowledgement is no version, and has no place among the others.
    #[error(
        "the acknowledgement of {change} in {place} is since {since:?}, which is no version: name the release that is \
         the first to have the change, such as 0.2.0"
    )]
    Since {
        /// The place it is for.
        place: String,
        /// The kind it is for.
        change: ChangeKind,
        /// What stands there.
        since: String,
    },
}

impl Acknowledged {
    /// Reads `breaking.toml`.
    ///
    /// # Errors
    ///
    /// [`AcknowledgedError`] says what is wrong.
    pub fn read(text: &str) -> Result<Self, AcknowledgedError> {
        let acknowledged: Self = toml::from_str(text)
            .map_err(|error| AcknowledgedError::Toml { message: error.to_string().trim_end().to_owned() })?;
        match acknowledged.acknowledged.iter().find(|entry| entry.reason.trim().is_empty()) {
            Some(entry) => Err(AcknowledgedError::NoReason { place: entry.place(), change: entry.change }),
            None => Ok(acknowledged),
        }
    }

    /// The same without the acknowledgements of the release `old` and those before it, and of those after `new`.
    ///
    /// # Errors
    ///
    /// [`AcknowledgedError::Since`] if an acknowledgement names no version.
    pub fn between(&self, old: Option<&Release>, new: Option<&Release>) -> Result<Self, AcknowledgedError> {
        let mut acknowledged = Vec::new();
        for entry in &self.acknowledged {
            let since = entry.version()?;
            let is_old = old.is_some_and(|old| old.has(&since));
            if !is_old && new.is_none_or(|new| new.has(&since)) {
                acknowledged.push(entry.clone());
            }
        }
        Ok(Self { acknowledged, ..self.clone() })
    }

    /// Whether a verdict needs an acknowledgement.
    #[must_use]
    pub fn guards(&self, verdict: Verdict) -> bool {
        self.guard.iter().any(|guard| match guard {
            Guard::OldClients => verdict.breaks_old_clients(),
            Guard::OldServers => verdict.breaks_old_servers(),
        })
    }
}

impl Acknowledgement {
    /// The entry that acknowledges `change` at `place`, whose reason and release are still to be written.
    #[must_use]
    pub fn of(change: &Change, place: &Place) -> Self {
        Self {
            procedure: place.procedure.clone(),
            path: place.part.map(|part| format!("{part}{}", place.path)),
            change: change.kind,
            reason: String::new(),
            since: String::new(),
        }
    }

    /// Whether it is about a change of this kind at this place.
    #[must_use]
    pub fn covers(&self, kind: ChangeKind, place: &Place) -> bool {
        let path = match (&self.path, place.part) {
            (None, None) => true,
            (Some(pattern), Some(part)) => matches(pattern, &format!("{part}{}", place.path)),
            (Some(pattern), None) => pattern == "*",
            (None, Some(_)) => false,
        };
        self.change == kind && path && matches(&self.procedure, &place.procedure)
    }

    fn version(&self) -> Result<Version, AcknowledgedError> {
        version(&self.since).ok_or_else(|| AcknowledgedError::Since {
            place: self.place(),
            change: self.change,
            since: self.since.clone(),
        })
    }

    /// The place that it names, as a report has it.
    #[must_use]
    pub fn place(&self) -> String {
        match &self.path {
            Some(path) => format!("{} {path}", self.procedure),
            None => self.procedure.clone(),
        }
    }
}

/// Whether `text` is `pattern`, in which `*` stands for any text.
fn matches(pattern: &str, text: &str) -> bool {
    let Some((first, rest)) = pattern.split_once('*') else { return pattern == text };
    let Some(mut text) = text.strip_prefix(first) else { return false };
    let mut pieces: Vec<&str> = rest.split('*').collect();
    let last = pieces.pop().unwrap_or_default();
    for piece in pieces {
        match text.find(piece) {
            Some(position) => text = &text[position + piece.len()..],
            None => return false,
        }
    }
    text.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn a_star_stands_for_any_text() {
        for (pattern, text) in [("*", ""), ("a.*", "a.b"), ("*.b", "a.b"), ("a*c*e", "abcde"), ("a*a", "aa")] {
            assert!(matches(pattern, text), "{pattern} {text}");
        }
        for (pattern, text) in [("a", "ab"), ("a.*", "a"), ("a*a", "a"), ("a*c*e", "ace.f"), ("*b*b", "ab")] {
            assert!(!matches(pattern, text), "{pattern} {text}");
        }
    }
}
