use std::time::Duration;

use db::knowledge::EmbeddingTag;

/// Which models providers are asked for, by the providers' names for them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Models {
    /// The cheap one, which answers most questions.
    pub small: String,
    /// The one that can do more.
    pub large: String,
    /// The one that looks at images, where there is one.
    pub vision: Option<String>,
    /// The one that embeds texts and the dimensions of its vectors, where there is one.
    pub embedding: Option<EmbeddingTag>,
}

/// What an answer may take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AiLimits {
    /// What the model is told before every conversation.
    pub system_prompt: String,
    /// Most bytes of earlier messages that go with a question; 16 KiB by default.
    ///
    /// A token has at least one byte, so this bounds what they cost; in English it is about four.
    pub history_bytes: usize,
    /// Most tokens of an answer; 1,024 by default.
    pub output_tokens: u32,
    /// Longest time that an answer may take; 5 min by default.
    pub answer_time: Duration,
    /// How long text is collected before it is sent to viewers; 40 ms by default.
    pub delta_time: Duration,
    /// Answers that an instance writes at the same time; 512 by default. Further ones wait, for any instance.
    pub concurrent_runs: usize,
    /// Answers of one conversation that are not over; 8 by default.
    pub open_runs: usize,
    /// How long an instance has an answer for itself without saving it; 5 s by default.
    ///
    /// It saves in every fifth of that. An answer of an instance that died is ended by another one after this time and
    /// a fifth.
    pub lease: Duration,
}

impl Default for AiLimits {
    fn default() -> Self {
        Self {
            system_prompt: "You are the assistant of a team. Answer in the language of the question, briefly and to \
                            the point. Use Markdown. Say so when you do not know something."
                .to_owned(),
            history_bytes: 16 * 1024,
            output_tokens: 1024,
            answer_time: Duration::from_secs(5 * 60),
            delta_time: Duration::from_millis(40),
            concurrent_runs: 512,
            open_runs: 8,
            lease: Duration::from_secs(5),
        }
    }
}
