//! What clients see of users and tenants.

use chrono::{DateTime, Utc};
use db::{
    TenantId, UserId,
    accounts::{self, Account, Role},
};
use tintype::prelude::*;

/// Who is signed in, and where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct SignedIn {
    /// The user.
    pub user: User,
    /// The workspace.
    pub tenant: Tenant,
}

/// A user of a workspace.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct User {
    /// Id of the user.
    pub id: UserId,
    /// E-mail address, as it was given at registration.
    pub email: String,
    /// What the person wants to be called.
    pub name: Option<String>,
    /// What the user may do.
    pub role: UserRole,
    /// When the user registered.
    pub created_at: DateTime<Utc>,
}

/// What a user may do in a workspace.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum UserRole {
    /// Everything.
    Owner,
    /// Everything but to change members and budgets.
    Member,
}

/// A workspace: what belongs to it is seen by its members and by nobody else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Tenant {
    /// Id of the workspace.
    pub id: TenantId,
    /// Its name.
    pub name: String,
    /// When it was created.
    pub created_at: DateTime<Utc>,
}

impl From<Account> for SignedIn {
    fn from(Account { user, tenant }: Account) -> Self {
        Self { user: user.into(), tenant: tenant.into() }
    }
}

impl From<accounts::User> for User {
    fn from(user: accounts::User) -> Self {
        let accounts::User { id, email, name, role, created_at } = user;
        Self { id, email, name, role: role.into(), created_at }
    }
}

impl From<accounts::Tenant> for Tenant {
    fn from(tenant: accounts::Tenant) -> Self {
        let accounts::Tenant { id, name, created_at } = tenant;
        Self { id, name, created_at }
    }
}

impl From<Role> for UserRole {
    fn from(role: Role) -> Self {
        match role {
            Role::Owner => Self::Owner,
            Role::Member => Self::Member,
        }
    }
}

impl From<UserRole> for Role {
    fn from(role: UserRole) -> Self {
        match role {
            UserRole::Owner => Self::Owner,
            UserRole::Member => Self::Member,
        }
    }
}
