use std::sync::Arc;

use api_contract::{
    ai::{Ai, AiLimits, Models},
    providers::{Providers, Vision},
    vision::{FrameDetection, VisionLimits},
};

use crate::{
    Config,
    config::Detection,
    openai::{OpenAi, OpenAiError, OpenAiOptions},
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
}

/// Models of the provider that is configured; without one, answers are quotes.
///
/// # Errors
///
/// [`AiError`] names the variable.
pub fn ai(config: &Config) -> Result<Ai, AiError> {
    let (limits, vision_limits) = (limits(config), vision_limits(config));
    let Some(options) = provider(config) else {
        tracing::info!("no model is configured, so answers are quotes: set OPENAI_API_KEY, or OPENAI_BASE_URL");
        return Ok(Ai { limits, vision: vision_limits, ..Ai::without_model() });
    };
    let (small, large) = (config.chat_model_small.clone(), config.chat_model_large.clone());
    let vision = Some(config.vision_model.clone()).filter(|model| !model.is_empty());
    let prices = prices::read(config.prices.as_deref())?;
    for model in [Some(&small), Some(&large), vision.as_ref()].into_iter().flatten() {
        if prices.price(model).is_none() {
            tracing::warn!(
                model,
                "a model has no price, so no budget holds it back: add it to a file for TINTYPE_PRICES"
            );
        }
    }
    let provider = Arc::new(OpenAi::new(options)?);
    Ok(Ai {
        providers: Providers {
            vision: vision.is_some().then(|| Arc::clone(&provider) as Arc<dyn Vision>),
            assistant: provider,
            embedder: None,
        },
        models: Models { small, large, vision, embedding: None },
        prices: Arc::new(prices),
        limits,
        vision: vision_limits,
    })
}

/// Where the provider is; a server of one's own may need no key.
fn provider(config: &Config) -> Option<OpenAiOptions> {
    if config.openai_api_key.is_none() && config.openai_base_url.is_none() {
        return None;
    }
    let base_url = config.openai_base_url.clone().unwrap_or_else(Config::openai);
    let mut options = OpenAiOptions::new(base_url);
    options.api_key.clone_from(&config.openai_api_key);
    options.connect_time = std::time::Duration::from_millis(config.ai_connect_ms);
    options.silence = std::time::Duration::from_millis(config.ai_silence_ms);
    options.retries = config.ai_retries;
    options.retry_delay = std::time::Duration::from_millis(config.ai_retry_ms);
    options.failures = config.ai_failures;
    options.rest = std::time::Duration::from_secs(config.ai_rest_seconds);
    options.token_limit = config.ai_token_limit;
    Some(options)
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
    fn an_address_and_a_key_that_cannot_work_are_named() {
        let refused = |arguments: &[&str]| ai(&config(arguments)).unwrap_err().to_string();

        let address = refused(&["--openai-base-url=ftp://models.example"]);
        assert!(address.contains("OPENAI_BASE_URL") && address.contains("ftp://models.example"), "{address}");
        let key = refused(&["--openai-api-key=two\nlines"]);
        assert!(key.contains("OPENAI_API_KEY") && !key.contains("two"), "{key}");
        let prices = refused(&["--openai-api-key=k", "--prices=/no/such.toml"]);
        assert!(prices.contains("TINTYPE_PRICES") && prices.contains("/no/such.toml"), "{prices}");
    }
}
