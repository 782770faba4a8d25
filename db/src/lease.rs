//! A pooled connection with a transaction that cannot be left open.

use deadpool::managed::Object;
use diesel::QueryResult;
use diesel_async::{
    AnsiTransactionManager, AsyncPgConnection, TransactionManager,
    pooled_connection::{AsyncDieselConnectionManager, deadpool::Pool},
};
use futures_util::future::BoxFuture;

use crate::DbError;

/// Runs `work` in a transaction that begins with the statements `begin`, sent as one message.
pub(crate) async fn transaction<T, W>(pool: &Pool<AsyncPgConnection>, begin: &str, work: W) -> Result<T, DbError>
where
    T: Send,
    W: for<'c> FnOnce(&'c mut AsyncPgConnection) -> BoxFuture<'c, QueryResult<T>> + Send,
{
    let mut lease = Lease::begin(pool, begin).await?;
    match work(lease.connection()).await {
        Ok(value) => {
            lease.commit().await?;
            Ok(value)
        }
        Err(error) => {
            lease.roll_back().await;
            Err(error.into())
        }
    }
}

/// A connection in a transaction, which returns to the pool only when the transaction has ended.
///
/// A handler is dropped at any `.await` when its client goes away.
/// In the pool its connection would stay "idle in transaction" with its locks; closed, the server rolls back at once.
pub(crate) struct Lease {
    object: Option<Object<AsyncDieselConnectionManager<AsyncPgConnection>>>,
}

impl Lease {
    /// Begins with the statements `begin`, sent as one message.
    pub(crate) async fn begin(pool: &Pool<AsyncPgConnection>, begin: &str) -> Result<Self, DbError> {
        let object = pool.get().await.map_err(|error| DbError::Unavailable(error.into()))?;
        let mut lease = Self { object: Some(object) };
        AnsiTransactionManager::begin_transaction_sql(lease.connection(), begin).await?;
        Ok(lease)
    }

    pub(crate) fn connection(&mut self) -> &mut AsyncPgConnection {
        self.object.as_mut().expect("held until the lease ends")
    }

    pub(crate) async fn commit(mut self) -> QueryResult<()> {
        AnsiTransactionManager::commit_transaction(self.connection()).await?;
        self.give_back();
        Ok(())
    }

    /// Nothing that is to be rolled back stays, whether or not the statement gets through.
    pub(crate) async fn roll_back(mut self) {
        if AnsiTransactionManager::rollback_transaction(self.connection()).await.is_ok() {
            self.give_back();
        }
    }

    fn give_back(mut self) {
        self.object = None;
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        if let Some(object) = self.object.take() {
            drop(Object::take(object));
        }
    }
}
