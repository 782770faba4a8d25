//! Ends runs: answer, state and cost in one transaction, so that each of them is there once or not at all.

use std::time::Duration;

use chrono::Utc;
use db::{
    DbError, RunId, TenantDb,
    chat::{
        messages::{self, Ending, From, NewMessage},
        runs::{self, Run, RunEnd, RunState},
    },
    knowledge::{Citation, Passage},
};
use tokio::time::sleep;

use super::{
    super::{ChatEvent, Message, Run as RunView, access::events},
    prompt,
    saves::Writing,
};
use crate::{
    AppState, OutboxError,
    money::{self, Used, estimated_tokens},
    outbox::Transaction,
    providers::Usage,
};

/// How a run ends.
#[derive(Debug, Clone)]
pub(super) struct Outcome {
    /// What there is of the answer.
    text: String,
    ending: Ending,
    state: RunState,
    /// Why it failed, for a person.
    reason: Option<String>,
    used: Used,
}

impl Outcome {
    pub(super) fn done(text: String, ending: Ending, used: Used) -> Self {
        Self { text, ending, state: RunState::Done, reason: None, used }
    }

    pub(super) fn stopped(text: String, used: Used) -> Self {
        Self { text, ending: Ending::Stopped, state: RunState::Cancelled, reason: None, used }
    }

    pub(super) fn failed(text: String, reason: String, used: Used) -> Self {
        Self { text, ending: Ending::Failed, state: RunState::Failed, reason: Some(reason), used }
    }
}

/// Longest time for which the end of a run is tried again while the database is away.
const LONGEST: Duration = Duration::from_secs(60);

/// Ends a run of this instance; if the database is away for too long, its lease runs out and another instance does.
pub(super) async fn end(state: &AppState, run: &Run, writing: &Writing, outcome: Outcome) {
    let mut wait = Duration::from_millis(50);
    let mut waited = Duration::ZERO;
    loop {
        match try_end(state, run, &outcome).await {
            Ok(true) => return,
            Ok(false) => return settle_of_deleted(state, run, outcome.used).await,
            Err(error) if waited < LONGEST && !writing.lost.is_cancelled() => {
                tracing::warn!(run = %run.id, %error, "the end of an answer cannot be stored: trying again");
            }
            Err(error) => {
                tracing::error!(run = %run.id, %error, "the end of an answer cannot be stored");
                return;
            }
        }
        sleep(wait).await;
        waited += wait;
        wait = (wait * 2).min(Duration::from_secs(2));
    }
}

/// Ends a run that another instance left in the middle, and that this one has taken over.
pub(super) async fn end_for_another(state: &AppState, run: Run) -> Result<(), OutboxError> {
    let db = state.database().tenant(run.tenant);
    let passages = kept_passages(&db, run.id).await?;
    let input_tokens = match prompt::question(&db, &run).await? {
        Some(question) => {
            let request = prompt::assemble(&db, &run, question, &passages, &state.ai().limits).await?;
            prompt::prompt_tokens(&request)
        }
        None => 0,
    };
    let used = Used::Estimated(Usage { input_tokens, cached_tokens: 0, output_tokens: estimated_tokens(&run.text) });
    let outcome = if run.stop_requested {
        Outcome::stopped(run.text.clone(), used)
    } else {
        let reason = "the server that wrote this answer stopped in the middle: ask again".to_owned();
        Outcome::failed(run.text.clone(), reason, used)
    };
    if !try_end(state, &run, &outcome).await? {
        settle_of_deleted(state, &run, used).await;
    }
    Ok(())
}

async fn kept_passages(db: &TenantDb, run: RunId) -> Result<Vec<Passage>, DbError> {
    let mut tx = db.begin().await?;
    let passages = runs::passages(&mut tx, run).await?;
    tx.commit().await?;
    Ok(passages)
}

/// The passages that an answer names, by the numbers under which it was told them.
fn citations(text: &str, passages: Vec<Passage>) -> Vec<Citation> {
    let numbered = (1..).zip(passages);
    let named = numbered.filter(|(number, _)| text.contains(&format!("[{number}]")));
    named.map(|(number, passage)| Citation { number, passage }).collect()
}

/// `false` if the run is not this instance's any more, or is gone.
async fn try_end(state: &AppState, run: &Run, outcome: &Outcome) -> Result<bool, OutboxError> {
    let db = state.database().tenant(run.tenant);
    let events = events(state.topics(), &run.tenant.to_string(), run.session);
    let work = async |tx: &mut Transaction<TenantDb>| {
        // The conversation first, as whoever sends a message does.
        messages::hold(tx, run.session).await?;
        let end = RunEnd { state: outcome.state, reason: outcome.reason.clone() };
        if !runs::end(tx, run.id, Some(state.runs().0.instance), end).await? {
            return Ok::<_, OutboxError>(false);
        }
        money::settle(tx, &state.ai().prices, &run.model, run.reservation, outcome.used).await?;
        if !outcome.text.is_empty() {
            let passages = runs::passages(tx, run.id).await?;
            let from = From::Assistant {
                run: run.id,
                ending: outcome.ending,
                provider: run.provider.clone(),
                model: run.model.clone(),
                citations: citations(&outcome.text, passages),
            };
            let new = NewMessage { session: run.session, content: outcome.text.clone(), from };
            if let Some(message) = messages::add(tx, new).await? {
                let event = ChatEvent::Message { message: Message::from(message) };
                events.publish_in(tx, &event).await?;
            }
        }
        let ended = Run { state: outcome.state, reason: outcome.reason.clone(), ..run.clone() };
        let event = ChatEvent::Run { run: RunView::from(&ended) };
        events.publish_in(tx, &event).await?;
        Ok(true)
    };
    state.outbox().transaction(db.begin().await?, run.tenant, work).await
}

/// Records what a run has cost whose conversation was deleted; another instance's run is left to it.
pub(super) async fn settle_of_deleted(state: &AppState, run: &Run, used: Used) {
    let settled = async {
        let db = state.database().tenant(run.tenant);
        let mut tx = db.begin().await?;
        if runs::hold(&mut tx, run.id).await?.is_none() {
            money::settle(&mut tx, &state.ai().prices, &run.model, run.reservation, used).await?;
        }
        tx.commit().await
    };
    if let Err(error) = settled.await {
        // It is settled in full when its reservation expires.
        tracing::error!(run = %run.id, %error, "what an answer has cost cannot be recorded now");
    }
}

/// Settles what nobody else will, until it is dropped.
pub(super) async fn settle_what_is_left(state: &AppState) {
    /// It is about money that is not missed for a while.
    const INTERVAL: Duration = Duration::from_secs(30);
    loop {
        match money::settle_expired(state, Utc::now()).await {
            Ok(0) => {}
            Ok(count) => tracing::warn!(count, "calls were settled in full, because nobody knows what they have cost"),
            Err(error) => tracing::debug!(%error, "it cannot be read which calls are left"),
        }
        sleep(INTERVAL).await;
    }
}

#[cfg(test)]
mod tests {
    use db::DocumentId;

    use super::*;

    #[test]
    fn an_answer_cites_what_it_names() {
        let passage = |title: &str| Passage {
            document_id: DocumentId::generate(),
            title: title.to_owned(),
            heading_path: Vec::new(),
            start: 0,
            end: 4,
            text: "text".to_owned(),
        };
        let cited = |text: &str| {
            let citations = citations(text, vec![passage("one"), passage("two"), passage("three")]);
            citations.into_iter().map(|citation| (citation.number, citation.passage.title)).collect::<Vec<_>>()
        };

        assert_eq!(cited("At nine [3], or later [1][3]."), [(1, "one".to_owned()), (3, "three".to_owned())]);
        assert_eq!(cited("In 2 of 3 cases [4], a[0]"), []);
    }
}
