use std::fmt::Write;

use serde::Serialize;

use super::{
    acknowledged::{Acknowledged, Acknowledgement},
    change::{Change, Place, Verdict},
};

/// The changes of a contract, and which of them were decided on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Report {
    /// Whether no break is left that needs an acknowledgement.
    pub accepted: bool,
    /// Every change, the worst first.
    pub changes: Vec<ReportedChange>,
    /// Acknowledgements of what has not changed: to be removed, before they cover something else.
    pub stale: Vec<Acknowledgement>,
}

/// A change, and what was decided on it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ReportedChange {
    /// The change.
    #[serde(flatten)]
    pub change: Change,
    /// The places at which it needs an acknowledgement and has none.
    pub unacknowledged: Vec<Place>,
    /// The reasons of its acknowledgements.
    pub acknowledgements: Vec<String>,
}

/// Whether a table is coloured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Colors {
    /// As terminals show them.
    Ansi,
    /// Plain text.
    None,
}

impl Report {
    /// Looks up each change among the acknowledgements.
    #[must_use]
    pub fn new(changes: Vec<Change>, acknowledged: &Acknowledged) -> Self {
        let entries = &acknowledged.acknowledged;
        let mut is_stale = vec![true; entries.len()];
        let mut reported = Vec::with_capacity(changes.len());
        for change in changes {
            let mut unacknowledged = Vec::new();
            let mut acknowledgements: Vec<String> = Vec::new();
            for place in &change.places {
                let mut is_covered = false;
                for (entry, is_stale) in entries.iter().zip(&mut is_stale) {
                    if change.verdict != Verdict::Safe && entry.covers(change.kind, place) {
                        (is_covered, *is_stale) = (true, false);
                        if !acknowledgements.contains(&entry.reason) {
                            acknowledgements.push(entry.reason.clone());
                        }
                    }
                }
                if !is_covered && acknowledged.guards(change.verdict) {
                    unacknowledged.push(place.clone());
                }
            }
            reported.push(ReportedChange { change, unacknowledged, acknowledgements });
        }
        let stale = entries.iter().zip(is_stale).filter(|(_, is_stale)| *is_stale).map(|(entry, _)| entry.clone());
        let accepted = reported.iter().all(|change| change.unacknowledged.is_empty());
        Self { accepted, changes: reported, stale: stale.collect() }
    }

    /// For programs.
    #[must_use]
    pub fn to_json(&self) -> String {
        serde_json::to_string_pretty(self).expect("text, lists and truth values are JSON")
    }

    /// For people: the changes under their verdicts, and how to acknowledge what is left.
    #[must_use]
    pub fn to_table(&self, colors: Colors) -> String {
        let mut table = Table { text: String::new(), colors };
        for verdict in [Verdict::BreaksBoth, Verdict::BreaksOldClients, Verdict::BreaksOldServers, Verdict::Safe] {
            let changes: Vec<_> = self.changes.iter().filter(|it| it.change.verdict == verdict).collect();
            table.section(verdict, &changes);
        }
        if !self.stale.is_empty() {
            table.heading("stale acknowledgements: remove them", "33");
            for entry in &self.stale {
                table.line(&format!("  {}  {} (since {})", entry.place(), entry.change, entry.since));
            }
            table.line("");
        }
        table.summary(self);
        table.text
    }
}

struct Table {
    text: String,
    colors: Colors,
}

/// Longer places do not push the other columns further to the right.
const WIDEST_PLACE: usize = 56;

impl Table {
    fn section(&mut self, verdict: Verdict, changes: &[&ReportedChange]) {
        if changes.is_empty() {
            return;
        }
        let color = match verdict {
            Verdict::BreaksBoth | Verdict::BreaksOldClients => "31",
            Verdict::BreaksOldServers => "33",
            Verdict::Safe => "32",
        };
        self.heading(&format!("{verdict} ({})", changes.len()), color);
        let place = |change: &ReportedChange| change.change.places.first().map(Place::to_string).unwrap_or_default();
        let width = |texts: &mut dyn Iterator<Item = usize>| texts.max().unwrap_or(0);
        let places = width(&mut changes.iter().map(|it| place(it).chars().count()).filter(|it| *it <= WIDEST_PLACE));
        let kinds = width(&mut changes.iter().map(|it| it.change.kind.as_str().len()));
        for reported in changes {
            let change = &reported.change;
            let values = match (&change.old, &change.new) {
                (Some(old), Some(new)) if old != new => format!("{old} -> {new}"),
                (Some(value), None) | (None, Some(value)) => value.clone(),
                _ => String::new(),
            };
            let row = format!("  {:<places$}  {:<kinds$}  {values}", place(reported), change.kind.as_str());
            self.line(row.trim_end());
            let reason = format!("    {}", change.reason);
            self.dim(&reason);
            let others: Vec<String> = change.places.iter().skip(1).map(Place::to_string).collect();
            if !others.is_empty() {
                self.dim(&format!("    also {}", others.join(", ")));
            }
            for acknowledgement in &reported.acknowledgements {
                self.dim(&format!("    acknowledged: {acknowledgement}"));
            }
            if let Some(source) = &change.source {
                self.dim(&format!("    {}:{}:{}", source.file, source.line, source.column));
            }
        }
        self.line("");
    }

    fn summary(&mut self, report: &Report) {
        if report.changes.is_empty() {
            self.line("the contracts are the same for clients and servers");
            return;
        }
        let breaks = report.changes.iter().filter(|it| it.change.verdict != Verdict::Safe).count();
        let left: Vec<(&Change, &Place)> = report
            .changes
            .iter()
            .flat_map(|it| it.unacknowledged.iter().map(move |place| (&it.change, place)))
            .collect();
        let changes = count(report.changes.len(), "change", "changes");
        self.line(&format!("{changes}, {}, {} not acknowledged", count(breaks, "break", "breaks"), left.len()));
        if left.is_empty() {
            return;
        }
        self.line("Make them compatible, or acknowledge them:");
        for (change, place) in left {
            let entry = Acknowledgement::of(change, place);
            self.line("");
            self.line("[[acknowledged]]");
            self.line(&format!("procedure = {}", toml_text(&entry.procedure)));
            if let Some(path) = &entry.path {
                self.line(&format!("path = {}", toml_text(path)));
            }
            self.line(&format!("change = \"{}\"", entry.change));
            self.line("reason = \"\"");
            self.line("since = \"\"");
        }
    }

    fn heading(&mut self, text: &str, color: &str) {
        self.styled(text, &format!("1;{color}"));
    }

    fn dim(&mut self, text: &str) {
        self.styled(text, "2");
    }

    fn styled(&mut self, text: &str, style: &str) {
        let plain = printable(text);
        match self.colors {
            Colors::Ansi => writeln!(self.text, "\u{1b}[{style}m{plain}\u{1b}[0m"),
            Colors::None => writeln!(self.text, "{plain}"),
        }
        .expect("a string takes all that is written to it");
    }

    fn line(&mut self, text: &str) {
        self.text.push_str(&printable(text));
        self.text.push('\n');
    }
}

fn count(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

fn toml_text(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

/// Names in a contract are not commands to a terminal.
fn printable(text: &str) -> String {
    text.chars().map(|it| if it.is_control() { '\u{fffd}' } else { it }).collect()
}
