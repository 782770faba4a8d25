use std::time::Duration;

use db::{
    ChatSessionId, DbError, RunId, TenantDb,
    chat::{messages, runs::RunState},
};
use tintype::{Event, EventId, LastEventId, prelude::*};
use tokio::time::sleep;

use super::{
    ChatEvent, ChatState, Chats, InSession, Run, WatchError,
    events::Writing,
    pages::{self, MessagePage},
};

/// Everything that happens in a conversation, beginning with what it is now.
///
/// Who comes in the middle of an answer gets its beginning too, and who comes back gets what happened meanwhile.
/// As long as the stream is open, others see that the caller has the conversation open.
#[subscription]
pub async fn subscribe(
    chats: Chats,
    cursor: LastEventId,
    input: InSession,
) -> Result<Subscription<ChatEvent>, WatchError> {
    let id = input.session_id;
    let begins = match &cursor.0 {
        None => Some(read(&chats.db, id).await?.ok_or(WatchError::SessionNotFound { id })?),
        // Who comes back has it already.
        Some(_) => {
            chats.check(id).await?;
            None
        }
    };
    let viewers = chats.viewers(id);
    let viewer = chats.viewer();
    let stay = viewers.enter(viewer.id.to_string(), viewer).await?;
    let merged = Subscription::merged(
        cursor.0,
        |cursor| happenings(&chats, id, cursor, begins),
        |_| viewers.watch().map(|presence| ChatEvent::Presence { presence }),
    );
    Ok(merged.keeping(stay))
}

/// The events of the conversation after the client's cursor, or after a snapshot.
fn happenings(
    chats: &Chats,
    id: ChatSessionId,
    cursor: Option<EventId>,
    begins: Option<Moment>,
) -> Subscription<ChatEvent> {
    let (events, db, spacing) = (chats.events(id), chats.db.clone(), chats.state.runs().save_interval());
    let load = move || {
        let db = db.clone();
        async move { Ok::<_, Never>(healing(&db, id, spacing).await) }
    };
    match begins {
        Some(Moment { state, running: Some(Running { saved_at: Some(id), .. }) }) => {
            let snapshot = Event { id: id.clone(), data: ChatEvent::Snapshot { state } };
            events.resume_after(Some(id)).subscribe_or(load).starting_with(snapshot)
        }
        _ => events.resume_after(cursor).subscribe_or(load),
    }
}

/// What a conversation is now.
struct Moment {
    state: ChatState,
    running: Option<Running>,
}

/// The answer that is being written.
struct Running {
    run: RunId,
    /// The event after which the pieces come that its text does not have.
    saved_at: Option<EventId>,
    /// How often it was saved.
    saves: i64,
}

async fn read(db: &TenantDb, id: ChatSessionId) -> Result<Option<Moment>, DbError> {
    let Some(snapshot) = messages::snapshot(db, id, pages::DEFAULT_LIMIT).await? else { return Ok(None) };
    let running = snapshot.runs.iter().find(|run| run.state == RunState::Running).map(|run| Running {
        run: run.id,
        saved_at: run.text_cursor.clone().and_then(|id| EventId::new(id).ok()),
        saves: run.saves,
    });
    let MessagePage { items: messages, next_cursor: older } = snapshot.latest.into();
    let runs = snapshot.runs.iter().map(|run| Writing { run: Run::from(run), text: run.text.clone() }).collect();
    Ok(Some(Moment { state: ChatState { messages, older, runs }, running }))
}

/// What takes the place of events that nobody has any more.
///
/// The stream goes on from a position that was taken before this is called, so an answer that was being written then
/// must hold all that was published until then.
/// It has to be saved twice from now on: what is saved next may have been collected before the position was taken.
async fn healing(db: &TenantDb, id: ChatSessionId, spacing: Duration) -> ChatEvent {
    /// An owner that does not save for so long has lost its lease, and its answer is ended by another.
    const LONGEST: u32 = 12;
    let mut first: Option<Running> = None;
    for _ in 0..LONGEST {
        let moment = match read(db, id).await {
            Ok(Some(moment)) => moment,
            Ok(None) => return ChatEvent::Deleted,
            Err(error) => {
                tracing::error!(%error, "a conversation cannot be read where events are missing");
                return ChatEvent::Gap;
            }
        };
        let is_whole = match (&moment.running, &first) {
            (None, _) => true,
            (Some(_), None) => false,
            // Another one began later, so all of it follows.
            (Some(now), Some(first)) => now.run != first.run || now.saves >= first.saves + 2,
        };
        if is_whole {
            return ChatEvent::Snapshot { state: moment.state };
        }
        if first.is_none() {
            first = moment.running;
        }
        sleep(spacing).await;
    }
    ChatEvent::Gap
}
