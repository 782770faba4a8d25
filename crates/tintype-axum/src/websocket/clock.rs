use std::time::Duration;

use tokio::time::Instant;

use super::limits::{KeepAlive, WebSocketLimits};

/// When something has to happen on a connection though nothing arrives.
#[derive(Debug)]
pub(super) struct Clock {
    keep_alive: Option<KeepAlive>,
    grace: Duration,
    move_time: Duration,
    /// When the client was last heard.
    heard: Instant,
    /// Until when a client that was pinged must be heard.
    answer_by: Option<Instant>,
    /// Until when announced connection params must be there.
    params_by: Option<Instant>,
    /// When the client is asked to move.
    aged: Option<Instant>,
    /// When a client that was asked to move is closed.
    close: Option<Instant>,
    /// When a client that was asked to move gets events all the same.
    stays: Option<Instant>,
}

/// What has to happen.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Due {
    Ping,
    /// The client has not sent its connection params, or did not answer a ping.
    Cut,
    /// The connection is as old as it may become, or the service goes away.
    Move,
    /// The client does not move.
    Stay,
    Close,
}

impl Clock {
    pub(super) fn new(now: Instant, limits: &WebSocketLimits, age: Duration, awaits_params: bool) -> Self {
        Self {
            keep_alive: limits.keep_alive,
            grace: limits.grace,
            move_time: limits.move_time,
            heard: now,
            answer_by: None,
            params_by: now.checked_add(limits.params_time).filter(|_| awaits_params),
            aged: now.checked_add(age),
            close: None,
            stays: None,
        }
    }

    /// Any message of the client counts as life.
    pub(super) fn hear(&mut self, now: Instant, awaits_params: bool) {
        self.heard = now;
        self.answer_by = None;
        if !awaits_params {
            self.params_by = None;
        }
    }

    /// The client is asked to move by then at the latest, unless it was already.
    pub(super) fn move_within(&mut self, now: Instant, time: Duration) {
        if self.close.is_none()
            && let Some(by) = now.checked_add(time)
        {
            self.aged = Some(self.aged.map_or(by, |aged| aged.min(by)));
        }
    }

    /// The client was asked to move, now or once more.
    pub(super) fn asked_to_move(&mut self, now: Instant) {
        self.stays = now.checked_add(self.move_time);
    }

    /// The client has to move: it is closed when the grace is over.
    pub(super) fn moving(&mut self, now: Instant) {
        self.aged = None;
        if self.close.is_none() {
            self.close = now.checked_add(self.grace);
        }
    }

    /// What has to happen by now, one thing at a time.
    pub(super) fn due(&mut self, now: Instant) -> Option<Due> {
        let is_over = |time: Option<Instant>| time.is_some_and(|time| time <= now);
        if is_over(self.params_by) || is_over(self.answer_by) {
            return Some(Due::Cut);
        }
        if is_over(self.close) {
            return Some(Due::Close);
        }
        if is_over(self.aged) {
            return Some(Due::Move);
        }
        if is_over(self.stays) {
            self.stays = None;
            return Some(Due::Stay);
        }
        if is_over(self.ping()) {
            self.answer_by = self.keep_alive.and_then(|keep_alive| now.checked_add(keep_alive.wait));
            return Some(Due::Ping);
        }
        None
    }

    /// When to look again; `None` is never.
    pub(super) fn next(&self) -> Option<Instant> {
        [self.params_by, self.answer_by, self.close, self.aged, self.stays, self.ping()].into_iter().flatten().min()
    }

    fn ping(&self) -> Option<Instant> {
        match self.answer_by {
            Some(_) => None,
            None => self.heard.checked_add(self.keep_alive?.interval),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn clock(now: Instant, awaits_params: bool) -> Clock {
        let limits = WebSocketLimits {
            keep_alive: Some(KeepAlive { interval: 30 * SECOND, wait: 5 * SECOND }),
            params_time: 20 * SECOND,
            grace: 10 * SECOND,
            move_time: 3 * SECOND,
            ..WebSocketLimits::default()
        };
        Clock::new(now, &limits, 100 * SECOND, awaits_params)
    }

    #[test]
    fn a_silent_client_is_pinged_and_then_cut_off() {
        let start = Instant::now();
        let mut clock = clock(start, false);

        assert_eq!(clock.next(), Some(start + 30 * SECOND));
        assert_eq!(clock.due(start + 29 * SECOND), None);
        assert_eq!(clock.due(start + 30 * SECOND), Some(Due::Ping));
        assert_eq!(clock.due(start + 30 * SECOND), None, "one ping is enough");
        assert_eq!(clock.next(), Some(start + 35 * SECOND));
        assert_eq!(clock.due(start + 35 * SECOND), Some(Due::Cut));
    }

    #[test]
    fn a_client_that_is_heard_is_not_cut_off() {
        let start = Instant::now();
        let mut clock = clock(start, false);
        clock.due(start + 30 * SECOND);

        clock.hear(start + 34 * SECOND, false);

        assert_eq!(clock.due(start + 63 * SECOND), None);
        assert_eq!(clock.due(start + 64 * SECOND), Some(Due::Ping));
    }

    #[test]
    fn connection_params_have_to_come_whatever_else_comes() {
        let start = Instant::now();
        let mut late = clock(start, true);
        late.hear(start + 10 * SECOND, true);
        assert_eq!(late.due(start + 20 * SECOND), Some(Due::Cut));

        let mut punctual = clock(start, true);
        punctual.hear(start + 10 * SECOND, false);
        assert_eq!(punctual.due(start + 20 * SECOND), None);
    }

    #[test]
    fn an_old_connection_is_moved_and_then_closed() {
        let start = Instant::now();
        let mut clock = clock(start, false);
        clock.hear(start + 90 * SECOND, false);
        assert_eq!(clock.due(start + 100 * SECOND), Some(Due::Move));

        clock.moving(start + 100 * SECOND);
        clock.moving(start + 105 * SECOND);

        assert_eq!(clock.due(start + 109 * SECOND), None);
        assert_eq!(clock.due(start + 110 * SECOND), Some(Due::Close));
    }

    #[test]
    fn a_shutdown_moves_a_connection_sooner_and_once() {
        let start = Instant::now();
        let mut clock = clock(start, false);
        clock.hear(start + 3 * SECOND, false);

        clock.move_within(start + 3 * SECOND, 7 * SECOND);
        assert_eq!(clock.due(start + 9 * SECOND), None);
        assert_eq!(clock.due(start + 10 * SECOND), Some(Due::Move));

        clock.moving(start + 10 * SECOND);
        clock.move_within(start + 11 * SECOND, SECOND);
        assert_eq!(clock.due(start + 12 * SECOND), None);
        assert_eq!(clock.due(start + 20 * SECOND), Some(Due::Close));
    }

    #[test]
    fn an_old_connection_is_moved_at_its_age_whatever_time_a_shutdown_leaves() {
        let start = Instant::now();
        let mut clock = clock(start, false);
        clock.hear(start + 95 * SECOND, false);

        clock.move_within(start + 95 * SECOND, 60 * SECOND);

        assert_eq!(clock.due(start + 100 * SECOND), Some(Due::Move));
    }

    #[test]
    fn a_client_that_does_not_move_gets_its_events_again() {
        let start = Instant::now();
        let mut clock = clock(start, false);

        clock.asked_to_move(start + SECOND);
        clock.asked_to_move(start + 2 * SECOND);

        assert_eq!(clock.due(start + 4 * SECOND), None);
        assert_eq!(clock.due(start + 5 * SECOND), Some(Due::Stay));
        assert_eq!(clock.due(start + 6 * SECOND), None);
    }

    #[test]
    fn times_without_end_never_come() {
        let now = Instant::now();
        let mut limits = WebSocketLimits { keep_alive: None, grace: Duration::MAX, ..WebSocketLimits::default() };
        limits.move_time = Duration::MAX;
        let mut clock = Clock::new(now, &limits, Duration::MAX, false);
        clock.asked_to_move(now);
        clock.moving(now);

        assert_eq!(clock.next(), None);
    }
}
