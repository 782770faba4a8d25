//! Turns a broker's feed into a subscription whose continuity is proven event by event.

use std::{
    collections::{HashSet, VecDeque},
    sync::Arc,
};

use futures_util::{StreamExt, stream};

use super::{
    BrokerError, Delivery, Feed, Push, Replay, TopicKey, Topics,
    healing::{Healed, Healing},
};
use crate::{
    error::{ErrorCode, Failure},
    event_id::EventId,
    subscription::{EncodedEvent, Subscription},
};

/// The events of a topic after `cursor`, or from now on.
pub(super) fn events<T, H: Healing>(
    topics: Topics,
    key: TopicKey,
    cursor: Option<EventId>,
    healing: H,
) -> Subscription<T> {
    let joining = Joining { topics, key, healing };
    let begins_now = cursor.is_none();
    let steps = stream::unfold(Step::Start(joining, cursor), |step| async move {
        match advance(step).await {
            Ok(None) => None,
            Ok(Some((event, next))) => Some((Ok(event), next)),
            Err(failure) => Some((Err(failure), Step::Over)),
        }
    });
    let events = Subscription::from_encoded(steps);
    // After a cursor nothing can be missed from the beginning, and its first event may be long in coming.
    if begins_now { events.telling_position() } else { events }
}

struct Joining<H> {
    topics: Topics,
    key: TopicKey,
    healing: H,
}

enum Step<H> {
    Start(Joining<H>, Option<EventId>),
    Live(Joining<H>, Live),
    Over,
}

struct Live {
    feed: Feed,
    /// The last event the subscriber has.
    last: EventId,
    /// Events that are due.
    due: VecDeque<Arc<Push>>,
    /// Ids that the subscriber had before the feed came to them.
    had: HashSet<EventId>,
    /// Whether `last` is where the feed is, and not further on.
    follows_feed: bool,
}

async fn advance<H: Healing>(step: Step<H>) -> Result<Option<(EncodedEvent, Step<H>)>, Failure> {
    let (joining, mut live) = match step {
        Step::Over => return Ok(None),
        Step::Start(joining, cursor) => {
            // Listen first and look back second: nothing can fall between the two.
            let feed = joining.topics.broker().subscribe(&joining.key).await.map_err(unavailable)?;
            let last = cursor.clone().unwrap_or_else(|| feed.position.clone());
            let follows_feed = cursor.is_none();
            let mut live = Live { feed, last, due: VecDeque::new(), had: HashSet::new(), follows_feed };
            let first = match cursor {
                Some(_) => joining.catch_up(&mut live, H::heal).await?,
                None if H::AT_START => Some(healed(&live.last, joining.healing.heal()).await?),
                // A position without data: whoever reconnects before the first event resumes from here.
                None => Some(EncodedEvent::position(live.last.clone())),
            };
            if let Some(event) = first {
                return Ok(Some((event, Step::Live(joining, live))));
            }
            (joining, live)
        }
        Step::Live(joining, live) => (joining, live),
    };
    loop {
        if let Some(push) = live.due.pop_front() {
            live.last = push.id().clone();
            return Ok(Some((EncodedEvent::shared(push), Step::Live(joining, live))));
        }
        match live.feed.deliveries.next().await {
            None => return Ok(None),
            Some(Delivery::Push(push)) if live.had.contains(push.id()) => {}
            Some(Delivery::Push(push)) if *push.previous() == live.last => {
                // The feed is past what the backlog gave.
                live.had.clear();
                live.follows_feed = true;
                live.due.push_back(push);
            }
            Some(Delivery::Push(_) | Delivery::Interrupted) => {
                if let Some(event) = joining.catch_up(&mut live, H::heal_with_others).await? {
                    return Ok(Some((event, Step::Live(joining, live))));
                }
            }
            // Who is further on than the feed may have missed nothing.
            Some(Delivery::Gap { .. }) if !live.follows_feed => {
                if let Some(event) = joining.catch_up(&mut live, H::heal_with_others).await? {
                    return Ok(Some((event, Step::Live(joining, live))));
                }
            }
            Some(Delivery::Gap { position }) => {
                live.follows_feed = true;
                let event = joining.heal_at(&mut live, position, H::heal_with_others).await?;
                return Ok(Some((event, Step::Live(joining, live))));
            }
        }
    }
}

impl<H: Healing> Joining<H> {
    /// Fetches what came after `live.last`; the healing event if the backlog cannot tell.
    async fn catch_up(&self, live: &mut Live, heal: fn(&H) -> Healed) -> Result<Option<EncodedEvent>, Failure> {
        let replay = self.topics.broker().resume(&self.key, &live.last).await.map_err(unavailable)?;
        live.follows_feed = false;
        match replay {
            Replay::Continuous(pushes) => {
                live.had.extend(pushes.iter().map(|push| push.id().clone()));
                live.due.extend(pushes);
                Ok(None)
            }
            Replay::Gap { position } => self.heal_at(live, position, heal).await.map(Some),
        }
    }

    /// The healing event, after which the subscription goes on behind `position`.
    async fn heal_at(
        &self,
        live: &mut Live,
        position: EventId,
        heal: fn(&H) -> Healed,
    ) -> Result<EncodedEvent, Failure> {
        // Until the feed has heard of the gap it may still bring what is lost.
        let lost = std::mem::replace(&mut live.last, position);
        live.had.insert(lost);
        healed(&live.last, heal(&self.healing)).await
    }
}

async fn healed(position: &EventId, healing: Healed) -> Result<EncodedEvent, Failure> {
    Ok(EncodedEvent::healing(position.clone(), healing.await?))
}

/// A client that reads this code waits and subscribes again.
fn unavailable(error: BrokerError) -> Failure {
    tracing::error!(%error, "a topic cannot be read");
    Failure::new(ErrorCode::ServiceUnavailable, "events cannot be delivered at the moment: subscribe again")
}
