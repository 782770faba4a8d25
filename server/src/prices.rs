//! Reads what models cost.

use std::{collections::BTreeMap, fs, io, path::Path};

use api_contract::money::{Price, PriceTable};
use rust_decimal::{Decimal, prelude::ToPrimitive};
use serde::Deserialize;

/// The prices that come with the server.
const OURS: &str = include_str!("../prices.toml");

/// Why prices cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PricesError {
    /// The file cannot be read.
    #[error("TINTYPE_PRICES is {path:?}, which cannot be read")]
    Unreadable {
        /// The file.
        path: String,
        /// Why.
        source: io::Error,
    },
    /// It is not a table of prices.
    #[error("TINTYPE_PRICES is {path:?}, which is no table of prices: take server/prices.toml as an example")]
    Malformed {
        /// The file.
        path: String,
        /// What is wrong with it.
        source: toml::de::Error,
    },
    /// A price is none.
    #[error(
        "{path:?} says {value:?} for {field} of {model}: write dollars for a million tokens, as \"0.40\", with at most six digits after the point"
    )]
    Price {
        /// The file.
        path: String,
        /// The model.
        model: String,
        /// Which of its prices.
        field: &'static str,
        /// What it says.
        value: String,
    },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    version: String,
    #[serde(rename = "source")]
    _source: String,
    models: BTreeMap<String, Model>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Model {
    input: String,
    cached_input: Option<String>,
    output: String,
    #[serde(default)]
    image_tokens: u64,
}

/// The prices in `path`, or those that come with the server.
///
/// # Errors
///
/// [`PricesError`] names the file, the model and the field.
pub(crate) fn read(path: Option<&Path>) -> Result<PriceTable, PricesError> {
    let Some(path) = path else { return parse("server/prices.toml", OURS) };
    let name = path.display().to_string();
    let text = fs::read_to_string(path).map_err(|source| PricesError::Unreadable { path: name.clone(), source })?;
    parse(&name, &text)
}

fn parse(path: &str, text: &str) -> Result<PriceTable, PricesError> {
    let file: File = toml::from_str(text).map_err(|source| PricesError::Malformed { path: path.to_owned(), source })?;
    let mut models = Vec::new();
    for (name, model) in file.models {
        let price = |field, value: &str| {
            pico_dollars(value).ok_or_else(|| PricesError::Price {
                path: path.to_owned(),
                model: name.clone(),
                field,
                value: value.to_owned(),
            })
        };
        let input = price("input", &model.input)?;
        let cached_input = model.cached_input.as_deref().map(|value| price("cached_input", value)).transpose()?;
        let output = price("output", &model.output)?;
        // A provider without a cache does not say that anything came from it.
        let cached_input = cached_input.unwrap_or(input);
        models.push((name, Price { input, cached_input, output, image_tokens: model.image_tokens }));
    }
    Ok(PriceTable::new(file.version, models))
}

/// Pico-dollars for a token, of dollars for a million tokens.
fn pico_dollars(text: &str) -> Option<u64> {
    let pico = text.parse::<Decimal>().ok()?.checked_mul(Decimal::from(1_000_000))?;
    (pico.fract().is_zero() && !pico.is_sign_negative()).then(|| pico.to_u64()).flatten()
}

#[cfg(test)]
mod tests {
    use api_contract::providers::Usage;

    use super::*;

    #[test]
    fn the_prices_that_come_with_the_server_are_read_to_the_last_digit() {
        let prices = read(None).unwrap();

        let cost = |model: &str, input_tokens, cached_tokens, output_tokens| {
            prices.price(model).unwrap().cost(Usage { input_tokens, cached_tokens, output_tokens }).get()
        };
        assert_eq!(cost("gpt-4.1-mini", 1_000_000, 0, 0), 400_000);
        assert_eq!(cost("gpt-4.1-nano", 1_000_000, 1_000_000, 1_000_000), 25_000 + 400_000);
        assert_eq!(prices.price("llama3"), None);
        assert_eq!(prices.version(), "2026-11-26");
    }

    #[test]
    fn what_is_wrong_is_named() {
        let head = "version = \"1\"\nsource = \"me\"\n";
        let wrong = |rest: &str| {
            let error = parse("mine.toml", &format!("{head}{rest}")).unwrap_err();
            let cause = std::error::Error::source(&error).map(ToString::to_string).unwrap_or_default();
            format!("{error} {cause}")
        };

        for value in ["free", "-1", "0.0000001", "1e999", ""] {
            let error = wrong(&format!("[models.m]\ninput = \"{value}\"\noutput = \"1\""));
            assert!(error.contains("mine.toml") && error.contains("input of m") && error.contains(value), "{error}");
        }
        assert!(wrong("[models.m]\ninput = 0.4\noutput = \"1\"").contains("expected a string"));
        assert!(wrong("[models.m]\ninput = \"1\"").contains("output"));
        assert!(wrong("[models.m]\ninput = \"1\"\noutput = \"1\"\nimput = \"1\"").contains("imput"));
    }
}
