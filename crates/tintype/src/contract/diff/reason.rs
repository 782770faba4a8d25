//! Why a change has its verdict, in sentences.

use super::change::{ChangeKind, Part, Verdict};

/// Whose trouble a phrase is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Pair {
    /// Clients of the old contract and a server of the new one.
    OldClients,
    /// Clients of the new contract and a server of the old one.
    OldServers,
}

/// What is said of a change within a type.
pub(super) fn of_type(kind: ChangeKind, part: Part, verdict: Verdict, old: Option<&str>, new: Option<&str>) -> String {
    let phrase = |pair| trouble(kind, part, pair, old, new);
    match verdict {
        Verdict::BreaksBoth => format!("{}; {}", phrase(Pair::OldClients), phrase(Pair::OldServers)),
        Verdict::BreaksOldClients => phrase(Pair::OldClients),
        Verdict::BreaksOldServers => phrase(Pair::OldServers),
        Verdict::Safe => comfort(kind, part).to_owned(),
    }
}

fn trouble(kind: ChangeKind, part: Part, pair: Pair, old: Option<&str>, new: Option<&str>) -> String {
    let is_input = part == Part::Input;
    let (sender, taker) = match (is_input, pair) {
        (true, Pair::OldClients) => ("old clients", "the new server"),
        (true, Pair::OldServers) => ("new clients", "old servers"),
        (false, Pair::OldClients) => ("the new server", "old clients"),
        (false, Pair::OldServers) => ("old servers", "new clients"),
    };
    let (send, take, need, refuse) = match (sender, taker) {
        ("the new server", _) => ("sends", "understand", "rely on", "refuse"),
        (_, "the new server") => ("send", "takes", "requires", "refuses"),
        (_, "old servers") => ("send", "take", "require", "refuse"),
        _ => ("send", "understand", "rely on", "refuse"),
    };
    let do_not = if sender == "the new server" { "does not" } else { "do not" };
    // Whether the sender is of the new contract.
    let sends_new = is_input == (pair == Pair::OldServers);
    let (sent, taken) = if sends_new { (new, old) } else { (old, new) };
    match kind {
        // The side that has the field sends it, or it relies on the field.
        ChangeKind::FieldAdded | ChangeKind::FieldRemoved if (kind == ChangeKind::FieldAdded) == sends_new => {
            format!("{sender} {send} it, and {taker} {refuse} members without a name in their contract")
        }
        ChangeKind::FieldAdded | ChangeKind::FieldRemoved => {
            format!("{sender} {do_not} send it, and {taker} {need} it")
        }
        ChangeKind::FieldRequired | ChangeKind::FieldOptional => {
            format!("{sender} may leave it out, and {taker} {need} it")
        }
        ChangeKind::NullAdded | ChangeKind::NullRemoved => {
            format!("{sender} may send null, and {taker} {do_not_take}", do_not_take = refusal(taker))
        }
        ChangeKind::VariantAdded | ChangeKind::VariantRemoved => {
            format!("{sender} may send this variant, and {taker} {do_not_know} it", do_not_know = ignorance(taker))
        }
        ChangeKind::RulesTightened | ChangeKind::RulesLoosened | ChangeKind::RulesChanged => {
            format!(
                "{sender} keep to: {}; {taker} {refuse} what breaks: {}",
                sent.unwrap_or_default(),
                taken.unwrap_or_default()
            )
        }
        ChangeKind::UniquenessChanged => {
            format!("{sender} may send an element twice, and {taker} {need} each being there once")
        }
        _ => match (sent, taken) {
            (Some(sent), Some(taken)) if sent != taken => {
                format!("{sender} {send} {sent}, and {taker} {take} {taken}")
            }
            _ => format!("not all that {sender} {send} is what {taker} {take}"),
        },
    }
}

fn refusal(taker: &str) -> &'static str {
    match taker {
        "the new server" => "refuses it",
        "old servers" => "refuse it",
        _ => "do not expect it",
    }
}

fn ignorance(taker: &str) -> &'static str {
    if taker == "the new server" { "does not know" } else { "do not know" }
}

fn comfort(kind: ChangeKind, part: Part) -> &'static str {
    match (kind, part) {
        (ChangeKind::FieldAdded, Part::Input) => "old clients may leave it out, and old servers ignore it",
        (ChangeKind::FieldAdded, _) => "old clients ignore it, and new clients do without it where it is missing",
        (ChangeKind::FieldRemoved, Part::Input) => "the new server ignores it where old clients send it",
        (ChangeKind::FieldRemoved, _) => "old clients do without it where it is missing",
        (ChangeKind::VariantAdded | ChangeKind::VariantRemoved, Part::Error) => {
            "clients have to expect errors that they do not know, as every call may fail unexpectedly"
        }
        (ChangeKind::VariantAdded, _) => "old servers and old clients take it for one of the other variants",
        (ChangeKind::VariantRemoved, _) => "it is taken for one of the other variants",
        (ChangeKind::ObjectClosed | ChangeKind::ObjectOpened, _) => "the other side sends no unknown members",
        (ChangeKind::TypeRenamed, _) => "names are known to TypeScript alone",
        (ChangeKind::BrandChanged, _) => "brands are known to TypeScript alone",
        (ChangeKind::Deprecated | ChangeKind::Undeprecated, _) => "it works as before",
        (ChangeKind::UniquenessChanged, Part::Input) => "a server makes a set of a list",
        _ => "each side takes all that the other sends",
    }
}
