//! Writes one answer: asks the provider, and publishes what comes as it comes.

use std::{sync::Arc, time::Duration};

use db::{
    DbError, TenantDb,
    chat::{
        messages::Ending,
        runs::{self, Fallback, Run},
    },
};
use futures_util::{StreamExt, stream::BoxStream};
use tintype::Topic;
use tokio::time::{Instant, sleep_until};

use super::{
    super::{ChatEvent, Run as RunView, access::events, events::utf16_length, sending::call},
    ending::{self, Outcome},
    prompt,
    saves::{self, Writing},
};
use crate::{
    AppState,
    ai::AiLimits,
    knowledge,
    money::{self, Refused, Used, estimated_tokens},
    providers::{AnswerEnd, AnswerPart, AnswerRequest, ProviderError, Usage},
};

/// So much text is sent at once, however little time has passed.
const DELTA_BYTES: usize = 8 * 1024;

/// How long until text is published again that could not be.
const RETRY: Duration = Duration::from_millis(250);

/// Writes the answer of a run that this instance has taken, and ends the run.
pub(super) async fn write(state: &AppState, mut run: Run, writing: &Arc<Writing>) {
    let db = state.database().tenant(run.tenant);
    let events = events(state.topics(), &run.tenant.to_string(), run.session);
    announce(state, &events, &run, writing).await;
    let request = match request(state, &db, &run, writing).await {
        Ok(Some(request)) => request,
        // The conversation is gone, or the run is not this instance's any more.
        Ok(None) => return ending::settle_of_deleted(state, &run, Used::Nothing).await,
        Err(error) => {
            tracing::error!(run = %run.id, %error, "a question cannot be read");
            let reason = "the conversation could not be read: ask again".to_owned();
            return ending::end(state, &run, writing, Outcome::failed(String::new(), reason, Used::Nothing)).await;
        }
    };
    let mut written = Written::default();
    let mut end = listen(state, &events, &run, writing, &request, &mut written).await;
    if let End::Failed(error) = &end
        && written.is_empty()
        && error.is_passing()
        && let Some(other) = other_model(state, &run)
    {
        match fall_back(state, &db, &mut run, writing, &request, other, error).await {
            Ok(true) => {
                announce(state, &events, &run, writing).await;
                let request = AnswerRequest { model: run.model.clone(), ..request.clone() };
                end = listen(state, &events, &run, writing, &request, &mut written).await;
            }
            Ok(false) => {}
            Err(error) => tracing::warn!(run = %run.id, %error, "no other model can take over"),
        }
    }
    let used = written.used(&end, &request);
    let text = written.text;
    let outcome = match end {
        End::Lost => return ending::settle_of_deleted(state, &run, used).await,
        End::Ended(AnswerEnd::Complete) => Outcome::done(text, Ending::Complete, used),
        End::Ended(AnswerEnd::Length) => Outcome::done(text, Ending::Length, used),
        End::Ended(AnswerEnd::Filtered) => Outcome::done(text, Ending::Filtered, used),
        End::Stopped => Outcome::stopped(text, used),
        End::CutOff => Outcome::failed(text, "the server was stopped for an update: ask again".to_owned(), used),
        End::Failed(error) => {
            tracing::warn!(run = %run.id, model = run.model, error = ?error, "an answer failed");
            Outcome::failed(text, error.to_string(), used)
        }
    };
    ending::end(state, &run, writing, outcome).await;
}

/// What the model is asked, with what the workspace knows about the question; `None` if nobody waits for it.
async fn request(
    state: &AppState,
    db: &TenantDb,
    run: &Run,
    writing: &Writing,
) -> Result<Option<AnswerRequest>, DbError> {
    let Some(question) = prompt::question(db, run).await? else { return Ok(None) };
    let passages = tokio::select! {
        passages = knowledge::relevant(state, db, run, &question.content) => passages?,
        // Then the answer ends before it begins.
        () = writing.interrupted() => Vec::new(),
    };
    // Whoever ends the run knows by them what the answer names.
    if !passages.is_empty() && !runs::keep_passages(db, run.id, state.runs().0.instance, &passages).await? {
        return Ok(None);
    }
    prompt::assemble(db, run, question, &passages, &state.ai().limits).await.map(Some)
}

/// Says that the run is being written, and saves after which event its pieces come.
async fn announce(state: &AppState, events: &Topic<ChatEvent>, run: &Run, writing: &Arc<Writing>) {
    match events.publish(&ChatEvent::Run { run: RunView::from(run) }).await {
        Ok(id) => {
            writing.was_sent("", id);
            saves::save_one(state, writing).await;
        }
        Err(error) => tracing::debug!(%error, "it could not be told that an answer begins"),
    }
}

/// What there is of an answer.
#[derive(Default)]
struct Written {
    /// All of it, published or not.
    text: String,
    /// What is not published, from this byte on.
    published: usize,
    /// How much of its beginning is saved though it is not published yet.
    saved_ahead: usize,
    /// Where the next piece belongs, in UTF-16 code units.
    offset: u32,
    /// What the provider says it has used.
    usage: Option<Usage>,
}

impl Written {
    fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    fn waiting(&self) -> &str {
        &self.text[self.published..]
    }

    /// What was used, from what is known.
    fn used(&self, end: &End, request: &AnswerRequest) -> Used {
        let is_free = matches!(end, End::Failed(error) if error.is_free());
        match self.usage {
            Some(usage) => Used::Said(usage),
            None if is_free && self.is_empty() => Used::Nothing,
            None => Used::Estimated(Usage {
                input_tokens: prompt::prompt_tokens(request),
                cached_tokens: 0,
                output_tokens: estimated_tokens(&self.text),
            }),
        }
    }
}

/// Why there is no more of an answer.
enum End {
    Ended(AnswerEnd),
    Failed(ProviderError),
    /// Somebody wanted it to stop.
    Stopped,
    /// The instance has no more time.
    CutOff,
    /// The run is not this instance's any more.
    Lost,
}

/// Publishes what the provider says until it ends.
async fn listen(
    state: &AppState,
    events: &Topic<ChatEvent>,
    run: &Run,
    writing: &Arc<Writing>,
    request: &AnswerRequest,
    written: &mut Written,
) -> End {
    let AiLimits { answer_time, delta_time, .. } = state.ai().limits;
    let mut parts = state.ai().providers.assistant.answer(request.clone());
    let latest = Instant::now() + answer_time;
    // When what waits is published.
    let mut due: Option<Instant> = None;
    let end = loop {
        tokio::select! {
            biased;
            () = writing.lost.cancelled() => break End::Lost,
            () = writing.stop.cancelled() => break End::Stopped,
            () = writing.cut_off.cancelled() => break End::CutOff,
            () = sleep_until(latest) => break End::Failed(ProviderError::TimedOut { after: answer_time }),
            () = sleep_until(due.unwrap_or(latest)), if due.is_some() => {
                let all = publish(state, events, run, writing, written).await;
                due = (!all).then(|| Instant::now() + RETRY);
            }
            part = next(&mut parts) => match part {
                Ok(AnswerPart::Text(text)) => {
                    written.text.push_str(&text);
                    if due.is_none() && !written.waiting().is_empty() {
                        due = Some(Instant::now() + delta_time);
                    }
                    if written.waiting().len() >= DELTA_BYTES {
                        due = due.map(|due| due.min(Instant::now()));
                    }
                }
                Ok(AnswerPart::Usage(usage)) => written.usage = Some(usage),
                Ok(AnswerPart::End(end)) => break End::Ended(end),
                Err(error) => break End::Failed(error),
            },
        }
    };
    // The provider need not go on while the rest is published.
    drop(parts);
    if !matches!(end, End::Lost) && !written.waiting().is_empty() {
        // What does not get through comes with the message.
        publish(state, events, run, writing, written).await;
    }
    end
}

async fn next(parts: &mut BoxStream<'static, Result<AnswerPart, ProviderError>>) -> Result<AnswerPart, ProviderError> {
    parts.next().await.unwrap_or(Err(ProviderError::CutOff))
}

/// What is published next: no event may be larger than the broker takes.
fn next_piece(written: &Written) -> &str {
    let waiting = written.waiting();
    &waiting[..waiting.floor_char_boundary(DELTA_BYTES)]
}

/// Publishes what waits; `false` if it did not get through.
async fn publish(
    state: &AppState,
    events: &Topic<ChatEvent>,
    run: &Run,
    writing: &Arc<Writing>,
    written: &mut Written,
) -> bool {
    if !writing.is_mine() {
        // This process stood still, and another one may have ended the run: saving tells.
        return false;
    }
    if written.published == 0 && written.saved_ahead == 0 {
        // First it is saved that there is something to see: whoever finds nothing of an answer begins it anew.
        let beginning = next_piece(written).to_owned();
        writing.begins_with(&beginning);
        saves::save_one(state, writing).await;
        if !writing.is_saved() {
            writing.begins_with("");
            return false;
        }
        written.saved_ahead = beginning.len();
    }
    while !written.waiting().is_empty() {
        let text = next_piece(written).to_owned();
        let delta = ChatEvent::Delta { run_id: run.id, offset: written.offset, text: text.clone() };
        match events.publish(&delta).await {
            Ok(id) => {
                writing.was_sent(&text[std::mem::take(&mut written.saved_ahead)..], id);
                written.published += text.len();
                written.offset = written.offset.saturating_add(utf16_length(&text));
            }
            Err(error) => {
                tracing::debug!(run = %run.id, %error, "a piece of an answer waits");
                return false;
            }
        }
    }
    true
}

fn other_model(state: &AppState, run: &Run) -> Option<String> {
    let models = &state.ai().models;
    let other = if run.model == models.small { &models.large } else { &models.small };
    (*other != run.model && run.fallback_from.is_none()).then(|| other.clone())
}

/// Lets the other model answer, if the budget allows it and the run is still this instance's.
async fn fall_back(
    state: &AppState,
    db: &TenantDb,
    run: &mut Run,
    writing: &Writing,
    request: &AnswerRequest,
    model: String,
    error: &ProviderError,
) -> Result<bool, DbError> {
    let ai = state.ai();
    let mut tx = db.begin().await?;
    let question_bytes = request.messages.last().map_or(0, |question| question.content.len());
    let call = call(ai, &model, question_bytes);
    let call = money::Call { user: run.asked_by, session: Some(run.session), run: Some(run.id), ..call };
    let reservation = match money::reserve(&mut tx, &ai.prices, call).await {
        Ok(reservation) => reservation,
        Err(Refused::Storage(error)) => return Err(error),
        Err(Refused::Exceeded(_)) => {
            tx.roll_back().await;
            return Ok(false);
        }
    };
    let model_reason = format!("{} could not answer: {error}", run.model);
    let to = Fallback { model: model.clone(), model_reason: model_reason.clone(), reservation };
    if !runs::fall_back(&mut tx, run.id, state.runs().0.instance, to).await? {
        tx.roll_back().await;
        writing.lost.cancel();
        return Ok(false);
    }
    money::settle(&mut tx, &ai.prices, &run.model, run.reservation, Used::Nothing).await?;
    tx.commit().await?;
    let from = std::mem::replace(&mut run.model, model);
    (run.fallback_from, run.model_reason, run.reservation) = (Some(from), model_reason, reservation);
    Ok(true)
}
