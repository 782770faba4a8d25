use std::fmt;

use diesel::QueryResult;
use diesel_async::AsyncPgConnection;

use crate::{DbError, SystemDb, TenantDb, TenantId, connect::begin_statements, lease::Lease};

/// An open transaction through one of the two doors, which `D` names.
///
/// Dropped without [`commit`](Self::commit) it takes back everything, at the cost of a connection;
/// [`roll_back`](Self::roll_back) does so without.
pub struct Transaction<D> {
    pub(crate) door: D,
    lease: Lease,
    /// PostgreSQL answers a `COMMIT` after a failed statement with success, and has taken everything back.
    failed: bool,
}

impl TenantDb {
    /// Begins a transaction with the tenant set.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails.
    pub async fn begin(&self) -> Result<Transaction<Self>, DbError> {
        let lease = Lease::begin(&self.pool, &begin_statements(self.tenant_id())).await?;
        Ok(Transaction { door: self.clone(), lease, failed: false })
    }
}

impl SystemDb {
    /// Begins a transaction.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails.
    pub async fn begin(&self) -> Result<Transaction<Self>, DbError> {
        let lease = Lease::begin(&self.pool, "BEGIN").await?;
        Ok(Transaction { door: self.clone(), lease, failed: false })
    }

    /// Begins a transaction with a tenant set; only in one can users and invitations be changed, and only that tenant's.
    ///
    /// # Errors
    ///
    /// [`DbError`] if the database fails.
    pub async fn begin_for(&self, tenant: TenantId) -> Result<Transaction<Self>, DbError> {
        let lease = Lease::begin(&self.pool, &begin_statements(tenant)).await?;
        Ok(Transaction { door: self.clone(), lease, failed: false })
    }
}

impl Transaction<TenantDb> {
    /// The tenant whose rows these are.
    #[must_use]
    pub fn tenant_id(&self) -> TenantId {
        self.door.tenant_id()
    }
}

impl<D> Transaction<D> {
    /// Makes everything last.
    ///
    /// # Errors
    ///
    /// [`DbError::Aborted`] if a statement failed before; otherwise [`DbError`] if the database fails, and then it is
    /// not known whether it lasts.
    pub async fn commit(self) -> Result<(), DbError> {
        if self.failed {
            self.roll_back().await;
            return Err(DbError::Aborted);
        }
        Ok(self.lease.commit().await?)
    }

    /// Takes everything back.
    pub async fn roll_back(self) {
        self.lease.roll_back().await;
    }

    /// Runs `work` as a part of the transaction.
    pub(crate) async fn run<T, W>(&mut self, work: W) -> Result<T, DbError>
    where
        W: AsyncFnOnce(&mut AsyncPgConnection) -> QueryResult<T>,
    {
        let result = work(self.lease.connection()).await;
        self.failed |= result.is_err();
        Ok(result?)
    }
}

impl<D> fmt::Debug for Transaction<D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Transaction").field("failed", &self.failed).finish_non_exhaustive()
    }
}
