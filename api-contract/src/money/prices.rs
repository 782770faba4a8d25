use std::{collections::BTreeMap, fmt};

use tintype::wire::SafeUint;

use crate::providers::Usage;

/// Micro-dollars: 1,000,000 are a US dollar. Never negative.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct MicroUsd(i64);

impl MicroUsd {
    /// The amount.
    #[must_use]
    pub fn get(self) -> i64 {
        self.0
    }
}

/// A count for clients: not below zero, and not beyond what JavaScript counts exactly.
pub(crate) fn to_wire(count: i64) -> SafeUint {
    const MOST: u64 = (1 << 53) - 1;
    SafeUint::try_from(u64::try_from(count).unwrap_or(0).min(MOST)).unwrap_or_default()
}

impl fmt::Display for MicroUsd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "${}.{:06}", self.0 / 1_000_000, self.0 % 1_000_000)
    }
}

/// What a model costs.
///
/// Prices are in pico-dollars for each token, which is micro-dollars for a million of them: integers that hold every
/// list price exactly.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Price {
    /// A token of the input that is not from the provider's cache.
    pub input: u64,
    /// A token of the input from the provider's cache.
    pub cached_input: u64,
    /// A token of the output.
    pub output: u64,
    /// Most tokens that an image costs as input; zero for a model that sees none.
    pub image_tokens: u64,
}

/// Pico-dollars in a micro-dollar.
const PICO: u128 = 1_000_000;

impl Price {
    /// What a call costs that used this, rounded up to a whole micro-dollar.
    #[must_use]
    pub fn cost(&self, usage: Usage) -> MicroUsd {
        let cached = usage.cached_tokens.min(usage.input_tokens);
        let fresh = usage.input_tokens - cached;
        let parts = [(fresh, self.input), (cached, self.cached_input), (usage.output_tokens, self.output)];
        let pico = parts.into_iter().fold(0_u128, |sum, (tokens, price)| {
            sum.saturating_add(u128::from(tokens).saturating_mul(u128::from(price)))
        });
        MicroUsd(i64::try_from(pico.div_ceil(PICO)).unwrap_or(i64::MAX))
    }

    /// The most that a call can cost with so many tokens.
    #[must_use]
    pub fn at_most(&self, input_tokens: u64, output_tokens: u64) -> MicroUsd {
        let dearer = Self { input: self.input.max(self.cached_input), ..*self };
        dearer.cost(Usage { input_tokens, cached_tokens: 0, output_tokens })
    }
}

/// What models cost, by their names.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PriceTable {
    version: String,
    models: BTreeMap<String, Price>,
}

impl PriceTable {
    /// A table; `version` says which, for example the day on which the prices were read.
    #[must_use]
    pub fn new(version: impl Into<String>, models: impl IntoIterator<Item = (String, Price)>) -> Self {
        Self { version: version.into(), models: models.into_iter().collect() }
    }

    /// The same, with the price of another model.
    #[must_use]
    pub fn with(mut self, model: &str, price: Price) -> Self {
        self.models.insert(model.to_owned(), price);
        self
    }

    /// Which prices these are.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.version
    }

    /// What a model costs; `None` if that is not known.
    #[must_use]
    pub fn price(&self, model: &str) -> Option<&Price> {
        self.models.get(model)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINI: Price = Price { input: 150_000, cached_input: 75_000, output: 600_000, image_tokens: 0 };

    fn usage(input_tokens: u64, cached_tokens: u64, output_tokens: u64) -> Usage {
        Usage { input_tokens, cached_tokens, output_tokens }
    }

    #[test]
    fn a_call_costs_its_tokens_and_cached_ones_less() {
        assert_eq!(MINI.cost(usage(1_000_000, 0, 0)).get(), 150_000);
        assert_eq!(MINI.cost(usage(1_000_000, 400_000, 1_000)).get(), 90_000 + 30_000 + 600);
        assert_eq!(MINI.cost(usage(0, 0, 0)).get(), 0);
    }

    #[test]
    fn a_part_of_a_micro_dollar_is_a_whole_one() {
        assert_eq!(MINI.cost(usage(1, 0, 0)).get(), 1);
        assert_eq!(MINI.cost(usage(7, 0, 0)).get(), 2);
    }

    #[test]
    fn numbers_of_a_provider_that_are_nonsense_do_no_harm() {
        assert_eq!(MINI.cost(usage(10, 20, 0)), MINI.cost(usage(10, 10, 0)));
        assert_eq!(MINI.cost(usage(u64::MAX, 0, u64::MAX)).get(), i64::MAX);
    }

    #[test]
    fn the_most_is_never_less_than_what_it_costs() {
        // A provider whose cache is dearer is no reason to spend more than was set aside.
        let odd = Price { cached_input: 300_000, ..MINI };
        assert!(odd.at_most(1_000, 10) >= odd.cost(usage(1_000, 1_000, 10)));
    }

    #[test]
    fn money_is_read_as_dollars() {
        assert_eq!(MicroUsd(1_500_042).to_string(), "$1.500042");
    }
}
