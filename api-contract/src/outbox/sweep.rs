use std::time::{Duration, Instant};

use db::{
    DbError,
    outbox::{self, OutboxEvent},
};
use tintype::BrokerError;

use super::{Delivery, Outbox, message};

/// What a sweep did.
#[derive(Debug, Default)]
pub struct Swept {
    /// Events that it published.
    pub published: usize,
    /// Those of them that were kept for longer than the broker remembers ids, so they may have arrived before.
    pub late: usize,
    /// Why some events still wait; `None` if none does.
    pub waits: Option<BrokerError>,
}

/// One pass over what waits.
#[derive(Default)]
struct Pass {
    swept: Swept,
    /// Topics that fail; nothing after a failure is tried in them, so that events stay in order.
    failing: Vec<String>,
}

/// After as many topics that fail it is the broker that fails, and the rest is left for the next sweep.
const FAILING_TOPICS: usize = 3;

/// How long the rows of a page are held; a transaction that is idle for longer than a statement may run is ended.
const PAGE_TIME: Duration = Duration::from_secs(5);

impl Outbox {
    /// Publishes the events that have waited for `age`, `page` of them in one transaction; and after a failure all that
    /// wait, until none fails.
    ///
    /// Any number of processes may sweep at the same time: each event is with one of them.
    /// A topic that fails does not keep the others waiting.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails; what was published until then is not published again.
    pub async fn sweep(&self, age: Duration, page: u32) -> Result<Swept, DbError> {
        let mut pass = Pass::default();
        if self.0.held.is_empty() {
            self.pass(&mut pass, age, page).await?;
        } else {
            self.pass(&mut pass, Duration::ZERO, page).await?;
            if !pass.is_over() {
                self.0.held.release_except(&pass.failing);
                // What was left to this sweep while it ran.
                self.pass(&mut pass, Duration::ZERO, page).await?;
            }
        }
        pass.failing.into_iter().for_each(|topic| self.0.held.hold(topic));
        Ok(pass.swept)
    }

    async fn pass(&self, pass: &mut Pass, age: Duration, page: u32) -> Result<(), DbError> {
        let system = self.0.database.system();
        let mut is_full = true;
        while is_full && !pass.is_over() {
            let mut tx = system.begin().await?;
            let waiting = outbox::take(&mut tx, &pass.failing, age, page).await?;
            is_full = waiting.len() >= page as usize;
            let mut done = Vec::new();
            let began = Instant::now();
            for waiting in waiting {
                if pass.is_over() || began.elapsed() > PAGE_TIME {
                    is_full = true;
                    break;
                }
                let event = waiting.event;
                if pass.failing.contains(&event.topic) {
                    continue;
                }
                match self.deliver_row(&event).await {
                    Delivery::Published => {
                        pass.swept.published += 1;
                        pass.swept.late += usize::from(waiting.age > self.0.topics.limits().idempotency);
                        done.push(event.id);
                    }
                    Delivery::Refused => done.push(event.id),
                    Delivery::Waits(error) => {
                        pass.swept.waits = Some(error);
                        pass.failing.push(event.topic);
                    }
                }
            }
            if done.is_empty() {
                tx.roll_back().await;
            } else {
                outbox::delete(&mut tx, &done).await?;
                tx.commit().await?;
            }
        }
        Ok(())
    }

    async fn deliver_row(&self, event: &OutboxEvent) -> Delivery {
        match message(event) {
            Ok(message) => self.deliver(&message).await,
            // Nobody could have subscribed to it.
            Err(error) => {
                tracing::error!(%error, "an event of the outbox is discarded");
                Delivery::Refused
            }
        }
    }
}

impl Pass {
    fn is_over(&self) -> bool {
        self.failing.len() >= FAILING_TOPICS
    }
}
