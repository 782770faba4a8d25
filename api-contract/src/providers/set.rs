use std::{fmt, sync::Arc};

use super::{Assistant, Embedder, Extractive, Vision};

/// Who is asked for what. Cheap to clone.
#[derive(Clone)]
pub struct Providers {
    /// Who answers in conversations.
    pub assistant: Arc<dyn Assistant>,
    /// Who looks at images, if anybody does.
    pub vision: Option<Arc<dyn Vision>>,
    /// Who embeds texts, if anybody does.
    pub embedder: Option<Arc<dyn Embedder>>,
}

impl Providers {
    /// No model at all: answers are made of what the workspace knows.
    #[must_use]
    pub fn without_model() -> Self {
        Self { assistant: Arc::new(Extractive), vision: None, embedder: None }
    }
}

impl fmt::Debug for Providers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Providers")
            .field("assistant", &self.assistant.provider())
            .field("vision", &self.vision.as_ref().map(|vision| vision.provider()))
            .field("embedder", &self.embedder.as_ref().map(|embedder| embedder.provider()))
            .finish()
    }
}
