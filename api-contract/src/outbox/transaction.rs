use std::ops::{Deref, DerefMut};

use db::{DbError, TenantId, outbox};
use tintype::{BrokerError, Message};

use super::{Outbox, row};

/// A transaction in which events can be published.
///
/// It is the database's transaction for everything that takes one.
#[derive(Debug)]
pub(crate) struct Transaction<D> {
    rows: db::Transaction<D>,
    tenant: TenantId,
    kept: Vec<Message>,
}

/// Why an event could not be kept.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OutboxError {
    /// It could never be published.
    #[error("the event cannot be published")]
    Event(#[from] BrokerError),
    /// The database failed.
    #[error("the event could not be stored")]
    Storage(#[from] DbError),
}

impl Outbox {
    /// Runs `work` in the transaction `rows`, and publishes its events when it has committed.
    ///
    /// An error of `work` takes everything back, and nothing is published.
    pub(crate) async fn transaction<D, T, E, W>(
        &self,
        rows: db::Transaction<D>,
        tenant: TenantId,
        work: W,
    ) -> Result<T, E>
    where
        E: From<DbError>,
        W: AsyncFnOnce(&mut Transaction<D>) -> Result<T, E>,
    {
        let mut tx = Transaction { rows, tenant, kept: Vec::new() };
        match work(&mut tx).await {
            Ok(value) => {
                tx.rows.commit().await?;
                self.publish(tx.kept).await;
                Ok(value)
            }
            Err(error) => {
                tx.rows.roll_back().await;
                Err(error)
            }
        }
    }
}

impl<D: Send> tintype::Outbox for Transaction<D> {
    type Error = OutboxError;

    async fn keep(&mut self, message: Message) -> Result<(), OutboxError> {
        let event = row(&message);
        outbox::keep(&mut self.rows, self.tenant, &event).await?;
        self.kept.push(message);
        Ok(())
    }
}

impl<D> Deref for Transaction<D> {
    type Target = db::Transaction<D>;

    fn deref(&self) -> &db::Transaction<D> {
        &self.rows
    }
}

impl<D> DerefMut for Transaction<D> {
    fn deref_mut(&mut self) -> &mut db::Transaction<D> {
        &mut self.rows
    }
}
