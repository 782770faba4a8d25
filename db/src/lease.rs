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
    let object = pool.get().await.map_err(|error| DbError::Unavailable(error.into()))?;
    let mut lease = Lease { object: Some(object) };
    let connection = lease.connection();
    AnsiTransactionManager::begin_transaction_sql(connection, begin).await?;
    let result = match work(connection).await {
        Ok(value) => AnsiTransactionManager::commit_transaction(connection).await.map(|()| value),
        Err(error) => {
            // A rollback that fails leaves a broken connection behind, which the lease drops.
            AnsiTransactionManager::rollback_transaction(connection).await?;
            Err(error)
        }
    };
    let value = result?;
    lease.give_back();
    Ok(value)
}

/// A connection that returns to the pool only by [`Lease::give_back`].
///
/// A handler is dropped at any `.await` when its client goes away.
/// In the pool its connection would stay "idle in transaction" with its locks; closed, the server rolls back at once.
struct Lease {
    object: Option<Object<AsyncDieselConnectionManager<AsyncPgConnection>>>,
}

impl Lease {
    fn connection(&mut self) -> &mut AsyncPgConnection {
        self.object.as_mut().expect("held until the lease ends")
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
