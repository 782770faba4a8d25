//! The judge on made-up histories: one room, and publishers whose messages take a millisecond each.

use super::*;

const ROOM: u16 = 0;

fn ms(ms: u64) -> Moment {
    Moment::from_millis(ms)
}

fn key(publisher: u16, seq: u32) -> MessageKey {
    MessageKey { room: ROOM, publisher, seq }
}

/// Message `seq` of publisher 1, sent at `10 * seq` and acknowledged a millisecond later.
fn sent(seq: u32) -> Sent {
    sent_by(1, seq)
}

fn sent_by(publisher: u16, seq: u32) -> Sent {
    let began = ms(10 * u64::from(seq));
    Sent { key: key(publisher, seq), began, acknowledged: Some(began + ms(1)), attempts: 1 }
}

/// What a client sees, and when.
fn at(time: u64, seen: Seen) -> Entry {
    Entry { at: ms(time), seen }
}

/// Message `seq` of publisher 1, two milliseconds after it was sent.
fn got(seq: u32) -> Entry {
    at(10 * u64::from(seq) + 2, message(1, seq))
}

fn message(publisher: u16, seq: u32) -> Seen {
    Seen::Message { key: key(publisher, seq), id: format!("{publisher}-{seq}") }
}

fn history(messages: Vec<Sent>, entries: Vec<Entry>) -> History {
    let timeline = Timeline { client: "client".to_owned(), room: ROOM, entries };
    History { messages, clients: vec![timeline], calms: Vec::new() }
}

/// How many were lost, twice, out of order and unknown.
fn counts(history: &History) -> [usize; 4] {
    judge(history).offences().map(|(_, offences)| offences.len())
}

const CLEAN: [usize; 4] = [0; 4];

#[test]
fn everything_once_and_in_order_is_clean() {
    let verdict = judge(&history((1..=4).map(sent).collect(), (1..=4).map(got).collect()));

    assert!(verdict.keeps_the_promise(), "{verdict:?}");
    assert_eq!((verdict.published, verdict.deliveries, verdict.gaps, verdict.signalled), (4, 4, 0, 0));
}

#[test]
fn a_message_that_never_comes_is_lost_and_is_named() {
    let verdict = judge(&history((1..=4).map(sent).collect(), vec![got(1), got(2), got(4)]));

    assert_eq!(verdict.lost.len(), 1);
    let what = &verdict.lost[0].what;
    assert!(what.contains("message 3 of publisher 1 in room 0"), "{what}");
    assert!(what.contains("between 2 (1-2) and 4 (1-4)"), "{what}");
}

#[test]
fn a_message_at_the_end_that_never_comes_is_lost() {
    assert_eq!(counts(&history((1..=3).map(sent).collect(), vec![got(1), got(2)])), [1, 0, 0, 0]);
}

#[test]
fn a_gap_where_the_message_is_missing_signals_its_loss() {
    let missing_three = |gap: u64| {
        let mut entries = vec![got(1), got(2), at(gap, Seen::Gap), got(4), got(5)];
        entries.sort_by_key(|entry| entry.at);
        judge(&history((1..=5).map(sent).collect(), entries))
    };

    let between = missing_three(35);
    assert!(between.keeps_the_promise(), "{between:?}");
    assert_eq!((between.gaps, between.signalled), (1, 1));
    // Before the last message that came, and after the next one that came, it says nothing about this one.
    assert_eq!(missing_three(15).lost.len(), 1);
    assert_eq!(missing_three(45).lost.len(), 1);
}

#[test]
fn a_gap_at_the_end_signals_the_loss_of_the_rest() {
    let verdict = judge(&history((1..=4).map(sent).collect(), vec![got(1), at(50, Seen::Gap)]));

    assert!(verdict.keeps_the_promise(), "{verdict:?}");
    assert_eq!(verdict.signalled, 3);
}

#[test]
fn what_was_sent_before_the_first_message_of_a_client_is_not_owed() {
    assert_eq!(counts(&history((1..=4).map(sent).collect(), vec![got(3), got(4)])), CLEAN);
}

#[test]
fn what_was_not_acknowledged_is_not_owed_and_may_come() {
    let unsure = |seq| Sent { acknowledged: None, ..sent(seq) };
    let messages = vec![sent(1), unsure(2), unsure(3)];

    let verdict = judge(&history(messages, vec![got(1), got(3)]));

    assert!(verdict.keeps_the_promise(), "{verdict:?}");
    assert_eq!((verdict.published, verdict.unacknowledged), (1, 2));
}

#[test]
fn a_message_that_comes_again_is_twice() {
    let again = |id: &str| at(40, Seen::Message { key: key(1, 2), id: id.to_owned() });
    let messages: Vec<Sent> = (1..=3).map(sent).collect();

    assert_eq!(counts(&history(messages.clone(), vec![got(1), got(2), got(3), again("1-2")])), [0, 1, 0, 0]);
    // A new id is no excuse, and a gap alone is none either: the message was published in one attempt.
    let entries = vec![got(1), got(2), got(3), at(39, Seen::Gap), again("9-9")];
    assert_eq!(counts(&history(messages, entries)), [0, 1, 0, 0]);
}

#[test]
fn a_second_attempt_that_redis_could_not_know_for_one_is_excused_after_a_gap_only() {
    let twice_tried = Sent { attempts: 2, ..sent(2) };
    let messages = vec![sent(1), twice_tried, sent(3)];
    let again = |id: &str| at(40, Seen::Message { key: key(1, 2), id: id.to_owned() });
    let with = |gap: Option<Entry>, again: Entry| {
        let entries = [got(1), got(2), got(3)].into_iter().chain(gap).chain([again]);
        judge(&history(messages.clone(), entries.collect()))
    };

    let after_gap = with(Some(at(39, Seen::Gap)), again("9-9"));
    assert!(after_gap.keeps_the_promise(), "{after_gap:?}");
    assert_eq!(after_gap.again_after_gap, 1);
    assert_eq!(with(None, again("9-9")).twice.len(), 1);
    // The same event is never delivered again.
    assert_eq!(with(Some(at(39, Seen::Gap)), again("1-2")).twice.len(), 1);
}

#[test]
fn a_message_after_a_later_one_of_its_publisher_is_out_of_order() {
    let entries = vec![got(1), got(3), at(33, message(1, 2)), got(4)];

    assert_eq!(counts(&history((1..=4).map(sent).collect(), entries)), [0, 0, 1, 0]);
}

#[test]
fn messages_of_different_publishers_have_no_order() {
    let messages = vec![sent_by(1, 1), sent_by(2, 1), sent_by(1, 2), sent_by(2, 2)];
    let entries = vec![at(12, message(1, 1)), at(22, message(1, 2)), at(23, message(2, 1)), at(24, message(2, 2))];

    assert_eq!(counts(&history(messages, entries)), CLEAN);
}

#[test]
fn a_message_that_is_not_there_in_a_calm_is_lost_even_if_the_next_one_brings_it() {
    let mut history =
        history((1..=3).map(sent).collect(), vec![got(1), at(900, message(1, 2)), at(901, message(1, 3))]);
    assert_eq!(counts(&history), CLEAN);

    history.calms = vec![ms(500)];

    let verdict = judge(&history);
    assert_eq!(verdict.lost.len(), 2, "{verdict:?}");
    assert!(verdict.lost[0].what.contains("after a calm in which it was due"), "{verdict:?}");
    // A gap by then is an answer.
    history.clients[0].entries.insert(1, at(400, Seen::Gap));
    assert_eq!(counts(&history), CLEAN);
}

#[test]
fn a_calm_may_end_when_all_since_the_last_one_is_there_or_excused() {
    let mut history = history((1..=4).map(sent).collect(), vec![got(2), got(3)]);
    assert!(!is_complete(&history, ms(45)));
    history.clients[0].entries.push(got(4));
    // The first was sent before the client listened.
    assert!(is_complete(&history, ms(45)));

    // The last calm has judged the third.
    history.clients[0].entries.remove(1);
    assert!(!is_complete(&history, ms(45)));
    history.calms = vec![ms(45)];
    history.messages.push(sent(5));
    assert!(!is_complete(&history, ms(60)));
    history.clients[0].entries.push(at(59, Seen::Gap));
    assert!(is_complete(&history, ms(60)));
}

#[test]
fn what_is_published_after_a_calm_is_not_due_in_it() {
    let mut history = history((1..=60).map(sent).collect(), (1..=60).map(got).collect());
    history.calms = vec![ms(305)];

    assert_eq!(counts(&history), CLEAN);
}

#[test]
fn what_nobody_sent_is_unknown() {
    let foreign = Seen::Unknown { id: "7-0".to_owned(), data: "{}".to_owned() };
    let other_room = MessageKey { room: 1, ..key(1, 1) };
    let elsewhere = Seen::Message { key: other_room, id: "8-0".to_owned() };
    let entries = vec![got(1), at(20, foreign), at(21, message(1, 7)), at(22, elsewhere)];

    let messages = vec![sent(1), Sent { key: other_room, ..sent(1) }];
    assert_eq!(counts(&history(messages, entries)), [0, 0, 0, 3]);
}

#[test]
fn silence_lasts_until_every_client_has_something_that_was_sent_after_the_fault() {
    let mut history = history((1..=9).map(sent).collect(), (1..=9).map(got).collect());
    let slow = Timeline {
        client: "slow".to_owned(),
        room: ROOM,
        // The fourth was sent before the fault ended.
        entries: vec![got(1), at(60, message(1, 4)), at(85, message(1, 5)), at(90, message(1, 6))],
    };
    history.clients.push(slow);

    assert_eq!(silence(&history, ms(45), ms(1000)), Silence::Ended(ms(40)));
    assert_eq!(silence(&history, ms(45), ms(80)), Silence::Lasts("slow".to_owned()));
}
