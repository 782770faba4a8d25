use std::sync::Arc;

use db::{
    DbError, MeetingId, TenantDb, TenantId, UserId,
    meetings::{
        self,
        standings::{self, Standing},
    },
};
use tintype::{Topic, TopicKey, TopicPayload, prelude::*};

use super::{MeetingEvent, RoomName, Rooms};
use crate::{AppState, OutboxError, auth::Session, outbox::Transaction};

/// The meetings of the caller's workspace: there is no other way to reach any.
#[derive(Debug, Clone)]
pub struct Meetings {
    pub(super) session: Session,
    pub(super) db: TenantDb,
    pub(super) state: AppState,
}

impl FromContext<AppState> for Meetings {
    async fn from_context(cx: &Context<AppState>) -> Result<Self, Failure> {
        let session = Session::from_context(cx).await?;
        let state = cx.state().clone();
        Ok(Self { db: session.db(&state), session, state })
    }
}

impl Meetings {
    /// Changes meetings and publishes what is changed, or does neither.
    pub(super) async fn change<T, E, W>(&self, work: W) -> Result<T, E>
    where
        E: From<DbError>,
        W: AsyncFnOnce(&mut Transaction<TenantDb>) -> Result<T, E>,
    {
        self.state.outbox().transaction(self.db.begin().await?, self.db.tenant_id(), work).await
    }

    /// The caller.
    pub(super) fn user(&self) -> UserId {
        self.session.active.account.user.id
    }

    /// What the caller is in a meeting; `None` if the workspace has no such meeting.
    pub(super) async fn standing(&self, id: MeetingId) -> Result<Option<Standing>, DbError> {
        let mut tx = self.db.begin().await?;
        let standing = standings::find(&mut tx, id, self.user()).await?;
        tx.commit().await?;
        Ok(standing)
    }

    /// The room of a meeting.
    pub(super) fn room(&self, meeting: MeetingId) -> RoomName {
        RoomName { tenant: self.db.tenant_id(), meeting }
    }

    /// The media server, if there is one.
    pub(super) fn rooms(&self) -> Option<Arc<dyn Rooms>> {
        self.state.rooms().cloned()
    }
}

/// Tells everybody in the workspace what a meeting is now.
pub(super) async fn announce(
    state: &AppState,
    tenant: TenantId,
    tx: &mut Transaction<TenantDb>,
    id: MeetingId,
) -> Result<Option<meetings::Meeting>, OutboxError> {
    let meeting = meetings::read(tx, id).await?;
    if let Some(meeting) = &meeting {
        let event = MeetingEvent::Changed { meeting: meeting.clone().into() };
        changes(state, tenant).publish_in(tx, &event).await?;
    }
    Ok(meeting)
}

/// What happens to the meetings of a tenant.
fn changes(state: &AppState, tenant: TenantId) -> Topic<MeetingEvent> {
    let name = <MeetingEvent as TopicPayload<AppState>>::TOPIC;
    let key = TopicKey::new(&tenant.to_string(), &[name]).expect("an id and a short name are parts of a key");
    state.topics().topic(key)
}
