//! The task that works off the outbox.

use std::time::Duration;

use api_contract::{Outbox, Swept};
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;

/// How the outbox is worked off; what the options of the server say.
#[derive(Debug, Clone)]
pub(crate) struct OutboxOptions {
    /// Time between two sweeps, more or less a fifth, so that instances do not sweep in step.
    pub(crate) sweep_interval: Duration,
    /// How long an event is left to its own call.
    pub(crate) age: Duration,
    /// Most events that a sweep holds in one transaction.
    pub(crate) sweep_events: u32,
    /// How long published events are collected, to be deleted together.
    pub(crate) delete_delay: Duration,
    /// Most events that are deleted together.
    pub(crate) delete_events: usize,
}

/// How long the last rows may take at the end; what is left of them is published again, which a broker ignores.
const END_TIME: Duration = Duration::from_secs(5);

/// Publishes what calls have left, and deletes what is published, until `shutdown` fires.
pub(crate) async fn work_off(outbox: &Outbox, options: &OutboxOptions, shutdown: CancellationToken) {
    let work = async { tokio::join!(sweep(outbox, options), delete(outbox, options)) };
    shutdown.run_until_cancelled(work).await;
    let rest = async { while outbox.delete_published(options.delete_events).await.is_ok_and(|count| count > 0) {} };
    if timeout(END_TIME, rest).await.is_err() {
        tracing::debug!("the rows of some published events stay");
    }
}

async fn sweep(outbox: &Outbox, options: &OutboxOptions) {
    let mut outage = Outage::default();
    loop {
        sleep(options.sweep_interval.mul_f64(rand::random_range(0.8..1.2))).await;
        match outbox.sweep(options.age, options.sweep_events).await {
            Ok(swept) => {
                report(&swept);
                match swept.waits {
                    Some(error) => outage.goes_on("events wait in the outbox", &error),
                    None => outage.is_over(),
                }
            }
            Err(error) => outage.goes_on("the outbox cannot be read", &error),
        }
    }
}

fn report(swept: &Swept) {
    let Swept { published, late, .. } = swept;
    if *published > 0 {
        tracing::debug!(published, "published events of the outbox");
    }
    if *late > 0 {
        tracing::warn!(late, "events were published that had waited for so long that they may have come twice");
    }
}

async fn delete(outbox: &Outbox, options: &OutboxOptions) {
    let mut outage = Outage::default();
    loop {
        outbox.published_at_least(1).await;
        // Many are worth a statement at once.
        let _ = timeout(options.delete_delay, outbox.published_at_least(options.delete_events)).await;
        match outbox.delete_published(options.delete_events).await {
            Ok(count) => {
                tracing::debug!(count, "deleted published events");
                outage.is_over();
            }
            Err(error) => {
                outage.goes_on("published events cannot be deleted", &error);
                sleep(options.sweep_interval).await;
            }
        }
    }
}

/// Says once that something fails, and once that it does not any more.
#[derive(Default)]
struct Outage {
    lasts: bool,
}

impl Outage {
    fn goes_on(&mut self, what: &str, error: &(dyn std::error::Error + 'static)) {
        if self.lasts {
            tracing::debug!(error, "{what} still");
        } else {
            tracing::error!(error, "{what}");
        }
        self.lasts = true;
    }

    fn is_over(&mut self) {
        if self.lasts {
            tracing::info!("the outbox is worked off again");
        }
        self.lasts = false;
    }
}
