//! Names in Redis, and the ids of events.

use std::{fmt, str::FromStr, sync::Arc};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};
use tintype::{EventId, Retention, TopicKey};

/// Topics are spread over this many hash slots of a cluster.
pub(crate) const PARTITIONS: u8 = 128;

/// Hash slots of a cluster.
const SLOTS: u16 = 16_384;

/// Some of the parts over which topics are spread.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Partitions(u128);

impl Partitions {
    pub(crate) const ALL: Self = Self(u128::MAX);

    /// Those whose slots are from `first` to `last`.
    pub(crate) fn within(first: u16, last: u16) -> Self {
        let within = (0..PARTITIONS).filter(|partition| (first..=last).contains(&slot(*partition)));
        Self(within.fold(0, |bits, partition| bits | 1 << partition))
    }

    #[must_use]
    pub(crate) fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub(crate) fn contains(self, partition: u8) -> bool {
        self.0 & (1 << partition) != 0
    }

    pub(crate) fn iter(self) -> impl Iterator<Item = u8> {
        (0..PARTITIONS).filter(move |partition| self.contains(*partition))
    }
}

/// The hash slot of a partition's keys, as the specification of Redis Cluster has it.
fn slot(partition: u8) -> u16 {
    crc16::State::<crc16::XMODEM>::calculate(tag(partition).as_bytes()) % SLOTS
}

/// What stands in the braces of a key, and alone decides its slot.
fn tag(partition: u8) -> String {
    format!("{partition:02x}")
}

/// A channel of this process's own, on the way of the events of a partition.
pub(crate) fn probe(prefix: &str, partition: u8) -> String {
    format!("{prefix}:{{{}}}#probe:{:032x}", tag(partition), rand::random::<u128>())
}

/// The names of one topic.
///
/// What follows a `#` is no part of a topic's key, so no topic can have the name of another's key.
/// They are cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct Names {
    /// The stream of its events, and the channel on which they are sent.
    pub(crate) stream: Arc<str>,
    /// The id of its last event.
    pub(crate) last: Arc<str>,
    /// The position after which it began anew, when it had lost events.
    pub(crate) broken: Arc<str>,
    /// Where it is in a cluster.
    pub(crate) partition: u8,
    /// Marks the ids of the topic, so that those of another topic are not taken for its own.
    mark: Arc<str>,
    /// How much of the topic is kept.
    pub(crate) retention: Retention,
}

impl Names {
    pub(crate) fn new(prefix: &str, key: &TopicKey) -> Self {
        let digest = Sha256::digest(key.as_str().as_bytes());
        // The braces make all keys of a topic one hash slot of a cluster, which a script needs.
        let partition = digest[0] % PARTITIONS;
        let stream: Arc<str> = format!("{prefix}:{{{}}}:{key}", tag(partition)).into();
        let named = |name: &str| format!("{stream}#{name}").into();
        let (last, broken) = (named("last"), named("broken"));
        let mark = URL_SAFE_NO_PAD.encode(&digest[1..7]).into();
        Self { last, broken, partition, mark, stream, retention: key.retention() }
    }

    /// Where the event is remembered that was published with an idempotency key.
    pub(crate) fn once(&self, idempotency_key: &str) -> String {
        format!("{}#once:{idempotency_key}", self.stream)
    }

    /// Where the event is remembered that an attempt has published.
    pub(crate) fn attempt(&self, attempt: &str) -> String {
        format!("{}#attempt:{attempt}", self.stream)
    }

    /// When the stays of members end.
    pub(crate) fn until(&self) -> String {
        format!("{}#until", self.stream)
    }

    /// Whose the stays are.
    pub(crate) fn stays(&self) -> String {
        format!("{}#stays", self.stream)
    }

    /// Who is there.
    pub(crate) fn members(&self) -> String {
        format!("{}#members", self.stream)
    }

    /// The event id of an entry of the stream.
    pub(crate) fn event_id(&self, entry: StreamId) -> EventId {
        EventId::new(format!("{entry}.{}", self.mark)).expect("digits and letters are a valid id")
    }

    /// The entry of the stream that an event id names; `None` if the id is of another topic, or of no topic.
    pub(crate) fn entry(&self, id: &EventId) -> Option<StreamId> {
        let (entry, mark) = id.as_str().split_once('.')?;
        if mark != &*self.mark { None } else { entry.parse().ok() }
    }
}

/// The id of an entry in a stream: milliseconds and a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct StreamId {
    ms: u64,
    number: u64,
}

#[derive(Debug, thiserror::Error)]
#[error("{0:?} is not the id of an entry in a stream")]
pub(crate) struct InvalidStreamId(String);

impl FromStr for StreamId {
    type Err = InvalidStreamId;

    fn from_str(text: &str) -> Result<Self, InvalidStreamId> {
        let digits = |text: &str| {
            let are_digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
            are_digits.then(|| text.parse().ok()).flatten()
        };
        let id = text.split_once('-').and_then(|(ms, number)| Some(Self { ms: digits(ms)?, number: digits(number)? }));
        id.ok_or_else(|| InvalidStreamId(text.to_owned()))
    }
}

impl fmt::Display for StreamId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.ms, self.number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(topic: &str) -> Names {
        Names::new("tt", &TopicKey::new("tenant", &[topic]).unwrap())
    }

    #[test]
    fn the_keys_of_a_topic_share_a_hash_slot() {
        let names = names("widgets");
        let slot = |key: &str| key[..key.find('}').unwrap()].to_owned();

        assert_eq!(slot(&names.last), slot(&names.stream));
        assert_eq!(slot(&names.broken), slot(&names.stream));
        for key in [names.once("7"), names.attempt("7"), names.until(), names.stays(), names.members()] {
            assert_eq!(slot(&key), slot(&names.stream));
        }
    }

    #[test]
    fn every_partition_has_a_slot_and_is_found_by_it() {
        // As `CLUSTER KEYSLOT` says.
        assert_eq!((slot(0x00), slot(0x2a), slot(0x7f)), (13_254, 8_048, 4_194));
        let all = Partitions::within(0, 5_460).and(Partitions::within(5_461, SLOTS - 1));
        assert_eq!(all, Partitions::ALL);
        let one = Partitions::within(slot(7), slot(7));
        assert_eq!(one.iter().collect::<Vec<_>>(), [7]);
        assert!(one.contains(7) && !one.contains(8));
    }

    #[test]
    fn an_id_is_of_its_topic_only() {
        let (widgets, chat) = (names("widgets"), names("chat"));
        let id = widgets.event_id("1700000000000-3".parse().unwrap());

        assert_eq!(widgets.entry(&id).unwrap().to_string(), "1700000000000-3");
        assert_eq!(chat.entry(&id), None);
    }

    #[test]
    fn what_is_no_id_is_refused() {
        let names = names("widgets");
        let mark = names.event_id("1-1".parse().unwrap()).as_str().split_once('.').unwrap().1.to_owned();
        let huge = "9".repeat(21);

        for text in ["", "1", "1-", "-1", "+1-1", "1-1-1", " 1-1", "1-1 ", "a-b", &format!("{huge}-0"), "*", "$", "-"] {
            assert!(text.parse::<StreamId>().is_err(), "{text:?}");
            assert_eq!(names.entry(&EventId::new(format!("{text}.{mark}")).unwrap()), None, "{text:?}");
        }
    }
}
