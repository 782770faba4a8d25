//! Holds a history against the promise: nothing lost without a sign, nothing twice, nothing out of order.

use std::collections::{BTreeMap, HashMap};

use super::{Entry, History, MessageKey, Moment, Seen, Sent, Timeline};

/// What the judge found.
#[derive(Debug, Default)]
pub(crate) struct Verdict {
    /// Messages that were acknowledged.
    pub(crate) published: usize,
    /// Messages of which nobody knows whether they were published.
    pub(crate) unacknowledged: usize,
    /// Messages as clients received them, each for the first time.
    pub(crate) deliveries: usize,
    /// Gaps that were said.
    pub(crate) gaps: usize,
    /// Messages that did not reach a client, which was told so.
    pub(crate) signalled: usize,
    /// Messages that came again after a gap, because Redis had forgotten an attempt and its idempotency key with it.
    pub(crate) again_after_gap: usize,
    pub(crate) lost: Vec<Offence>,
    pub(crate) twice: Vec<Offence>,
    pub(crate) out_of_order: Vec<Offence>,
    /// What nobody has sent.
    pub(crate) unknown: Vec<Offence>,
}

/// One breach of the promise.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Offence {
    pub(crate) client: String,
    /// What happened, with the message and the ids around it.
    pub(crate) what: String,
}

impl Verdict {
    /// Every breach, under the name of its kind.
    pub(crate) fn offences(&self) -> [(&'static str, &[Offence]); 4] {
        [("lost", &self.lost), ("twice", &self.twice), ("out of order", &self.out_of_order), ("unknown", &self.unknown)]
    }

    pub(crate) fn keeps_the_promise(&self) -> bool {
        self.offences().iter().all(|(_, offences)| offences.is_empty())
    }
}

/// Judges what every client saw.
pub(crate) fn judge(history: &History) -> Verdict {
    let acknowledged = history.messages.iter().filter(|sent| sent.acknowledged.is_some()).count();
    let unacknowledged = history.messages.len() - acknowledged;
    let mut verdict = Verdict { published: acknowledged, unacknowledged, ..Verdict::default() };
    let sent = history.messages.iter().map(|sent| (sent.key, sent)).collect();
    for timeline in &history.clients {
        verdict.gaps += timeline.entries.iter().filter(|entry| entry.seen == Seen::Gap).count();
        Account::of(timeline).judge(&sent, &history.calms, &mut verdict);
    }
    verdict
}

/// Whether everything that was acknowledged since the last calm has arrived by `now`, or a gap has said that it will
/// not.
pub(crate) fn is_complete(history: &History, now: Moment) -> bool {
    let calm = history.calms.last().copied().unwrap_or_default();
    let sent = history.messages.iter().filter(|sent| sent.began > calm).map(|sent| (sent.key, sent)).collect();
    let mut verdict = Verdict::default();
    for timeline in &history.clients {
        let account = Account::of(timeline);
        let from = timeline.entries.partition_point(|entry| entry.at <= calm);
        let account = Account { entries: &timeline.entries[from..], since: account.since.max(calm), ..account };
        account.judge(&sent, &[now], &mut verdict);
    }
    verdict.lost.is_empty()
}

/// Every message that somebody tried to publish.
type AllSent<'a> = BTreeMap<MessageKey, &'a Sent>;

/// What a client saw in some time, and what it is owed.
struct Account<'a> {
    timeline: &'a Timeline,
    entries: &'a [Entry],
    /// Whatever is sent from then on is owed.
    since: Moment,
}

/// The first arrival of a message at a client.
struct Arrival<'a> {
    seq: u32,
    /// Where in the timeline.
    index: usize,
    /// Gaps before it.
    gaps: usize,
    id: &'a str,
}

/// The arrivals of each publisher's messages, by their numbers.
type Arrivals<'a> = HashMap<u16, Vec<Arrival<'a>>>;

impl<'a> Account<'a> {
    /// From its first message on, a client is owed whatever is sent.
    fn of(timeline: &'a Timeline) -> Self {
        let first = timeline.entries.iter().find(|entry| matches!(entry.seen, Seen::Message { .. }));
        Self { timeline, entries: &timeline.entries, since: first.map_or(Moment::MAX, |entry| entry.at) }
    }

    fn judge(&self, sent: &AllSent<'_>, calms: &[Moment], verdict: &mut Verdict) {
        let arrivals = self.judge_arrivals(sent, verdict);
        self.judge_absences(&arrivals, sent, calms, verdict);
    }

    fn offence(&self, what: String) -> Offence {
        Offence { client: self.timeline.client.clone(), what }
    }

    /// Judges what came.
    fn judge_arrivals(&self, sent: &AllSent<'_>, verdict: &mut Verdict) -> Arrivals<'a> {
        let mut arrivals = Arrivals::new();
        let mut gaps = 0;
        for (index, entry) in self.entries.iter().enumerate() {
            let (key, id) = match &entry.seen {
                Seen::Gap => {
                    gaps += 1;
                    continue;
                }
                Seen::Unknown { id, data } => {
                    verdict.unknown.push(self.offence(format!("event {id} is no message: {data}")));
                    continue;
                }
                Seen::Message { key, id } => (key, id),
            };
            let Some(message) = sent.get(key).filter(|_| key.room == self.timeline.room) else {
                verdict
                    .unknown
                    .push(self.offence(format!("{key} came as event {id}, and nobody sent it to this room")));
                continue;
            };
            let earlier = arrivals.entry(key.publisher).or_default();
            // Redis forgot an attempt, and its idempotency key with it, so that a further attempt published it again; the
            // client was told that it forgot.
            let is_forgotten_attempt = |before: &Arrival<'_>| message.attempts > 1 && before.gaps < gaps;
            let place = earlier.partition_point(|arrival| arrival.seq < key.seq);
            if let Some(first) = earlier.get(place).filter(|arrival| arrival.seq == key.seq) {
                if first.id != id && is_forgotten_attempt(first) {
                    verdict.again_after_gap += 1;
                } else {
                    verdict
                        .twice
                        .push(self.offence(format!("{key} came as event {} and again as event {id}", first.id)));
                }
                continue;
            }
            verdict.deliveries += 1;
            if let Some(last) = earlier.last().filter(|last| last.seq > key.seq) {
                if is_forgotten_attempt(last) {
                    verdict.again_after_gap += 1;
                } else {
                    let what =
                        format!("{key} came as event {id} after message {}, which was event {}", last.seq, last.id);
                    verdict.out_of_order.push(self.offence(what));
                }
            }
            earlier.insert(place, Arrival { seq: key.seq, index, gaps, id });
        }
        arrivals
    }

    /// Judges what did not come, or not in time.
    fn judge_absences(&self, arrivals: &Arrivals<'_>, sent: &AllSent<'_>, calms: &[Moment], verdict: &mut Verdict) {
        let Self { timeline, entries, since } = *self;
        let is_gap = |index: usize| entries[index].seen == Seen::Gap;
        let none = Vec::new();
        for message in sent.values().filter(|message| message.key.room == timeline.room && message.began > since) {
            let MessageKey { publisher, seq, .. } = message.key;
            let arrivals = arrivals.get(&publisher).unwrap_or(&none);
            let place = arrivals.partition_point(|arrival| arrival.seq < seq);
            let arrived = arrivals.get(place).filter(|arrival| arrival.seq == seq);
            let arrived_at = arrived.map(|arrival| entries[arrival.index].at);
            // The calms in which it should be there, and the end of the run.
            let due = calms.iter().copied().chain([Moment::MAX]);
            let due = due.filter(|due| message.acknowledged.is_some_and(|acknowledged| acknowledged < *due));
            for due in due {
                if arrived_at.is_some_and(|at| at <= due) {
                    break;
                }
                // What was there by then.
                let end = entries.partition_point(|entry| entry.at <= due);
                let before = arrivals[..place].iter().rev().find(|arrival| arrival.index < end);
                let after = arrivals[place..].iter().find(|arrival| arrival.index < end);
                let from = before.map_or(0, |arrival| arrival.index);
                let until = after.map_or(end, |arrival| arrival.index);
                let is_signalled = (from..until).any(is_gap);
                if is_signalled {
                    if arrived.is_none() && due == Moment::MAX {
                        verdict.signalled += 1;
                    }
                    continue;
                }
                let ids = |arrival: Option<&Arrival<'_>>| {
                    arrival.map_or_else(|| "nothing".to_owned(), |arrival| format!("{} ({})", arrival.seq, arrival.id))
                };
                let how = match arrived_at {
                    Some(at) => format!("came {:.2?} after a calm in which it was due", at.saturating_sub(due)),
                    None if due < Moment::MAX => format!("had not come at the end of the calm at {due:.2?}"),
                    None => "never came".to_owned(),
                };
                let what = format!(
                    "{}, acknowledged at {:.2?}, {how}, and no gap was said between {} and {}",
                    message.key,
                    message.acknowledged.unwrap_or_default(),
                    ids(before),
                    ids(after),
                );
                verdict.lost.push(self.offence(what));
                break;
            }
        }
    }
}
