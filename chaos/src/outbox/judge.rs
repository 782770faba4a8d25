//! Holds what viewers saw against what PostgreSQL committed.

use std::{
    collections::{HashMap, HashSet},
    time::SystemTime,
};

use crate::records::{Change, History, Moment, Outcome, Seen};

/// A change that PostgreSQL has committed.
#[derive(Debug, Clone)]
pub(crate) struct Committed {
    pub(crate) workspace: usize,
    pub(crate) change: Change,
    /// When it was made, shortly before it was committed.
    pub(crate) at: SystemTime,
}

/// What the judge found.
#[derive(Debug, Default)]
pub(crate) struct Verdict {
    pub(crate) calls: usize,
    pub(crate) unanswered: usize,
    pub(crate) unanswered_committed: usize,
    pub(crate) committed: usize,
    pub(crate) deliveries: usize,
    /// Missed and told of by a gap.
    pub(crate) signalled: usize,
    pub(crate) gaps: usize,
    /// Rows that the outbox still has.
    pub(crate) waiting: i64,
    /// Committed, and never seen by a viewer who was not told.
    pub(crate) lost: Vec<String>,
    /// Seen more than once by a viewer.
    pub(crate) twice: Vec<String>,
    /// Seen in another order than by another viewer.
    pub(crate) out_of_order: Vec<String>,
    /// Seen, and never committed; or of another workspace.
    pub(crate) uncommitted: Vec<String>,
    /// Answered with success and not committed, or refused and committed all the same.
    pub(crate) undone: Vec<String>,
}

impl Verdict {
    pub(crate) fn keeps_the_promise(&self) -> bool {
        self.offences().iter().all(|(_, offences)| offences.is_empty()) && self.waiting == 0 && self.committed > 0
    }

    pub(crate) fn offences(&self) -> [(&'static str, &[String]); 5] {
        [
            ("lost", &self.lost),
            ("twice", &self.twice),
            ("in another order", &self.out_of_order),
            ("not committed", &self.uncommitted),
            ("undone", &self.undone),
        ]
    }
}

/// Judges everything that was seen, and whether everything was that came of calls since every viewer listens.
pub(crate) fn judge(committed: &[Committed], history: &History) -> Verdict {
    let mut verdict = Verdict { calls: history.calls.len(), committed: committed.len(), ..Verdict::default() };
    let places: HashMap<&str, usize> =
        committed.iter().enumerate().map(|(place, committed)| (committed.change.as_str(), place)).collect();
    judge_answers(&mut verdict, history, &places);

    for timeline in &history.viewers {
        let mut seen = HashSet::new();
        let mut last_gap = None;
        for (at, entry) in &timeline.entries {
            let change = match entry {
                Seen::Gap => {
                    verdict.gaps += 1;
                    last_gap = Some(*at);
                    continue;
                }
                Seen::Change(change) => change,
            };
            verdict.deliveries += 1;
            if !seen.insert(change.as_str()) {
                verdict.twice.push(format!("{}: {change}", timeline.viewer));
            }
            let place = places.get(change.as_str()).copied();
            if place.is_none_or(|place| committed[place].workspace != timeline.workspace) {
                verdict.uncommitted.push(format!("{}: {change}", timeline.viewer));
            }
        }
        let due = committed.iter().filter(|committed| {
            let began = history.calls.get(&committed.change).map(|call| call.began);
            committed.workspace == timeline.workspace && began >= history.listening
        });
        for missed in due.filter(|due| !seen.contains(due.change.as_str())) {
            if last_gap.is_some_and(|gap| moment(history, missed.at) < gap) {
                verdict.signalled += 1;
            } else {
                verdict.lost.push(format!("{}: {}", timeline.viewer, missed.change));
            }
        }
    }
    judge_order(&mut verdict, history);
    verdict
}

fn judge_answers(verdict: &mut Verdict, history: &History, places: &HashMap<&str, usize>) {
    for (change, call) in &history.calls {
        let is_committed = places.contains_key(change.as_str());
        match (call.outcome, is_committed) {
            (Outcome::Done, true) | (Outcome::Refused, false) => {}
            (Outcome::Done, false) => verdict.undone.push(format!("{change} was answered with success")),
            (Outcome::Refused, true) => verdict.undone.push(format!("{change} was refused, and is there")),
            (Outcome::Unanswered, _) => {
                verdict.unanswered += 1;
                verdict.unanswered_committed += usize::from(is_committed);
            }
        }
    }
}

/// All viewers of a workspace see the same order: each is held against the first.
fn judge_order(verdict: &mut Verdict, history: &History) {
    let mut orders: HashMap<usize, HashMap<&str, usize>> = HashMap::new();
    for timeline in &history.viewers {
        let changes = timeline.entries.iter().filter_map(|(_, seen)| match seen {
            Seen::Change(change) => Some(change.as_str()),
            Seen::Gap => None,
        });
        let Some(order) = orders.get(&timeline.workspace) else {
            orders.insert(timeline.workspace, changes.enumerate().map(|(place, change)| (change, place)).collect());
            continue;
        };
        let mut last = None;
        for change in changes {
            let Some(place) = order.get(change).copied() else { continue };
            if last.is_some_and(|last| place < last) {
                verdict.out_of_order.push(format!("{}: {change}", timeline.viewer));
            }
            last = Some(place);
        }
    }
}

fn moment(history: &History, at: SystemTime) -> Moment {
    let since = history.began.and_then(|began| at.duration_since(began).ok());
    since.unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::records::{Call, Timeline};

    const BEGAN: SystemTime = SystemTime::UNIX_EPOCH;

    fn seconds(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    /// Changes that are committed in workspace 0, a second apart.
    fn committed(changes: &[&str]) -> Vec<Committed> {
        let one = |(at, change): (u64, &&str)| Committed {
            workspace: 0,
            change: (*change).to_owned(),
            at: BEGAN + seconds(at),
        };
        (1..).zip(changes).map(one).collect()
    }

    /// What viewers of workspace 0 see, a second apart; a gap is written `gap`.
    fn history(viewers: &[&[&str]]) -> History {
        let timeline = |seen: &&[&str]| Timeline {
            viewer: "viewer".to_owned(),
            workspace: 0,
            entries: (1..)
                .zip(*seen)
                .map(|(at, seen)| {
                    (seconds(at), if *seen == "gap" { Seen::Gap } else { Seen::Change((*seen).to_owned()) })
                })
                .collect(),
        };
        History { viewers: viewers.iter().map(timeline).collect(), began: Some(BEGAN), ..History::default() }
    }

    fn found(committed: &[Committed], history: &History) -> Vec<&'static str> {
        let verdict = judge(committed, history);
        verdict.offences().iter().filter(|(_, offences)| !offences.is_empty()).map(|(kind, _)| *kind).collect()
    }

    #[test]
    fn everything_once_and_in_one_order_is_what_is_promised() {
        let verdict = judge(&committed(&["a", "b", "c"]), &history(&[&["a", "b", "c"], &["a", "b", "c"]]));

        assert!(verdict.keeps_the_promise(), "{verdict:?}");
        assert_eq!(verdict.deliveries, 6);
    }

    #[test]
    fn what_was_called_before_everybody_listened_is_due_to_nobody() {
        let early = Call { began: seconds(1), outcome: Outcome::Done };
        let late = Call { began: seconds(3), outcome: Outcome::Done };
        let calls = HashMap::from([("a".to_owned(), early), ("b".to_owned(), late)]);
        let listening = History { calls, listening: Some(seconds(2)), ..history(&[&["b"]]) };

        assert_eq!(found(&committed(&["a", "b"]), &listening), [""; 0]);
    }

    #[test]
    fn what_is_committed_and_not_seen_is_lost_unless_a_gap_says_so_afterwards() {
        assert_eq!(found(&committed(&["a", "b", "c"]), &history(&[&["a", "c"]])), ["lost"]);
        assert_eq!(found(&committed(&["a", "b", "c"]), &history(&[&["a", "c", "gap"]])), [""; 0]);
        assert_eq!(found(&committed(&["a", "b", "c"]), &history(&[&["gap", "a", "b"]])), ["lost"]);
    }

    #[test]
    fn what_is_seen_twice_or_in_another_order_or_was_never_committed_is_an_offence() {
        assert_eq!(found(&committed(&["a", "b"]), &history(&[&["a", "a", "b"]])), ["twice"]);
        assert_eq!(found(&committed(&["a", "b"]), &history(&[&["a", "b"], &["b", "a"]])), ["in another order"]);
        assert_eq!(found(&committed(&["a"]), &history(&[&["a", "x"]])), ["not committed"]);
        let mut foreign = committed(&["a", "b"]);
        foreign[1].workspace = 1;
        assert_eq!(found(&foreign, &history(&[&["a", "b"]])), ["not committed"]);
    }

    #[test]
    fn an_answer_is_held_against_what_was_committed() {
        let call = |outcome| Call { began: Duration::ZERO, outcome };
        let with = |change: &str, outcome| History {
            calls: HashMap::from([(change.to_owned(), call(outcome))]),
            ..history(&[&["a"]])
        };

        assert_eq!(found(&committed(&["a"]), &with("a", Outcome::Done)), [""; 0]);
        assert_eq!(found(&committed(&["a"]), &with("a", Outcome::Refused)), ["undone"]);
        assert_eq!(found(&committed(&["a"]), &with("x", Outcome::Done)), ["undone"]);
        let verdict = judge(&committed(&["a"]), &with("a", Outcome::Unanswered));
        assert_eq!((verdict.unanswered, verdict.unanswered_committed), (1, 1));
    }

    #[test]
    fn what_is_left_in_the_outbox_is_not_announced_yet() {
        let verdict = judge(&committed(&["a"]), &history(&[&["a"]]));

        assert!(!Verdict { waiting: 1, ..verdict }.keeps_the_promise());
    }
}
