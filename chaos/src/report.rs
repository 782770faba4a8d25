use std::{collections::BTreeMap, fmt};

use crate::{
    ledger::{Moment, Silence, Verdict},
    options::Options,
    run::Done,
};

/// What came out of a run.
pub(crate) struct Report {
    pub(crate) seed: u64,
    pub(crate) lasted: Moment,
    /// The arguments that make the same run again.
    pub(crate) again: String,
    pub(crate) verdict: Verdict,
    pub(crate) done: Vec<Done>,
    /// What followed each fault.
    pub(crate) silences: Vec<Silence>,
    pub(crate) options: Options,
}

/// Breaches of each kind that are named.
const NAMED: usize = 5;

impl Report {
    /// Whether nothing was lost, twice or out of order, and continuity came back in time.
    pub(crate) fn is_kept(&self) -> bool {
        self.verdict.keeps_the_promise() && self.verdict.unacknowledged == 0 && self.late().is_empty()
    }

    /// Last faults before a calm, after which the silence was longer than is allowed.
    fn late(&self) -> Vec<String> {
        let measured = self.done.iter().zip(&self.silences).filter(|(done, _)| done.is_last);
        let late = measured.filter_map(|(done, silence)| {
            let fault = done.planned.fault.name();
            let at = done.ended.as_secs_f64();
            match silence {
                Silence::Ended(after) if after.as_secs_f64() <= self.options.continuity_seconds => None,
                Silence::Ended(after) => Some(format!("{fault} at {at:.1} s: continuity after {after:.2?}")),
                Silence::Lasts(client) => Some(format!("{fault} at {at:.1} s: {client} has heard nothing since")),
            }
        });
        late.collect()
    }

    /// The longest silence that ended before the next fault, or before a calm if `only_last`.
    fn longest(&self, only_last: bool) -> String {
        let measured = self.done.iter().zip(&self.silences).filter(|(done, _)| done.is_last || !only_last);
        let ended = measured.filter_map(|(done, silence)| match silence {
            Silence::Ended(after) => Some((*after, done.planned.fault)),
            Silence::Lasts(_) => None,
        });
        let longest = ended.max();
        longest.map_or_else(|| "-".to_owned(), |(after, fault)| format!("{after:.2?} ({})", fault.name()))
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { verdict, done, .. } = self;
        let mut faults = BTreeMap::<_, usize>::new();
        done.iter().for_each(|done| *faults.entry(done.planned.fault.name()).or_default() += 1);
        let faults: Vec<String> = faults.iter().map(|(fault, count)| format!("{count} {fault}")).collect();
        let rows = [
            ("faults", format!("{}: {}", done.len(), faults.join(", "))),
            ("time", format!("{:.0} s", self.lasted.as_secs_f64())),
            ("published", verdict.published.to_string()),
            ("never acknowledged", verdict.unacknowledged.to_string()),
            ("deliveries", verdict.deliveries.to_string()),
            ("lost", verdict.lost.len().to_string()),
            ("twice", verdict.twice.len().to_string()),
            ("out of order", verdict.out_of_order.len().to_string()),
            ("unknown", verdict.unknown.len().to_string()),
            ("missed but signalled", format!("{}, by {} gaps", verdict.signalled, verdict.gaps)),
            ("again after a gap", verdict.again_after_gap.to_string()),
            ("longest silence after a fault", self.longest(false)),
            ("longest before a calm", self.longest(true)),
        ];
        for (what, value) in rows {
            writeln!(f, "{what:<30}  {value}")?;
        }
        for (kind, offences) in verdict.offences() {
            for offence in offences.iter().take(NAMED) {
                writeln!(f, "{kind}: {}: {}", offence.client, offence.what)?;
            }
            if offences.len() > NAMED {
                writeln!(f, "{kind}: and {} more", offences.len() - NAMED)?;
            }
        }
        for late in self.late() {
            writeln!(f, "late: {late}")?;
        }
        let verdict = if self.is_kept() { "the promise was kept" } else { "THE PROMISE WAS BROKEN" };
        write!(f, "{verdict}; seed {}, to repeat: cargo xtask chaos {}", self.seed, self.again)
    }
}
