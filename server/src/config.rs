use std::{
    net::{IpAddr, Ipv4Addr},
    path::PathBuf,
    time::Duration,
};

use api_contract::Settings;
use clap::{ArgAction, Parser, builder::BoolishValueParser, value_parser};

use secrecy::SecretString;
use url::Url;

use crate::{ConnectionLimits, knowledge::KnowledgeOptions, openai::TokenLimit, outbox::OutboxOptions};

/// tintype's reference server: the web demo and its procedures in one process.
///
/// Every option can be given as an environment variable, named in brackets.
#[derive(Debug, Clone, Parser)]
#[command(name = "tintype-server", version)]
pub struct Config {
    /// Address to listen on; anything but loopback needs TLS in front, because sign-in cookies are sent over TLS only.
    #[arg(long, env = "TINTYPE_HOST", value_name = "TINTYPE_HOST", default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST))]
    pub host: IpAddr,

    /// Port to listen on; 0 takes a free one and prints it.
    #[arg(long, env = "PORT", value_name = "PORT", default_value_t = 3001)]
    pub port: u16,

    /// Where the private PostgreSQL keeps its data, when DATABASE_URL is not set.
    #[arg(long, env = "TINTYPE_DATA_DIR", value_name = "TINTYPE_DATA_DIR", default_value = ".tintype")]
    pub data_dir: PathBuf,

    /// A PostgreSQL of yours, version 15 or newer with pgvector 0.8 or newer: postgres://owner:password@host/database.
    #[arg(long, env = "DATABASE_URL", value_name = "DATABASE_URL", hide_env_values = true)]
    pub database_url: Option<String>,

    /// A Redis of yours, version 7 or newer, which several instances need to share events:
    /// `redis://[user:password@]host[:port][/database]`, or `rediss://` for TLS.
    #[arg(long, env = "REDIS_URL", value_name = "REDIS_URL", hide_env_values = true)]
    pub redis_url: Option<String>,

    /// Sentinels that know which Redis is the master; REDIS_URL then says user, password and database only.
    #[arg(
        long,
        env = "TINTYPE_REDIS_SENTINELS",
        value_name = "TINTYPE_REDIS_SENTINELS",
        value_delimiter = ',',
        requires = "redis_url",
        hide_env_values = true
    )]
    pub redis_sentinels: Vec<String>,

    /// Name of the group of Redis servers that the sentinels watch.
    #[arg(long, env = "TINTYPE_REDIS_MASTER", value_name = "TINTYPE_REDIS_MASTER", default_value = "mymaster")]
    pub redis_master: String,

    /// Whether REDIS_URL is a node of a Redis Cluster; several nodes are joined by commas.
    #[arg(long, env = "TINTYPE_REDIS_CLUSTER", value_name = "TINTYPE_REDIS_CLUSTER",
        value_parser = BoolishValueParser::new(), num_args = 0..=1, require_equals = true, default_value = "false",
        default_missing_value = "true", action = ArgAction::Set)]
    pub redis_cluster: bool,

    /// PEM file with the authorities that may vouch for Redis and its sentinels over TLS, instead of those of the
    /// operating system.
    #[arg(long, env = "TINTYPE_REDIS_CA", value_name = "TINTYPE_REDIS_CA", requires = "redis_url")]
    pub redis_ca: Option<PathBuf>,

    /// What the names of all keys and channels in Redis begin with, so that several products can share a server.
    #[arg(long, env = "TINTYPE_REDIS_PREFIX", value_name = "TINTYPE_REDIS_PREFIX", default_value = "tt")]
    pub redis_prefix: String,

    /// Milliseconds that a command to Redis may take, connecting included.
    #[arg(long, env = "TINTYPE_REDIS_COMMAND_MS", value_name = "TINTYPE_REDIS_COMMAND_MS", default_value_t = 500,
        value_parser = value_parser!(u64).range(1..))]
    pub redis_command_ms: u64,

    /// Milliseconds of silence after which a probe is sent through Redis; without it in the same time again, the server
    /// connects anew.
    #[arg(long, env = "TINTYPE_REDIS_PROBE_MS", value_name = "TINTYPE_REDIS_PROBE_MS", default_value_t = 5000,
        value_parser = value_parser!(u64).range(1..))]
    pub redis_probe_ms: u64,

    /// Longest pause between attempts to connect to Redis, in milliseconds.
    #[arg(long, env = "TINTYPE_REDIS_RECONNECT_MS", value_name = "TINTYPE_REDIS_RECONNECT_MS", default_value_t = 1000)]
    pub redis_reconnect_ms: u64,

    /// Milliseconds for which the server goes on listening to a topic without subscribers.
    #[arg(long, env = "TINTYPE_REDIS_LINGER_MS", value_name = "TINTYPE_REDIS_LINGER_MS", default_value_t = 30_000)]
    pub redis_linger_ms: u64,

    /// Seconds for which a member is still present after the instance died to which it was connected.
    #[arg(long, env = "TINTYPE_REDIS_PRESENCE_SECONDS", value_name = "TINTYPE_REDIS_PRESENCE_SECONDS",
        default_value_t = 30, value_parser = value_parser!(u64).range(1..=LONGEST_SECONDS))]
    pub redis_presence_seconds: u64,

    /// Topics that ask Redis at the same time what they missed, after the connection was replaced.
    #[arg(long, env = "TINTYPE_REDIS_QUESTIONS", value_name = "TINTYPE_REDIS_QUESTIONS", default_value_t = 32,
        value_parser = value_parser!(u16).range(1..))]
    pub redis_questions: u16,

    /// Subscribers that at the same time read from Redis what this instance does not have.
    #[arg(long, env = "TINTYPE_REDIS_REPLAYS", value_name = "TINTYPE_REDIS_REPLAYS", default_value_t = 32,
        value_parser = value_parser!(u16).range(1..))]
    pub redis_replays: u16,

    /// Events kept for replay, per topic.
    #[arg(long, env = "TINTYPE_TOPIC_EVENTS", value_name = "TINTYPE_TOPIC_EVENTS", default_value_t = 256,
        value_parser = value_parser!(u32).range(1..))]
    pub topic_events: u32,

    /// Largest event, in bytes of JSON.
    #[arg(long, env = "TINTYPE_TOPIC_EVENT_BYTES", value_name = "TINTYPE_TOPIC_EVENT_BYTES",
        default_value_t = 64 * 1024, value_parser = value_parser!(u32).range(1..))]
    pub topic_event_bytes: u32,

    /// Seconds after which a topic without subscribers and events is forgotten.
    #[arg(long, env = "TINTYPE_TOPIC_IDLE_SECONDS", value_name = "TINTYPE_TOPIC_IDLE_SECONDS", default_value_t = 3600,
        value_parser = value_parser!(u64).range(1..=LONGEST_SECONDS))]
    pub topic_idle_seconds: u64,

    /// Seconds for which it is remembered that an event was published, so that no second attempt does it again.
    #[arg(long, env = "TINTYPE_TOPIC_ONCE_SECONDS", value_name = "TINTYPE_TOPIC_ONCE_SECONDS", default_value_t = 600,
        value_parser = value_parser!(u64).range(1..=LONGEST_SECONDS))]
    pub topic_once_seconds: u64,

    /// Database connections for each of the two roles.
    #[arg(long, env = "TINTYPE_POOL_SIZE", value_name = "TINTYPE_POOL_SIZE", default_value_t = 8)]
    pub pool_size: usize,

    /// Origins, beside the server's own, whose pages may call it, for example `https://app.example.com`.
    #[arg(long, env = "TINTYPE_ALLOWED_ORIGINS", value_name = "TINTYPE_ALLOWED_ORIGINS", value_delimiter = ',')]
    pub allowed_origins: Vec<String>,

    /// Proxies whose X-Forwarded-For is believed, by address.
    #[arg(long, env = "TINTYPE_TRUSTED_PROXIES", value_name = "TINTYPE_TRUSTED_PROXIES", value_delimiter = ',')]
    pub trusted_proxies: Vec<IpAddr>,

    /// Whether cookies are for TLS only; by default everywhere but on loopback.
    #[arg(long, env = "TINTYPE_SECURE_COOKIES", value_name = "TINTYPE_SECURE_COOKIES",
        value_parser = BoolishValueParser::new())]
    pub secure_cookies: Option<bool>,

    /// Sign-ins per account before the first wait; one more is granted every 30 s.
    #[arg(long, env = "TINTYPE_ACCOUNT_ATTEMPTS", value_name = "TINTYPE_ACCOUNT_ATTEMPTS", default_value_t = 5)]
    pub account_attempts: u32,

    /// Sign-ins per client address and minute.
    #[arg(long, env = "TINTYPE_ADDRESS_ATTEMPTS", value_name = "TINTYPE_ADDRESS_ATTEMPTS", default_value_t = 20)]
    pub address_attempts: u32,

    /// Registrations and accepted invitations per client address and hour.
    #[arg(long, env = "TINTYPE_REGISTRATIONS", value_name = "TINTYPE_REGISTRATIONS", default_value_t = 20)]
    pub address_registrations: u32,

    /// Hours for which an invitation can be accepted.
    #[arg(long, env = "TINTYPE_INVITATION_HOURS", value_name = "TINTYPE_INVITATION_HOURS", default_value_t = 168,
        value_parser = value_parser!(u32).range(1..=8_760))]
    pub invitation_hours: u32,

    /// Invitations of a workspace that may be open at the same time.
    #[arg(long, env = "TINTYPE_OPEN_INVITATIONS", value_name = "TINTYPE_OPEN_INVITATIONS", default_value_t = 100,
        value_parser = value_parser!(u32).range(1..=10_000))]
    pub open_invitations: u32,

    /// Largest request body, in bytes.
    #[arg(long, env = "TINTYPE_BODY_BYTES", value_name = "TINTYPE_BODY_BYTES", default_value_t = 1024 * 1024)]
    pub body_bytes: usize,

    /// Most calls in one batch.
    #[arg(long, env = "TINTYPE_BATCH_CALLS", value_name = "TINTYPE_BATCH_CALLS", default_value_t = 20)]
    pub batch_calls: usize,

    /// Longest path and query, in bytes.
    #[arg(long, env = "TINTYPE_URL_BYTES", value_name = "TINTYPE_URL_BYTES", default_value_t = 8 * 1024)]
    pub url_bytes: usize,

    /// Connections open at the same time; further ones wait.
    #[arg(long, env = "TINTYPE_CONNECTIONS", value_name = "TINTYPE_CONNECTIONS", default_value_t = 10_000)]
    pub connections: usize,

    /// Milliseconds between two sweeps of the outbox, which publish what its own call could not.
    #[arg(long, env = "TINTYPE_OUTBOX_SWEEP_MS", value_name = "TINTYPE_OUTBOX_SWEEP_MS", default_value_t = 1000,
        value_parser = value_parser!(u64).range(1..=3_600_000))]
    pub outbox_sweep_ms: u64,

    /// Milliseconds that an event is left to its own call before a sweep publishes it.
    #[arg(long, env = "TINTYPE_OUTBOX_AGE_MS", value_name = "TINTYPE_OUTBOX_AGE_MS", default_value_t = 2000,
        value_parser = value_parser!(u64).range(..=3_600_000))]
    pub outbox_age_ms: u64,

    /// Most events that a sweep holds in one transaction.
    #[arg(long, env = "TINTYPE_OUTBOX_SWEEP_EVENTS", value_name = "TINTYPE_OUTBOX_SWEEP_EVENTS",
        default_value_t = 100, value_parser = value_parser!(u32).range(1..=10_000))]
    pub outbox_sweep_events: u32,

    /// Milliseconds for which published events are collected, to be deleted together.
    #[arg(long, env = "TINTYPE_OUTBOX_DELETE_MS", value_name = "TINTYPE_OUTBOX_DELETE_MS", default_value_t = 50,
        value_parser = value_parser!(u64).range(..=3_600_000))]
    pub outbox_delete_ms: u64,

    /// Most published events that are deleted together.
    #[arg(long, env = "TINTYPE_OUTBOX_DELETE_EVENTS", value_name = "TINTYPE_OUTBOX_DELETE_EVENTS",
        default_value_t = 500, value_parser = value_parser!(u32).range(1..=10_000))]
    pub outbox_delete_events: u32,

    /// The key of an AI provider; without it and OPENAI_BASE_URL, answers are quotes of what a workspace knows.
    #[arg(long, env = "OPENAI_API_KEY", value_name = "OPENAI_API_KEY", hide_env_values = true)]
    pub openai_api_key: Option<SecretString>,

    /// Where the AI provider is, if it is not OpenAI: what comes before `/chat/completions`, for example
    /// `http://localhost:11434/v1`.
    #[arg(long, env = "OPENAI_BASE_URL", value_name = "OPENAI_BASE_URL")]
    pub openai_base_url: Option<Url>,

    /// The model that answers plain questions.
    #[arg(
        long,
        env = "TINTYPE_CHAT_MODEL_SMALL",
        value_name = "TINTYPE_CHAT_MODEL_SMALL",
        default_value = "gpt-4.1-mini"
    )]
    pub chat_model_small: String,

    /// The model that answers hard questions, and that takes the place of the other one.
    #[arg(long, env = "TINTYPE_CHAT_MODEL_LARGE", value_name = "TINTYPE_CHAT_MODEL_LARGE", default_value = "gpt-4.1")]
    pub chat_model_large: String,

    /// The model that looks at images; empty for none.
    #[arg(long, env = "TINTYPE_VISION_MODEL", value_name = "TINTYPE_VISION_MODEL", default_value = "gpt-4.1-mini")]
    pub vision_model: String,

    /// Most bytes of an image.
    #[arg(long, env = "TINTYPE_IMAGE_BYTES", value_name = "TINTYPE_IMAGE_BYTES", default_value_t = 10 * 1024 * 1024,
        value_parser = value_parser!(u32).range(1..=64 * 1024 * 1024))]
    pub image_bytes: u32,

    /// Most pixels of an image; reading one takes up to 16 bytes for each.
    #[arg(long, env = "TINTYPE_IMAGE_PIXELS", value_name = "TINTYPE_IMAGE_PIXELS", default_value_t = 40_000_000,
        value_parser = value_parser!(u32).range(1..))]
    pub image_pixels: u32,

    /// Images that are read at the same time; the number of cores, at most two, if it is not set.
    #[arg(long, env = "TINTYPE_CONCURRENT_IMAGES", value_name = "TINTYPE_CONCURRENT_IMAGES",
        value_parser = value_parser!(u16).range(1..))]
    pub concurrent_images: Option<u16>,

    /// Most tokens of an answer about an image.
    #[arg(long, env = "TINTYPE_VISION_TOKENS", value_name = "TINTYPE_VISION_TOKENS", default_value_t = 500,
        value_parser = value_parser!(u32).range(1..))]
    pub vision_tokens: u32,

    /// Seconds that an answer about an image may take.
    #[arg(long, env = "TINTYPE_VISION_SECONDS", value_name = "TINTYPE_VISION_SECONDS", default_value_t = 60,
        value_parser = value_parser!(u64).range(1..=3_600))]
    pub vision_seconds: u64,

    /// How a frame is compared with the one before: the grid sees small changes, the hash sends fewer frames.
    #[arg(long, env = "TINTYPE_VISION_DETECTION", value_name = "TINTYPE_VISION_DETECTION", value_enum,
        default_value_t = Detection::Grid)]
    pub vision_detection: Detection,

    /// TOML file that says what models cost, instead of the list prices that the server knows.
    #[arg(long, env = "TINTYPE_PRICES", value_name = "TINTYPE_PRICES")]
    pub prices: Option<PathBuf>,

    /// What a model is told before every conversation.
    #[arg(long, env = "TINTYPE_SYSTEM_PROMPT", value_name = "TINTYPE_SYSTEM_PROMPT")]
    pub system_prompt: Option<String>,

    /// Most bytes of earlier messages that go with a question.
    #[arg(long, env = "TINTYPE_HISTORY_BYTES", value_name = "TINTYPE_HISTORY_BYTES", default_value_t = 16 * 1024)]
    pub history_bytes: u32,

    /// Most tokens of an answer.
    #[arg(long, env = "TINTYPE_OUTPUT_TOKENS", value_name = "TINTYPE_OUTPUT_TOKENS", default_value_t = 1024,
        value_parser = value_parser!(u32).range(1..))]
    pub output_tokens: u32,

    /// Longest time that an answer may take, in seconds.
    #[arg(long, env = "TINTYPE_ANSWER_SECONDS", value_name = "TINTYPE_ANSWER_SECONDS", default_value_t = 300,
        value_parser = value_parser!(u64).range(1..=86_400))]
    pub answer_seconds: u64,

    /// Milliseconds for which text of an answer is collected before it is sent to viewers.
    #[arg(long, env = "TINTYPE_DELTA_MS", value_name = "TINTYPE_DELTA_MS", default_value_t = 40,
        value_parser = value_parser!(u64).range(..=10_000))]
    pub delta_ms: u64,

    /// Answers that this instance writes at the same time; further ones wait.
    #[arg(long, env = "TINTYPE_CONCURRENT_RUNS", value_name = "TINTYPE_CONCURRENT_RUNS", default_value_t = 512,
        value_parser = value_parser!(u32).range(1..))]
    pub concurrent_runs: u32,

    /// Answers of one conversation that may be waiting or being written.
    #[arg(long, env = "TINTYPE_OPEN_RUNS", value_name = "TINTYPE_OPEN_RUNS", default_value_t = 8,
        value_parser = value_parser!(u32).range(1..))]
    pub open_runs: u32,

    /// Milliseconds after which another instance ends the answers of one that died; they are saved in every fifth of it.
    #[arg(long, env = "TINTYPE_RUN_LEASE_MS", value_name = "TINTYPE_RUN_LEASE_MS", default_value_t = 5000,
        value_parser = value_parser!(u64).range(500..=3_600_000))]
    pub run_lease_ms: u64,

    /// Longest time until there is a connection to the AI provider, in milliseconds.
    #[arg(long, env = "TINTYPE_AI_CONNECT_MS", value_name = "TINTYPE_AI_CONNECT_MS", default_value_t = 5000,
        value_parser = value_parser!(u64).range(1..=3_600_000))]
    pub ai_connect_ms: u64,

    /// Longest time for which the AI provider may say nothing, in milliseconds.
    #[arg(long, env = "TINTYPE_AI_SILENCE_MS", value_name = "TINTYPE_AI_SILENCE_MS", default_value_t = 60_000,
        value_parser = value_parser!(u64).range(1..=3_600_000))]
    pub ai_silence_ms: u64,

    /// How often a call that the AI provider refused for a passing reason is made again.
    #[arg(long, env = "TINTYPE_AI_RETRIES", value_name = "TINTYPE_AI_RETRIES", default_value_t = 2,
        value_parser = value_parser!(u32).range(..=10))]
    pub ai_retries: u32,

    /// Milliseconds before that, doubled each time.
    #[arg(long, env = "TINTYPE_AI_RETRY_MS", value_name = "TINTYPE_AI_RETRY_MS", default_value_t = 500,
        value_parser = value_parser!(u64).range(..=60_000))]
    pub ai_retry_ms: u64,

    /// Failures in a row after which the AI provider is given a rest.
    #[arg(long, env = "TINTYPE_AI_FAILURES", value_name = "TINTYPE_AI_FAILURES", default_value_t = 5,
        value_parser = value_parser!(u32).range(1..))]
    pub ai_failures: u32,

    /// Seconds for which it rests.
    #[arg(long, env = "TINTYPE_AI_REST_SECONDS", value_name = "TINTYPE_AI_REST_SECONDS", default_value_t = 30,
        value_parser = value_parser!(u64).range(1..=86_400))]
    pub ai_rest_seconds: u64,

    /// What the limit of an answer is called in a request; older servers know `max-tokens` only.
    #[arg(
        long,
        env = "TINTYPE_AI_TOKEN_LIMIT",
        value_name = "TINTYPE_AI_TOKEN_LIMIT",
        default_value = "max-completion-tokens"
    )]
    pub ai_token_limit: TokenLimit,

    /// Where LiveKit is, for browsers: `wss://media.example.com`; without it nobody can join a meeting.
    #[arg(long, env = "LIVEKIT_URL", value_name = "LIVEKIT_URL")]
    pub livekit_url: Option<Url>,

    /// Name of a key of LiveKit.
    #[arg(long, env = "LIVEKIT_API_KEY", value_name = "LIVEKIT_API_KEY")]
    pub livekit_api_key: Option<String>,

    /// The key itself.
    #[arg(long, env = "LIVEKIT_API_SECRET", value_name = "LIVEKIT_API_SECRET", hide_env_values = true)]
    pub livekit_api_secret: Option<SecretString>,

    /// Where this server reaches LiveKit, if not where browsers do, for example `http://livekit:7880`.
    #[arg(long, env = "TINTYPE_LIVEKIT_API_URL", value_name = "TINTYPE_LIVEKIT_API_URL")]
    pub livekit_api_url: Option<Url>,

    /// Seconds for which a pass to a call can be used; who is connected needs no other.
    #[arg(long, env = "TINTYPE_LIVEKIT_TOKEN_SECONDS", value_name = "TINTYPE_LIVEKIT_TOKEN_SECONDS",
        default_value_t = 300, value_parser = value_parser!(u64).range(30..=600))]
    pub livekit_token_seconds: u64,

    /// Most devices in a call.
    #[arg(long, env = "TINTYPE_LIVEKIT_PARTICIPANTS", value_name = "TINTYPE_LIVEKIT_PARTICIPANTS",
        default_value_t = 50, value_parser = value_parser!(u32).range(2..=200))]
    pub livekit_participants: u32,

    /// Seconds after which a call ends in which nobody is.
    #[arg(long, env = "TINTYPE_LIVEKIT_EMPTY_SECONDS", value_name = "TINTYPE_LIVEKIT_EMPTY_SECONDS",
        default_value_t = 300, value_parser = value_parser!(u64).range(1..=86_400))]
    pub livekit_empty_seconds: u64,

    /// Longest time that a request to LiveKit may take, in milliseconds.
    #[arg(long, env = "TINTYPE_LIVEKIT_REQUEST_MS", value_name = "TINTYPE_LIVEKIT_REQUEST_MS",
        default_value_t = 5000, value_parser = value_parser!(u64).range(1..=3_600_000))]
    pub livekit_request_ms: u64,

    /// Largest event of LiveKit, in bytes.
    #[arg(long, env = "TINTYPE_LIVEKIT_WEBHOOK_BYTES", value_name = "TINTYPE_LIVEKIT_WEBHOOK_BYTES",
        default_value_t = 64 * 1024, value_parser = value_parser!(u32).range(1024..=16 * 1024 * 1024))]
    pub livekit_webhook_bytes: u32,

    /// Seconds for which a client may take nothing of what is written to it, before its connection is closed.
    #[arg(long, env = "TINTYPE_STALL_SECONDS", value_name = "TINTYPE_STALL_SECONDS", default_value_t = 30,
        value_parser = clap::value_parser!(u64).range(1..=3_600))]
    pub stall_seconds: u64,

    /// Bytes written that the kernel keeps for each client until it has them.
    #[arg(long, env = "TINTYPE_SEND_BUFFER_BYTES", value_name = "TINTYPE_SEND_BUFFER_BYTES", default_value_t = 128 * 1024,
        value_parser = clap::value_parser!(u32).range(4_096..=0x4000_0000))]
    pub send_buffer_bytes: u32,

    /// Seconds that calls may go on for after the server was told to stop.
    #[arg(long, env = "TINTYPE_DRAIN_SECONDS", value_name = "TINTYPE_DRAIN_SECONDS", default_value_t = 30)]
    pub drain_seconds: u64,

    /// Seconds within which streams end after the server was told to stop, each at a random moment.
    #[arg(
        long,
        env = "TINTYPE_STREAM_DRAIN_SECONDS",
        value_name = "TINTYPE_STREAM_DRAIN_SECONDS",
        default_value_t = 10
    )]
    pub stream_drain_seconds: u64,

    /// How documents are read and found.
    #[command(flatten)]
    pub knowledge: KnowledgeOptions,

    /// What to log, in the syntax of tracing: info, or debug, or server=debug,db=trace.
    #[arg(long, env = "TINTYPE_LOG", value_name = "TINTYPE_LOG", default_value = "info")]
    pub log: String,

    /// Writes the log as JSON, one object per line.
    #[arg(long, env = "TINTYPE_LOG_JSON", value_name = "TINTYPE_LOG_JSON", value_parser = BoolishValueParser::new(),
        num_args = 0..=1, require_equals = true, default_value = "false", default_missing_value = "true",
        action = ArgAction::Set)]
    pub log_json: bool,
}

/// How a frame is compared with the one before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Detection {
    /// By the brightness of 32 by 24 fields.
    Grid,
    /// By a perceptual hash of 64 bits.
    Hash,
}

/// Longest time for which something is kept in Redis: a hundred years, because it counts to an end.
const LONGEST_SECONDS: u64 = 100 * 365 * 24 * 60 * 60;

impl Config {
    /// Where OpenAI is.
    pub(crate) fn openai() -> Url {
        Url::parse("https://api.openai.com/v1").expect("the address is a constant")
    }

    /// What procedures need to know.
    #[must_use]
    pub fn settings(&self) -> Settings {
        Settings {
            secure_cookies: self.secure_cookies.unwrap_or(!self.host.is_loopback()),
            account_attempts: self.account_attempts,
            address_attempts: self.address_attempts,
            address_registrations: self.address_registrations,
            invitation_lifetime: Duration::from_secs(u64::from(self.invitation_hours) * 3_600),
            open_invitations: self.open_invitations,
            ..Settings::default()
        }
    }

    /// What the procedures' host accepts.
    #[must_use]
    pub fn limits(&self) -> tintype_axum::Limits {
        let mut form = tintype::FormLimits::default();
        let largest = self.image_bytes.max(self.knowledge.document_bytes);
        form.file_bytes = form.file_bytes.max(largest);
        let defaults = tintype_axum::Limits::default();
        tintype_axum::Limits {
            form,
            // A form has more in it than its file.
            upload_bytes: defaults.upload_bytes.max(largest as usize + 1024 * 1024),
            body_bytes: self.body_bytes,
            batch_calls: self.batch_calls,
            url_bytes: self.url_bytes,
            // What is not over when the calls have had their time is cut off, without last words.
            drain_time: Duration::from_secs(self.stream_drain_seconds.min(self.drain_seconds)),
            ..defaults
        }
    }

    /// How the outbox is worked off.
    #[must_use]
    pub(crate) fn outbox(&self) -> OutboxOptions {
        OutboxOptions {
            sweep_interval: Duration::from_millis(self.outbox_sweep_ms),
            age: Duration::from_millis(self.outbox_age_ms),
            sweep_events: self.outbox_sweep_events,
            delete_delay: Duration::from_millis(self.outbox_delete_ms),
            delete_events: self.outbox_delete_events as usize,
        }
    }

    /// What the accept loop allows its connections.
    #[must_use]
    pub fn connection_limits(&self) -> ConnectionLimits {
        ConnectionLimits {
            connections: self.connections,
            stall_time: Duration::from_secs(self.stall_seconds),
            send_buffer_bytes: usize::try_from(self.send_buffer_bytes).unwrap_or(usize::MAX),
        }
    }

    /// How long calls may go on for after the server was told to stop.
    #[must_use]
    pub fn drain_time(&self) -> Duration {
        Duration::from_secs(self.drain_seconds)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_value_names_the_variable() {
        let error = Config::try_parse_from(["tintype-server", "--port", "http"]).unwrap_err().to_string();

        assert!(error.contains("'http'") && error.contains("<PORT>"), "{error}");
    }

    #[test]
    fn a_limit_of_connections_that_cannot_work_is_refused_with_its_range() {
        for (option, value) in [("--stall-seconds", "0"), ("--send-buffer-bytes", "100")] {
            let error = Config::try_parse_from(["tintype-server", option, value]).unwrap_err().to_string();

            assert!(error.contains(&format!("{value} is not in")), "{error}");
        }
    }

    #[test]
    fn every_option_of_connections_and_of_the_outbox_is_used() {
        let config = Config::parse_from([
            "tintype-server",
            "--connections=1",
            "--stall-seconds=2",
            "--send-buffer-bytes=5000",
            "--outbox-sweep-ms=3",
            "--outbox-age-ms=4",
            "--outbox-sweep-events=5",
            "--outbox-delete-ms=6",
            "--outbox-delete-events=7",
        ]);

        let limits = config.connection_limits();
        assert_eq!((limits.connections, limits.send_buffer_bytes), (1, 5000));
        assert_eq!(limits.stall_time, Duration::from_secs(2));
        let outbox = config.outbox();
        assert_eq!([outbox.sweep_interval, outbox.age, outbox.delete_delay], [3, 4, 6].map(Duration::from_millis));
        assert_eq!((outbox.sweep_events, outbox.delete_events), (5, 7));
        assert_eq!(Config::parse_from(["tintype-server"]).connection_limits(), ConnectionLimits::default());
    }

    #[test]
    fn every_option_of_invitations_is_used_and_has_its_range() {
        let parse = |arguments: &[&str]| {
            Config::try_parse_from(std::iter::once("tintype-server").chain(arguments.iter().copied()))
        };

        let settings = parse(&["--invitation-hours=2", "--open-invitations=3"]).unwrap().settings();
        assert_eq!((settings.invitation_lifetime, settings.open_invitations), (Duration::from_secs(7_200), 3));
        assert_eq!(parse(&[]).unwrap().settings().invitation_lifetime, Settings::default().invitation_lifetime);
        assert_eq!(parse(&[]).unwrap().settings().open_invitations, Settings::default().open_invitations);
        for option in ["--invitation-hours=0", "--invitation-hours=8761", "--open-invitations=0"] {
            let error = parse(&[option]).unwrap_err().to_string();
            assert!(error.contains("is not in"), "{error}");
        }
    }

    #[test]
    fn streams_end_before_the_server_is_cut_off() {
        let drain = |arguments: &[&str]| {
            let config = Config::parse_from(["tintype-server"].iter().chain(arguments));
            (config.limits().drain_time, config.drain_time())
        };
        let seconds = Duration::from_secs;

        assert_eq!(drain(&[]), (seconds(10), seconds(30)));
        assert_eq!(drain(&["--stream-drain-seconds=4"]), (seconds(4), seconds(30)));
        assert_eq!(drain(&["--drain-seconds=3"]), (seconds(3), seconds(3)));
    }

    #[test]
    fn the_log_is_json_if_asked_for_as_an_option_or_with_a_value() {
        let parse = |arguments: &[&str]| {
            let arguments = std::iter::once("tintype-server").chain(arguments.iter().copied());
            Config::try_parse_from(arguments)
        };

        assert!(!parse(&[]).unwrap().log_json);
        assert!(parse(&["--log-json"]).unwrap().log_json);
        // As an environment variable is read.
        assert!(parse(&["--log-json=1"]).unwrap().log_json);
        assert!(!parse(&["--log-json=no"]).unwrap().log_json);
        let error = parse(&["--log-json=perhaps"]).unwrap_err().to_string();
        assert!(error.contains("'perhaps'") && error.contains("TINTYPE_LOG_JSON"), "{error}");
    }

    #[test]
    fn cookies_are_for_tls_only_except_on_loopback() {
        let parse = |arguments: &[&str]| {
            let arguments = std::iter::once("tintype-server").chain(arguments.iter().copied());
            Config::try_parse_from(arguments).unwrap().settings().secure_cookies
        };

        assert!(!parse(&[]));
        assert!(parse(&["--host", "0.0.0.0"]));
        assert!(!parse(&["--host", "0.0.0.0", "--secure-cookies", "false"]));
    }
}
