//! Who belongs to a tenant, and as what.
//!
//! A tenant always has an owner.
//! Changes of its members come one after the other, because each holds the tenant's row; who changes something must be
//! an owner when it is their turn, and not only when they asked.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use futures_util::FutureExt;

use crate::{
    DbError, SystemDb, TenantDb, TenantId, Transaction, UserId,
    accounts::{Role, User},
    invitations,
    schema::{tenants, users},
    sessions::{self, TokenHash},
};

/// Somebody who changes the members of their tenant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Actor {
    /// The tenant.
    pub tenant: TenantId,
    /// The user.
    pub user: UserId,
}

/// Why a member was not changed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ChangeError {
    /// Who changes it is no owner, or no longer.
    #[error("only an owner changes members")]
    NotOwner,
    /// The tenant has no such member.
    #[error("the tenant has no such member")]
    NotFound,
    /// Nobody would own the tenant.
    #[error("a tenant has an owner")]
    LastOwner,
    /// Owners remove others, and not themselves.
    #[error("nobody removes themselves")]
    Oneself,
    /// The database failed.
    #[error(transparent)]
    Database(#[from] DbError),
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = users)]
struct Row {
    id: UserId,
    email: String,
    name: Option<String>,
    role: String,
    created_at: DateTime<Utc>,
}

impl TryFrom<Row> for User {
    type Error = DbError;

    fn try_from(row: Row) -> Result<Self, DbError> {
        let Row { id, email, name, role, created_at } = row;
        Ok(Self { id, email, name, role: Role::read(&role, "users.role")?, created_at })
    }
}

/// The members of a tenant, who came first first.
///
/// # Errors
///
/// [`DbError`] if the database fails.
pub async fn list(db: &TenantDb) -> Result<Vec<User>, DbError> {
    let rows: Vec<Row> = db
        .run(|connection| {
            async move {
                users::table.order((users::created_at, users::id)).select(Row::as_select()).load(connection).await
            }
            .boxed()
        })
        .await?;
    rows.into_iter().map(User::try_from).collect()
}

/// Gives a member a role; the invitations of who is no owner any more are revoked.
///
/// # Errors
///
/// [`ChangeError`] says why not.
pub async fn set_role(
    tx: &mut Transaction<SystemDb>,
    actor: Actor,
    id: UserId,
    role: Role,
) -> Result<User, ChangeError> {
    hold_as_owner(tx, actor).await?.ok_or(ChangeError::NotOwner)?;
    let member = find(tx, actor.tenant, id).await?.ok_or(ChangeError::NotFound)?;
    if member.role == Role::Owner && role == Role::Member {
        check_other_owner(tx, actor.tenant, id).await?;
        invitations::revoke_all_of(tx, actor.tenant, id).await?;
    }
    let update = diesel::update(users::table.find(id).filter(users::tenant_id.eq(actor.tenant)))
        .set(users::role.eq(role.as_str()));
    tx.run(async |connection| update.execute(connection).await).await?;
    Ok(User { role, ..member })
}

/// Removes a member with their sessions, and returns those; the invitations of who is gone are revoked.
///
/// # Errors
///
/// [`ChangeError`] says why not.
pub async fn remove(tx: &mut Transaction<SystemDb>, actor: Actor, id: UserId) -> Result<Vec<TokenHash>, ChangeError> {
    hold_as_owner(tx, actor).await?.ok_or(ChangeError::NotOwner)?;
    let member = find(tx, actor.tenant, id).await?.ok_or(ChangeError::NotFound)?;
    if member.role == Role::Owner {
        check_other_owner(tx, actor.tenant, id).await?;
    }
    if id == actor.user {
        return Err(ChangeError::Oneself);
    }
    invitations::revoke_all_of(tx, actor.tenant, id).await?;
    let ended = sessions::delete_all(tx, actor.tenant, id).await?;
    let delete = diesel::delete(users::table.find(id).filter(users::tenant_id.eq(actor.tenant)));
    tx.run(async |connection| delete.execute(connection).await).await?;
    Ok(ended)
}

/// Waits until nobody else changes the tenant's members.
pub(crate) async fn hold(tx: &mut Transaction<SystemDb>, tenant: TenantId) -> Result<(), DbError> {
    let held = tenants::table.find(tenant).select(tenants::id).for_no_key_update();
    tx.run(async |connection| held.first::<TenantId>(connection).await.optional().map(drop)).await
}

/// [Holds](hold) the tenant's members; `None` if the actor is no owner then.
pub(crate) async fn hold_as_owner(tx: &mut Transaction<SystemDb>, actor: Actor) -> Result<Option<()>, DbError> {
    hold(tx, actor.tenant).await?;
    let of_actor = users::table
        .find(actor.user)
        .filter(users::tenant_id.eq(actor.tenant).and(users::role.eq(Role::Owner.as_str())))
        .select(users::id);
    let owner = tx.run(async |connection| of_actor.first::<UserId>(connection).await.optional()).await?;
    Ok(owner.map(drop))
}

/// Finds a member and holds their row, so that no session of theirs begins meanwhile.
async fn find(tx: &mut Transaction<SystemDb>, tenant: TenantId, id: UserId) -> Result<Option<User>, DbError> {
    let held = users::table.find(id).filter(users::tenant_id.eq(tenant)).select(Row::as_select()).for_update();
    let row: Option<Row> = tx.run(async |connection| held.first(connection).await.optional()).await?;
    row.map(User::try_from).transpose()
}

async fn check_other_owner(tx: &mut Transaction<SystemDb>, tenant: TenantId, id: UserId) -> Result<(), ChangeError> {
    let others = users::tenant_id.eq(tenant).and(users::role.eq(Role::Owner.as_str())).and(users::id.ne(id));
    let count = users::table.filter(others).count();
    let count: i64 = tx.run(async |connection| count.get_result(connection).await).await?;
    if count == 0 { Err(ChangeError::LastOwner) } else { Ok(()) }
}
