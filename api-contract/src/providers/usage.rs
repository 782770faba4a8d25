/// What a call used, as the provider counts it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Usage {
    /// Tokens of the input, those from the provider's cache included.
    pub input_tokens: u64,
    /// Tokens of the input that came from the provider's cache; never more than `input_tokens`.
    pub cached_tokens: u64,
    /// Tokens of the output.
    pub output_tokens: u64,
}
