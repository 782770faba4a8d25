use std::{num::NonZeroUsize, path::Path, sync::Arc};

use api_contract::{
    ai::{Ai, AiLimits, Models},
    knowledge::Knowledge,
    money::{Price, PriceTable},
    providers::{EXTRACTIVE, Embedder, Providers, Reranker, Vision},
    vision::{FrameDetection, VisionLimits},
};

use db::knowledge::{EmbeddingTag, InvalidTag};

use crate::{
    ChildReader, Config,
    config::Detection,
    openai::{HttpReranker, OpenAi, OpenAiError, OpenAiOptions},
    prices::{self, PricesError},
};

/// Why models cannot be used as the configuration says.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AiError {
    /// The provider cannot be used.
    #[error(transparent)]
    Provider(#[from] OpenAiError),
    /// What models cost cannot be read.
    #[error(transparent)]
    Prices(#[from] PricesError),
    /// Vectors of the model cannot be stored.
    #[error("TINTYPE_EMBEDDING_MODEL and TINTYPE_EMBEDDING_DIMENSIONS cannot be used")]
    Embedding(#[from] InvalidTag),
    /// It is said which model, and not where it is.
    #[error("{variable} is set, and no provider: set OPENAI_API_KEY, OPENAI_BASE_URL or TINTYPE_EMBEDDING_BASE_URL")]
    NoProvider {
        /// The variable that needs a provider.
        variable: &'static str,
    },
    /// The model in a folder cannot be used.
    #[cfg(feature = "local-embeddings")]
    #[error("TINTYPE_EMBEDDING_DIR cannot be used")]
    LocalModel(#[from] local_embedder::OpenError),
    /// Nothing can compute with the model in a folder.
    #[error(
        "TINTYPE_EMBEDDING_DIR is set, and this server was built without what computes with a model: build it with \
         `--features local-embeddings`"
    )]
    NoLocalModels,
    /// Documents cannot be read in a process of their own.
    #[error("it is not known which program this is, and so documents cannot be read")]
    Reader(#[from] std::io::Error),
}

/// Models of the provider that is configured; without one, answers are quotes.
///
/// # Errors
///
/// [`AiError`] names the variable.
pub fn ai(config: &Config) -> Result<Ai, AiError> {
    let (limits, vision) = (limits(config), vision_limits(config));
    let embedding = embedding(config)?;
    let mut prices = prices::read(config.prices.as_deref())?;
    if let Some((_, tag)) = &embedding
        && config.knowledge.embedding_dir.is_some()
        && prices.price(tag.model()).is_none()
    {
        prices = prices.with(tag.model(), Price::default());
    }
    let prices = Arc::new(prices);
    let mut ai = match provider(config) {
        None => {
            tracing::info!("no model is configured, so answers are quotes: set OPENAI_API_KEY, or OPENAI_BASE_URL");
            Ai { limits, vision, ..Ai::without_model() }
        }
        Some(options) => {
            let provider = Arc::new(OpenAi::new(options)?);
            let eyes = Some(config.vision_model.clone()).filter(|model| !model.is_empty());
            Ai {
                providers: Providers {
                    vision: eyes.is_some().then(|| Arc::clone(&provider) as Arc<dyn Vision>),
                    assistant: provider,
                    embedder: None,
                },
                models: Models {
                    small: config.chat_model_small.clone(),
                    large: config.chat_model_large.clone(),
                    vision: eyes,
                    embedding: None,
                },
                prices: Arc::clone(&prices),
                limits,
                vision,
                knowledge: Knowledge::default(),
            }
        }
    };
    ai.knowledge = Knowledge {
        reader: Arc::new(ChildReader::new(config.knowledge.reading())?),
        reranker: reranker(config)?,
        limits: config.knowledge.limits(),
    };
    match embedding {
        None => tracing::info!(
            "no model embeds texts, so searches are by words: set TINTYPE_EMBEDDING_MODEL, or TINTYPE_EMBEDDING_DIR"
        ),
        Some((embedder, tag)) => {
            (ai.providers.embedder, ai.models.embedding) = (Some(embedder), Some(tag));
        }
    }
    if ai.models.embedding.is_some() || ai.knowledge.reranker.is_some() {
        // Quotes are free in every table.
        ai.prices = with_quotes(&prices);
    }
    warn_of_models_without_price(&ai);
    Ok(ai)
}

/// The table with the price of answers that are quotes, which may stand beside models that embed.
fn with_quotes(prices: &PriceTable) -> Arc<PriceTable> {
    Arc::new(prices.clone().with(EXTRACTIVE, Price::default()))
}

fn warn_of_models_without_price(ai: &Ai) {
    let Models { small, large, vision, embedding } = &ai.models;
    let embedding = embedding.as_ref().map(EmbeddingTag::model);
    let reranker = ai.knowledge.reranker.as_ref().map(|(_, model)| model.as_str());
    for model in [Some(small.as_str()), Some(large), vision.as_deref(), embedding, reranker].into_iter().flatten() {
        if ai.prices.price(model).is_none() {
            tracing::warn!(
                model,
                "a model has no price, so no budget holds it back: add it to a file for TINTYPE_PRICES"
            );
        }
    }
}

/// Who embeds texts, and with which model.
type Embedding = (Arc<dyn Embedder>, EmbeddingTag);

/// Who ranks what was found, and with which model.
type Ranking = (Arc<dyn Reranker>, String);

fn embedding(config: &Config) -> Result<Option<Embedding>, AiError> {
    /// What OpenAI has, and no other server.
    const OF_OPENAI: &str = "text-embedding-3-small";
    let options = &config.knowledge;
    let (main, own) = (provider(config), options.embedding_base_url.clone());
    if let Some(folder) = &options.embedding_dir {
        return local_model(folder, options.embedding_threads).map(Some);
    }
    let is_openai = own.is_none() && config.openai_base_url.is_none() && main.is_some();
    let model = match &options.embedding_model {
        Some(model) => Some(model.clone()).filter(|model| !model.is_empty()),
        None => is_openai.then(|| OF_OPENAI.to_owned()),
    };
    let Some(model) = model else { return Ok(None) };
    let tag = EmbeddingTag::new(model, options.embedding_dimensions.get())?;
    let options = match (own, main) {
        (Some(base_url), _) => {
            let key = options.embedding_api_key.clone();
            let variables = ["TINTYPE_EMBEDDING_BASE_URL", "TINTYPE_EMBEDDING_API_KEY"];
            of_provider(config, OpenAiOptions { api_key: key, variables, ..OpenAiOptions::new(base_url) })
        }
        (None, Some(main)) => main,
        (None, None) => return Err(AiError::NoProvider { variable: "TINTYPE_EMBEDDING_MODEL" }),
    };
    Ok(Some((Arc::new(OpenAi::new(options)?), tag)))
}

/// A model in this process.
#[cfg(feature = "local-embeddings")]
fn local_model(folder: &Path, threads: Option<NonZeroUsize>) -> Result<Embedding, AiError> {
    let half = || NonZeroUsize::new(std::thread::available_parallelism().map_or(1, |all| all.get() / 2));
    let threads = threads.or_else(half).unwrap_or(NonZeroUsize::MIN);
    let model = crate::LocalModel::open(folder, threads)?;
    let dimensions = u16::try_from(model.dimensions()).unwrap_or(u16::MAX);
    let tag = EmbeddingTag::new(model.name(), dimensions)?;
    tracing::info!(model = %tag, threads, "texts are embedded in this process");
    Ok((Arc::new(model), tag))
}

#[cfg(not(feature = "local-embeddings"))]
fn local_model(_: &Path, _: Option<NonZeroUsize>) -> Result<Embedding, AiError> {
    Err(AiError::NoLocalModels)
}

fn reranker(config: &Config) -> Result<Option<Ranking>, AiError> {
    let options = &config.knowledge;
    let (Some(url), Some(model)) = (options.rerank_url.clone(), options.rerank_model.clone()) else { return Ok(None) };
    let key = options.rerank_api_key.clone();
    let variables = ["TINTYPE_RERANK_URL", "TINTYPE_RERANK_API_KEY"];
    let options = of_provider(config, OpenAiOptions { api_key: key, variables, ..OpenAiOptions::new(url) });
    Ok(Some((Arc::new(HttpReranker::new(options)?), model)))
}

/// Where the provider is; a server of one's own may need no key.
fn provider(config: &Config) -> Option<OpenAiOptions> {
    if config.openai_api_key.is_none() && config.openai_base_url.is_none() {
        return None;
    }
    let base_url = config.openai_base_url.clone().unwrap_or_else(Config::openai);
    let key = config.openai_api_key.clone();
    Some(of_provider(config, OpenAiOptions { api_key: key, ..OpenAiOptions::new(base_url) }))
}

/// How long any provider is waited for, and how often it is asked again.
fn of_provider(config: &Config, options: OpenAiOptions) -> OpenAiOptions {
    OpenAiOptions {
        connect_time: std::time::Duration::from_millis(config.ai_connect_ms),
        silence: std::time::Duration::from_millis(config.ai_silence_ms),
        retries: config.ai_retries,
        retry_delay: std::time::Duration::from_millis(config.ai_retry_ms),
        failures: config.ai_failures,
        rest: std::time::Duration::from_secs(config.ai_rest_seconds),
        token_limit: config.ai_token_limit,
        ..options
    }
}

fn limits(config: &Config) -> AiLimits {
    let defaults = AiLimits::default();
    AiLimits {
        system_prompt: config.system_prompt.clone().unwrap_or(defaults.system_prompt),
        history_bytes: config.history_bytes as usize,
        output_tokens: config.output_tokens,
        answer_time: std::time::Duration::from_secs(config.answer_seconds),
        delta_time: std::time::Duration::from_millis(config.delta_ms),
        concurrent_runs: config.concurrent_runs as usize,
        open_runs: config.open_runs as usize,
        lease: std::time::Duration::from_millis(config.run_lease_ms),
    }
}

fn vision_limits(config: &Config) -> VisionLimits {
    let defaults = VisionLimits::default();
    VisionLimits {
        image_bytes: config.image_bytes as usize,
        image_pixels: config.image_pixels.into(),
        output_tokens: config.vision_tokens,
        answer_time: std::time::Duration::from_secs(config.vision_seconds),
        concurrent_images: config.concurrent_images.map_or(defaults.concurrent_images, usize::from),
        detection: match config.vision_detection {
            Detection::Grid => FrameDetection::Grid,
            Detection::Hash => FrameDetection::Hash,
        },
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    fn config(arguments: &[&str]) -> Config {
        Config::try_parse_from(["tintype-server"].iter().chain(arguments)).unwrap()
    }

    #[test]
    fn without_options_an_answer_may_take_what_the_product_says() {
        assert_eq!(limits(&config(&[])), AiLimits::default());
        assert_eq!(vision_limits(&config(&[])), VisionLimits::default());
        assert!(provider(&config(&[])).is_none());
        let (ours, theirs) =
            (provider(&config(&["--openai-api-key=k"])).unwrap(), OpenAiOptions::new(Config::openai()));
        assert_eq!((ours.connect_time, ours.silence), (theirs.connect_time, theirs.silence));
        assert_eq!((ours.retries, ours.retry_delay), (theirs.retries, theirs.retry_delay));
        assert_eq!((ours.failures, ours.rest, ours.token_limit), (theirs.failures, theirs.rest, theirs.token_limit));
    }

    #[test]
    fn every_option_is_used() {
        let config = config(&[
            "--openai-base-url=http://localhost:11434/v1",
            "--ai-connect-ms=1",
            "--ai-silence-ms=2",
            "--ai-retries=3",
            "--ai-retry-ms=4",
            "--ai-failures=5",
            "--ai-rest-seconds=6",
            "--ai-token-limit=max-tokens",
            "--system-prompt=Be kind.",
            "--history-bytes=7",
            "--output-tokens=8",
            "--answer-seconds=9",
            "--delta-ms=10",
            "--concurrent-runs=11",
            "--open-runs=12",
            "--run-lease-ms=1300",
            "--vision-model=eyes",
            "--image-bytes=20",
            "--image-pixels=21",
            "--concurrent-images=22",
            "--vision-tokens=23",
            "--vision-seconds=24",
            "--vision-detection=hash",
        ]);

        let options = provider(&config).unwrap();
        let millis = std::time::Duration::from_millis;
        assert_eq!([options.connect_time, options.silence, options.retry_delay], [1, 2, 4].map(millis));
        assert_eq!((options.retries, options.failures, options.rest), (3, 5, millis(6_000)));
        assert_eq!(options.token_limit, crate::openai::TokenLimit::MaxTokens);
        let limits = limits(&config);
        assert_eq!((limits.system_prompt.as_str(), limits.history_bytes, limits.output_tokens), ("Be kind.", 7, 8));
        assert_eq!([limits.answer_time, limits.delta_time, limits.lease], [9_000, 10, 1_300].map(millis));
        assert_eq!((limits.concurrent_runs, limits.open_runs), (11, 12));
        let vision = vision_limits(&config);
        assert_eq!((vision.image_bytes, vision.image_pixels, vision.concurrent_images), (20, 21, 22));
        assert_eq!((vision.output_tokens, vision.answer_time), (23, millis(24_000)));
        assert_eq!(vision.detection, FrameDetection::Hash);
        assert_eq!(ai(&config).unwrap().models.vision.as_deref(), Some("eyes"));
    }

    #[test]
    fn texts_are_embedded_where_that_is_said_and_by_openai_without_being_told() {
        let embedding =
            |arguments: &[&str]| ai(&config(arguments)).unwrap().models.embedding.map(|tag| tag.to_string());
        let local = "--openai-base-url=http://localhost:11434/v1";

        assert_eq!(embedding(&[]), None);
        assert_eq!(embedding(&["--openai-api-key=k"]).as_deref(), Some("text-embedding-3-small@512"));
        assert_eq!(embedding(&["--openai-api-key=k", "--embedding-model="]), None);
        assert_eq!(embedding(&[local]), None, "another server has other models");
        let own = ["--embedding-model=nomic", "--embedding-dimensions=768"];
        assert_eq!(embedding(&[&[local], &own[..]].concat()).as_deref(), Some("nomic@768"));
        let alone = [&["--embedding-base-url=http://localhost:8080/v1"], &own[..]].concat();
        let alone = ai(&config(&alone)).unwrap();
        assert_eq!(alone.providers.assistant.provider(), EXTRACTIVE);
        assert!(alone.providers.embedder.is_some() && alone.prices.price(EXTRACTIVE).is_some());
    }

    #[cfg(feature = "local-embeddings")]
    #[test]
    fn a_model_in_a_folder_embeds_for_nothing() {
        let tiny = concat!(env!("CARGO_MANIFEST_DIR"), "/../local-embedder/tests/fixtures/tiny");

        let ai = ai(&config(&["--embedding-dir", tiny, "--embedding-threads=1"])).unwrap();

        let tag = ai.models.embedding.unwrap();
        assert!(tag.model().starts_with("tiny:") && tag.dimensions() == 8, "{tag}");
        assert_eq!(ai.providers.embedder.unwrap().provider(), "local");
        assert_eq!(ai.prices.price(tag.model()), Some(&Price::default()));
        assert!(ai.prices.price(EXTRACTIVE).is_some());
    }

    #[test]
    fn a_folder_without_a_model_is_named() {
        let error = ai(&config(&["--embedding-dir=/no/model"])).unwrap_err();

        let error = format!("{:#}", anyhow::Error::new(error));
        let expected = if cfg!(feature = "local-embeddings") { "/no/model/config.json" } else { "local-embeddings" };
        assert!(error.contains("TINTYPE_EMBEDDING_DIR") && error.contains(expected), "{error}");
    }

    #[test]
    fn an_address_and_a_key_that_cannot_work_are_named() {
        let refused = |arguments: &[&str]| ai(&config(arguments)).unwrap_err().to_string();

        let address = refused(&["--openai-base-url=ftp://models.example"]);
        assert!(address.contains("OPENAI_BASE_URL") && address.contains("ftp://models.example"), "{address}");
        let key = refused(&["--openai-api-key=two\nlines"]);
        assert!(key.contains("OPENAI_API_KEY") && !key.contains("two"), "{key}");
        let embedding = refused(&["--embedding-model=m"]);
        assert!(embedding.contains("TINTYPE_EMBEDDING_MODEL"), "{embedding}");
        let rerank = refused(&["--rerank-url=ftp://rank.example", "--rerank-model=m"]);
        assert!(rerank.contains("TINTYPE_RERANK_URL") && rerank.contains("ftp://rank.example"), "{rerank}");
        let prices = refused(&["--openai-api-key=k", "--prices=/no/such.toml"]);
        assert!(prices.contains("TINTYPE_PRICES") && prices.contains("/no/such.toml"), "{prices}");
    }
}
