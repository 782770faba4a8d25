use std::time::Duration;

use crate::{
    Config,
    livekit::{LiveKit, LiveKitError, LiveKitOptions},
};

/// LiveKit as the configuration says; without it there are meetings that nobody can join.
///
/// # Errors
///
/// [`LiveKitError`] names the variable.
pub fn calls(config: &Config) -> Result<Option<LiveKit>, LiveKitError> {
    match options(config)? {
        Some(options) => LiveKit::new(options).map(Some),
        None => {
            tracing::info!("calls are not set up: set LIVEKIT_URL, LIVEKIT_API_KEY and LIVEKIT_API_SECRET");
            Ok(None)
        }
    }
}

fn options(config: &Config) -> Result<Option<LiveKitOptions>, LiveKitError> {
    let (url, key, secret) = (&config.livekit_url, &config.livekit_api_key, &config.livekit_api_secret);
    let (url, key, secret) = match (url, key, secret) {
        (None, None, None) => return Ok(None),
        (Some(url), Some(key), Some(secret)) => (url.clone(), key.clone(), secret.clone()),
        _ => {
            let set = [
                ("LIVEKIT_URL", url.is_some()),
                ("LIVEKIT_API_KEY", key.is_some()),
                ("LIVEKIT_API_SECRET", secret.is_some()),
            ];
            let missing: Vec<&str> = set.into_iter().filter(|(_, is_set)| !is_set).map(|(name, _)| name).collect();
            return Err(LiveKitError::Incomplete { missing: missing.join(" and ") });
        }
    };
    let mut options = LiveKitOptions::new(url, key, secret);
    options.api_url.clone_from(&config.livekit_api_url);
    options.pass_lifetime = Duration::from_secs(config.livekit_token_seconds);
    options.participants = config.livekit_participants;
    options.empty_time = Duration::from_secs(config.livekit_empty_seconds);
    options.request_time = Duration::from_millis(config.livekit_request_ms);
    Ok(Some(options))
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    fn config(arguments: &[&str]) -> Config {
        Config::try_parse_from(["tintype-server"].iter().chain(arguments)).unwrap()
    }

    const NEEDED: [&str; 3] =
        ["--livekit-url=wss://media.example.com", "--livekit-api-key=key", "--livekit-api-secret=secret"];

    #[test]
    fn without_further_options_calls_are_as_the_product_has_them() {
        assert!(options(&config(&[])).unwrap().is_none());
        let ours = options(&config(&NEEDED)).unwrap().unwrap();
        let theirs = LiveKitOptions::new(ours.url.clone(), "key".to_owned(), "secret".into());

        assert!(ours.api_url.is_none());
        assert_eq!((ours.pass_lifetime, ours.participants), (theirs.pass_lifetime, theirs.participants));
        assert_eq!((ours.empty_time, ours.request_time), (theirs.empty_time, theirs.request_time));
    }

    #[test]
    fn every_option_is_used() {
        let more = [
            "--livekit-api-url=http://media:7880",
            "--livekit-token-seconds=60",
            "--livekit-participants=3",
            "--livekit-empty-seconds=4",
            "--livekit-request-ms=5",
        ];
        let options = options(&config(&[&NEEDED[..], &more].concat())).unwrap().unwrap();

        assert_eq!((options.url.as_str(), options.api_key.as_str()), ("wss://media.example.com/", "key"));
        assert_eq!(options.api_url.unwrap().as_str(), "http://media:7880/");
        assert_eq!((options.pass_lifetime, options.participants), (Duration::from_secs(60), 3));
        assert_eq!((options.empty_time, options.request_time), (Duration::from_secs(4), Duration::from_millis(5)));
    }

    #[test]
    fn half_of_the_settings_is_refused_with_what_is_missing() {
        for left_out in 0..NEEDED.len() {
            let mut given = NEEDED.to_vec();
            let name = given.remove(left_out).split('=').next().unwrap();
            let variable = name.trim_start_matches('-').replace('-', "_").to_uppercase();
            let error = calls(&config(&given)).unwrap_err().to_string();
            assert!(error.contains(&format!("and {variable} is not set")), "{error}");
            let error = calls(&config(&NEEDED[left_out..=left_out])).unwrap_err().to_string();
            assert!(!error.contains(&format!("and {variable} is not set")) && error.contains(" and "), "{error}");
        }
    }
}
