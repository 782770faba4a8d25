//! Invitations: links by which somebody becomes a member of a tenant, once.

use std::{fmt, time::Duration};

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use futures_util::FutureExt;

use crate::{
    DbError, InvitationId, SystemDb, TenantDb, TenantId, Transaction, UserId,
    accounts::{Account, Role, Tenant, TenantRow, UserRow, account, lower, now},
    members::{self, Actor},
    schema::{invitations, tenants, users},
    sessions::{self, NewSession},
};

/// An invitation as the owners of the tenant see it; what proves it is not part of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invitation {
    /// Its id.
    pub id: InvitationId,
    /// Who is invited.
    pub email: String,
    /// What they will be.
    pub role: Role,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it ends.
    pub expires_at: DateTime<Utc>,
}

/// Whether an invitation can be accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It can.
    Open,
    /// Its time is over.
    Expired,
    /// Somebody has accepted it.
    Used,
    /// An owner has revoked it.
    Revoked,
}

/// An invitation as who has its token sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The invitation.
    pub invitation: Invitation,
    /// The tenant to which it leads.
    pub tenant: Tenant,
    /// Whether it can be accepted.
    pub standing: Standing,
}

/// An invitation that is to be.
#[derive(Clone)]
pub struct NewInvitation {
    /// Who is invited, at most 254 characters.
    pub email: String,
    /// What they will be.
    pub role: Role,
    /// SHA-256 of the secret in the link; the secret itself is never stored.
    pub token_hash: [u8; 32],
    /// How long it can be accepted.
    pub lifetime: Duration,
}

/// Somebody who accepts an invitation, with the session that begins thereby.
pub struct NewMember {
    /// What the person wants to be called, 1 to 120 characters.
    pub name: Option<String>,
    /// The hash of the password, in the format of PHC strings.
    pub password_hash: String,
    /// The first session.
    pub session: NewSession,
}

/// Why nobody was invited.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum InviteError {
    /// Who invites is no owner, or no longer.
    #[error("only an owner invites")]
    NotOwner,
    /// Who is invited is a member.
    #[error("the address is a member's")]
    AlreadyMember,
    /// As many invitations as allowed are open.
    #[error("too many invitations are open")]
    TooMany,
    /// The database failed.
    #[error(transparent)]
    Database(#[from] DbError),
}

/// Why an invitation was not revoked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RevokeError {
    /// Who revokes it is no owner, or no longer.
    #[error("only an owner revokes invitations")]
    NotOwner,
    /// The tenant has no such invitation, or it was revoked before.
    #[error("the tenant has no such invitation")]
    NotFound,
    /// It was accepted before.
    #[error("the invitation was accepted")]
    Used,
    /// The database failed.
    #[error(transparent)]
    Database(#[from] DbError),
}

/// Why an invitation was not accepted.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AcceptError {
    /// It cannot be, or there is none.
    #[error("the invitation cannot be accepted: {0:?}")]
    NotOpen(Option<Standing>),
    /// Somebody has an account with its address, here or elsewhere.
    #[error("the e-mail address is taken")]
    EmailTaken,
    /// The database failed.
    #[error(transparent)]
    Database(#[from] DbError),
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = invitations)]
struct Row {
    id: InvitationId,
    email: String,
    role: String,
    created_at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
    accepted_at: Option<DateTime<Utc>>,
    revoked_at: Option<DateTime<Utc>>,
}

#[derive(Insertable)]
#[diesel(table_name = invitations)]
struct NewRow<'a> {
    id: InvitationId,
    tenant_id: TenantId,
    email: &'a str,
    role: &'a str,
    token_hash: &'a [u8],
    invited_by: UserId,
    created_at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
}

impl Row {
    fn standing(&self, at: DateTime<Utc>) -> Standing {
        match self {
            Self { accepted_at: Some(_), .. } => Standing::Used,
            Self { revoked_at: Some(_), .. } => Standing::Revoked,
            Self { expires_at, .. } if *expires_at <= at => Standing::Expired,
            _ => Standing::Open,
        }
    }
}

impl TryFrom<Row> for Invitation {
    type Error = DbError;

    fn try_from(row: Row) -> Result<Self, DbError> {
        let Row { id, email, role, created_at, expires_at, .. } = row;
        Ok(Self { id, email, role: Role::read(&role, "invitations.role")?, created_at, expires_at })
    }
}

/// Invites somebody; an earlier invitation of the same address is revoked, and at most `limit` are open.
///
/// # Errors
///
/// [`InviteError`] says why not.
pub async fn create(
    tx: &mut Transaction<SystemDb>,
    actor: Actor,
    new: &NewInvitation,
    limit: u32,
) -> Result<Invitation, InviteError> {
    members::hold_as_owner(tx, actor).await?.ok_or(InviteError::NotOwner)?;
    let Actor { tenant, user } = actor;
    let is_member = users::tenant_id.eq(tenant).and(lower(users::email).eq(lower(&new.email)));
    let member = users::table.filter(is_member).select(users::id);
    if tx.run(async |connection| member.first::<UserId>(connection).await.optional()).await?.is_some() {
        return Err(InviteError::AlreadyMember);
    }
    let now = now();
    let unused = invitations::accepted_at.is_null().and(invitations::revoked_at.is_null());
    let of_address = invitations::tenant_id.eq(tenant).and(lower(invitations::email).eq(lower(&new.email)));
    let revoke = diesel::update(invitations::table.filter(of_address.and(unused))).set(invitations::revoked_at.eq(now));
    tx.run(async |connection| revoke.execute(connection).await).await?;
    let open = invitations::tenant_id.eq(tenant).and(unused).and(invitations::expires_at.gt(now));
    let count = invitations::table.filter(open).count();
    let count: i64 = tx.run(async |connection| count.get_result(connection).await).await?;
    if count >= i64::from(limit) {
        return Err(InviteError::TooMany);
    }
    let row = NewRow {
        id: InvitationId::generate(),
        tenant_id: tenant,
        email: &new.email,
        role: new.role.as_str(),
        token_hash: &new.token_hash,
        invited_by: user,
        created_at: now,
        expires_at: now + new.lifetime,
    };
    tx.run(async |connection| diesel::insert_into(invitations::table).values(&row).execute(connection).await).await?;
    let NewRow { id, created_at, expires_at, .. } = row;
    Ok(Invitation { id, email: new.email.clone(), role: new.role, created_at, expires_at })
}

/// The invitations of a tenant that can be accepted at `at`, newest first.
///
/// # Errors
///
/// [`DbError`] if the database fails.
pub async fn open(db: &TenantDb, at: DateTime<Utc>) -> Result<Vec<Invitation>, DbError> {
    let rows: Vec<Row> = db
        .run(move |connection| {
            async move {
                let unused = invitations::accepted_at.is_null().and(invitations::revoked_at.is_null());
                invitations::table
                    .filter(unused.and(invitations::expires_at.gt(at)))
                    .order((invitations::created_at.desc(), invitations::id.desc()))
                    .select(Row::as_select())
                    .load(connection)
                    .await
            }
            .boxed()
        })
        .await?;
    rows.into_iter().map(Invitation::try_from).collect()
}

/// Finds the invitation with a token, whatever became of it.
///
/// # Errors
///
/// [`DbError`] if the database fails.
pub async fn find(db: &SystemDb, token_hash: &[u8; 32], at: DateTime<Utc>) -> Result<Option<Found>, DbError> {
    let token_hash = token_hash.to_vec();
    let found: Option<(Row, TenantRow)> = db
        .run(move |connection| {
            async move {
                invitations::table
                    .inner_join(tenants::table)
                    .filter(invitations::token_hash.eq(token_hash))
                    .select((Row::as_select(), TenantRow::as_select()))
                    .first(connection)
                    .await
                    .optional()
            }
            .boxed()
        })
        .await?;
    found
        .map(|(row, tenant)| {
            let standing = row.standing(at);
            Ok(Found { invitation: row.try_into()?, tenant: tenant.into(), standing })
        })
        .transpose()
}

/// Revokes an invitation that was not accepted.
///
/// # Errors
///
/// [`RevokeError`] says why not.
pub async fn revoke(tx: &mut Transaction<SystemDb>, actor: Actor, id: InvitationId) -> Result<(), RevokeError> {
    members::hold_as_owner(tx, actor).await?.ok_or(RevokeError::NotOwner)?;
    let of_tenant = invitations::table.find(id).filter(invitations::tenant_id.eq(actor.tenant));
    let row = of_tenant.select(Row::as_select());
    let row: Option<Row> = tx.run(async |connection| row.first(connection).await.optional()).await?;
    match row.map(|row| row.standing(now())) {
        None | Some(Standing::Revoked) => Err(RevokeError::NotFound),
        Some(Standing::Used) => Err(RevokeError::Used),
        Some(Standing::Open | Standing::Expired) => {
            let update = diesel::update(invitations::table.find(id)).set(invitations::revoked_at.eq(now()));
            tx.run(async |connection| update.execute(connection).await).await?;
            Ok(())
        }
    }
}

/// Revokes what a member has invited and nobody has accepted.
pub(crate) async fn revoke_all_of(
    tx: &mut Transaction<SystemDb>,
    tenant: TenantId,
    user: UserId,
) -> Result<(), DbError> {
    let unused = invitations::accepted_at.is_null().and(invitations::revoked_at.is_null());
    let theirs = invitations::tenant_id.eq(tenant).and(invitations::invited_by.eq(user)).and(unused);
    let update = diesel::update(invitations::table.filter(theirs)).set(invitations::revoked_at.eq(now()));
    tx.run(async |connection| update.execute(connection).await.map(drop)).await
}

/// Makes a member of who has the token, and begins their session.
///
/// The transaction is [about](SystemDb::begin_for) the tenant to which the invitation leads.
///
/// # Errors
///
/// [`AcceptError`] says why not.
pub async fn accept(
    tx: &mut Transaction<SystemDb>,
    tenant: TenantId,
    token_hash: &[u8; 32],
    new: NewMember,
) -> Result<Account, AcceptError> {
    members::hold(tx, tenant).await?;
    let now = now();
    let with_token = invitations::token_hash.eq(&token_hash[..]).and(invitations::tenant_id.eq(tenant));
    let row = invitations::table
        .inner_join(tenants::table)
        .filter(with_token)
        .select((Row::as_select(), TenantRow::as_select()));
    let found: Option<(Row, TenantRow)> = tx.run(async |connection| row.first(connection).await.optional()).await?;
    let (row, tenant_row) = found.ok_or(AcceptError::NotOpen(None))?;
    match row.standing(now) {
        Standing::Open => {}
        standing => return Err(AcceptError::NotOpen(Some(standing))),
    }
    let update = diesel::update(invitations::table.find(row.id)).set(invitations::accepted_at.eq(now));
    tx.run(async |connection| update.execute(connection).await).await?;
    let user = UserRow {
        id: UserId::generate(),
        tenant_id: tenant,
        email: row.email,
        name: new.name,
        role: row.role,
        password_hash: new.password_hash,
        created_at: now,
    };
    let session = new.session.row(tenant, user.id, now);
    let insert = diesel::insert_into(users::table).values(&user);
    match tx.run(async |connection| insert.execute(connection).await).await {
        Ok(_) => {}
        Err(DbError::Duplicate { constraint }) if constraint == "users_email" => return Err(AcceptError::EmailTaken),
        Err(error) => return Err(error.into()),
    }
    tx.run(async |connection| sessions::insert(connection, &session).await).await?;
    Ok(account(user, tenant_row)?)
}

impl fmt::Debug for NewInvitation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NewInvitation").field("role", &self.role).finish_non_exhaustive()
    }
}

impl fmt::Debug for NewMember {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NewMember").finish_non_exhaustive()
    }
}
