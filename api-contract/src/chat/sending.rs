use db::{
    ChatSessionId, DbError, RunId,
    chat::{
        messages::{self, NewMessage},
        runs::{self, NewRun},
    },
    model_policies,
    money::{Budget, Exceeded, Service},
};
use garde::Validate;
use tintype::{prelude::*, wire::SafeUint};
use uuid::Uuid;

use super::{ChatEvent, Chats, Message, Run, runs::most_known_bytes};
use crate::{
    OutboxError,
    ai::{Ai, choose},
    money::{self, Call, Refused, at_most_tokens, to_wire},
    outbox::Transaction,
    text::{not_blank, storable},
};

/// What somebody says in a conversation.
#[derive(Debug, Serialize, Deserialize, Type, Validate, Rules)]
#[serde(rename_all = "camelCase")]
pub struct SendMessage {
    /// The conversation.
    #[garde(skip)]
    pub session_id: ChatSessionId,
    /// What is said, 1 to 32,000 characters.
    #[garde(length(chars, min = 1, max = 32_000), custom(not_blank), custom(storable))]
    pub content: String,
    /// An id of the sender's: the same one again sends nothing and gives the first result.
    #[garde(skip)]
    pub client_message_id: Uuid,
}

/// A message that is stored, and the run that answers it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Sent {
    /// The message.
    pub message: Message,
    /// The run, whose answer comes by `chat.subscribe`.
    pub run_id: RunId,
}

/// Why a message was not sent.
#[derive(Debug, thiserror::Error, Serialize, Deserialize, Type, ProcedureError)]
#[serde(tag = "kind", rename_all = "SCREAMING_SNAKE_CASE", rename_all_fields = "camelCase")]
pub enum SendError {
    /// The workspace has no such conversation.
    #[error("no conversation {id} in this workspace")]
    #[code(NOT_FOUND)]
    SessionNotFound {
        /// The id that was asked for.
        id: ChatSessionId,
    },
    /// The answer could cost more than the month's budget leaves.
    #[error(
        "the answer may cost more than this month's budget leaves: an owner can raise the limit, or wait for next month"
    )]
    #[code(PAYMENT_REQUIRED)]
    BudgetExceeded {
        /// The most that the answer may cost, in micro-dollars.
        needed_micro_usd: SafeUint,
        /// The limit of the month, in micro-dollars.
        limit_micro_usd: SafeUint,
        /// What is spent of it, in micro-dollars.
        spent_micro_usd: SafeUint,
        /// What is set aside for answers under way, in micro-dollars.
        reserved_micro_usd: SafeUint,
    },
    /// Too many answers of this conversation are waiting.
    #[error("{limit} answers are waiting in this conversation: wait for one, or stop one")]
    #[code(TOO_MANY_REQUESTS)]
    TooManyRuns {
        /// The most that may wait.
        limit: u32,
    },
    /// The database failed.
    #[error("the message could not be stored")]
    #[internal]
    #[serde(skip)]
    Storage(#[from] DbError),
    /// The change could not be announced, so it was not made.
    #[error("the change could not be announced")]
    #[internal]
    #[serde(skip)]
    Announcement(#[from] OutboxError),
}

impl From<Refused> for SendError {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::Storage(error) => Self::Storage(error),
            Refused::Exceeded(Exceeded { amount_micro_usd, budget }) => {
                let Budget { limit_micro_usd, spent_micro_usd, reserved_micro_usd } = budget;
                Self::BudgetExceeded {
                    needed_micro_usd: to_wire(amount_micro_usd),
                    limit_micro_usd: to_wire(limit_micro_usd.unwrap_or(i64::MAX)),
                    spent_micro_usd: to_wire(spent_micro_usd),
                    reserved_micro_usd: to_wire(reserved_micro_usd),
                }
            }
        }
    }
}

/// Stores a message, and returns at once: its answer is a run that viewers watch by `chat.subscribe`.
#[mutation(idempotent)]
pub async fn send_message(chats: Chats, input: SendMessage) -> Result<Sent, SendError> {
    let wanted = model_policies::find(&chats.db).await?;
    let choice = choose(&chats.state.ai().models, wanted, &input.content);
    let sent = chats.change(async |tx| store(&chats, tx, input, choice).await).await?;
    chats.state.runs().look();
    Ok(sent)
}

async fn store(
    chats: &Chats,
    tx: &mut Transaction<db::TenantDb>,
    input: SendMessage,
    choice: crate::ai::Choice,
) -> Result<Sent, SendError> {
    let SendMessage { session_id: session, content, client_message_id } = input;
    // From here on nobody else adds a message, so the same one cannot be stored twice.
    if !messages::hold(tx, session).await? {
        return Err(SendError::SessionNotFound { id: session });
    }
    if let Some(message) = messages::by_client_id(tx, session, client_message_id).await? {
        let run = runs::answering(tx, message.id).await?;
        let run = run.ok_or(DbError::UnknownValue { column: "runs.question" })?;
        return Ok(Sent { message: message.into(), run_id: run.id });
    }
    let ai = chats.state.ai();
    let limit = u32::try_from(ai.limits.open_runs).unwrap_or(u32::MAX);
    if runs::count_open(tx, session).await? >= i64::from(limit) {
        return Err(SendError::TooManyRuns { limit });
    }
    let user = &chats.session.active.account.user;
    let run = RunId::generate();
    let call = call(ai, &choice.model, content.len());
    let call = Call { user: Some(user.id), session: Some(session), run: Some(run), ..call };
    let reservation = money::reserve(tx, &ai.prices, call).await?;
    let author = messages::Author { id: user.id, name: user.display_name().to_owned() };
    let from = messages::From::User { author: Some(author), client_message_id };
    let message = messages::add(tx, NewMessage { session, content, from }).await?;
    let message = message.ok_or(SendError::SessionNotFound { id: session })?;
    let new = NewRun {
        id: run,
        session,
        question: message.id,
        asked_by: user.id,
        provider: ai.providers.assistant.provider().to_owned(),
        model: choice.model,
        model_reason: choice.reason,
        reservation,
    };
    let run = runs::queue(tx, new).await?;
    let (message, events) = (Message::from(message), chats.events(session));
    let happened = [ChatEvent::Message { message: message.clone() }, ChatEvent::Run { run: Run::from(&run) }];
    for event in &happened {
        events.publish_in(tx, event).await?;
    }
    Ok(Sent { message, run_id: run.id })
}

/// The most that an answer to a question of so many bytes can use.
pub(super) fn call<'a>(ai: &'a Ai, model: &'a str, question_bytes: usize) -> Call<'a> {
    /// What providers add to a message, in tokens; OpenAI adds four.
    const ENVELOPE: u64 = 16;
    let limits = &ai.limits;
    let knowledge = &ai.knowledge.limits;
    let known_bytes = most_known_bytes(knowledge.passages, knowledge.passage_bytes);
    let bytes = limits.system_prompt.len() + known_bytes + limits.history_bytes + question_bytes;
    // An empty message is in no history, so there are no more messages than bytes, and no more than are looked at.
    let messages = 3 + (limits.history_bytes as u64).min(u64::from(messages::MOST_IN_HISTORY));
    Call {
        service: Service::Chat,
        provider: ai.providers.assistant.provider(),
        model,
        input_tokens: at_most_tokens(bytes) + messages * ENVELOPE,
        output_tokens: limits.output_tokens.into(),
        user: None,
        session: None,
        run: None,
        // Of a run it does not expire before the run is over.
        lifetime: limits.answer_time,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_that_nobody_has_is_no_reason_to_fail() {
        let exceeded = Exceeded {
            amount_micro_usd: i64::MAX,
            budget: Budget { limit_micro_usd: Some(0), spent_micro_usd: 0, reserved_micro_usd: 0 },
        };

        let error = SendError::from(Refused::Exceeded(exceeded));

        let most = to_wire(i64::MAX);
        assert!(matches!(error, SendError::BudgetExceeded { needed_micro_usd, .. } if needed_micro_usd == most));
    }
}
