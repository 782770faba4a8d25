use chrono::{DateTime, Utc};
use db::{
    ChatSessionId, DocumentId, MessageId, RunId, UserId,
    chat::{messages, runs},
    knowledge,
};
use tintype::{prelude::*, wire::SafeUint};
use uuid::Uuid;

use crate::money::to_wire;

/// A message of a conversation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Message {
    /// Its id.
    pub id: MessageId,
    /// The conversation.
    pub session_id: ChatSessionId,
    /// Its number in the conversation, from 1 on, without holes.
    pub seq: SafeUint,
    /// What is said; Markdown, if a model says it.
    pub content: String,
    /// Who says it.
    #[serde(flatten)]
    pub sender: Sender,
    /// When it was stored.
    pub created_at: DateTime<Utc>,
}

/// Who says something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(tag = "role", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Sender {
    /// A person.
    User {
        /// Who; `null` when the person is gone.
        author: Option<Author>,
        /// By what id the sender's program knows the message.
        client_message_id: Uuid,
    },
    /// A model, or what stands in for one.
    Assistant {
        /// The run that wrote it.
        run_id: RunId,
        /// How the answer ended.
        ending: Ending,
        /// Who was asked; `extractive` if no model is configured.
        provider: String,
        /// The model.
        model: String,
        /// The passages that it names, by their numbers.
        citations: Vec<Citation>,
    },
}

/// A passage of a document that an answer names, as `[1]`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Citation {
    /// The number by which the answer names it.
    pub number: u32,
    /// The document, which may be deleted meanwhile.
    pub document_id: DocumentId,
    /// What the document is called.
    pub title: String,
    /// The headings above the passage, outermost first; the page of a PDF.
    pub heading_path: Vec<String>,
    /// Where it begins, in characters (Unicode scalar values) of the document's text.
    pub start: u32,
    /// Where it ends.
    pub end: u32,
    /// The passage.
    pub text: String,
}

/// Who wrote a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct Author {
    /// The user.
    pub id: UserId,
    /// What the person wants to be called, or the address without it.
    pub name: String,
}

/// How an answer ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum Ending {
    /// It is complete.
    Complete,
    /// It reached the allowed length.
    Length,
    /// The provider did not want to say more.
    Filtered,
    /// Somebody stopped it.
    Stopped,
    /// It failed in the middle.
    Failed,
}

/// An answer that the server writes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Run {
    /// Its id.
    pub id: RunId,
    /// The message that it answers.
    pub question_id: MessageId,
    /// Where it is.
    pub state: RunState,
    /// Why it failed, for a person.
    pub reason: Option<String>,
    /// Who is asked; `extractive` if no model is configured.
    pub provider: String,
    /// The model.
    pub model: String,
    /// Why this model.
    pub model_reason: String,
    /// The model that was to answer before this one had to.
    pub fallback_from: Option<String>,
}

/// Where a run is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum RunState {
    /// It waits for earlier answers.
    Queued,
    /// It is being written.
    Running,
    /// The answer is written.
    Done,
    /// It failed.
    Failed,
    /// Somebody stopped it.
    Cancelled,
}

impl From<messages::Message> for Message {
    fn from(message: messages::Message) -> Self {
        let messages::Message { id, session, seq, content, from, created_at } = message;
        let sender = match from {
            messages::From::User { author, client_message_id } => {
                let author = author.map(|messages::Author { id, name }| Author { id, name });
                Sender::User { author, client_message_id }
            }
            messages::From::Assistant { run, ending, provider, model, citations } => {
                let citations = citations.into_iter().map(Citation::from).collect();
                Sender::Assistant { run_id: run, ending: ending.into(), provider, model, citations }
            }
        };
        Self { id, session_id: session, seq: to_wire(seq), content, sender, created_at }
    }
}

impl From<knowledge::Citation> for Citation {
    fn from(knowledge::Citation { number, passage }: knowledge::Citation) -> Self {
        let place = |at: i32| u32::try_from(at).unwrap_or(0);
        Self {
            number,
            document_id: passage.document_id,
            title: passage.title,
            heading_path: passage.heading_path,
            start: place(passage.start),
            end: place(passage.end),
            text: passage.text,
        }
    }
}

impl From<messages::Ending> for Ending {
    fn from(ending: messages::Ending) -> Self {
        match ending {
            messages::Ending::Complete => Self::Complete,
            messages::Ending::Length => Self::Length,
            messages::Ending::Filtered => Self::Filtered,
            messages::Ending::Stopped => Self::Stopped,
            messages::Ending::Failed => Self::Failed,
        }
    }
}

impl From<&runs::Run> for Run {
    fn from(run: &runs::Run) -> Self {
        Self {
            id: run.id,
            question_id: run.question,
            state: run.state.into(),
            reason: run.reason.clone(),
            provider: run.provider.clone(),
            model: run.model.clone(),
            model_reason: run.model_reason.clone(),
            fallback_from: run.fallback_from.clone(),
        }
    }
}

impl From<runs::RunState> for RunState {
    fn from(state: runs::RunState) -> Self {
        match state {
            runs::RunState::Queued => Self::Queued,
            runs::RunState::Running => Self::Running,
            runs::RunState::Done => Self::Done,
            runs::RunState::Failed => Self::Failed,
            runs::RunState::Cancelled => Self::Cancelled,
        }
    }
}
