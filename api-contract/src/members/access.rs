use db::{DbError, SystemDb, members::Actor};
use tintype::{Topic, prelude::*};

use super::MemberEvent;
use crate::{AppState, auth::Owner, outbox::Transaction};

/// The members of the caller's workspace, to change them: there is no other way, and only an owner has it.
#[derive(Debug)]
pub struct Members {
    pub(super) actor: Actor,
    pub(super) state: AppState,
    pub(super) changes: Topic<MemberEvent>,
}

impl FromContext<AppState> for Members {
    async fn from_context(cx: &Context<AppState>) -> Result<Self, Failure> {
        let account = Owner::from_context(cx).await?.0.active.account;
        let actor = Actor { tenant: account.tenant.id, user: account.user.id };
        Ok(Self { actor, state: cx.state().clone(), changes: Topic::from_context(cx).await? })
    }
}

impl Members {
    /// Changes members and publishes what is changed, or does neither.
    pub(super) async fn change<T, E, W>(&self, work: W) -> Result<T, E>
    where
        E: From<DbError>,
        W: AsyncFnOnce(&mut Transaction<SystemDb>) -> Result<T, E>,
    {
        let rows = self.state.database().system().begin_for(self.actor.tenant).await?;
        self.state.outbox().transaction(rows, self.actor.tenant, work).await
    }
}
