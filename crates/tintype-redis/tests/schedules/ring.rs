//! Readers of a backlog miss nothing without a word, and none of them sleeps for ever.

use std::sync::Arc;

use futures_util::StreamExt;
use shuttle::{future::block_on, thread};
use tintype::{Delivery, EventId, Push};

use crate::backlog::Backlog;

fn id(number: usize) -> EventId {
    EventId::new(number.to_string()).unwrap()
}

fn number(id: &EventId) -> usize {
    id.as_str().parse().unwrap()
}

/// Appends the events from `first` to `last`.
fn append(backlog: &Backlog, first: usize, last: usize) {
    for number in first..=last {
        backlog.append(Push::new(id(number), id(number - 1), b"{}")).unwrap();
    }
}

/// Reads until the event `last` has come or is known to be missed; the deliveries in between.
async fn read(backlog: &Backlog, last: usize) -> Vec<Delivery> {
    let mut feed = backlog.feed();
    let mut deliveries = Vec::new();
    let mut position = number(&feed.position);
    // Whether the next event must follow the position.
    let mut is_whole = true;
    while position < last {
        let delivery = feed.deliveries.next().await.unwrap();
        match &delivery {
            Delivery::Push(push) => {
                let next = number(push.id());
                assert!(next > position, "{next} comes after {position}");
                assert!(!is_whole || number(push.previous()) == position, "{next} comes after {position}");
                (position, is_whole) = (next, true);
            }
            Delivery::Interrupted => {
                assert_eq!(backlog.after(&id(position)), None, "it was interrupted in vain");
                // What is in the backlog by now may come once more.
                is_whole = false;
                if number(&backlog.position()) == last {
                    position = last;
                }
            }
            Delivery::Gap { position: resumed } => (position, is_whole) = (number(resumed), true),
        }
        deliveries.push(delivery);
    }
    deliveries
}

fn is_push(delivery: &Delivery) -> bool {
    matches!(delivery, Delivery::Push(_))
}

#[test]
fn readers_get_every_event_that_the_backlog_keeps() {
    let schedule = || {
        let backlog = Backlog::new(id(0), 4);
        let readers: Vec<_> = (0..2)
            .map(|_| {
                let backlog = backlog.clone();
                thread::spawn(move || assert!(block_on(read(&backlog, 4)).iter().all(is_push)))
            })
            .collect();
        append(&backlog, 1, 4);
        readers.into_iter().for_each(|reader| reader.join().unwrap());
        assert_eq!(backlog.readers(), 0);
    };
    shuttle::check_random(schedule, 4_000);
}

#[test]
fn a_reader_that_falls_behind_or_comes_to_a_break_is_told() {
    let schedule = || {
        let backlog = Backlog::new(id(0), 2);
        let reader = thread::spawn({
            let backlog = backlog.clone();
            move || block_on(read(&backlog, 20))
        });
        let leaver = thread::spawn({
            let backlog = backlog.clone();
            move || drop(block_on(read(&backlog, 2)))
        });
        append(&backlog, 1, 3);
        backlog.restart(id(10));
        append(&backlog, 11, 14);
        backlog.restart(id(20));
        let deliveries = reader.join().unwrap();
        leaver.join().unwrap();

        let before = |delivery: &Delivery| matches!(delivery, Delivery::Push(push) if number(push.id()) <= 3);
        let crosses = deliveries.iter().any(before) && deliveries.iter().any(|d| is_push(d) && !before(d));
        let is_told = deliveries.iter().any(|delivery| matches!(delivery, Delivery::Gap { .. }));
        assert!(!crosses || is_told, "{deliveries:?}");
        assert_eq!(backlog.readers(), 0);
    };
    shuttle::check_random(schedule, 4_000);
}

#[test]
fn a_cursor_is_answered_as_of_one_moment() {
    let schedule = || {
        let backlog = Backlog::new(id(0), 3);
        let looking = thread::spawn({
            let backlog = backlog.clone();
            move || {
                for cursor in 0..4 {
                    let Some(pushes) = backlog.after(&id(cursor)) else { continue };
                    let numbers: Vec<usize> = pushes.iter().map(|push: &Arc<Push>| number(push.id())).collect();
                    assert!(numbers.iter().copied().eq(cursor + 1..=cursor + numbers.len()), "{cursor}: {numbers:?}");
                }
            }
        });
        append(&backlog, 1, 5);
        looking.join().unwrap();
    };
    shuttle::check_random(schedule, 2_000);
}
