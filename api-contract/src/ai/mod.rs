//! Which models there are, who is asked, and which model answers a question.

mod choice;
mod procedures;
mod settings;

pub use procedures::{Model, ModelList, ModelPolicy, ModelSize, ModelUse, models, policy, set_policy};
pub use settings::{AiLimits, Models};

pub(crate) use choice::{Choice, choose};

use std::{fmt, sync::Arc};

use crate::{
    knowledge::Knowledge,
    money::{Price, PriceTable},
    providers::{EXTRACTIVE, Providers},
    vision::VisionLimits,
};

/// What the product knows of AI. Cheap to clone.
#[derive(Clone)]
pub struct Ai {
    /// Who is asked.
    pub providers: Providers,
    /// Which models they are asked for.
    pub models: Models,
    /// What the models cost.
    pub prices: Arc<PriceTable>,
    /// What an answer may take.
    pub limits: AiLimits,
    /// What a question about an image may take.
    pub vision: VisionLimits,
    /// How documents are read and found.
    pub knowledge: Knowledge,
}

impl Ai {
    /// Without a model: answers are made of what the workspace knows, and cost nothing.
    #[must_use]
    pub fn without_model() -> Self {
        let model = EXTRACTIVE.to_owned();
        Self {
            providers: Providers::without_model(),
            models: Models { small: model.clone(), large: model.clone(), vision: None, embedding: None },
            prices: Arc::new(PriceTable::new("without a model", [(model, Price::default())])),
            limits: AiLimits::default(),
            vision: VisionLimits::default(),
            knowledge: Knowledge::default(),
        }
    }
}

impl fmt::Debug for Ai {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ai").field("models", &self.models).field("limits", &self.limits).finish_non_exhaustive()
    }
}
