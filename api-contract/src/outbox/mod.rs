//! Events that are published if the transaction that caused them commits, and not otherwise.
//!
//! They are rows of that transaction.
//! When it has committed they are published at once and their rows deleted; what is left, because the process ended in
//! between or the broker was away, [`Outbox::sweep`] publishes.
//! Both may publish the same event: its id is its idempotency key, so it arrives once.

mod held;
mod published;
mod sweep;
mod transaction;

use std::{fmt, sync::Arc, time::Duration};

use db::{Database, DbError, OutboxId, outbox::OutboxEvent};
use tintype::{BrokerError, InvalidTopicKey, Message, Retention, TopicKey, Topics};

pub(crate) use self::transaction::Transaction;
use self::{held::Held, published::Published};
pub use self::{sweep::Swept, transaction::OutboxError};

/// Publishes what transactions have kept. Cheap to clone.
#[derive(Clone)]
pub struct Outbox(Arc<Parts>);

struct Parts {
    database: Database,
    topics: Topics,
    /// Events that are published and whose rows are still there.
    published: Published,
    held: Held,
}

/// What became of an event.
enum Delivery {
    /// It is published.
    Published,
    /// It can never be published.
    Refused,
    /// It may be published later.
    Waits(BrokerError),
}

impl Outbox {
    pub(crate) fn new(database: Database, topics: Topics) -> Self {
        Self(Arc::new(Parts { database, topics, published: Published::default(), held: Held::default() }))
    }

    /// Publishes the messages of a transaction that has committed; what cannot be published is left to the sweeper.
    async fn publish(&self, kept: Vec<Message>) {
        for message in kept {
            if self.0.held.has(message.key().as_str()) {
                continue;
            }
            match self.deliver(&message).await {
                Delivery::Published | Delivery::Refused => self.0.published.push(row_id(&message)),
                Delivery::Waits(error) => {
                    tracing::debug!(%error, "an event waits in the outbox");
                    self.0.held.hold(message.key().to_string());
                }
            }
        }
    }

    async fn deliver(&self, message: &Message) -> Delivery {
        match self.0.topics.publish(message).await {
            Ok(_) => Delivery::Published,
            // What an instance with another limit has kept.
            Err(error @ BrokerError::TooLarge { .. }) => {
                tracing::error!(%error, "an event of the outbox is discarded");
                Delivery::Refused
            }
            Err(error) => Delivery::Waits(error),
        }
    }

    /// Waits until `count` published events can be deleted.
    pub async fn published_at_least(&self, count: usize) {
        self.0.published.at_least(count).await;
    }

    /// Deletes at most `count` published events, and returns how many it deleted.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails; they can be deleted later.
    pub async fn delete_published(&self, count: usize) -> Result<usize, DbError> {
        let ids = self.0.published.oldest(count);
        if ids.is_empty() {
            return Ok(0);
        }
        let mut tx = self.0.database.system().begin().await?;
        db::outbox::delete(&mut tx, &ids).await?;
        tx.commit().await?;
        self.0.published.forget(&ids);
        Ok(ids.len())
    }
}

/// A message and its row have one id.
fn row_id(message: &Message) -> OutboxId {
    OutboxId::from(uuid::Uuid::from_u128(message.id()))
}

/// The row of a message; [`message`] reads it again.
fn row(message: &Message) -> OutboxEvent {
    let Retention { events, age } = message.key().retention();
    OutboxEvent {
        id: row_id(message),
        topic: message.key().to_string(),
        payload: message.payload().to_vec(),
        kept_events: events.map(|events| i64::try_from(events).unwrap_or(i64::MAX)),
        kept_ms: age.map(|age| i64::try_from(age.as_millis()).unwrap_or(i64::MAX)),
    }
}

/// The message of a row.
fn message(row: &OutboxEvent) -> Result<Message, InvalidTopicKey> {
    let retention = Retention {
        events: row.kept_events.and_then(|events| usize::try_from(events).ok()),
        age: row.kept_ms.and_then(|ms| u64::try_from(ms).ok()).map(Duration::from_millis),
    };
    let key = row.topic.parse::<TopicKey>()?.keeping(retention);
    Ok(Message::from_parts(row.id.as_uuid().as_u128(), key, row.payload.clone().into()))
}

impl fmt::Debug for Outbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Outbox").field("held", &self.0.held).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_the_same_when_it_is_read_from_its_row() {
        let ages = [None, Some(Duration::from_millis(1_500))];
        for (events, age) in [None, Some(1_024)].into_iter().zip(ages) {
            let retention = Retention { events, age };
            let key = TopicKey::new("studio", &["answers", "7"]).unwrap().keeping(retention);
            let sent = Message::from_parts(7, key, "{}".into());

            let read = message(&row(&sent)).unwrap();

            assert_eq!(read, sent);
            assert_eq!(read.key().retention(), retention);
        }
    }
}
