//! Answers from any server that speaks OpenAI's API: OpenAI, Azure, Ollama, vLLM, llama.cpp.
//!
//! The stream of an answer is the response of the provider: whoever drops it closes the connection, and the provider
//! hears of it at once.

mod answers;
mod breaker;
mod chunk;
mod embeddings;
mod rerank;
mod vision;

use std::{sync::Arc, time::Duration};

use api_contract::providers::{AnswerPart, AnswerRequest, Assistant, ProviderError};
use futures_util::{
    StreamExt, TryStreamExt,
    stream::{self, BoxStream},
};
use http::{StatusCode, header};
use reqwest::Response;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::json;
use tokio::time::{sleep, timeout};
use url::Url;

use self::breaker::Breaker;
pub use self::rerank::HttpReranker;

/// Where the provider is, and how long it is waited for.
#[derive(Debug, Clone)]
pub struct OpenAiOptions {
    /// What comes before `/chat/completions`, for example `https://api.openai.com/v1`.
    pub base_url: Url,
    /// The key; servers of one's own may need none.
    pub api_key: Option<SecretString>,
    /// Longest time until there is a connection; 5 s by default.
    pub connect_time: Duration,
    /// Longest time for which the provider may say nothing; 60 s by default.
    pub silence: Duration,
    /// How often a call that was refused for a passing reason is made again; 2 by default.
    pub retries: u32,
    /// The pause before that, which doubles each time, more or less a half; 500 ms by default.
    pub retry_delay: Duration,
    /// Longest pause that the provider may ask for; 10 s by default. A longer one is a failure.
    pub longest_delay: Duration,
    /// Failures in a row after which the provider is given a rest; 5 by default.
    pub failures: u32,
    /// How long it rests; 30 s by default.
    pub rest: Duration,
    /// What the limit of an answer is called in a request.
    pub token_limit: TokenLimit,
    /// The variables that say address and key, for errors.
    pub variables: [&'static str; 2],
}

/// What the limit of an answer is called in a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum TokenLimit {
    /// `max_completion_tokens`, as OpenAI has it.
    MaxCompletionTokens,
    /// `max_tokens`, as older servers have it.
    MaxTokens,
}

impl OpenAiOptions {
    /// With the defaults for everything but the address.
    #[must_use]
    pub fn new(base_url: Url) -> Self {
        Self {
            base_url,
            api_key: None,
            connect_time: Duration::from_secs(5),
            silence: Duration::from_secs(60),
            retries: 2,
            retry_delay: Duration::from_millis(500),
            longest_delay: Duration::from_secs(10),
            failures: 5,
            rest: Duration::from_secs(30),
            token_limit: TokenLimit::MaxCompletionTokens,
            variables: ["OPENAI_BASE_URL", "OPENAI_API_KEY"],
        }
    }
}

/// Why the provider cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OpenAiError {
    /// The address is of no use.
    #[error("{variable} is {url:?}, which cannot be called: it begins with https:// or http:// and has a host")]
    Address {
        /// The variable that says it.
        variable: &'static str,
        /// The address.
        url: String,
    },
    /// The key holds what cannot be sent.
    #[error("{variable} holds characters that cannot be sent: check that it was copied whole and on one line")]
    Key {
        /// The variable that says it.
        variable: &'static str,
    },
    /// There is no TLS.
    #[error("the authorities that the operating system trusts cannot be used")]
    Tls(#[source] rustls::Error),
    /// There is no client for HTTP.
    #[error("the client for the AI provider cannot be made")]
    Client(#[source] reqwest::Error),
}

/// A provider. Cheap to clone.
#[derive(Clone)]
pub struct OpenAi(Arc<Parts>);

struct Parts {
    http: reqwest::Client,
    completions: Url,
    embeddings: Url,
    options: OpenAiOptions,
    breaker: Breaker,
}

impl OpenAi {
    /// A provider that is called when it is asked something, and not before.
    ///
    /// # Errors
    ///
    /// [`OpenAiError`] says what to change.
    pub fn new(options: OpenAiOptions) -> Result<Self, OpenAiError> {
        let [address_variable, key_variable] = options.variables;
        let address = || OpenAiError::Address { variable: address_variable, url: options.base_url.to_string() };
        if !matches!(options.base_url.scheme(), "http" | "https") || !options.base_url.has_host() {
            return Err(address());
        }
        let under = |path: &[&str]| {
            let mut url = options.base_url.clone();
            url.path_segments_mut().map_err(|()| address())?.pop_if_empty().extend(path);
            Ok(url)
        };
        let (completions, embeddings) = (under(&["chat", "completions"])?, under(&["embeddings"])?);
        let mut headers = header::HeaderMap::new();
        if let Some(key) = &options.api_key {
            let value = format!("Bearer {}", key.expose_secret());
            let mut value =
                header::HeaderValue::from_str(&value).map_err(|_| OpenAiError::Key { variable: key_variable })?;
            value.set_sensitive(true);
            headers.insert(header::AUTHORIZATION, value);
        }
        let http = reqwest::Client::builder()
            .connect_timeout(options.connect_time)
            .default_headers(headers)
            .tls_backend_preconfigured(crate::tls::config(options.base_url.scheme()).map_err(OpenAiError::Tls)?)
            // An answer from elsewhere is no answer, and would get the key.
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .map_err(OpenAiError::Client)?;
        let breaker = Breaker::new(options.failures, options.rest);
        Ok(Self(Arc::new(Parts { http, completions, embeddings, options, breaker })))
    }

    /// Makes a call until it is answered, or fails for a reason that stays.
    async fn call(&self, url: &Url, body: &serde_json::Value) -> Result<Response, ProviderError> {
        let Parts { options, breaker, .. } = &*self.0;
        let mut delay = options.retry_delay;
        for attempt in 0.. {
            breaker.check()?;
            let (error, wanted) = match self.attempt(url, body).await {
                Ok(response) => return Ok(response),
                Err(failed) => failed,
            };
            breaker.failed(&error);
            let jitter = delay.mul_f64(rand::random_range(0.5..1.5));
            let wait = wanted.unwrap_or(jitter);
            if attempt >= options.retries || !is_worth_another(&error) || wait > options.longest_delay {
                return Err(error);
            }
            sleep(wait).await;
            delay *= 2;
        }
        Err(ProviderError::Unreachable { detail: "no attempt was made".to_owned() })
    }

    /// Makes a call whose answer is JSON of at most so many bytes.
    async fn ask<T: DeserializeOwned>(
        &self,
        url: &Url,
        body: &serde_json::Value,
        most_bytes: usize,
    ) -> Result<T, ProviderError> {
        let Parts { options, breaker, .. } = &*self.0;
        let response = self.call(url, body).await?;
        let read = timeout(options.silence, read_at_most(response, most_bytes)).await;
        let read = read.unwrap_or(Err(ProviderError::TimedOut { after: options.silence }));
        let answer = read.and_then(|bytes| {
            let nonsense = |error: serde_json::Error| ProviderError::Nonsense { detail: shortened(&error.to_string()) };
            serde_json::from_slice(&bytes).map_err(nonsense)
        });
        match &answer {
            Ok(_) => breaker.succeeded(),
            Err(error) => breaker.failed(error),
        }
        answer
    }

    /// Makes a call once; an error comes with the time for which the provider wants to be left alone.
    async fn attempt(
        &self,
        url: &Url,
        body: &serde_json::Value,
    ) -> Result<Response, (ProviderError, Option<Duration>)> {
        let Parts { http, options, .. } = &*self.0;
        let sending = http.post(url.clone()).json(body).send();
        let response = match timeout(options.silence, sending).await {
            Err(_) => return Err((ProviderError::TimedOut { after: options.silence }, None)),
            Ok(Err(error)) => {
                return Err((
                    ProviderError::Unreachable { detail: shortened(&format!("{:#}", anyhow::Error::new(error))) },
                    None,
                ));
            }
            Ok(Ok(response)) => response,
        };
        let status = response.status();
        if status.is_success() {
            return Ok(response);
        }
        let wanted = response.headers().get(header::RETRY_AFTER).and_then(|wait| wait.to_str().ok()?.parse().ok());
        let wanted = wanted.map(Duration::from_secs);
        let error = match status {
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => {
                ProviderError::Unauthorized { setting: options.variables[1] }
            }
            StatusCode::TOO_MANY_REQUESTS => ProviderError::RateLimited,
            status if status.is_server_error() => ProviderError::Faulty { status: status.as_u16() },
            status => ProviderError::Refused { reason: reason(response, status, options.silence).await },
        };
        Err((error, wanted))
    }
}

impl Assistant for OpenAi {
    fn provider(&self) -> &str {
        "openai"
    }

    fn answer(&self, request: AnswerRequest) -> BoxStream<'static, Result<AnswerPart, ProviderError>> {
        let provider = self.clone();
        let begin = async move {
            let response =
                provider.call(&provider.0.completions, &body(&request, provider.0.options.token_limit)).await?;
            Ok::<_, ProviderError>(answers::parts(provider, response))
        };
        stream::once(begin).try_flatten().boxed()
    }
}

impl TokenLimit {
    /// As it is called in a request.
    fn name(self) -> &'static str {
        match self {
            Self::MaxCompletionTokens => "max_completion_tokens",
            Self::MaxTokens => "max_tokens",
        }
    }
}

fn body(request: &AnswerRequest, limit: TokenLimit) -> serde_json::Value {
    use api_contract::providers::Speaker;
    let messages: Vec<_> = request
        .messages
        .iter()
        .map(|message| {
            let role = match message.speaker {
                Speaker::System => "system",
                Speaker::User => "user",
                Speaker::Assistant => "assistant",
            };
            json!({ "role": role, "content": message.content })
        })
        .collect();
    json!({
        "model": request.model,
        "messages": messages,
        limit.name(): request.max_output_tokens,
        "stream": true,
        "stream_options": { "include_usage": true },
    })
}

/// The whole of an answer.
async fn read_at_most(response: Response, most_bytes: usize) -> Result<Vec<u8>, ProviderError> {
    let mut bytes = Vec::new();
    let mut chunks = response.bytes_stream();
    while let Some(chunk) = chunks.next().await {
        bytes.extend_from_slice(&chunk.map_err(|_| ProviderError::CutOff)?);
        if bytes.len() > most_bytes {
            return Err(ProviderError::Nonsense { detail: format!("an answer of more than {most_bytes} bytes") });
        }
    }
    Ok(bytes)
}

/// Whether the same call may succeed in a moment.
fn is_worth_another(error: &ProviderError) -> bool {
    matches!(error, ProviderError::RateLimited | ProviderError::Faulty { .. } | ProviderError::Unreachable { .. })
}

/// Why a request was refused, as the provider says it.
async fn reason(response: Response, status: StatusCode, silence: Duration) -> String {
    #[derive(Deserialize)]
    struct Body {
        error: Details,
    }
    #[derive(Deserialize)]
    struct Details {
        message: String,
    }
    /// Much longer than any message.
    const MOST: usize = 64 * 1024;
    let text = timeout(silence, read_at_most(response, MOST)).await.unwrap_or_else(|_| Ok(Vec::new()));
    match serde_json::from_slice::<Body>(&text.unwrap_or_default()) {
        Ok(body) => shortened(&body.error.message),
        Err(_) => format!("status {}", status.as_u16()),
    }
}

/// The beginning of a text, for people and logs.
fn shortened(text: &str) -> String {
    const MOST: usize = 200;
    text.chars().take(MOST).collect()
}

impl std::fmt::Debug for OpenAi {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OpenAi").field("options", &self.0.options).finish_non_exhaustive()
    }
}
