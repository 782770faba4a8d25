use std::{fmt, future::Future};

use bytes::Bytes;
use serde::Serialize;
use uuid::Uuid;

use super::{BrokerError, Topic, TopicKey, Topics};
use crate::event_id::EventId;

/// A transaction that keeps events until it has committed.
///
/// An application implements it once, for its transaction, with a table for what is not published yet:
///
/// 1. [`keep`](Outbox::keep) writes the message as a row, in the transaction.
/// 2. When the transaction has committed, the application gives the messages to [`Topics::publish`], and deletes the
///    rows of those that were published.
/// 3. What is left, because the process ended in between or the broker was away, a task publishes from the rows.
///
/// A message may be published by both: it has an id, and the broker takes an id once.
pub trait Outbox: Send {
    /// Why a message is not kept; the transaction should end with it.
    type Error: From<BrokerError>;

    /// Keeps a message, if the transaction commits.
    fn keep(&mut self, message: Message) -> impl Future<Output = Result<(), Self::Error>> + Send;
}

/// An encoded event that is to be published, once, however often that is tried.
#[derive(Clone, PartialEq, Eq)]
pub struct Message {
    id: u128,
    key: TopicKey,
    payload: Bytes,
}

impl Message {
    /// Puts a message together again that was taken apart to be stored.
    #[must_use]
    pub fn from_parts(id: u128, key: TopicKey, payload: Bytes) -> Self {
        Self { id, key, payload }
    }

    /// The id by which a broker knows that it has the message already: a UUID of version 7, so ids ascend with time.
    #[must_use]
    pub fn id(&self) -> u128 {
        self.id
    }

    /// The topic that it is for. Its text is read back with `parse`, and what is kept of the topic is not in the text:
    /// it is stored and given to [`TopicKey::keeping`].
    #[must_use]
    pub fn key(&self) -> &TopicKey {
        &self.key
    }

    /// The event as JSON.
    #[must_use]
    pub fn payload(&self) -> &Bytes {
        &self.payload
    }
}

impl<T: Serialize + Send + 'static> Topic<T> {
    /// Publishes one event if `transaction` commits, and not otherwise.
    ///
    /// ```
    /// use serde::Serialize;
    /// use tintype::{BrokerError, Message, Outbox, Topic, TopicKey, Topics};
    ///
    /// /// A transaction of some database; a real one writes `kept` into a table.
    /// #[derive(Default)]
    /// struct Transaction { kept: Vec<Message> }
    ///
    /// impl Outbox for Transaction {
    ///     type Error = BrokerError;
    ///
    ///     async fn keep(&mut self, message: Message) -> Result<(), BrokerError> {
    ///         self.kept.push(message);
    ///         Ok(())
    ///     }
    /// }
    ///
    /// #[derive(Serialize)]
    /// struct Renamed { name: String }
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let topics = Topics::in_process();
    /// let changes: Topic<Renamed> = topics.topic(TopicKey::new("studio", &["widgets"])?);
    ///
    /// let mut transaction = Transaction::default();
    /// changes.publish_in(&mut transaction, &Renamed { name: "clock".to_owned() }).await?;
    /// // The transaction has committed:
    /// for message in &transaction.kept {
    ///     topics.publish(message).await?;
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`BrokerError::TooLarge`] and [`BrokerError::Encode`], because such an event could never be published; and what
    /// [`Outbox::keep`] fails with. The broker is not asked, so it may be away.
    pub async fn publish_in<O: Outbox>(&self, transaction: &mut O, event: &T) -> Result<(), O::Error> {
        let message = self.message(event)?;
        transaction.keep(message).await
    }

    /// The message that publishes an event, for a transaction that is no [`Outbox`].
    ///
    /// # Errors
    ///
    /// [`BrokerError::TooLarge`] and [`BrokerError::Encode`].
    pub fn message(&self, event: &T) -> Result<Message, BrokerError> {
        let payload = Self::encode(event)?;
        self.topics.limits().check(&self.key, &payload)?;
        Ok(Message { id: Uuid::now_v7().as_u128(), key: self.key.clone(), payload })
    }
}

impl Topics {
    /// Publishes a message, unless it was published within [`BrokerLimits::idempotency`](super::BrokerLimits); then it
    /// returns the id of the event of that time.
    ///
    /// # Errors
    ///
    /// [`BrokerError`] as [`Topic::publish`].
    pub async fn publish(&self, message: &Message) -> Result<EventId, BrokerError> {
        let Message { id, key, payload } = message;
        let idempotency_key = Uuid::from_u128(*id).simple().to_string();
        self.broker().publish(key, payload.clone(), Some(&idempotency_key)).await
    }
}

impl fmt::Debug for Message {
    // Without the payload, which is an application's.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Message")
            .field("id", &Uuid::from_u128(self.id))
            .field("key", &self.key)
            .field("size_bytes", &self.payload.len())
            .finish()
    }
}
