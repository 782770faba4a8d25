use futures_util::stream::BoxStream;

use super::{ProviderError, Usage};

/// Answers in a conversation, part by part.
pub trait Assistant: Send + Sync + 'static {
    /// Who answers, as it is recorded beside costs, for example `openai`.
    fn provider(&self) -> &str;

    /// Begins an answer.
    ///
    /// The stream ends after its first error, and otherwise after [`AnswerPart::End`]; a stream that ends without
    /// either was cut off.
    /// Dropping it cancels the call, at the provider too.
    fn answer(&self, request: AnswerRequest) -> BoxStream<'static, Result<AnswerPart, ProviderError>>;
}

/// What is to be answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnswerRequest {
    /// The model, by the provider's name for it.
    pub model: String,
    /// The conversation, oldest first; the last one is the question.
    pub messages: Vec<PromptMessage>,
    /// What the workspace knows about the question, best first; it is in the messages already.
    pub passages: Vec<Passage>,
    /// Most tokens of the answer.
    pub max_output_tokens: u32,
}

/// A message of the conversation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PromptMessage {
    /// Who says it.
    pub speaker: Speaker,
    /// What is said.
    pub content: String,
}

/// Who says something in a conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Speaker {
    /// The product, which says how to answer.
    System,
    /// A person.
    User,
    /// An earlier answer.
    Assistant,
}

/// A piece of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passage {
    /// What the document is called.
    pub title: String,
    /// The text.
    pub text: String,
}

impl From<db::knowledge::Passage> for Passage {
    fn from(passage: db::knowledge::Passage) -> Self {
        Self { title: passage.title, text: passage.text }
    }
}

/// What comes of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AnswerPart {
    /// More text.
    Text(String),
    /// What the answer has used so far; the last one counts.
    Usage(Usage),
    /// There will be no more text, and why.
    End(AnswerEnd),
}

/// Why an answer has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AnswerEnd {
    /// It is complete.
    Complete,
    /// It has as many tokens as were allowed.
    Length,
    /// The provider does not want to say more.
    Filtered,
}
