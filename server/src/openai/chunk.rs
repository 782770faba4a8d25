//! What a provider sends while it answers, read leniently: what is not needed is not looked at.

use api_contract::providers::{AnswerEnd, Usage};
use serde::Deserialize;

/// A piece of an answer.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Chunk {
    #[serde(default)]
    choices: Option<Vec<Choice>>,
    #[serde(default)]
    usage: Option<Counted>,
    /// Some servers fail in the middle of a stream whose status was a success.
    #[serde(default)]
    pub(super) error: Option<serde_json::Value>,
}

#[derive(Debug, Deserialize)]
struct Choice {
    #[serde(default)]
    delta: Option<Delta>,
    #[serde(default)]
    finish_reason: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Delta {
    #[serde(default)]
    content: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Counted {
    #[serde(default)]
    prompt_tokens: u64,
    #[serde(default)]
    completion_tokens: u64,
    #[serde(default)]
    prompt_tokens_details: Option<Details>,
}

#[derive(Debug, Deserialize)]
struct Details {
    #[serde(default)]
    cached_tokens: Option<u64>,
}

impl Chunk {
    /// More text, if it has any.
    pub(super) fn text(&mut self) -> Option<String> {
        let content = self.choices.as_mut()?.first_mut()?.delta.as_mut()?.content.take()?;
        (!content.is_empty()).then_some(content)
    }

    /// Why the answer has ended, if it has.
    pub(super) fn end(&self) -> Option<AnswerEnd> {
        let reason = self.choices.as_ref()?.first()?.finish_reason.as_deref()?;
        Some(match reason {
            "length" => AnswerEnd::Length,
            "content_filter" => AnswerEnd::Filtered,
            _ => AnswerEnd::Complete,
        })
    }

    /// What was used, if it says so.
    pub(super) fn usage(&self) -> Option<Usage> {
        let counted = self.usage.as_ref()?;
        let cached = counted.prompt_tokens_details.as_ref().and_then(|details| details.cached_tokens).unwrap_or(0);
        Some(Usage {
            input_tokens: counted.prompt_tokens,
            cached_tokens: cached.min(counted.prompt_tokens),
            output_tokens: counted.completion_tokens,
        })
    }
}
