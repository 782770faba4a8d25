use std::{fmt, str::FromStr};

/// The model and the dimensions of vectors: only vectors with the same can be compared.
///
/// Its text form is `<model>@<dimensions>`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct EmbeddingTag {
    model: String,
    dimensions: u16,
}

/// What cannot be the model and the dimensions of vectors.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} are no vectors that can be stored: a model has a name, and 1 to {MOST} dimensions", MOST = EmbeddingTag::MOST_DIMENSIONS)]
pub struct InvalidTag(String);

impl EmbeddingTag {
    /// As many as pgvector indexes with half precision.
    pub const MOST_DIMENSIONS: u16 = 4_000;

    /// Vectors of a model with so many dimensions.
    ///
    /// # Errors
    ///
    /// [`InvalidTag`] without a name, or with a number of dimensions that cannot be stored.
    pub fn new(model: impl Into<String>, dimensions: u16) -> Result<Self, InvalidTag> {
        let tag = Self { model: model.into(), dimensions };
        let is_valid = !tag.model.trim().is_empty() && (1..=Self::MOST_DIMENSIONS).contains(&dimensions);
        if is_valid { Ok(tag) } else { Err(InvalidTag(tag.to_string())) }
    }

    /// The model.
    #[must_use]
    pub fn model(&self) -> &str {
        &self.model
    }

    /// The dimensions.
    #[must_use]
    pub fn dimensions(&self) -> u16 {
        self.dimensions
    }
}

impl fmt::Display for EmbeddingTag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}@{}", self.model, self.dimensions)
    }
}

impl FromStr for EmbeddingTag {
    type Err = InvalidTag;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let invalid = || InvalidTag(text.to_owned());
        let (model, dimensions) = text.rsplit_once('@').ok_or_else(invalid)?;
        Self::new(model, dimensions.parse().map_err(|_| invalid())?)
    }
}
