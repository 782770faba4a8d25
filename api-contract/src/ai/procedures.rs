use db::model_policies;
use tintype::{prelude::*, wire::SafeUint};

use crate::{
    AppState,
    auth::{Owner, Session},
    money::Price,
};

/// Which of the two models answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum ModelSize {
    /// The cheap one.
    Small,
    /// The one that can do more.
    Large,
}

impl From<model_policies::ModelSize> for ModelSize {
    fn from(size: model_policies::ModelSize) -> Self {
        match size {
            model_policies::ModelSize::Small => Self::Small,
            model_policies::ModelSize::Large => Self::Large,
        }
    }
}

/// What a model is used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum ModelUse {
    /// Answers to plain questions.
    Small,
    /// Answers to hard questions.
    Large,
    /// Looking at images.
    Vision,
    /// Searching by meaning.
    Embedding,
}

/// A model on offer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Model {
    /// The provider's name for it.
    pub name: String,
    /// Who is asked.
    pub provider: String,
    /// What it is used for.
    pub used_for: ModelUse,
    /// What a million input tokens cost, in micro-dollars; `null` without a price.
    pub input_micro_usd: Option<SafeUint>,
    /// What a million input tokens from the provider's cache cost, in micro-dollars.
    pub cached_input_micro_usd: Option<SafeUint>,
    /// What a million output tokens cost, in micro-dollars.
    pub output_micro_usd: Option<SafeUint>,
}

/// The models on offer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ModelList {
    /// The models.
    pub items: Vec<Model>,
    /// Which prices these are, for example the day on which they were read.
    pub price_version: String,
}

/// Which model answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct ModelPolicy {
    /// The model for every question; `null` lets each question decide.
    pub size: Option<ModelSize>,
}

/// The models on offer, with what they cost.
#[query]
pub async fn models(_session: Session, state: State<AppState>) -> Result<ModelList, Never> {
    let ai = state.0.ai();
    let chat = ai.providers.assistant.provider().to_owned();
    let vision = ai.providers.vision.as_ref().map(|vision| vision.provider().to_owned());
    let embedder = ai.providers.embedder.as_ref().map(|embedder| embedder.provider().to_owned());
    let offered = [
        (Some(ai.models.small.clone()), Some(chat.clone()), ModelUse::Small),
        (Some(ai.models.large.clone()), Some(chat), ModelUse::Large),
        (ai.models.vision.clone(), vision, ModelUse::Vision),
        (ai.models.embedding.as_ref().map(|tag| tag.model().to_owned()), embedder, ModelUse::Embedding),
    ];
    let models = offered.into_iter().filter_map(|(name, provider, used_for)| Some((name?, provider?, used_for)));
    let items = models.map(|(name, provider, used_for)| {
        let price = ai.prices.price(&name);
        // Pico-dollars for a token are micro-dollars for a million.
        let per_million = |of: fn(&Price) -> u64| price.and_then(|price| SafeUint::try_from(of(price)).ok());
        Model {
            input_micro_usd: per_million(|price| price.input),
            cached_input_micro_usd: per_million(|price| price.cached_input),
            output_micro_usd: per_million(|price| price.output),
            name,
            provider,
            used_for,
        }
    });
    Ok(ModelList { items: items.collect(), price_version: ai.prices.version().to_owned() })
}

/// Which model answers the questions of the workspace.
#[query]
pub async fn policy(session: Session, state: State<AppState>) -> Result<ModelPolicy, InternalError> {
    let size = model_policies::find(&session.db(&state.0)).await?;
    Ok(ModelPolicy { size: size.map(ModelSize::from) })
}

/// Decides which model answers the questions of the workspace; its owners may.
#[mutation(invalidates(policy))]
pub async fn set_policy(
    owner: Owner,
    state: State<AppState>,
    input: ModelPolicy,
) -> Result<ModelPolicy, InternalError> {
    let size = input.size.map(|size| match size {
        ModelSize::Small => model_policies::ModelSize::Small,
        ModelSize::Large => model_policies::ModelSize::Large,
    });
    let mut tx = owner.0.db(&state.0).begin().await?;
    model_policies::set(&mut tx, size).await?;
    tx.commit().await?;
    Ok(input)
}
