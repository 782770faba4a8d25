use std::collections::HashSet;

use super::{History, MessageKey, Moment, Seen};

/// How long clients heard nothing new after a fault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Silence {
    /// Every client had a message, sent after the fault, so long after its end.
    Ended(Moment),
    /// This client had none by then.
    Lasts(String),
}

/// How long it took from `ended`, the end of a fault, until the last client had received something sent after it.
pub(crate) fn silence(history: &History, ended: Moment, until: Moment) -> Silence {
    let sent = history.messages.iter().filter(|sent| sent.began > ended && sent.began <= until);
    let sent: HashSet<MessageKey> = sent.map(|sent| sent.key).collect();
    let mut longest = Moment::ZERO;
    for timeline in &history.clients {
        let from = timeline.entries.partition_point(|entry| entry.at <= ended);
        let heard = timeline.entries[from..].iter().find(|entry| match &entry.seen {
            Seen::Message { key, .. } => sent.contains(key),
            Seen::Gap | Seen::Unknown { .. } => false,
        });
        match heard.filter(|entry| entry.at <= until) {
            Some(entry) => longest = longest.max(entry.at - ended),
            None => return Silence::Lasts(timeline.client.clone()),
        }
    }
    Silence::Ended(longest)
}
