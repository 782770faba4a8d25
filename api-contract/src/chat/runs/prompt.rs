use db::{
    DbError, TenantDb,
    chat::{
        messages::{self, From, Message},
        runs::Run,
    },
};

use crate::{
    ai::AiLimits,
    money::estimated_tokens,
    providers::{AnswerRequest, PromptMessage, Speaker},
};

/// What the model is told: how to answer, as much of the conversation as fits, and the question.
pub(super) async fn assemble(db: &TenantDb, run: &Run, limits: &AiLimits) -> Result<Option<AnswerRequest>, DbError> {
    let Some(question) = messages::find(db, run.question).await? else { return Ok(None) };
    let earlier = messages::newest_within(db, run.session, question.seq - 1, limits.history_bytes).await?;
    let system = PromptMessage { speaker: Speaker::System, content: limits.system_prompt.clone() };
    let conversation = earlier.into_iter().rev().chain([question]).map(prompt_message);
    Ok(Some(AnswerRequest {
        model: run.model.clone(),
        messages: [system].into_iter().chain(conversation).collect(),
        passages: Vec::new(),
        max_output_tokens: limits.output_tokens,
    }))
}

/// The tokens that a prompt probably is.
pub(super) fn prompt_tokens(request: &AnswerRequest) -> u64 {
    /// What providers add to a message; OpenAI adds four.
    const ENVELOPE: u64 = 4;
    request.messages.iter().map(|message| estimated_tokens(&message.content) + ENVELOPE).sum()
}

fn prompt_message(message: Message) -> PromptMessage {
    let speaker = match message.from {
        From::User { .. } => Speaker::User,
        From::Assistant { .. } => Speaker::Assistant,
    };
    PromptMessage { speaker, content: message.content }
}
